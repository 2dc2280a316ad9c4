/** What happens in a lab, in lines for people: one for a block, others for what is unusual. */

import { formatAmount } from "../wallet/amount.ts";
import { decodeCompact, workOf } from "../primitives/target.ts";
import type { Milliseconds } from "../primitives/brand.ts";
import { unreachable } from "../primitives/verdict.ts";
import type { AttackStep, AttackVerdict, FinalState } from "./attack-report.ts";
import type { LabEvent } from "./event.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

/** How a word may stand out; each gives the text back with or without colour. */
export type Palette = {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly magenta: (text: string) => string;
};

const unchanged = (text: string): string => text;
export const plainPalette: Palette = {
  bold: unchanged,
  dim: unchanged,
  red: unchanged,
  yellow: unchanged,
  green: unchanged,
  magenta: unchanged,
};

const minerWidth = 8;

export class Printer {
  readonly #palette: Palette;
  #startedAt: Milliseconds | undefined;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  /** The lines for an event; none for what calm people need not know. */
  linesOf(event: LabEvent): readonly string[] {
    this.#startedAt ??= event.at;
    if (event.type === "started") return []; // see bannerLines
    if (event.type === "verdict") return this.#verdictLines(event);
    if (event.type === "summary") return this.#summaryLines(event);
    const words = this.#wordsOf(event);
    if (words === undefined) return [];
    return [`  ${this.#palette.dim(this.#time(event.at))}  ${words}`];
  }

  #time(at: Milliseconds): string {
    const seconds = Math.max(0, Math.floor((at - (this.#startedAt ?? at)) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  }

  #wordsOf(
    event: Exclude<LabEvent, EventOf<"started" | "verdict" | "summary">>,
  ): string | undefined {
    const { red, yellow, magenta } = this.#palette;
    switch (event.type) {
      case "block":
        return this.#blockWords(event);
      case "fork":
        return yellow(forkWords(event));
      case "reorganised":
        return yellow(reorganisationWords(event));
      case "partitioned":
        return magenta(`partition: ${event.groups.map((group) => group.join(" ")).join("  |  ")}`);
      case "healed":
        return magenta("healed: one network again");
      case "shares":
        return magenta(`shares: ${sharesWords(event.shares)}`);
      case "attack": {
        const words = stepWords(event.step);
        return words === undefined ? undefined : magenta(words);
      }
      case "node-failed":
        return red(`${event.node} has stopped: ${event.reason}`);
      case "payment":
      case "payment-failed":
      case "news":
        return undefined;
      default:
        return unreachable(event);
    }
  }

  #blockWords(event: EventOf<"block">): string {
    const { bold, dim, magenta, yellow } = this.#palette;
    const { height, miner, hash, bits, transactions, agree, honest } = event;
    const work = Math.log2(Number(workOf(decodeCompact(bits).target)));
    const agreement = `${agree}/${honest} agree`;
    const parts = [
      bold(`#${height}`),
      (miner ?? "?").padEnd(minerWidth),
      dim(shortHash(hash)),
      `work 2^${work.toFixed(1)}`,
      event.isSecret ? magenta("in secret") : agree === honest ? agreement : yellow(agreement),
      ...(transactions > 0 ? [dim(`${transactions} tx`)] : []),
    ];
    return parts.join("  ");
  }

  #verdictLines(event: EventOf<"verdict">): readonly string[] {
    const { bold, red, green, yellow } = this.#palette;
    const colour = { reversed: red, failed: green, undecided: yellow }[event.outcome];
    const [headline = "", ...facts] = verdictWords(event);
    return ["", `  ${bold(colour(headline))}`, ...facts.map((fact) => `  ${fact}`), ""];
  }

  #summaryLines(event: EventOf<"summary">): readonly string[] {
    const { bold, dim, green, yellow } = this.#palette;
    const { height, agreement, blocks, forks, reorgs, transactionsConfirmed } = event;
    const state = agreement ? green("all honest nodes agree") : yellow("the nodes do not agree");
    const counts = [
      counted(blocks, "block"),
      counted(forks, "fork"),
      counted(reorgs, "reorganisation"),
      `${transactionsConfirmed} payments confirmed`,
    ];
    return [
      "",
      `  ${bold(`#${height}`)}  ${state}  after ${event.durationSeconds} s`,
      `  ${counts.join(", ")}`,
      `  ${dim("timeline")}  ${event.timeline}`,
    ];
  }
}

