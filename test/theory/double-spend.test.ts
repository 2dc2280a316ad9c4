/** Checks the double-spend probabilities against published figures, a hand calculation and played races. */

import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../../src/primitives/random.ts";
import {
  type BoundedDoubleSpend,
  confirmationsFor,
  confirmationsMax,
  doubleSpendProbability,
  exactProbability,
  nakamotoProbability,
  patienceFor,
  patienceMax,
  probabilityGivingUp,
  strictProbability,
  strictProbabilityGivingUp,
} from "../../src/theory/double-spend.ts";
import { zScore } from "../../src/theory/statistics.ts";

function expectDigits(value: number, published: number, digits: number): void {
  expect(Math.abs(value - published)).toBeLessThanOrEqual(0.5000001 * 10 ** -digits);
}

function expectRatio(value: number, expected: number, error: number): void {
  expect(Math.abs(value / expected - 1)).toBeLessThan(error);
}

describe("Nakamoto's approximation", () => {
  // Nakamoto 2008, §11, the tables of P for q = 0.1 and q = 0.3.
  test.each<[number, number, number]>([
    [0.1, 0, 1],
    [0.1, 1, 0.2045873],
    [0.1, 2, 0.0509779],
    [0.1, 5, 0.0009137],
    [0.1, 6, 0.0002428],
    [0.1, 10, 0.0000012],
    [0.3, 5, 0.1773523],
    [0.3, 10, 0.0416605],
    [0.3, 20, 0.0024804],
    [0.3, 50, 0.0000006],
  ])("share %d after %d confirmations is the paper's %d", (share, confirmations, published) => {
    expectDigits(nakamotoProbability(share, confirmations), published, 7);
  });

  // Nakamoto 2008, §11, "P < 0.001".
  test.each<[number, number]>([
    [0.1, 5],
    [0.15, 8],
    [0.2, 11],
    [0.25, 15],
    [0.3, 24],
    [0.35, 41],
    [0.4, 89],
    [0.45, 340],
  ])("share %d falls below 0.1 %% at the paper's %d confirmations", (share, confirmations) => {
    expect(nakamotoProbability(share, confirmations)).toBeLessThan(0.001);
    expect(nakamotoProbability(share, confirmations - 1)).toBeGreaterThanOrEqual(0.001);
  });
});

describe("the exact probability", () => {
  // Exact: Rosenfeld 2014. Strict: the same without a premine, summed independently.
  test.each<[number, number, number, number]>([
    [0.1, 1, 0.2, 0.03111],
    [0.1, 2, 0.056, 0.00951],
    [0.1, 3, 0.01712, 0.00303],
    [0.1, 6, 0.00059, 0.00011],
    [0.2, 1, 0.4, 0.13],
    [0.2, 2, 0.208, 0.0724],
    [0.2, 3, 0.11584, 0.04168],
    [0.2, 6, 0.02331, 0.00875],
    [0.3, 1, 0.6, 0.30857],
    [0.3, 2, 0.432, 0.23297],
    [0.3, 3, 0.32616, 0.18005],
    [0.3, 6, 0.15645, 0.08911],
    [0.4, 1, 0.8, 0.58667],
    [0.4, 2, 0.704, 0.52907],
    [0.4, 3, 0.63488, 0.48299],
    [0.4, 6, 0.493, 0.38141],
    [0.45, 1, 0.9, 0.77318],
    [0.45, 2, 0.8505, 0.73977],
    [0.45, 3, 0.81375, 0.7122],
    [0.45, 6, 0.73375, 0.64774],
  ])("share %d, %d confirmations: level %d, strictly longer %d", (share, z, level, longer) => {
    expectDigits(exactProbability(share, z), level, 5);
    expectDigits(strictProbability(share, z), longer, 5);
    expect(doubleSpendProbability({ share, confirmations: z, premine: 1 })).toBe(
      exactProbability(share, z),
    );
    expect(doubleSpendProbability({ share, confirmations: z, premine: 0 })).toBe(
      strictProbability(share, z),
    );
  });

  test.each([
    [0.1, 0.00024],
    [0.2, 0.01425],
    [0.3, 0.13211],
    [0.4, 0.50398],
    [0.45, 0.76611],
  ])("share %d after 6 confirmations is not Nakamoto's %d", (share, approximation) => {
    expectDigits(nakamotoProbability(share, 6), approximation, 5);
    expect(Math.abs(exactProbability(share, 6) - approximation)).toBeGreaterThan(0.0003);
  });

  // The same sums in 700-digit arithmetic.
  test.each<[number, number, number, number]>([
    [0.45, 539, 9.9909517188960019e-4, 8.984619931237687e-4],
    [0.1, 600, 1.7396682354821965e-268, 3.4764445444428201e-269],
    [0.45, 600, 5.1643033794974185e-4, 4.6444731601497889e-4],
    [0.3, 100, 3.6822282231601139e-9, 2.1988994604608206e-9],
    [0.499, 600, 0.9447765600470913, 0.94284492431071443],
    [0.25, 1000, 4.1021901796256116e-127, 2.0500736100263489e-127],
  ])("share %d after %d confirmations keeps nine digits", (share, z, level, longer) => {
    expectRatio(exactProbability(share, z), level, 1e-9);
    expectRatio(strictProbability(share, z), longer, 1e-9);
  });

  test("half the power always wins, none never does, an unconfirmed payment needs one block", () => {
    for (const probability of [nakamotoProbability, exactProbability, strictProbability]) {
      expect(probability(0.5, 6)).toBe(1);
      expect(probability(1, 6)).toBe(1);
      expect(probability(0, 6)).toBe(0);
    }
    expect(exactProbability(0.3, 0)).toBe(1);
    expect(strictProbability(0.3, 0)).toBeCloseTo(3 / 7, 12);
  });
});

