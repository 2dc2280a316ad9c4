/** An eclipse in words. */

import { counted, percent } from "../../primitives/figures.ts";
import type { AttackWords } from "../record/attack.ts";
import {
  balancesOf,
  paymentFacts,
  type ReversalFacts,
  reversalHeadline,
  reversalWinners,
} from "../record/reversal.ts";
import type { Scene } from "../record/step.ts";
import type { ConditionsOf } from "../record/terms.ts";
import type { EclipseRace, eclipseTerms } from "./terms.ts";
import type { EclipseTheory } from "./theory.ts";

export type EclipseScene = Scene<"eclipse", typeof eclipseTerms, EclipseTheory>;

export type EclipseVerdict = ReversalFacts &
  ConditionsOf<typeof eclipseTerms> & {
    readonly attack: "eclipse";
    /** `out-of-time`: the links were mended before the shop delivered. */
    readonly ending: "mended" | "out-of-time";
    readonly theory: EclipseTheory;
  };

export const eclipseWords = {
  title: "Eclipse",
  sentence: "be the shop's only peer, and show it a branch of its own",
  begin: "Start: eclipse",
  examples: ["--share 0.2 --confirmations 2", "--confirmations 4 --json"],
  explanation:
    "All links of the shop are cut but that to the attacker, whose own links to the others are cut, " +
    "too. She pays it on a branch that only these two have, while the others receive a payment that " +
    "spends the same coin. When the shop has delivered, the links are mended: the branch with more " +
    "work wins. The less of the power she has, the less likely it is hers, and the longer it takes.",
  setup({ attacker, share, confirmations }: EclipseScene) {
    return [
      `${attacker} has ${percent(share)} of the hash power, and is to be the shop's only peer`,
      `the shop waits for ${counted(confirmations, "confirmation")}`,
    ];
  },
  theory: () => "that the payment is gone when the shop has honest peers again",
  verdict(verdict: EclipseVerdict, attacker: string) {
    return {
      headline: reversalHeadline(verdict, attacker),
      winner: reversalWinners[verdict.outcome],
      facts: [...paymentFacts(verdict, attacker), lossText(verdict)],
      lesson: "a node with one honest peer cannot be deceived for long",
      balances: balancesOf(verdict, attacker),
    };
  },
} as const satisfies AttackWords<EclipseRace, EclipseTheory, EclipseScene, EclipseVerdict>;

/** What became of the branch that was made for the shop. */
function lossText({ outcome, secretBlocks, publicBlocks }: EclipseVerdict): string {
  const shown = `The shop was shown ${counted(secretBlocks, "block")}`;
  const kept = `${publicBlocks} that the others found`;
  return outcome === "failed"
    ? `${shown} instead of ${kept}: more work, so all nodes changed to the false branch.`
    : `${shown} instead of ${kept}.`;
}