/** Who is here and where, before anything happens. */
export function bannerLines(event: EventOf<"started">, platform: string, palette: Palette) {
  const { bold, dim } = palette;
  const { version, url, nodes, shares, height, seed, timeline } = event;
  const people = nodes.map(({ name }) => {
    const share = shares[name];
    return share === undefined ? name : `${bold(name)} ${percent(share)}`;
  });
  const pointer = dim("➜");
  return [
    `  ${bold("powlab")} ${version}   ${dim(platform)}`,
    "",
    `  ${counted(nodes.length, "node")}, one network, on this machine only. Seed ${seed}.`,
    `  ${pointer}  Lab        ${url}/lab`,
    `  ${pointer}  API        ${url}/${nodes[0]?.name ?? ""}/api   ${dim("and so for every name below")}`,
    `  ${pointer}  Timeline   ${timeline}`,
    `  ${people.join("  ")}`,
    `  ${dim("the keys are well known: coins here are worth nothing")}`,
    `  ${dim(`#1 to #${height} were mined beforehand, to fill the purses`)}`,
    "",
  ];
}

/** Work makes hashes begin with zeros, which is what this is meant to show. */
function shortHash(hash: string): string {
  return `${hash.slice(0, 8)}…`;
}

function forkWords({ height, branches }: EventOf<"fork">): string {
  const sides = branches.map(({ hash, miner, nodes }) => {
    return `${miner ?? "?"} ${shortHash(hash)} (${counted(nodes.length, "node")})`;
  });
  return `fork at #${height}: ${sides.join(" and ")}`;
}

function reorganisationWords(event: EventOf<"reorganised">): string {
  const { height, tip, forkHeight, depth, returned, nodes } = event;
  const waiting = returned === 0 ? "" : `, ${returned} tx wait again`;
  return (
    `reorganisation, depth ${depth}: ${counted(depth, "block")} above #${forkHeight} went stale` +
    `${waiting}; the tip is #${height} ${shortHash(tip)} (${nodes.join(", ")})`
  );
}

/** Undefined for what a block's line has said already. */
function stepWords(step: AttackStep): string | undefined {
  switch (step.type) {
    case "scene": {
      const { attacker, share, confirmations, giveUpBehind, theory } = step;
      return (
        `attack: ${attacker} has ${percent(share)} of the power; the shop waits for ` +
        `${counted(confirmations, "confirmation")}; she gives up ${giveUpBehind} behind. ` +
        `Theory: ${percent(theory.probability)}`
      );
    }
    case "paid":
      return (
        `she pays the shop ${formatAmount(step.value)} (${shortHash(step.payment)}), and keeps ` +
        `${shortHash(step.conflict)}, which spends the same coin, in her pocket`
      );
    case "shop":
      return `the shop sees: ${seenWords(step.seen)}`;
    case "delivered":
      return `the shop delivers, at ${counted(step.confirmations, "confirmation")}`;
    case "race":
      return `race: ${step.secretBlocks} secret, ${step.publicBlocks} public: she is ${leadWords(step.lead)}`;
    case "published":
      return `she publishes ${step.secretBlocks} blocks against ${step.publicBlocks}`;
    case "given-up":
      return `she gives up: ${step.secretBlocks} blocks against ${step.publicBlocks}`;
    case "out-of-time":
      return `after ${step.seconds} s she stops`;
    case "broken-off":
      return `the attack was broken off: ${step.reason}`;
    default:
      return unreachable(step);
  }
}

function seenWords({
  state,
  confirmations,
}: {
  state: FinalState["state"];
  confirmations: number;
}) {
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

const headlines = {
  reversed: "REVERSED: the shop's payment is gone",
  failed: "FAILED: the shop keeps its payment",
  undecided: "UNDECIDED: neither payment is in the chain",
} as const;

function verdictWords(verdict: AttackVerdict): readonly string[] {
  const { outcome, share, confirmations, deliveredAt, payment, conflict, theory } = verdict;
  const lost = outcome === "reversed" && deliveredAt !== null;
  const delivery = deliveredAt === null ? "never delivered" : "delivered";
  return [
    headlines[outcome],
    `double spend  share ${percent(share)}  z ${confirmations}  reorg depth ` +
      `${verdict.reorganisationDepth}  the shop ${lost ? `lost ${formatAmount(verdict.value)}` : delivery}`,
    `payment   ${payment.txid}  ${stateWords(payment)}`,
    `conflict  ${conflict.txid}  ${stateWords(conflict)}`,
    `blocks    ${verdict.secretBlocks} secret, ${verdict.publicBlocks} public`,
    `theory    P = ${theory.probability.toFixed(3)}, giving up ${verdict.giveUpBehind} behind ` +
      `(never: ${theory.strictOdds.toFixed(3)})`,
    `timeline  ${verdict.timeline}`,
    ...(outcome === "undecided" ? [] : ["every node obeyed the rules: more work wins"]),
  ];
}

function stateWords({ state, confirmations }: FinalState): string {
  return state === "confirmed" ? counted(confirmations, "confirmation") : state;
}

function sharesWords(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${percent(share)}`)
    .join("  ");
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`;
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
