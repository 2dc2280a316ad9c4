/** What an exact experiment measured, beside what must come out. */

/** Texts are for people and for JSON alike: numbers keep the digits that the source gives. */
export type Finding = {
  /** A phrase: what was measured. */
  readonly what: string;
  readonly measured: string;
  readonly expected: string;
  readonly holds: boolean;
};

type Plain = string | number | boolean;

export function exactly(what: string, measured: Plain, expected: Plain): Finding {
  const texts = { measured: String(measured), expected: String(expected) };
  return { what, ...texts, holds: measured === expected };
}

/** @param ratio how far it may be off, as a part of what is expected. */
export function near(what: string, measured: number, expected: number, ratio: number): Finding {
  return {
    what,
    measured: figure(measured),
    expected: `${figure(expected)} ± ${figure(ratio * 100)} %`,
    holds: Math.abs(measured - expected) <= ratio * Math.abs(expected),
  };
}

export function atMost(what: string, measured: number, max: number): Finding {
  return { what, measured: figure(measured), expected: `≤ ${figure(max)}`, holds: measured <= max };
}

export function atLeast(what: string, measured: number, min: number): Finding {
  return { what, measured: figure(measured), expected: `≥ ${figure(min)}`, holds: measured >= min };
}

/** Six digits at most. */
function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}
