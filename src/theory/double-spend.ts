/**
 * The probability of a double spend: how likely a secret branch replaces a payment's confirmations.
 *
 * Everywhere `share` is the attacker's part of the hash power, 0 to 1, and `confirmations` counts
 * the honest blocks since the fork, the payment's own block included. Blocks weigh the same.
 */

import { requireCount, requireWithin } from "./statistics.ts";

/** The sums lose digits beyond; a share of 0.488 needs as many as 9,397 for a risk of 0.1 %. */
export const confirmationsMax = 10_000;

/** A race between equals takes some square of this many blocks. */
export const patienceMax = 1_000;

export type DoubleSpend = {
  readonly share: number;
  readonly confirmations: number;
  /** Secret blocks that the attacker holds when the race begins. */
  readonly premine: 0 | 1;
};

export type BoundedDoubleSpend = {
  readonly share: number;
  readonly confirmations: number;
  /** The honest branch's lead over the secret one, in blocks, at which the attacker stops. */
  readonly giveUpBehind: number;
  /** Secret blocks that the attacker holds when the race begins; none if left out. */
  readonly premine?: 0 | 1;
};

/**
 * The approximation of Bitcoin's own paper: the attacker's progress is a Poisson number, as if the
 * honest blocks had taken exactly their mean time. It counts drawing level as success.
 *
 * @see Nakamoto, Bitcoin: A Peer-to-Peer Electronic Cash System, 2008, §11
 */
export function nakamotoProbability(share: number, confirmations: number): number {
  requireRace(share, confirmations);
  if (confirmations === 0 || share >= 0.5) return 1;
  if (share === 0) return 0;
  const ratio = share / (1 - share);
  const mean = confirmations * ratio;
  let logPoisson = -mean;
  let probability = 0;
  for (let found = 0; ; found++) {
    const behind = Math.max(confirmations - found, 0);
    const term = Math.exp(logPoisson + behind * Math.log(ratio));
    probability += term;
    if (behind === 0 && term <= probability * Number.EPSILON) return Math.min(probability, 1);
    logPoisson += Math.log(mean / (found + 1));
  }
}

/**
 * The exact probability when drawing level is enough, that is, with a premine of one block.
 *
 * @see Rosenfeld, Analysis of Hashrate-Based Double Spending, 2014; Grunspan & Pérez-Marco, Double
 *   Spend Races, 2018: the same as I_4pq(z, ½)
 */
export function exactProbability(share: number, confirmations: number): number {
  return doubleSpendProbability({ share, confirmations, premine: 1 });
}

/**
 * The exact probability against nodes that keep the branch they saw first, for an attacker who starts
 * with nothing: its branch must become strictly longer.
 */
export function strictProbability(share: number, confirmations: number): number {
  return doubleSpendProbability({ share, confirmations, premine: 0 });
}

/**
 * The exact probability that a patient attacker's branch ever becomes strictly longer than an honest one
 * that has its confirmations.
 *
 * Blocks found while the honest branch grows to z are negative binomial. All terms added here are
 * positive, so small probabilities keep their digits; and logarithms, so that no term is lost as too small.
 *
 * @see Rosenfeld 2014, with the premine as a parameter
 */
export function doubleSpendProbability({ share, confirmations, premine }: DoubleSpend): number {
  requireRace(share, confirmations);
  const needed = confirmations + 1 - premine;
  if (needed === 0 || share >= 0.5) return 1;
  if (share === 0) return 0;
  const caughtUp = catchUpProbability(share, confirmations, needed);
  return Math.min(caughtUp + aheadProbability(share, confirmations, needed), 1);
}

/** The exact probability of an attacker who gives up, and starts with nothing. */
export function strictProbabilityGivingUp(race: Omit<BoundedDoubleSpend, "premine">): number {
  return probabilityGivingUp({ ...race, premine: 0 });
}

/**
 * The exact probability of an attacker who gives up as soon as the honest lead reaches `giveUpBehind`,
 * whether the payment has its confirmations by then or not. It publishes as soon as the payment
 * has them and its own branch is strictly longer.
 *
 * Until the last confirmation the race is walked through block by block; what remains is the
 * gambler's ruin between one block ahead and `giveUpBehind` blocks behind.
 *
 * @see Feller, An Introduction to Probability Theory and Its Applications I, 1968, chapter XIV.2
 */
