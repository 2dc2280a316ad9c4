/** What happens in a lab, in words for people. */

import { expect, test } from "vitest";
import { stepWords } from "../../src/contract/attack-words.ts";
import type { AttackStep } from "../../src/contract/attacks.ts";
import { eventWords } from "../../src/contract/timeline-words.ts";
import type { BlockHash, Milliseconds, Txid } from "../../src/primitives/brand.ts";
import { coinsOf, counted, percent, shortHash } from "../../src/primitives/figures.ts";

const txidOf = (start: string) => start.padEnd(64, "0") as Txid;

const scene = {
  type: "scene",
  attack: "double-spend",
  attacker: "mallory",
  share: 0.6,
  shares: {},
  confirmations: 2,
  giveUpBehind: 6,
  premine: 0,
  theory: { probability: 0.956, strictProbability: 1, source: "" },
  curve: [],
} satisfies AttackStep;

test("the scene says how she begins, and what theory expects", () => {
  expect(stepWords(scene)).toBe(
    "double spend: mallory has 60 % of the hash power; the shop waits for 2 confirmations; " +
      "she begins without a secret block, and gives up when 6 blocks behind. Theory: 95.6 % that " +
      "she succeeds, giving up 6 behind; 100 % if she never gives up",
  );
  expect(stepWords({ ...scene, premine: 1 })).toContain("when she has a secret block");
});

test("of a stubborn miner the scene says in what, and that no theory is known", () => {
  const common = { type: "scene", attacker: "mallory", share: 0.4, shares: {}, curve: [] } as const;
  const stubborn = { lead: true, equalFork: true, trail: 1 };
  const attack = { attack: "selfish-mining", blocks: 60, stubborn, theory: null } as const;
  expect(stepWords({ ...common, ...attack })).toBe(
    "selfish mining: mallory has 40 % of the hash power, and keeps the blocks that she finds secret; " +
      "the attack is judged when all miners have found 60 blocks; she is stubborn: lead, equal fork, " +
      "trail 1. Theory: no closed form is known for these terms",
  );
});

test("in an eclipse the shop is to have one peer, and finds the others in the end", () => {
  const common = { type: "scene", attacker: "mallory", share: 0.2, shares: {}, curve: [] } as const;
  const theory = { probability: 0.88, source: "" };
  expect(stepWords({ ...common, attack: "eclipse", confirmations: 2, theory })).toBe(
    "eclipse: mallory has 20 % of the hash power, and is to be the shop's only peer; the shop waits " +
      "for 2 confirmations. Theory: 88.0 % that the payment is gone when the shop has honest peers again",
  );
  expect(stepWords({ type: "mended", secretBlocks: 1, publicBlocks: 4 })).toBe(
    "the shop has honest peers again: 1 block that it was shown against 4",
  );
});

test("the two payments are told with what the shop is to get", () => {
  const [payment, conflict] = [txidOf("aa"), txidOf("bb")];
  expect(stepWords({ type: "paid", payment, conflict, value: 24e8, via: "alice" })).toBe(
    "she pays the shop 24 coins (aa0000…0000), and keeps a conflicting payment secret (bb0000…0000)",
  );
  const paid = { type: "paid", payment, conflict, value: 24e8, via: "mallory" } as const;
  expect(stepWords({ ...paid, conflictVia: "alice" })).toBe(
    "she pays the shop 24 coins (aa0000…0000), visible to the shop only, and sends alice " +
      "a conflicting payment (bb0000…0000)",
  );
});

test("a race that has ended without another has no words", () => {
  const race = { type: "race", secretBlocks: 2, publicBlocks: 1, lead: 1 } as const;
  expect(stepWords(race)).toBe("race: 2 secret, 1 public: she is 1 ahead");
  expect(stepWords({ ...race, secretBlocks: 0, publicBlocks: 0, lead: 0 })).toBeUndefined();
});

test("what waits again is counted", () => {
  const at = 0 as Milliseconds;
  const tip = "cc".padEnd(64, "0") as BlockHash;
  const move = { type: "reorganised", at, tip, height: 9, forkHeight: 7, depth: 1 } as const;
  const wordsWith = (returned: number) => eventWords({ ...move, returned, nodes: ["bob"] });
  expect(wordsWith(0)).toContain("went stale; the tip");
  expect(wordsWith(1)).toContain(", 1 payment waits again; the tip");
  expect(wordsWith(2)).toContain(", 2 payments wait again; the tip");
});

test("small phrases have no digit more than they need", () => {
  expect([0, 1, 2].map((count) => counted(count, "block"))).toEqual([
    "0 blocks",
    "1 block",
    "2 blocks",
  ]);
  expect([0.6, 0.29, 0.005].map(percent)).toEqual(["60 %", "29 %", "0.5 %"]);
  expect([1e8, 24e8, -15e7].map(coinsOf)).toEqual(["1 coin", "24 coins", "−1.5 coins"]);
});

test("of a long name both ends are shown, a short one whole", () => {
  expect(shortHash(`000087de${"0".repeat(52)}1f3a`)).toBe("000087…1f3a");
  expect(shortHash("mallory")).toBe("mallory");
});
