/**
 * A schedule of faults as people write it, and as the address of the page holds it: a line for each.
 *
 *     crash n2 at 3060
 *     pause @leader at 4000 for 2000
 *     split n1 n2 | n3 at 5000 for 3000
 *     lose n1 n4 at 6120
 */

import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import type { ProcessFault } from "../../sim/process-world/byzantine.ts";

/** One message that is lost, or put on its way later; counted from 1 among those of its millisecond. */
export type MessageFault = {
  readonly verb: "lose" | "delay";
  readonly from: string;
  readonly to: string;
  readonly number: number;
  readonly atMs: number;
  /** 0 for one that is lost. */
  readonly byMs: number;
};

export type ScheduledFault = ProcessFault | MessageFault;

/** How long a fault lasts whose line says nothing: longer than any run. */
export const unendingMs = 1_000_000_000;

/** The word before a field, for each field that is neither a name nor a time. */
const wordOf = {
  byMs: "by",
  bytesPerSecond: "to",
  share: "share",
  pick: "pick",
  rate: "rate",
  by: "as",
  number: "number",
} as const;
type Worded = keyof typeof wordOf;

type Shape = {
  readonly names: readonly ("node" | "from" | "to")[] | "groups";
  readonly fields?: readonly Worded[];
  /** False if it is over at once, or never. */
  readonly hasEnd: boolean;
};

const ofNode = (hasEnd: boolean, ...fields: Worded[]): Shape => ({
  names: ["node"],
  fields,
  hasEnd,
});

const shapes: Readonly<Record<ScheduledFault["verb"], Shape>> = {
  split: { names: "groups", hasEnd: true },
  isolate: ofNode(true),
  cut: { names: ["from", "to"], hasEnd: true },
  slow: ofNode(true, "byMs"),
  throttle: ofNode(true, "bytesPerSecond"),
  scramble: ofNode(true, "share"),
  crash: ofNode(true),
  restart: ofNode(false),
  amnesia: ofNode(false),
  pause: ofNode(true),
  corrupt: ofNode(true, "pick"),
  skew: ofNode(true, "byMs"),
  step: ofNode(false, "byMs"),
  "start-wrong": ofNode(true, "byMs"),
  drift: ofNode(true, "rate"),
  "turn-byzantine": ofNode(false, "by"),
  lose: { names: ["from", "to"], fields: ["number"], hasEnd: false },
  delay: { names: ["from", "to"], fields: ["byMs", "number"], hasEnd: false },
};

const whileWriting = "while-writing";

export function isMessageFault(fault: ScheduledFault): fault is MessageFault {
  return fault.verb === "lose" || fault.verb === "delay";
}

/** One line; what every reader would assume is left out. */
export function formatFault(fault: ScheduledFault): string {
  const shape = shapes[fault.verb];
  const given = fault as unknown as Readonly<Record<string, unknown>>;
  const words: unknown[] = [fault.verb];
  if (fault.verb === "split") {
    words.push(fault.groups.map((group) => group.join(" ")).join(" | "));
  } else if (shape.names !== "groups") {
    words.push(...shape.names.map((name) => given[name]));
  }
  if (fault.verb === "crash" && fault.moment === whileWriting) words.push(whileWriting);
  for (const field of shape.fields ?? []) {
    if (field !== "number" || given[field] !== 1) words.push(wordOf[field], given[field]);
  }
  words.push("at", fault.atMs);
  if (!isMessageFault(fault) && shape.hasEnd && fault.lastsMs < unendingMs) {
    words.push("for", fault.lastsMs);
  }
  return words.join(" ");
}

export function formatSchedule(faults: readonly ScheduledFault[]): string {
  return faults.map(formatFault).join("\n");
}

/**
 * Reads lines, or what stands between semicolons; empty ones are left out. Names of processes and
 * behaviours are checked by the simulator.
 *
 * @returns as problem a sentence with the line in it.
 */
export function parseSchedule(text: string): Verdict<readonly ScheduledFault[], string> {
  const faults: ScheduledFault[] = [];
  for (const line of text.split(/[\n;]/)) {
    if (line.trim() === "") continue;
    const fault = parseFault(line);
    if (!fault.ok) return broken(`“${line.trim()}”: ${fault.problem}`);
    faults.push(fault.value);
  }
  return valid(faults);
}