export function probabilityGivingUp(race: BoundedDoubleSpend): number {
  const { share, confirmations, giveUpBehind, premine = 0 } = race;
  requireRace(share, confirmations);
  requireCount("giveUpBehind", giveUpBehind, 1);
  if (premine > confirmations || share === 1) return 1;
  if (share === 0) return 0;
  // The probability of holding a number of secret blocks, just when the honest branch gets its newest one.
  const standing = new Float64Array(confirmations + 1);
  standing[premine] = 1;
  let probability = 0;
  for (let honest = 0; honest < confirmations; honest++) {
    let passing = 0;
    for (let secret = 0; secret <= confirmations; secret++) {
      passing = passing * share + (standing[secret] ?? 0);
      const goesOn = honest + 1 - secret < giveUpBehind;
      standing[secret] = goesOn ? passing * (1 - share) : 0;
    }
    // With one block more the secret branch is longer than all the confirmations to come.
    probability += passing * share;
  }
  for (const [secret, chance] of standing.entries()) {
    probability += chance * ruinProbability(share, confirmations - secret, giveUpBehind);
  }
  return Math.min(probability, 1);
}

/**
 * The fewest confirmations that bring the probability below `risk`; infinite from a share of one half on,
 * where no number is enough.
 *
 * @param risk above 0, at most 1.
 * @param probabilityOf falls as confirmations grow.
 * @throws RangeError if more than `confirmationsMax` would be needed.
 */
export function confirmationsFor(
  share: number,
  risk: number,
  probabilityOf: (share: number, confirmations: number) => number = exactProbability,
): number {
  requireWithin("share", share, 0, 1);
  requireWithin("risk", risk, Number.MIN_VALUE, 1);
  if (share >= 0.5) return Infinity;
  let tooFew = 0;
  let enough = 1;
  while (probabilityOf(share, enough) >= risk) {
    if (enough === confirmationsMax) {
      throw new RangeError(
        `share ${share} with risk ${risk} needs more than ${confirmationsMax} confirmations`,
      );
    }
    tooFew = enough;
    enough = Math.min(2 * enough, confirmationsMax);
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (probabilityOf(share, middle) < risk) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/**
 * How far behind an attacker may fall before giving up costs it no more than `loss` of its
 * probability: the probability to come back from so far behind is (q/p)^behind.
 *
 * @param loss above 0, below 1.
 * @returns blocks; `patienceMax` for shares near one half, for which no patience is enough.
 */
export function patienceFor(share: number, loss: number): number {
  requireWithin("share", share, 0, 1);
  requireWithin("loss", loss, Number.MIN_VALUE, 1 - Number.EPSILON);
  if (share === 0) return 1;
  if (share >= 0.5) return patienceMax;
  const behind = Math.ceil(Math.log(loss) / Math.log(share / (1 - share)));
  return Math.min(Math.max(behind, 1), patienceMax);
}

function requireRace(share: number, confirmations: number): void {
  requireWithin("share", share, 0, 1);
  requireCount("confirmations", confirmations, 0, confirmationsMax);
}

/** The probability of being behind when the last confirmation comes, and of finding `needed` blocks yet. */
function catchUpProbability(share: number, confirmations: number, needed: number): number {
  // q^found · p^z · (q/p)^(needed − found): the power of q does not change from term to term.
  let logTerm = needed * Math.log(share) + (confirmations - needed) * Math.log1p(-share);
  let probability = 0;
  for (let found = 0; found < needed; found++) {
    probability += Math.exp(logTerm);
    logTerm += Math.log(((confirmations + found) / (found + 1)) * (1 - share));
  }
  return probability;
}

/**
 * The probability of having found `needed` blocks before the last confirmation. That is the same as finding
 * at least so many among the next `needed + confirmations − 1` blocks of both, a finite sum.
 */
function aheadProbability(share: number, confirmations: number, needed: number): number {
  const blocks = needed + confirmations - 1;
  const logStep = Math.log((1 - share) / share);
  let logTerm = blocks * Math.log(share);
  let probability = 0;
  for (let honest = 0; honest < confirmations; honest++) {
    probability += Math.exp(logTerm);
    logTerm += Math.log((blocks - honest) / (honest + 1)) + logStep;
  }
  return probability;
}

/** The probability of getting one block ahead, from so many behind, before being `giveUpBehind` behind. */
function ruinProbability(share: number, behind: number, giveUpBehind: number): number {
  const stepsToRuin = giveUpBehind - behind;
  const stepsBetween = giveUpBehind + 1;
  if (stepsToRuin <= 0) return 0;
  const logRatio = Math.log(share / (1 - share));
  if (logRatio === 0) return stepsToRuin / stepsBetween;
  // Powers of the smaller of q/p and p/q, so that none overflows.
  const shrink = -Math.abs(logRatio);
  const probability = Math.expm1(stepsToRuin * shrink) / Math.expm1(stepsBetween * shrink);
  return logRatio > 0 ? probability : probability * Math.exp((behind + 1) * logRatio);
}
