/** Events of a lab as lines for a terminal: one for each block, others for what is unusual. */

import { attackerName } from "../../attacks/record/participants.ts";
import { verdictWords } from "../../contract/attack-words.ts";
import type { AttackStep } from "../../contract/attacks.ts";
import type { LabEvent } from "../../contract/timeline.ts";
import { eventWords } from "../../contract/timeline-words.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { counted, percent, shortHash } from "../../primitives/figures.ts";
import { workOfBits } from "../../primitives/target.ts";
import { verdictLines } from "./verdict-lines.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

/** Styles for words; each returns the text with or without colour. */
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

/** The style of an event's sentence; null for events that are not shown by default. */
const styles: Readonly<Record<SentenceType, keyof Palette | null>> = {
  opening: null, // see openingLines
  started: null, // see bannerLines
  "node-up": "magenta",
  "node-down": "magenta",
  "node-failed": "red",
  news: null,
  measured: null,
  fork: "yellow",
  reorganised: "yellow",
  payment: null,
  "payment-failed": null,
  partitioned: "magenta",
  healed: "magenta",
  link: "magenta",
  "miners-rest": "red",
  "miners-resume": "yellow",
  shares: "magenta",
  attack: "magenta",
};

/** All others have lines of their own kind. */
type SentenceType = Exclude<LabEvent["type"], "block" | "verdict" | "summary">;

const minerWidth = 8;
/** A tally is shown once for so many blocks. */
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

  /** The lines for an event; none for one that is not shown by default. */
  linesOf(event: LabEvent): readonly string[] {
    this.#openedAt ??= event.at;
    if (event.type === "started") this.#hasStarted = true;
    if (event.type === "verdict") return this.#verdictLines(event);
    if (event.type === "summary") return this.#summaryLines(event);
    const words = event.type === "block" ? this.#blockWords(event) : this.#sentenceOf(event);
    if (words === undefined) return [];
    return [`  ${this.#palette.dim(this.#time(event.at))}  ${words}`];
  }

  #time(at: Milliseconds): string {
    const seconds = Math.max(0, Math.floor((at - (this.#openedAt ?? at)) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  }

  #sentenceOf(event: EventOf<SentenceType>): string | undefined {
    const style = styles[event.type];
    if (style === null) return undefined;
    if (event.type === "node-up" && !this.#hasStarted) return undefined; // at the start all come up
    if (event.type === "attack" && !this.#isShown(event.step)) return undefined;
    const words = eventWords(event);
    return words === undefined ? undefined : this.#palette[style](words);
  }

  /** Selfish mining changes its tally with every block: that would be too many lines. */
  #isShown(step: AttackStep): boolean {
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
    const work = Math.log2(Number(workOfBits(bits)));
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
    const colours = { attacker: red, honest: green, neither: yellow };
    const colour = colours[verdictWords(event, attackerName).winner];
    const [headline = "", ...facts] = verdictLines(event);
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

/** The first lines, while the nodes start. */
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

/** The nodes and their addresses, when all are up. */
export function bannerLines(event: EventOf<"started">, palette: Palette) {
  const { bold, dim } = palette;
  const { url, nodes, shares, height, seed, timeline } = event;
  const names = nodes.map(({ name }) => {
    const share = shares[name];
    return share === undefined ? name : `${bold(name)} ${percent(share)}`;
  });
  const pointer = dim("➜");
  return [
    `  ${counted(nodes.length, "node")}, one network, on this machine only. Seed ${seed}.`,
    `  ${pointer}  Lab        ${url}/lab`,
    `  ${pointer}  API        ${url}/${nodes[0]?.name ?? ""}/api   ${dim("and so for every name below")}`,
    `  ${pointer}  Timeline   ${timeline}`,
    `  ${names.join("  ")}`,
    `  ${dim("the keys follow from the seed: coins here are worth nothing")}`,
    `  ${dim(`#1 to #${height} were mined before the lab opened, so that every node has coins`)}`,
    "",
  ];
}
