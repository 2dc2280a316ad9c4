/** The events of a lab in words: the same on a terminal and on the page. */

import { attackerName } from "../attacks/record/participants.ts";
import { coinsOf, counted, percent, shortHash, spanText } from "../primitives/figures.ts";
import { unreachable } from "../primitives/verdict.ts";
import { stepWords, verdictWords } from "./attack-words.ts";
import type { LinkChange } from "./lab.ts";
import type { ForcedRestJson } from "./mining.ts";
import type { Shares } from "./network.ts";
import type { Branch, LabEvent } from "./timeline.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

/** A sentence without its full stop; undefined for events that are data only. */
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
      return `the network is partitioned: ${event.groups.map((group) => group.join(", ")).join(" | ")}`;
    case "healed":
      return "the network is healed: no link is cut or slow";
    case "link":
      return linkWords(event);
    case "miners-rest":
      return `${event.node} lets its miners rest: ${restWords(event)}`;
    case "miners-resume":
      return `no miners rest any longer: ${event.node}'s were the last`;
    case "shares":
      return `hash power: ${sharesWords(event.shares)}`;
    case "attack":
      return stepWords(event.step);
    case "verdict":
      return `${event.outcome}: ${headlineOf(event)}`;
    case "summary":
      return `the lab ended at #${event.height}`;
    case "news":
    case "measured":
      return undefined;
    default:
      return unreachable(event);
  }
}

/** Within a line, without its full stop. */
function headlineOf(verdict: EventOf<"verdict">): string {
  const { headline } = verdictWords(verdict, attackerName);
  return headline.replace(/\.$/, "");
}

function blockWords({ height, hash, miner, transactions, isSecret }: EventOf<"block">): string {
  const secret = isSecret ? " in secret" : "";
  const content = transactions === 0 ? "" : `, ${counted(transactions, "payment")}`;
  return `${miner ?? "an unknown miner"} mines #${height} ${shortHash(hash)}${secret}${content}`;
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

/** Why miners rest, without a full stop. */
export function restWords({ reason, median_ahead: ahead }: ForcedRestJson): string {
  switch (reason) {
    case "clock-behind-chain":
      return `the chain's median time is ${spanText(ahead)} ahead of its clock, so that no block is allowed yet`;
    default:
      return unreachable(reason);
  }
}

function sharesWords(shares: Shares): string {
  const parts = Object.entries(shares).map(([name, share]) => `${name} ${percent(share)}`);
  return parts.join(", ");
}
