/** Selfish mining in words. */

import { counted, percent, probabilityText } from "../../primitives/figures.ts";
import type { Interval } from "../../theory/statistics.ts";
import type { AttackWords } from "../record/attack.ts";
import type { BlockTally, Scene } from "../record/step.ts";
import type { selfishMiningTerms, Stubbornness } from "./terms.ts";
import type { SelfishMiner, SelfishTheory } from "./theory.ts";

export type SelfishMiningScene = Scene<
  "selfish-mining",
  typeof selfishMiningTerms,
  SelfishTheory | null
>;

export type SelfishMiningVerdict = {
  readonly type: "verdict";
  readonly attack: "selfish-mining";
  /** Whether its part of the blocks that stay is more than its part of the hash power. */
  readonly outcome: "gained" | "lost";
  /** Of the hash power. */
  readonly share: number;
  /** The attacker's part of the blocks that stay, with its 95 % interval (Wilson). */
  readonly revenue: number;
  readonly interval: Interval;
  readonly tally: BlockTally;
  readonly stubborn?: Stubbornness;
  /** Null if it is stubborn: no closed form is known for that. */
  readonly theory: SelfishTheory | null;
  readonly durationSeconds: number;
  readonly timeline: string;
};

export const selfishMiningWords = {
  title: "Selfish mining",
  sentence: "keep found blocks secret, so that others waste their work",
  begin: "Start: selfish mining",
  examples: ["--share 0.4", "--share 0.45 --stubborn lead,trail-1"],
  explanation:
    "The attacker keeps the blocks that she finds secret until the others have almost caught up. A hundred " +
    "blocks say little, as the interval in the verdict shows. No closed form is known for a stubborn " +
    "miner; powlab experiment selfish-mining simulates one.",
  setup({ attacker, share, blocks, stubborn }: SelfishMiningScene) {
    return [
      `${attacker} has ${percent(share)} of the hash power, and keeps the blocks that she finds secret`,
      `the attack is judged when all miners have found ${counted(blocks, "block")}`,
      ...(stubborn === undefined ? [] : [`she is stubborn: ${stubbornWords(stubborn)}`]),
    ];
  },
  theory({ threshold }: SelfishTheory, { share }: SelfishMiner) {
    const above = probabilityText(threshold);
    return `of the blocks that stay; by honest mining ${percent(share)}. It pays above ${above}`;
  },
  verdict(verdict: SelfishMiningVerdict, attacker: string) {
    const { outcome, share, revenue, interval, tally } = verdict;
    const [low, high] = interval.map(probabilityText);
    const { attackerBlocks, honestBlocks, staleBlocks } = tally;
    return {
      headline:
        outcome === "gained" ? "Keeping blocks secret paid." : "Keeping blocks secret did not pay.",
      winner: outcome === "gained" ? "attacker" : "honest",
      facts: [
        `${attacker} has ${probabilityText(revenue)} of the blocks that stay, with ${percent(share)} of the hash power.`,
        `That is ${attackerBlocks} of ${attackerBlocks + honestBlocks} blocks (95 % interval: ${low} to ${high}).`,
        `${counted(staleBlocks, "block")} of both sides ${staleBlocks === 1 ? "was" : "were"} left behind: that work was wasted.`,
      ],
      lesson: "no rule forces a miner to publish a block",
      balances: [],
    } as const;
  },
} as const satisfies AttackWords<
  SelfishMiner,
  SelfishTheory,
  SelfishMiningScene,
  SelfishMiningVerdict
>;

/** Such as "lead, trail 2". */
function stubbornWords({ lead, equalFork, trail }: Stubbornness): string {
  const words = [lead && "lead", equalFork && "equal fork", trail > 0 && `trail ${trail}`];
  return words.filter((word) => word !== false).join(", ");
}
