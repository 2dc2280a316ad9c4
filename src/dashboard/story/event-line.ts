/** An event of the timeline as a line of the page's log, and what the line is about. */

import type { EventJson } from "../../api.ts";
import type {
  AttackStep,
  AttackVerdict,
  BlockHash,
  LabEvent,
  Milliseconds,
  PeerId,
  Txid,
} from "../../lab-api.ts";
import { coinText } from "./coin-text.ts";
import type { Story } from "./story.ts";

/** `network`: for everybody. `node`: what one node tells of itself, which is much. */
export type EventLine = {
  readonly at: Milliseconds;
  readonly type: "network" | "node";
  readonly tone: "plain" | "unusual" | "bad";
  readonly text: string;
  readonly about: About;
};

export type About = {
  readonly blocks: readonly BlockHash[];
  readonly nodes: readonly string[];
  readonly transactions: readonly Txid[];
};

/** A selected thing. */
export type Subject =
  | { readonly type: "block"; readonly hash: BlockHash }
  | { readonly type: "node"; readonly name: string }
  | { readonly type: "transaction"; readonly txid: Txid };

/** @returns null for what nobody reads, such as measurements. */
export function eventLine(event: LabEvent, story: Story): EventLine | null {
  if (event.type === "news") return newsLine(event.node, event.news, event.at, story);
  const words = labWords(event);
  if (words === null) return null;
  const [text, about = {}, tone = "plain"] = words;
  return { at: event.at, type: "network", tone, text, about: { ...nothing, ...about } };
}

/** Whether the line is about this thing; a payment's lines are also those of its blocks. */
export function concerns({ about }: EventLine, subject: Subject, story: Story): boolean {
  switch (subject.type) {
    case "block":
      return about.blocks.includes(subject.hash);
    case "node":
      return about.nodes.includes(subject.name);
    case "transaction": {
      const blocks = story.payment(subject.txid)?.blocks ?? [];
      const isInside = about.blocks.some((hash) => blocks.includes(hash));
      return isInside || about.transactions.includes(subject.txid);
    }
  }
}

/** Work makes hashes begin with zeros, so both ends are shown. */
export function shortHash(hash: string): string {
  return hash.length <= 12 ? hash : `${hash.slice(0, 6)}…${hash.slice(-4)}`;
}

type Words = readonly [text: string, about?: Partial<About>, tone?: EventLine["tone"]];

const nothing: About = { blocks: [], nodes: [], transactions: [] };

function labWords(event: Exclude<LabEvent, { readonly type: "news" }>): Words | null {
  switch (event.type) {
    case "opening":
      return [`the lab opens with ${counted(event.nodes.length, "node")}`];
    case "started":
      return ["all nodes are linked, mining begins"];
    case "node-up":
      return [`${event.node} is up at #${event.height}`, { nodes: [event.node] }];
    case "node-down":
      return [`${event.node} was crashed`, { nodes: [event.node] }, "bad"];
    case "node-failed":
      return [`${event.node} failed: ${event.reason}`, { nodes: [event.node] }, "bad"];
    case "block":
      return blockWords(event);
    case "fork":
      return forkWords(event);
    case "reorganised":
      return reorganisationWords(event);
    case "payment": {
      const { from, to, value, txid } = event;
      const text = `${from} pays ${to} ${coinText(value)} (${shortHash(txid)})`;
      return [text, { nodes: [from, to], transactions: [txid] }];
    }
    case "payment-failed": {
      const { from, to, reason } = event;
      return [`${from} could not pay ${to}: ${reason}`, { nodes: [from, to] }, "bad"];
    }
    case "partitioned": {
      const sides = event.groups.map((group) => group.join(", ")).join(" | ");
      return [`the network is cut: ${sides}`, { nodes: event.groups.flat() }, "unusual"];
    }
    case "healed":
      return ["the network is whole again", {}, "unusual"];
    case "link":
      return [linkWords(event), { nodes: event.between }, "unusual"];
    case "shares": {
      const shares = Object.entries(event.shares);
      const text = shares.map(([name, share]) => `${name} ${percent(share)}`).join(", ");
      return [`hash power: ${text}`, { nodes: shares.map(([name]) => name) }];
    }
    case "attack":
      return stepWords(event.step);
    case "verdict":
      return [verdictWords(event), {}, "unusual"];
    case "summary":
      return [`the lab ended at #${event.height}`];
    case "measured":
      return null;
  }
}

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

function blockWords({ height, hash, miner, transactions, isSecret }: EventOf<"block">): Words {
  const about = { blocks: [hash], nodes: miner === null ? [] : [miner] };
  const finder = miner ?? "somebody";
  const content = transactions === 0 ? "" : `, ${counted(transactions, "payment")}`;
  if (isSecret) {
    return [`${finder} mines #${height} ${shortHash(hash)} in secret${content}`, about, "unusual"];
  }
  return [`${finder} mines #${height} ${shortHash(hash)}${content}`, about];
}

function forkWords({ height, branches }: EventOf<"fork">): Words {
  const sides = branches.map(({ hash, miner, nodes }) => {
    const finder = miner === null ? "" : `${miner}'s `;
    return `${finder}${shortHash(hash)} (${counted(nodes.length, "node")})`;
  });
  const about = {
    blocks: branches.map(({ hash }) => hash),
    nodes: branches.flatMap(({ nodes }) => nodes),
  };
  return [`fork at #${height}: ${sides.join(" and ")}`, about, "unusual"];
}

