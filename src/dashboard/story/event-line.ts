/** An event of the timeline as a line of the page's log, and what the line is about. */

import type { AttackStep } from "../../contract/attacks.ts";
import type { EventJson } from "../../contract/node-api.ts";
import type { LabEvent } from "../../contract/timeline.ts";
import { eventWords } from "../../contract/timeline-words.ts";
import type { BlockHash, Milliseconds, PeerId, Txid } from "../../primitives/brand.ts";
import { counted, shortHash, spanText } from "../../primitives/figures.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Story } from "./story.ts";

/** `network`: shown by default. `node`: what one node reports of itself; there are many. */
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

/** @returns null for events without a line, such as measurements. */
export function eventLine(event: LabEvent, story: Story): EventLine | null {
  if (event.type === "news") return newsLine(event.node, event.news, event.at, story);
  const text = eventWords(event);
  if (text === undefined) return null;
  const about = { ...nothing, ...aboutOf(event) };
  return { at: event.at, type: "network", tone: toneOf(event), text, about };
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
    default:
      return unreachable(subject);
  }
}

const nothing: About = { blocks: [], nodes: [], transactions: [] };

function aboutOf(event: LabEvent): Partial<About> {
  switch (event.type) {
    case "node-up":
    case "node-down":
    case "node-failed":
      return { nodes: [event.node] };
    case "block":
      return { blocks: [event.hash], nodes: event.miner === null ? [] : [event.miner] };
    case "fork": {
      const { branches } = event;
      const nodes = branches.flatMap((branch) => branch.nodes);
      return { blocks: branches.map(({ hash }) => hash), nodes };
    }
    case "reorganised":
      return { blocks: [event.tip], nodes: event.nodes };
    case "payment":
      return { nodes: [event.from, event.to], transactions: [event.txid] };
    case "payment-failed":
      return { nodes: [event.from, event.to] };
    case "partitioned":
      return { nodes: event.groups.flat() };
    case "link":
      return { nodes: event.between };
    case "shares":
      return { nodes: Object.keys(event.shares) };
    case "attack":
      return aboutStep(event.step);
    case "opening":
    case "started":
    case "healed":
    case "verdict":
    case "summary":
    case "news":
    case "measured":
      return {};
    default:
      return unreachable(event);
  }
}

function aboutStep(step: AttackStep): Partial<About> {
  if (step.type === "scene") return { nodes: [step.attacker] };
  if (step.type === "paid") return { transactions: [step.payment, step.conflict] };
  return {};
}

function toneOf(event: LabEvent): EventLine["tone"] {
  switch (event.type) {
    case "node-down":
    case "node-failed":
    case "payment-failed":
      return "bad";
    case "fork":
    case "reorganised":
    case "partitioned":
    case "healed":
    case "link":
    case "verdict":
      return "unusual";
    case "block":
      return event.isSecret ? "unusual" : "plain";
    case "attack":
      return toneOfStep(event.step);
    case "opening":
    case "started":
    case "node-up":
    case "payment":
    case "shares":
    case "summary":
    case "news":
    case "measured":
      return "plain";
    default:
      return unreachable(event);
  }
}

function toneOfStep({ type }: AttackStep): EventLine["tone"] {
  switch (type) {
    case "scene":
    case "paid":
    case "delivered":
    case "published":
    case "given-up":
    case "mended":
    case "out-of-time":
      return "unusual";
    case "broken-off":
      return "bad";
    case "shop":
    case "race":
    case "tally":
      return "plain";
    default:
      return unreachable(type);
  }
}

type Words = readonly [text: string, about?: Partial<About>, tone?: EventLine["tone"]];

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
      const text = `accepted #${news.height} ${shortHash(news.hash)} (${origin})`;
      return [text, { blocks: [news.hash] }];
    }
    case "block-rejected":
      return [`rejected ${shortHash(news.hash)}: ${news.rule}`, { blocks: [news.hash] }, "bad"];
    case "tip-extended":
      return null; // the block's own line has said it
    case "reorganised": {
      const text = `reorganised: ${counted(news.depth, "block")} undone, the tip is #${news.height} ${shortHash(news.tip)}`;
      const blocks = [...news.back, ...news.forth];
      return [text, { blocks, transactions: news.readmitted }, "unusual"];
    }
    case "transaction-admitted": {
      const origin = news.from === null ? "" : ` (from ${nameOf(news.from)})`;
      return [
        `added ${shortHash(news.txid)} to its mempool${origin}`,
        { transactions: [news.txid] },
      ];
    }
    case "transaction-removed": {
      const transactions = news.by === null ? [news.txid] : [news.txid, news.by];
      return [
        `removed ${shortHash(news.txid)} from its mempool: ${news.reason}`,
        { transactions },
        "unusual",
      ];
    }
    case "peer-ready":
      return [`connected to ${shortHash(nameOf(news.peer))}`, { nodes: [nameOf(news.peer)] }];
    case "peer-left":
      return [`disconnected from ${shortHash(nameOf(news.peer))}`, { nodes: [nameOf(news.peer)] }];
    case "peer-banned": {
      const name = nameOf(news.peer);
      return [`banned ${name}: ${news.reason}`, { nodes: [name] }, "bad"];
    }
    case "miners-rest": {
      const difference = spanText(news.median_ahead);
      return [
        `lets its miners rest: the chain's median time is ${difference} ahead of its clock`,
        {},
        "bad",
      ];
    }
    case "clock-disagrees": {
      const { direction, seconds } = news;
      const place = direction === "ahead" ? "ahead of" : "behind";
      return [`finds its clock ${spanText(seconds)} ${place} its peers' blocks`, {}, "bad"];
    }
    default:
      return unreachable(news);
  }
}
