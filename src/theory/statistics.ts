/** Counts and fractions: what may be one, and how far an estimate strays from theory. */

/** The normal distribution's tail beyond is smaller than any double. */
const zMax = 100;

/** Its two ends. */
export type Interval = readonly [low: number, high: number];

/**
 * The interval that holds the true probability, by Wilson's score: unlike estimate ± error it
 * stays within 0 and 1, and stays honest when few or no trials succeed.
 *
 * @param z its half width in standard errors; 1.96 makes it a 95 % interval.
 * @throws RangeError if there is no trial, or there are more successes than trials.
 * @see Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927
 */
export function wilsonInterval(successes: number, trials: number, z = 1.96): Interval {
  requireCount("trials", trials, 1);
  requireCount("successes", successes, 0, trials);
  requireWithin("z", z, 0, zMax);
  const estimate = successes / trials;
  const spread = z ** 2 / trials;
  const center = estimate + spread / 2;
  const margin = z * Math.sqrt((estimate * (1 - estimate) + spread / 4) / trials);
  // At the ends rounding would make the root inexact.
  const low = successes === 0 ? 0 : (center - margin) / (1 + spread);
  const high = successes === trials ? 1 : (center + margin) / (1 + spread);
  return [low, high];
}

/**
 * How many standard errors of theory an estimated probability lies above it (below: negative).
 * Where theory allows no other outcome, it is 0 or infinite.
 */
export function zScore(estimate: number, theory: number, trials: number): number {
  requireWithin("estimate", estimate, 0, 1);
  requireWithin("theory", theory, 0, 1);
  requireCount("trials", trials, 1);
  if (estimate === theory) return 0;
  return (estimate - theory) / Math.sqrt((theory * (1 - theory)) / trials);
}

/** Sums over independent samples of two numbers, of which x is a part of y. */
export type RatioSums = {
  readonly samples: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
};

export const noSamples: RatioSums = { samples: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

export function addSample(sums: RatioSums, x: number, y: number): RatioSums {
  return addSums(sums, { samples: 1, x, y, xx: x * x, xy: x * y, yy: y * y });
}

export function addSums(a: RatioSums, b: RatioSums): RatioSums {
  return {
    samples: a.samples + b.samples,
    x: a.x + b.x,
    y: a.y + b.y,
    xx: a.xx + b.xx,
    xy: a.xy + b.xy,
    yy: a.yy + b.yy,
  };
}

/**
 * All of x by all of y, and the standard error of that.
 *
 * @throws RangeError if there are fewer than two samples, or y is nothing.
 * @see Crane & Lemoine, An Introduction to the Regenerative Method for Simulation Analysis, 1977
 */
export function ratioOf(sums: RatioSums): { readonly estimate: number; readonly error: number } {
  const { samples, x, y, xx, xy, yy } = sums;
  requireCount("samples", samples, 2);
  requireWithin("y", y, Number.MIN_VALUE, Number.MAX_VALUE);
  const estimate = x / y;
  // The deviations x − estimate · y add up to nothing; rounding may leave less.
  const squares = Math.max(xx - 2 * estimate * xy + estimate ** 2 * yy, 0);
  const variance = squares * (samples / (samples - 1));
  return { estimate, error: Math.sqrt(variance) / y };
}

/** @throws RangeError naming the input, if it is outside the bounds or not a number. */
export function requireWithin(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new RangeError(`${name} must be from ${min} to ${max}, got ${value}`);
}

/** @throws RangeError naming the input, if it is not a whole number within the bounds. */
export function requireCount(
  name: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, got ${value}`);
}