function reorganisationWords(event: EventOf<"reorganised">): Words {
  const { depth, forkHeight, returned, tip, height, nodes } = event;
  const waits = returned === 1 ? "waits" : "wait";
  const waiting = returned === 0 ? "" : `, ${counted(returned, "payment")} ${waits} again`;
  const text =
    `${nodes.join(", ")} changed sides: ${counted(depth, "block")} above #${forkHeight} ` +
    `left behind${waiting}; the tip is #${height} ${shortHash(tip)}`;
  return [text, { blocks: [tip], nodes }, "unusual"];
}

function linkWords({ between: [a, b], isCut, delayMs }: EventOf<"link">): string {
  return isCut
    ? `the link ${a} – ${b} is cut`
    : `the link ${a} – ${b} takes ${delayMs} ms each way`;
}

function stepWords(step: AttackStep): Words {
  switch (step.type) {
    case "scene": {
      const { attack, attacker, share } = step;
      const name = attack === "double-spend" ? "double spend" : "selfish mining";
      return [
        `${name}: ${attacker} has ${percent(share)} of the hash power`,
        { nodes: [attacker] },
        "unusual",
      ];
    }
    case "paid": {
      const { payment, conflict, value } = step;
      const text =
        `the shop is paid ${coinText(value)} (${shortHash(payment)}); the attacker keeps ` +
        `${shortHash(conflict)}, which spends the same coin`;
      return [text, { transactions: [payment, conflict] }, "unusual"];
    }
    case "shop":
      return [`the shop sees: ${seenWords(step.seen)}`];
    case "delivered":
      return [`the shop delivers at ${counted(step.confirmations, "confirmation")}`, {}, "unusual"];
    case "race":
      return [
        `race: ${step.secretBlocks} secret, ${step.publicBlocks} public: ${leadWords(step.lead)}`,
      ];
    case "published":
      return [`published: ${raceWords(step)}`, {}, "unusual"];
    case "given-up":
      return [`given up: ${raceWords(step)}`, {}, "unusual"];
    case "tally": {
      const { attackerBlocks, honestBlocks, staleBlocks } = step;
      return [
        `so far: attacker ${attackerBlocks}, honest ${honestBlocks}, left behind ${staleBlocks}`,
      ];
    }
    case "out-of-time":
      return [`the attack ran out of time after ${step.seconds} s`, {}, "unusual"];
    case "broken-off":
      return [`the attack was broken off: ${step.reason}`, {}, "bad"];
  }
}

function seenWords({
  state,
  confirmations,
}: Extract<AttackStep, { type: "shop" }>["seen"]): string {
  switch (state) {
    case "confirmed":
      return counted(confirmations, "confirmation");
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

function raceWords({ secretBlocks, publicBlocks }: { secretBlocks: number; publicBlocks: number }) {
  return `${counted(secretBlocks, "secret block")} against ${publicBlocks}`;
}

function verdictWords(verdict: AttackVerdict): string {
  if (verdict.attack === "selfish-mining") {
    const part = `${percent(verdict.revenue)} of the blocks with ${percent(verdict.share)} of the power`;
    return `selfish mining ${verdict.outcome}: ${part}`;
  }
  switch (verdict.outcome) {
    case "reversed":
      return "the attack succeeded: the shop's payment is gone";
    case "failed":
      return "the attack failed: the shop keeps its payment";
    case "undecided":
      return "the attack ended undecided";
  }
}

function newsLine(node: string, news: EventJson, at: Milliseconds, story: Story): EventLine | null {
  const nameOf = (peer: PeerId) => story.nodes.find(({ peerId }) => peerId === peer)?.name ?? peer;
  const words = newsWords(news, nameOf);
  if (words === null) return null;
  const [text, about = {}, tone = "plain"] = words;
  const all = { ...nothing, ...about, nodes: [node, ...(about.nodes ?? [])] };
  return { at, type: "node", tone, text: `${node} ${text}`, about: all };
}

function newsWords(news: EventJson, nameOf: (peer: PeerId) => string): Words | null {
  switch (news.type) {
    case "block-accepted": {
      const origin = news.from === null ? news.origin : `from ${nameOf(news.from)}`;
      const text = `has #${news.height} ${shortHash(news.hash)} (${origin})`;
      return [text, { blocks: [news.hash] }];
    }
    case "block-rejected":
      return [`rejects ${shortHash(news.hash)}: ${news.rule}`, { blocks: [news.hash] }, "bad"];
    case "tip-extended":
      return null; // the block's own line has said it
    case "reorganised": {
      const text = `left ${counted(news.depth, "block")} behind for #${news.height} ${shortHash(news.tip)}`;
      const blocks = [...news.back, ...news.forth];
      return [text, { blocks, transactions: news.readmitted }, "unusual"];
    }
    case "transaction-admitted": {
      const origin = news.from === null ? "" : ` (from ${nameOf(news.from)})`;
      return [`has ${shortHash(news.txid)} waiting${origin}`, { transactions: [news.txid] }];
    }
    case "transaction-removed": {
      const transactions = news.by === null ? [news.txid] : [news.txid, news.by];
      return [`drops ${shortHash(news.txid)}: ${news.reason}`, { transactions }, "unusual"];
    }
    case "peer-ready":
      return [`is connected to ${shortHash(nameOf(news.peer))}`, { nodes: [nameOf(news.peer)] }];
    case "peer-left":
      return [`lost ${shortHash(nameOf(news.peer))}`, { nodes: [nameOf(news.peer)] }];
    case "peer-banned": {
      const name = nameOf(news.peer);
      return [`banned ${name}: ${news.reason}`, { nodes: [name] }, "bad"];
    }
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