/** The words of one line that are still to be read. */
class Words {
  readonly #words: string[];

  constructor(line: string) {
    this.#words = line.trim().split(/\s+/);
  }

  next(): string | undefined {
    return this.#words.shift();
  }

  /** Takes the next word, if it is this one. */
  has(word: string): boolean {
    if (this.#words[0] !== word) return false;
    this.#words.shift();
    return true;
  }

  /** Takes all words before one of these. */
  before(ends: readonly string[]): readonly string[] {
    const end = this.#words.findIndex((word) => ends.includes(word));
    return this.#words.splice(0, end === -1 ? this.#words.length : end);
  }
}

function parseFault(line: string): Verdict<ScheduledFault, string> {
  const words = new Words(line);
  const verb = words.next() ?? "";
  if (!Object.hasOwn(shapes, verb)) {
    return broken(`${verb} is no fault; there are ${Object.keys(shapes).join(", ")}`);
  }
  const shape = shapes[verb as ScheduledFault["verb"]];
  const ends = ["at", "for", whileWriting, ...(shape.fields ?? []).map((field) => wordOf[field])];
  const names = namesOf(shape, words.before(ends));
  if (names === undefined) return broken(`say ${usage(verb, shape)}`);
  const isInWrite = words.has(whileWriting);
  const fields = fieldsOf(shape, words);
  const [atMs, lastsMs] = [numberAfter("at", words), numberAfter("for", words)];
  if (fields === undefined || !isTime(atMs) || words.next() !== undefined) {
    return broken(`say ${usage(verb, shape)}`);
  }
  if (lastsMs !== undefined && !(shape.hasEnd && isTime(lastsMs))) {
    return broken(`say ${usage(verb, shape)}`);
  }
  const moment = verb === "crash" ? { moment: isInWrite ? whileWriting : "at-once" } : {};
  const isOfMessage = verb === "lose" || verb === "delay";
  const end = isOfMessage ? {} : { lastsMs: shape.hasEnd ? (lastsMs ?? unendingMs) : 0 };
  const fault: unknown = { verb, ...names, ...moment, ...fields, atMs, ...end };
  return valid(verb === "lose" ? { ...(fault as MessageFault), byMs: 0 } : (fault as ProcessFault));
}

function namesOf(
  { names: asked }: Shape,
  given: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  if (asked !== "groups") {
    if (given.length !== asked.length) return undefined;
    return Object.fromEntries(asked.map((name, at) => [name, given[at]]));
  }
  const groups = given.join(" ").split("|");
  const split = groups.map((group) => group.split(" ").filter((name) => name !== ""));
  return split.some((group) => group.length === 0) ? undefined : { groups: split };
}

function fieldsOf(
  { fields = [] }: Shape,
  words: Words,
): Readonly<Record<string, unknown>> | undefined {
  const found: Record<string, unknown> = {};
  for (const field of fields) {
    const value = words.has(wordOf[field]) ? words.next() : field === "number" ? "1" : undefined;
    if (value === undefined) return undefined;
    found[field] = field === "by" ? value : Number(value);
    if (Number.isNaN(found[field])) return undefined;
  }
  return found;
}

/** Undefined if the word is not there; not a number if none follows. */
function numberAfter(word: string, words: Words): number | undefined {
  return words.has(word) ? Number(words.next() ?? "?") : undefined;
}

function isTime(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && Number.isFinite(value);
}

/** Such as `pause NODE at MS for MS`. */
function usage(verb: string, { names, fields = [], hasEnd }: Shape): string {
  const named = names === "groups" ? ["NODE … | NODE …"] : names.map((name) => name.toUpperCase());
  const worded = fields.filter((field) => field !== "number");
  const values = worded.map((field) => `${wordOf[field]} ${field === "by" ? "BEHAVIOUR" : "N"}`);
  const end = hasEnd ? ["[for MS]"] : [];
  return [verb, ...named, ...values, "at MS", ...end].join(" ");
}
