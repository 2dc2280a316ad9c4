/** What happens in a lab, in lines for people: one for a block, others for what is unusual. */

import type { AttackStep, LabEvent } from "../lab-api.ts";
import { decodeCompact, workOf } from "../primitives/target.ts";
import type { Milliseconds } from "../primitives/brand.ts";
import { unreachable } from "../primitives/verdict.ts";
import { stepWords, verdictWords } from "./attack-words.ts";
import { counted, percent, shortHash } from "./phrases.ts";

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
/** A tally is shown each time so many blocks have been found. */
const tallyBlocks = 10;

export class Printer {
  readonly #palette: Palette;
  #openedAt: Milliseconds | undefined;
  #hasStarted = false;
  /** As the last tally that was shown has it. */
  #talliedBlocks = 0;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  /** The lines for an event; none for what calm people need not know. */
  linesOf(event: LabEvent): readonly string[] {
    this.#openedAt ??= event.at;
    if (event.type === "started") this.#hasStarted = true;
    if (event.type === "verdict") return this.#verdictLines(event);
    if (event.type === "summary") return this.#summaryLines(event);
    const words = this.#wordsOf(event);
    if (words === undefined) return [];
    return [`  ${this.#palette.dim(this.#time(event.at))}  ${words}`];
  }

  #time(at: Milliseconds): string {
    const seconds = Math.max(0, Math.floor((at - (this.#openedAt ?? at)) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  }

  #wordsOf(event: Exclude<LabEvent, EventOf<"verdict" | "summary">>): string | undefined {
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
        const words = this.#isCalm(event.step) ? stepWords(event.step) : undefined;
        return words === undefined ? undefined : magenta(words);
      }
      case "node-failed":
        return red(`${event.node} has stopped: ${event.reason}`);
      case "node-up": // at first all come up, which is no news
        return this.#hasStarted ? magenta(`${event.node} is up, at #${event.height}`) : undefined;
      case "node-down":
        return magenta(`${event.node} is down`);
      case "link":
        return magenta(linkWords(event));
      case "opening": // see openingLines
      case "started": // see bannerLines
      case "payment":
      case "payment-failed":
      case "news":
      case "measured":
        return undefined;
      default:
        return unreachable(event);
    }
  }

  /** Selfish mining changes its tally with every block: now and then is enough. */
  #isCalm(step: AttackStep): boolean {
    if (step.type === "scene") this.#talliedBlocks = 0;
    if (step.type !== "tally") return true;
    const blocks = step.attackerBlocks + step.honestBlocks + step.staleBlocks;
    if (blocks < this.#talliedBlocks + tallyBlocks) return false;
    this.#talliedBlocks = blocks;
    return true;
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
    const colours = { reversed: red, failed: green, undecided: yellow, gained: red, lost: green };
    const colour = colours[event.outcome];
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

/** Where to look while the nodes start. */
export function openingLines(event: EventOf<"opening">, platform: string, palette: Palette) {
  const { bold, dim } = palette;
  const { version, url, nodes } = event;
  return [
    `  ${bold("powlab")} ${version}   ${dim(platform)}`,
    "",
    `  ${dim("➜")}  Page       ${bold(`${url}/`)}`,
    `  ${dim(`${counted(nodes.length, "node")} will be up in a moment …`)}`,
    "",
  ];
}

/** Who is here and where, before anything happens. */
export function bannerLines(event: EventOf<"started">, palette: Palette) {
  const { bold, dim } = palette;
  const { url, nodes, shares, height, seed, timeline } = event;
  const people = nodes.map(({ name }) => {
    const share = shares[name];
    return share === undefined ? name : `${bold(name)} ${percent(share)}`;
  });
  const pointer = dim("➜");
  return [
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

function forkWords({ height, branches }: EventOf<"fork">): string {
  const sides = branches.map(({ hash, miner, nodes }) => {
    return `${miner ?? "?"} ${shortHash(hash)} (${counted(nodes.length, "node")})`;
  });
  return `fork at #${height}: ${sides.join(" and ")}`;
}

function linkWords({ between, isCut, delayMs }: EventOf<"link">): string {
  return `link ${between.join(" – ")}: ${isCut ? "cut" : `open, ${delayMs} ms each way`}`;
}

function reorganisationWords(event: EventOf<"reorganised">): string {
  const { height, tip, forkHeight, depth, returned, nodes } = event;
  const waiting = returned === 0 ? "" : `, ${returned} tx wait again`;
  return (
    `reorganisation, depth ${depth}: ${counted(depth, "block")} above #${forkHeight} went stale` +
    `${waiting}; the tip is #${height} ${shortHash(tip)} (${nodes.join(", ")})`
  );
}

function sharesWords(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${percent(share)}`)
    .join("  ");
}
