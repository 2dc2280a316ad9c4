/** The steps of an attack as sentences: the same on a terminal and on the page. */

import { attackNamed, type AttackScene, type AttackVerdict } from "../attacks/catalogue.ts";
import { overtaken } from "../attacks/double-spend/words.ts";
import { expectationIn, expectationWords } from "../attacks/expectation.ts";
import type { endings, VerdictWords } from "../attacks/record/attack.ts";
import type { CourseStep, ShopView } from "../attacks/record/step.ts";
import { coinsOf, counted, percent, shortHash } from "../primitives/figures.ts";
import { unreachable } from "../primitives/verdict.ts";
import type { AttackStep } from "./attacks.ts";

type StepOf<Type extends CourseStep["type"]> = Extract<CourseStep, { readonly type: Type }>;

/** How an attack ended. */
export function verdictWords(verdict: AttackVerdict, attacker: string): VerdictWords {
  return attackNamed(verdict.attack).words.verdict(verdict, attacker);
}

/** "She" is the attacker. Undefined for steps that a block's line shows already. */
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

/** The end of a race as sentences; what was published may not stay, which the verdict says. */
export function endingWords(
  ending: StepOf<(typeof endings)[number]>,
  verdict: AttackVerdict | null,
): string {
  switch (ending.type) {
    case "published": {
      const begun = `${lengthsWords(ending)}: more work, so nodes change to it.`;
      return verdict?.outcome === "failed"
        ? `${begun} Then ${overtaken}: no node stayed on hers.`
        : begun;
    }
    case "given-up":
      return `${lengthsWords(ending)}: she is too far behind, and gives hers up.`;
    case "mended":
      return (
        `${counted(ending.secretBlocks, "block")} that it was shown against ` +
        `${ending.publicBlocks} that it was not: more work wins.`
      );
    case "out-of-time":
      return `After ${ending.seconds} s she stops.`;
    default:
      return unreachable(ending);
  }
}

function lengthsWords({ secretBlocks, publicBlocks }: StepOf<"published" | "given-up">): string {
  return `${counted(secretBlocks, "secret block")} against ${publicBlocks} public`;
}

function sceneWords(scene: AttackScene): string {
  const { words } = attackNamed(scene.attack);
  const clauses = words.setup(scene).join("; ");
  return `${words.title.toLowerCase()}: ${clauses}. Theory: ${expectationWords(expectationIn(scene))}`;
}

function paidWords({ payment, conflict, value, conflictVia }: StepOf<"paid">): string {
  const paid = `she pays the shop ${coinsOf(value)} (${shortHash(payment)})`;
  return conflictVia === undefined
    ? `${paid}, and keeps a conflicting payment secret (${shortHash(conflict)})`
    : `${paid}, visible to the shop only, and sends ${conflictVia} a conflicting payment ` +
        `(${shortHash(conflict)})`;
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
