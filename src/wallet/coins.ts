/**
 * Chooses the coins for a payment. First it searches for coins that need no change: that saves an
 * output now and an input later. If there are none, it takes the largest coins: they need the fewest
 * inputs, so the lowest fee, and they suffice whenever any choice does.
 */

import type { Satoshi } from "../primitives/brand.ts";
import type { Output } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";

export type Valued = { readonly value: Satoshi };

export type Choice<Coin extends Valued> = {
  readonly coins: readonly Coin[];
  readonly fee: Satoshi;
  /** What comes back to us; 0 means no change output. */
  readonly change: Satoshi;
};

export type FundsProblem = {
  readonly rule: "not-enough-funds";
  /** What the coins are worth that may be spent now. */
  readonly available: number;
  /** What is asked for, with the fee. */
  readonly required: number;
};

/** Nodes do not relay a taproot output that is worth less. @see Bitcoin Core, GetDustThreshold */
export const dustMin = 330;

/** A taproot output script: OP_1, a push opcode and 32 bytes. */
const taprootScriptSizeBytes = 34;

/** Weights: bytes outside the witness count four times. @see BIP141 */
const frameWeight = 4 * (4 + 4) + 2; // version and lock time; marker and flag of the witness
const inputWeight = 4 * (36 + 1 + 4) + (1 + 1 + 64); // coin, no scriptSig, sequence; one signature
const outputWeight = (scriptSizeBytes: number): number =>
  4 * (8 + compactSizeBytes(scriptSizeBytes) + scriptSizeBytes);
const changeWeight = outputWeight(taprootScriptSizeBytes);

/** The weight that a payment from taproot keys will have once it is signed. */
export function weightOfPayment(inputCount: number, outputs: readonly Output[]): number {
  const countsSizeBytes = compactSizeBytes(inputCount) + compactSizeBytes(outputs.length);
  const weights = outputs.map(({ script }) => outputWeight(script.length));
  return frameWeight + 4 * countsSizeBytes + inputCount * inputWeight + sum(weights);
}

/** @param feeRate satoshis for one virtual byte; fractions are fine. */
export function feeOf(weight: number, feeRate: number): Satoshi {
  return Math.ceil(Math.ceil(weight / 4) * feeRate) as Satoshi;
}

/**
 * Chooses coins that pay for these outputs and for the fee.
 *
 * @param feeRate satoshis for one virtual byte.
 */
export function chooseCoins<Coin extends Valued>(
  coins: readonly Coin[],
  outputs: readonly Output[],
  feeRate: number,
): Verdict<Choice<Coin>, FundsProblem> {
  const candidates = worthSpending(coins, feeRate);
  const choice =
    chooseWithoutChange(candidates, outputs, feeRate) ??
    chooseLargest(candidates, outputs, feeRate);
  return choice ? valid(choice) : notEnough(candidates, outputs, feeRate);
}

/**
 * Chooses every coin that is worth its own fee, at most 1,500 at once; `change` is all of their value but the fee, and goes
 * to `script`.
 */
export function chooseAll<Coin extends Valued>(
  coins: readonly Coin[],
  script: Uint8Array,
  feeRate: number,
): Verdict<Choice<Coin>, FundsProblem> {
  const candidates = worthSpending(coins, feeRate);
  const fee = feeOf(weightOfPayment(candidates.length, [{ value: 0 as Satoshi, script }]), feeRate);
  const rest = sum(candidates.map(valueOf)) - fee;
  if (rest < dustMin) {
    return notEnough(candidates, [{ value: dustMin as Satoshi, script }], feeRate);
  }
  return valid({ coins: candidates, fee, change: rest as Satoshi });
}

/** Keeps payments below the weight of 400,000 that nodes relay. */
const inputsMax = 1500;

/** The coins to choose from: those that bring more than they cost, largest first. */
function worthSpending<Coin extends Valued>(coins: readonly Coin[], feeRate: number): Coin[] {
  const cost = (inputWeight / 4) * feeRate;
  const worthy = coins.filter(({ value }) => value > cost);
  return worthy.sort((a, b) => b.value - a.value).slice(0, inputsMax);
}

function chooseWithoutChange<Coin extends Valued>(
  candidates: readonly Coin[],
  outputs: readonly Output[],
  feeRate: number,
): Choice<Coin> | undefined {
  const costOf = (weight: number): number => (weight / 4) * feeRate;
  const effective = candidates.map(({ value }) => value - costOf(inputWeight));
  const least = valueOfAll(outputs) + costOf(weightOfPayment(0, outputs));
  // To give away more than change would cost, made now and spent later, is a waste.
  const positions = findSum(effective, least, least + costOf(changeWeight + inputWeight));
  if (positions === undefined) return undefined;
  const coins = candidates.filter((_, position) => positions.has(position));
  const fee = sum(coins.map(valueOf)) - valueOfAll(outputs);
  // The search counts in fractions of virtual bytes, the fee is for whole ones.
  if (fee < feeOf(weightOfPayment(coins.length, outputs), feeRate)) return undefined;
  return { coins, fee: fee as Satoshi, change: 0 as Satoshi };
}

function chooseLargest<Coin extends Valued>(
  candidates: readonly Coin[],
  outputs: readonly Output[],
  feeRate: number,
): Choice<Coin> | undefined {
  const target = valueOfAll(outputs);
  let total = 0;
  for (const [position, { value }] of candidates.entries()) {
    total += value;
    const weight = weightOfPayment(position + 1, outputs);
    if (total < target + feeOf(weight, feeRate)) continue;
    const coins = candidates.slice(0, position + 1);
    const change = total - target - feeOf(weight + changeWeight, feeRate);
    if (change < dustMin) return choiceOf(coins, total - target, 0);
    return choiceOf(coins, total - target - change, change);
  }
  return undefined;
}

function choiceOf<Coin>(coins: readonly Coin[], fee: number, change: number) {
  return { coins, fee: fee as Satoshi, change: change as Satoshi };
}

const attemptsMax = 100_000;

/**
 * Searches for values with a sum from `least` to `most`: depth first, larger values first. A branch is
 * left as soon as it has too much or can no longer get enough.
 *
 * @param values from large to small, all above 0.
 * @returns positions, or undefined if there are none or the search takes too long.
 * @see Bitcoin Core, SelectCoinsBnB
 */
function findSum(values: readonly number[], least: number, most: number): Set<number> | undefined {
  const chosen: number[] = [];
  let total = 0;
  let left = sum(values); // of all values from `at` on
  let at = 0;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    if (total >= least && total <= most) return new Set(chosen);
    const value = values[at];
    if (value !== undefined && total <= most && total + left >= least) {
      chosen.push(at++);
      total += value;
      left -= value;
      continue;
    }
    const last = chosen.pop();
    if (last === undefined) return undefined;
    while (at > last + 1) left += values[--at] as number;
    total -= values[last] as number;
  }
  return undefined;
}

function notEnough(
  candidates: readonly Valued[],
  outputs: readonly Output[],
  feeRate: number,
): Verdict<never, FundsProblem> {
  const weight = weightOfPayment(Math.max(candidates.length, 1), outputs);
  return broken({
    rule: "not-enough-funds",
    available: sum(candidates.map(valueOf)),
    required: valueOfAll(outputs) + feeOf(weight, feeRate),
  });
}

function compactSizeBytes(count: number): number {
  return count < 0xfd ? 1 : count < 0x1_0000 ? 3 : 5;
}

function valueOf({ value }: Valued): number {
  return value;
}

function valueOfAll(outputs: readonly Output[]): number {
  return sum(outputs.map(valueOf));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
