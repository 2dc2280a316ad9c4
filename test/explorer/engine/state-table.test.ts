import { describe, expect, test } from "vitest";
import { noParent, StateTable } from "../../../src/explorer/engine/state-table.ts";
import { Words } from "../../../src/explorer/engine/words.ts";
import { createRandom } from "../../../src/primitives/random.ts";

function fingerprintOf(...numbers: readonly number[]): { low: number; high: number } {
  const words = new Words();
  for (const number of numbers) words.push(number);
  words.seal();
  return { low: words.low, high: words.high };
}

describe("a table of states", () => {
  test("knows what a set knows, over many random additions", () => {
    const random = createRandom("state table");
    const table = new StateTable();
    const set = new Set<string>();
    let disagreements = 0;
    for (let i = 0; i < 100_000; i++) {
      // Few low halves: the high half must be compared, too.
      const [low, high] = [Math.imul(random.nextBelow(2_000), 0x9e3779b1), random.nextBelow(40)];
      const isNew = !set.has(`${low} ${high}`);
      set.add(`${low} ${high}`);
      if (table.find(low, high) < 0 !== isNew) disagreements += 1;
      if (table.add(low, high, noParent) !== isNew) disagreements += 1;
    }
    expect(disagreements).toBe(0);
    expect(table.size).toBe(set.size);
    expect(table.size).toBeGreaterThan(4_096 * 8);
  });

  test("remembers parents when it has grown", () => {
    const table = new StateTable();
    for (let i = 0; i < 20_000; i++) table.add(Math.imul(i, 0x9e3779b1), i, i - 1);
    expect(table.parentOf(0)).toBe(noParent);
    expect(table.parentOf(19_999)).toBe(19_998);
    expect(table.find(Math.imul(12_345, 0x9e3779b1), 12_345)).toBe(12_345);
  });

  test("needs at most 32 bytes a state when it is at least half full", () => {
    const table = new StateTable();
    for (let i = 0; i < 2 ** 17; i++) table.add(Math.imul(i, 0x9e3779b1), i, noParent);
    expect(table.sizeBytes / table.size).toBeLessThanOrEqual(32);
  });
});

describe("a fingerprint", () => {
  test("has no collision in either half's neighbourhood among a million short states", () => {
    const seen = new Set<number>();
    const words = new Words();
    for (let i = 0; i < 1_000_000; i++) {
      words.clear();
      words.push(i % 100);
      words.push(Math.floor(i / 100) % 100);
      words.push(Math.floor(i / 10_000));
      words.seal();
      // 53 of the 64 bits: a chance of 6e-5 that a good hash collides here.
      seen.add((words.high & 0x1fffff) * 2 ** 32 + (words.low >>> 0));
    }
    expect(seen.size).toBe(1_000_000);
  });

  test("changes about half of its bits when one bit of one word does", () => {
    const base = fingerprintOf(1, 2, 3, 4);
    let changed = 0;
    for (let bit = 0; bit < 32; bit++) {
      const { low, high } = fingerprintOf(1, 2 ^ (1 << bit), 3, 4);
      changed += onesIn(low ^ base.low) + onesIn(high ^ base.high);
    }
    expect(changed / 32).toBeGreaterThan(28);
    expect(changed / 32).toBeLessThan(36);
  });

  test("depends on order and length", () => {
    const some = [fingerprintOf(1, 2), fingerprintOf(2, 1), fingerprintOf(1, 2, 0)];
    expect(new Set(some.map(({ low, high }) => `${low} ${high}`)).size).toBe(3);
  });
});

function onesIn(word: number): number {
  return (word >>> 0).toString(2).replaceAll("0", "").length;
}