describe("confirmations for a risk", () => {
  // Rosenfeld 2014 and Grunspan & Pérez-Marco 2018, P < 0.1 %.
  test.each<[number, number]>([
    [0.1, 6],
    [0.15, 9],
    [0.2, 13],
    [0.25, 20],
    [0.3, 32],
    [0.35, 58],
    [0.4, 133],
    [0.45, 539],
  ])("share %d needs %d for less than 0.1 %%", (share, confirmations) => {
    expect(confirmationsFor(share, 0.001)).toBe(confirmations);
  });

  // Nakamoto 2008, §11, "P < 0.001".
  test.each<[number, number]>([
    [0.1, 5],
    [0.3, 24],
    [0.45, 340],
  ])("share %d needs %d by Nakamoto's approximation", (share, confirmations) => {
    expect(confirmationsFor(share, 0.001, nakamotoProbability)).toBe(confirmations);
  });

  test("one is the least, infinity the most, and the limit is said", () => {
    expect(confirmationsFor(0, 0.001)).toBe(1);
    expect(confirmationsFor(0.1, 1)).toBe(1);
    expect(confirmationsFor(0.5, 0.001)).toBe(Infinity);
    expect(() => confirmationsFor(0.499, 0.001)).toThrow(/0\.499.*more than 10000/);
  });

  test("a probability that equals the risk is not below it", () => {
    expect(confirmationsFor(0.2, exactProbability(0.2, 5))).toBe(6);
  });
});

