/** What happens in an attack, in words for people: the same ones on a terminal and on the page. */

import { unreachable } from "../primitives/verdict.ts";
import type {
  AttackStep,
  AttackVerdict,
  SelfishTheory,
  ShopView,
  Stubbornness,
} from "./attacks.ts";
import { coinsOf, counted, percent, shortHash } from "../primitives/figures.ts";

type StepOf<Type extends AttackStep["type"]> = Extract<AttackStep, { readonly type: Type }>;

/** What every node obeyed the rules for: the lesson of each attack. */
export const morals: Readonly<Record<AttackVerdict["attack"], string>> = {
  "double-spend": "more work wins",
  "selfish-mining": "nobody can be made to tell of a block",
  eclipse: "who has one honest peer cannot be deceived for long",
};

/** What the outcome of an attack means. */
export const outcomeWords: Readonly<Record<AttackVerdict["outcome"], string>> = {
  reversed: "the shop's payment is gone",
  failed: "the shop keeps its payment",
  undecided: "neither payment is in the chain",
  gained: "her part of the blocks is more than her part of the power",
  lost: "her part of the blocks is no more than her part of the power",
};

/** "She" is the attacker. Undefined for what a block's line has said already. */
export function stepWords(step: AttackStep): string | undefined {
  switch (step.type) {
    case "scene":
      return sceneWords(step);
    case "paid":
      return paidWords(step);
    case "shop":
      return `the shop sees: ${seenWords(step.seen)}`;
    case "delivered":
      return `the shop delivers, at ${counted(step.confirmations, "confirmation")}`;
    case "race":
      return raceWords(step);
    case "published":
      return `she publishes ${counted(step.secretBlocks, "block")} against ${step.publicBlocks}`;
    case "given-up":
      return `she gives up: ${counted(step.secretBlocks, "block")} against ${step.publicBlocks}`;
    case "mended":
      return (
        "the shop has honest peers again: " +
        `${counted(step.secretBlocks, "block")} that it was shown against ${step.publicBlocks}`
      );
    case "tally":
      return tallyWords(step);
    case "out-of-time":
      return `after ${step.seconds} s she stops`;
    case "broken-off":
      return `the attack was broken off: ${step.reason}`;
    default:
      return unreachable(step);
  }
}

function sceneWords(scene: StepOf<"scene">): string {
  const opening = `${scene.attacker} has ${percent(scene.share)} of the hash power`;
  switch (scene.attack) {
    case "double-spend": {
      const { confirmations, giveUpBehind, premine, theory } = scene;
      const start =
        premine === 1 ? "she pays when she has a secret block" : "she begins with nothing";
      return (
        `double spend: ${opening}; the shop waits for ${counted(confirmations, "confirmation")}; ` +
        `${start}, and gives up ${giveUpBehind} behind. Theory: ${percent(theory.probability)}`
      );
    }
    case "selfish-mining": {
      const { blocks, stubborn, theory } = scene;
      const manner = stubborn === undefined ? "" : `, stubborn (${stubbornWords(stubborn)})`;
      return (
        `selfish mining${manner}: ${opening}, and keeps back what she finds, for ` +
        `${counted(blocks, "block")} of all miners. Theory: ${selfishTheoryWords(theory)}`
      );
    }
    case "eclipse": {
      const { confirmations, theory } = scene;
      return (
        `eclipse: ${opening}, and is to be the shop's only peer; it waits for ` +
        `${counted(confirmations, "confirmation")}. Theory: ${percent(theory.probability)}`
      );
    }
    default:
      return unreachable(scene);
  }
}

function selfishTheoryWords(theory: SelfishTheory | null): string {
  if (theory === null) return "none is known for a stubborn miner";
  const { revenue, threshold } = theory;
  return `${percent(revenue)} of the blocks that stay; it pays above ${percent(threshold)}`;
}

/** Such as "lead, trail 2": in what a selfish miner is stubborn. */
export function stubbornWords({ lead, equalFork, trail }: Stubbornness): string {
  const words = [lead && "lead", equalFork && "equal fork", trail > 0 && `trail ${trail}`];
  return words.filter((word) => word !== false).join(", ");
}

function paidWords({ payment, conflict, value, conflictVia }: StepOf<"paid">): string {
  const paid = `she pays the shop ${coinsOf(value)} (${shortHash(payment)})`;
  return conflictVia === undefined
    ? `${paid}, and keeps ${shortHash(conflict)}, which spends the same coin, in her pocket`
    : `${paid}, which nobody else sees, and tells ${conflictVia} of ${shortHash(conflict)}, ` +
        "which spends the same coin";
}

/** Undefined when a race has ended and no other has begun. */
function raceWords({ secretBlocks, publicBlocks, lead }: StepOf<"race">): string | undefined {
  if (secretBlocks === 0 && publicBlocks === 0) return undefined;
  return `race: ${secretBlocks} secret, ${publicBlocks} public: she is ${leadWords(lead)}`;
}

function tallyWords({ attackerBlocks, honestBlocks, staleBlocks }: StepOf<"tally">): string {
  const staying = attackerBlocks + honestBlocks;
  const part = staying === 0 ? "" : ` (${percent(attackerBlocks / staying)})`;
  return `so far ${attackerBlocks} of ${counted(staying, "block")} are hers${part}, ${staleBlocks} went stale`;
}

function seenWords({ state, confirmations }: Pick<ShopView, "state" | "confirmations">): string {
  switch (state) {
    case "confirmed":
      return `paid, ${counted(confirmations, "confirmation")}`;
    case "waiting":
      return "the payment waits for a block";
    case "gone":
      return "the payment is gone";
    case "unknown":
      return "no payment yet";
  }
}

function leadWords(lead: number): string {
  if (lead === 0) return "level";
  return lead > 0 ? `${lead} ahead` : `${-lead} behind`;
}
