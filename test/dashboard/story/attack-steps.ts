/** Steps and verdicts of attacks, for tests that change one fact of them. */

import type { DoubleSpendVerdict } from "../../../src/attacks/double-spend/words.ts";
import type { EclipseVerdict } from "../../../src/attacks/eclipse/words.ts";
import type { SelfishMiningVerdict } from "../../../src/attacks/selfish-mining/words.ts";
import type { AttackStep } from "../../../src/contract/attacks.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { txidOf } from "./tale.ts";

const curve = [
  [0, 0],
  [0.3, 0.2],
  [0.6, 1],
] as const;
const theory = { probability: 0.18, strictProbability: 0.2, source: "Rosenfeld" };
const selfishTheory = { revenue: 0.273, threshold: 1 / 3, source: "Eyal & Sirer" };
const eclipseTheory = { probability: 0.881, source: "negative binomial" };
const coffee = 4_000_002_464;

export function doubleSpendScene() {
  const terms = { share: 0.3, confirmations: 2, giveUpBehind: 6, premine: 0 } as const;
  const who = { attacker: "mallory", shares: { mallory: 0.3, alice: 0.7 } };
  const type = "scene";
  return { type, attack: "double-spend", ...who, ...terms, theory, curve } satisfies AttackStep;
}

export function selfishScene() {
  const who = { attacker: "mallory", shares: { mallory: 0.3, alice: 0.7 }, share: 0.3 };
  const rest = { blocks: 60, theory: selfishTheory, curve };
  return { type: "scene", attack: "selfish-mining", ...who, ...rest } satisfies AttackStep;
}

export function eclipseScene() {
  const who = { attacker: "mallory", shares: { mallory: 0.2, alice: 0.8 }, share: 0.2 };
  const rest = { confirmations: 2, theory: eclipseTheory, curve };
  return { type: "scene", attack: "eclipse", ...who, ...rest } satisfies AttackStep;
}

export function paid() {
  const [payment, conflict] = [txidOf("a"), txidOf("b")];
  return { type: "paid", payment, conflict, value: coffee, via: "alice" } satisfies AttackStep;
}

/** The shop delivered at 2 confirmations, and lost the payment. */
export function doubleSpendVerdict(): DoubleSpendVerdict {
  const at = 0 as Milliseconds;
  return {
    type: "verdict",
    attack: "double-spend",
    outcome: "reversed",
    share: 0.3,
    confirmations: 2,
    giveUpBehind: 6,
    premine: 0,
    value: coffee,
    deliveredAt: 2,
    payment: { txid: txidOf("a"), state: "gone", confirmations: 0 },
    conflict: { txid: txidOf("b"), state: "confirmed", confirmations: 3 },
    ending: "published",
    reorganisationDepth: 2,
    secretBlocks: 3,
    publicBlocks: 2,
    shop: [{ at, height: 9, state: "confirmed", confirmations: 2 }],
    theory,
    durationSeconds: 20,
    timeline: "/data/timeline.jsonl",
  };
}

/** The shop was shown 2 blocks, and delivered; the others had found 7. */
export function eclipseVerdict(): EclipseVerdict {
  const at = 0 as Milliseconds;
  return {
    type: "verdict",
    attack: "eclipse",
    outcome: "reversed",
    share: 0.2,
    confirmations: 2,
    value: coffee,
    deliveredAt: 2,
    payment: { txid: txidOf("a"), state: "gone", confirmations: 0 },
    conflict: { txid: txidOf("b"), state: "confirmed", confirmations: 7 },
    ending: "mended",
    reorganisationDepth: 2,
    secretBlocks: 2,
    publicBlocks: 7,
    shop: [{ at, height: 9, state: "confirmed", confirmations: 2 }],
    theory: eclipseTheory,
    durationSeconds: 20,
    timeline: "/data/timeline.jsonl",
  };
}

/** 4 of 16 blocks with 30 % of the power. */
export function selfishVerdict(): SelfishMiningVerdict {
  return {
    type: "verdict",
    attack: "selfish-mining",
    outcome: "lost",
    share: 0.3,
    revenue: 0.25,
    interval: [0.102, 0.495],
    tally: { attackerBlocks: 4, honestBlocks: 12, staleBlocks: 1 },
    theory: selfishTheory,
    durationSeconds: 40,
    timeline: "/data/timeline.jsonl",
  };
}