describe("an attacker who gives up", () => {
  test("wins by hand calculation when one block behind is too far", () => {
    //  share q, one confirmation:  attacker twice, or attacker · honest · attacker
    const race = { share: 0.3, confirmations: 1, giveUpBehind: 1 };
    expect(strictProbabilityGivingUp(race)).toBeCloseTo(0.3 * (0.3 + 0.7 * 0.3), 12);
  });

  test("is in the gambler's ruin when no confirmation is asked for", () => {
    // Feller 1968, XIV.2: equal shares win with the probability of their distances.
    const even = { share: 0.5, confirmations: 0, giveUpBehind: 4 };
    expect(strictProbabilityGivingUp(even)).toBeCloseTo(4 / 5, 12);
    const strong = { share: 0.6, confirmations: 0, giveUpBehind: 4 };
    expect(strictProbabilityGivingUp(strong)).toBeCloseTo(
      (1 - (2 / 3) ** 4) / (1 - (2 / 3) ** 5),
      12,
    );
    const weak = { share: 0.4, confirmations: 0, giveUpBehind: 4 };
    expect(strictProbabilityGivingUp(weak)).toBeCloseTo((1 - 1.5 ** 4) / (1 - 1.5 ** 5), 12);
  });

  test.each<BoundedDoubleSpend>([
    { share: 0.1, confirmations: 1, giveUpBehind: 2 },
    { share: 0.3, confirmations: 2, giveUpBehind: 3 },
    { share: 0.3, confirmations: 6, giveUpBehind: 2 },
    { share: 0.4, confirmations: 3, giveUpBehind: 10 },
    { share: 0.45, confirmations: 6, giveUpBehind: 6 },
    { share: 0.5, confirmations: 4, giveUpBehind: 5 },
    { share: 0.6, confirmations: 2, giveUpBehind: 6 },
    { share: 0.8, confirmations: 3, giveUpBehind: 1 },
  ])("wins as often as in 20,000 races: %o", (race) => {
    const trials = 20_000;
    const random = createRandom(2, JSON.stringify(race));
    let wins = 0;
    for (let trial = 0; trial < trials; trial++) if (winsRace(race, random)) wins += 1;
    expect(Math.abs(zScore(wins / trials, strictProbabilityGivingUp(race), trials))).toBeLessThan(
      4,
    );
  });

  test.each<[number, number]>([
    [0.1, 6],
    [0.4, 3],
    [0.45, 20],
    [0.45, 539],
  ])("with endless patience share %d after %d wins as if it never gave up", (share, z) => {
    const patient = strictProbabilityGivingUp({ share, confirmations: z, giveUpBehind: 1_000_000 });
    expectRatio(patient, strictProbability(share, z), 1e-9);
  });

  test.each<[number, number]>([
    [0.4, 57],
    [0.45, 115],
  ])("share %d loses less than 1e-10 by giving up %d behind", (share, giveUpBehind) => {
    const lost =
      strictProbability(share, 6) -
      strictProbabilityGivingUp({ share, confirmations: 6, giveUpBehind });
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(1e-10);
  });

  test.each<[number, number]>([
    [0.1, 1],
    [0.3, 3],
    [0.45, 6],
  ])("share %d with one block beforehand is Rosenfeld's after %d, if patient", (share, z) => {
    const race = { share, confirmations: z, premine: 1 as const };
    expectRatio(
      probabilityGivingUp({ ...race, giveUpBehind: 100_000 }),
      exactProbability(share, z),
      1e-9,
    );
  });

  test("with one block beforehand wins by hand calculation when one behind is too far", () => {
    //  share q, one confirmation, one block ahead: attacker first; or honest, then attacker
    const race = { share: 0.3, confirmations: 1, giveUpBehind: 1, premine: 1 as const };
    expect(probabilityGivingUp(race)).toBeCloseTo(0.3 + 0.7 * 0.3, 12);
    expect(probabilityGivingUp({ ...race, confirmations: 0 })).toBe(1);
  });

  test("is patient enough for a loss when coming back would be that unlikely", () => {
    // 57 and 115 blocks for 1e-10: (q/p)^G.
    expect([0.4, 0.45].map((share) => patienceFor(share, 1e-10))).toEqual([57, 115]);
    expect(patienceFor(0, 1e-10)).toBe(1);
    expect([0.499, 0.5, 1].map((share) => patienceFor(share, 1e-10))).toEqual(
      Array(3).fill(patienceMax),
    );
  });

  test("more patience never hurts, and shares of nothing and all decide alone", () => {
    let before = 0;
    for (let giveUpBehind = 1; giveUpBehind <= 40; giveUpBehind++) {
      const probability = strictProbabilityGivingUp({ share: 0.4, confirmations: 3, giveUpBehind });
      expect(probability).toBeGreaterThan(before);
      before = probability;
    }
    expect(strictProbabilityGivingUp({ share: 0, confirmations: 2, giveUpBehind: 9 })).toBe(0);
    expect(strictProbabilityGivingUp({ share: 1, confirmations: 2, giveUpBehind: 9 })).toBe(1);
  });
});

describe("bad input", () => {
  test.each<[RegExp, () => number]>([
    [/^share .* -0.1$/, () => nakamotoProbability(-0.1, 6)],
    [/^share .* 1.1$/, () => exactProbability(1.1, 6)],
    [/^share .* NaN$/, () => strictProbability(NaN, 6)],
    [/^confirmations .* 1.5$/, () => nakamotoProbability(0.1, 1.5)],
    [/^confirmations .* -1$/, () => exactProbability(0.1, -1)],
    [/^confirmations .* 10001$/, () => strictProbability(0.1, confirmationsMax + 1)],
    [
      /^giveUpBehind .* 0$/,
      () => strictProbabilityGivingUp({ share: 0.1, confirmations: 1, giveUpBehind: 0 }),
    ],
    [/^risk .* 0$/, () => confirmationsFor(0.1, 0)],
    [/^share .* 2$/, () => confirmationsFor(2, 0.1)],
  ])("is refused by name: %s", (message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

/** Plays one race block by block, as the live attacker does. */
function winsRace(race: BoundedDoubleSpend, random: Random): boolean {
  let honest = 0;
  let secret = 0;
  for (;;) {
    if (honest >= race.confirmations && secret > honest) return true;
    if (honest - secret >= race.giveUpBehind) return false;
    if (random.nextFloat() < race.share) secret += 1;
    else honest += 1;
  }
}
