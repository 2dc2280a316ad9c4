/** Checks both kinds of lock on either side of every boundary. */

import { describe, expect, test } from "vitest";
import { hasOpenRelativeLocks, isFinal, type LockContext } from "../../src/consensus/locks.ts";
import { inputOf, outputOf, payment } from "./samples.ts";

const final = 0xffff_ffff;
const notFinal = 0xffff_fffe;

describe("an absolute lock", () => {
  const height = 100;
  const medianTime = 1_700_000_000;

  test.each([
    ["no lock", 0, true],
    ["the height before", 99, true],
    ["this height", 100, false],
    ["the last number that is a height", 499_999_999, false],
    ["the first number that is a time", 500_000_000, true],
    ["a second before the median", 1_699_999_999, true],
    ["the median itself", 1_700_000_000, false],
    ["the last second of all", 0xffff_ffff, false],
  ])("of %s: is it open?", (_what, lockTime, expected) => {
    const transaction = payment({ lockTime, inputs: [inputOf(0, { sequence: notFinal })] });
    expect(isFinal(transaction, height, medianTime)).toBe(expected);
  });

  test("does not hold if every input is final, and holds if one is not", () => {
    const inputs = (...sequences: number[]) =>
      sequences.map((sequence, i) => inputOf(i, { sequence }));
    const locked = { lockTime: 101 };
    expect(isFinal(payment({ ...locked, inputs: inputs(final, final) }), 100, 0)).toBe(true);
    expect(isFinal(payment({ ...locked, inputs: inputs(final, notFinal) }), 100, 0)).toBe(false);
  });
});

describe("a relative lock", () => {
  const isTime = 0x0040_0000;
  const isDisabled = 0x8000_0000;
  const coinHeight = 90;

  // The coin's age counts from the median time of the block before the coin's.
  const since = 1_700_000_000;
  const context: LockContext = {
    height: 100,
    medianTime: since + 2 * 512,
    medianTimeAt: (height) => (height === coinHeight - 1 ? since : NaN),
  };

  function isOpen(sequence: number, version = 2, given: Partial<LockContext> = {}): boolean {
    const transaction = payment({ version, inputs: [inputOf(0, { sequence })] });
    const coin = { output: outputOf(1), height: coinHeight, isCoinbase: false };
    return hasOpenRelativeLocks(transaction, [coin], { ...context, ...given });
  }

  test.each([
    ["no blocks", 0, true],
    ["exactly the coin's age in blocks", 10, true],
    ["one block more", 11, false],
    ["one block more, with bits that mean nothing", 0x3fbf_000b, false],
    ["the coin's age, with bits that mean nothing", 0x3fbf_000a, true],
    ["no time", isTime, true],
    ["exactly the coin's age in time", isTime + 2, true],
    ["512 seconds more", isTime + 3, false],
    ["the longest time, disabled", isDisabled + isTime + 0xffff, true],
    ["one block more, disabled", isDisabled + 11, true],
    ["a final input", final, true],
  ])("of %s: is it open?", (_what, sequence, expected) => {
    expect(isOpen(sequence)).toBe(expected);
  });

  test("in time stays shut until the very second", () => {
    expect(isOpen(isTime + 2, 2, { medianTime: since + 2 * 512 - 1 })).toBe(false);
  });

  test("binds versions from 2 on, which are unsigned", () => {
    expect(isOpen(11, 1)).toBe(true);
    expect(isOpen(11, 0)).toBe(true);
    expect(isOpen(11, 3)).toBe(false);
    expect(isOpen(11, 0xffff_ffff)).toBe(false);
  });

  test("of one input shuts the whole transaction", () => {
    const transaction = payment({
      inputs: [inputOf(0, { sequence: 0 }), inputOf(1, { sequence: 11 })],
    });
    const coin = { output: outputOf(1), height: coinHeight, isCoinbase: false };
    expect(hasOpenRelativeLocks(transaction, [coin, coin], context)).toBe(false);
    const older = { ...coin, height: coinHeight - 1 };
    expect(hasOpenRelativeLocks(transaction, [coin, older], context)).toBe(true);
  });

  test("on a coin of the first block counts from that block", () => {
    const transaction = payment({ inputs: [inputOf(0, { sequence: isTime })] });
    const coin = { output: outputOf(1), height: 0, isCoinbase: false };
    const asked: number[] = [];
    const medianTimeAt = (height: number) => asked.push(height);
    hasOpenRelativeLocks(transaction, [coin], { ...context, medianTimeAt });
    expect(asked).toEqual([0]);
  });
});
