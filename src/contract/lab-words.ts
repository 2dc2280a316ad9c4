/** What happens in a lab, in words for people: the same ones on a terminal and on the page. */

import type {
  AttackStep,
  AttackVerdict,
  Branch,
  LabEvent,
  LinkChange,
  SelfishTheory,
  Shares,
  ShopView,
  Stubbornness,
} from "./lab-api.ts";
import { coinText } from "../primitives/amount.ts";
import { unreachable } from "../primitives/verdict.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;
type StepOf<Type extends AttackStep["type"]> = Extract<AttackStep, { readonly type: Type }>;

/** A sentence without its full stop; undefined for what is not told in words. */
export function eventWords(event: LabEvent): string | undefined {
  switch (event.type) {
    case "opening":
      return `the lab opens with ${counted(event.nodes.length, "node")}`;
    case "started":
      return "all nodes are linked, mining begins";
    case "node-up":
      return `${event.node} is up, at #${event.height}`;
    case "node-down":
      return `${event.node} was crashed`;
    case "node-failed":
      return `${event.node} failed: ${event.reason}`;
    case "block":
      return blockWords(event);
    case "fork":
      return `fork at #${event.height}: ${event.branches.map(branchWords).join(" and ")}`;
    case "reorganised":
      return reorganisationWords(event);
    case "payment": {
      const { from, to, value, txid } = event;
      return `${from} pays ${to} ${coinsOf(value)} (${shortHash(txid)})`;
    }
    case "payment-failed":
      return `${event.from} could not pay ${event.to}: ${event.reason}`;
    case "partitioned":
      return `the network is cut: ${event.groups.map((group) => group.join(", ")).join(" | ")}`;
    case "healed":
      return "the network is whole again";
    case "link":
      return linkWords(event);
    case "shares":
      return `hash power: ${sharesWords(event.shares)}`;
    case "attack":
      return stepWords(event.step);
    case "verdict":
      return `${event.outcome}: ${outcomeWords[event.outcome]}`;
    case "summary":
      return `the lab ended at #${event.height}`;
    case "news":
    case "measured":
      return undefined;
    default:
      return unreachable(event);
  }
}

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

function blockWords({ height, hash, miner, transactions, isSecret }: EventOf<"block">): string {
  const secret = isSecret ? " in secret" : "";
  const content = transactions === 0 ? "" : `, ${counted(transactions, "payment")}`;
  return `${miner ?? "somebody"} mines #${height} ${shortHash(hash)}${secret}${content}`;
}

function branchWords({ hash, miner, nodes }: Branch): string {
  const finder = miner === null ? "" : `${miner}'s `;
  return `${finder}${shortHash(hash)} (${counted(nodes.length, "node")})`;
}

function reorganisationWords(event: EventOf<"reorganised">): string {
  const { height, tip, forkHeight, depth, returned, nodes } = event;
  const verb = returned === 1 ? "waits" : "wait";
  const waiting = returned === 0 ? "" : `, ${counted(returned, "payment")} ${verb} again`;
  return (
    `reorganisation, depth ${depth}: ${counted(depth, "block")} above #${forkHeight} went stale` +
    `${waiting}; the tip is #${height} ${shortHash(tip)} (${nodes.join(", ")})`
  );
}

function linkWords({ between, isCut, delayMs }: LinkChange): string {
  const link = `the link ${between.join(" – ")}`;
  return isCut ? `${link} is cut` : `${link} takes ${delayMs} ms each way`;
}

function sharesWords(shares: Shares): string {
  const parts = Object.entries(shares).map(([name, share]) => `${name} ${percent(share)}`);
  return parts.join(", ");
}

// --- Attacks ---------------------------------------------------------------------------------

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

// --- Small phrases ---------------------------------------------------------------------------

/** Such as "1 block" and "2 blocks". */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

/** A part of a whole with no decimals that it does not need, such as "60 %" and "0.5 %". */
export function percent(part: number): string {
  return `${Number((100 * part).toFixed(1))} %`;
}

/** Both ends of a hash or another long name: work makes hashes begin with zeros. */
export function shortHash(hash: string): string {
  return hash.length <= 12 ? hash : `${hash.slice(0, 6)}…${hash.slice(-4)}`;
}

/** Satoshis as an amount in a sentence, such as "24 coins". */
export function coinsOf(satoshis: number): string {
  const coins = coinText(satoshis);
  return `${coins} ${coins === "1" ? "coin" : "coins"}`;
}
