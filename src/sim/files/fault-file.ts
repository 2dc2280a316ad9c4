/**
 * A schedule of faults in a file: a list, as a failure of chaos prints it.
 *
 *     [{ "verb": "crash", "node": "@leader", "moment": "at-once", "atMs": 5000, "lastsMs": 1000 }]
 */

import type { Verdict } from "../../primitives/verdict.ts";
import {
  type AnyFault,
  type Fault,
  type NodeOrRole,
  roleOf,
  type Timed,
  type Verb,
} from "../engine/faults.ts";
import { type Fields, JsonReader } from "./json-reader.ts";

/** Checks the name of a node or a role, and hands it on. */
export type ReadNode = (reader: JsonReader) => NodeOrRole;

/** How the faults of one verb are written. */
export type VerbReader<F> = {
  /** Besides `verb`, `atMs` and `lastsMs`. */
  readonly keys: readonly string[];
  /** False if it is over at once, or never: then `lastsMs` may be left out. */
  readonly hasEnd: boolean;
  readonly read: (fields: Fields, timed: Timed, readNode: ReadNode) => F;
};

export type FaultFileTerms<Extra> = {
  /** Of the nodes that there are. */
  readonly names: readonly string[];
  /** Of this kind of machine, without the `@`. */
  readonly roles: readonly string[];
  /** The verbs that this kind of machine adds. */
  readonly extra?: Readonly<Record<string, VerbReader<Extra>>>;
  /** Old words, each with the one that took its place. */
  readonly retired?: Readonly<Record<string, string>>;
};

const retiredWords = { muddle: "scramble", clog: "throttle" };

/** @returns as problem a sentence with the place of the mistake, without a full stop. */
export function parseFaultFile<Extra extends AnyFault = never>(
  text: string,
  terms: FaultFileTerms<Extra>,
): Verdict<readonly (Fault | Extra)[], string> {
  const retired: Readonly<Record<string, string>> = { ...retiredWords, ...terms.retired };
  const readers: Readonly<Record<string, VerbReader<Fault | Extra>>> = {
    ...verbReaders,
    ...terms.extra,
  };
  return JsonReader.read(text, (file) => {
    return file.list().map((item) => {
      const verb = readVerb(item.peek("verb"), Object.keys(readers), retired);
      return readFault(item, readers[verb] as VerbReader<Fault | Extra>, terms);
    });
  });
}

function readVerb(
  reader: JsonReader,
  verbs: readonly string[],
  retired: Readonly<Record<string, string>>,
): string {
  const word = reader.text();
  if (Object.hasOwn(retired, word)) reader.refuse(`"${word}" is called "${retired[word]}" now`);
  return reader.word(verbs);
}

function readFault<F>(
  item: JsonReader,
  { keys, hasEnd, read }: VerbReader<F>,
  terms: Pick<FaultFileTerms<never>, "names" | "roles">,
): F {
  const fields = item.object(["verb", ...keys, "atMs", "lastsMs"]);
  const lasts = hasEnd ? fields.get("lastsMs") : fields.find("lastsMs");
  const timed = {
    atMs: fields.get("atMs").number({ min: 0 }),
    lastsMs: lasts?.number({ min: 0 }) ?? 0,
  };
  return read(fields, timed, (reader) => readNode(reader, terms));
}

function readNode(
  reader: JsonReader,
  { names, roles }: Pick<FaultFileTerms<never>, "names" | "roles">,
): NodeOrRole {
  const name = reader.text();
  const role = roleOf(name);
  if (role === undefined) {
    if (names.includes(name)) return name;
    return reader.refuse(`there is no node ${name}, only ${names.join(", ")}`);
  }
  if (roles.includes(role)) return name;
  const known = roles.length === 0 ? "there are none" : roles.map((each) => `@${each}`).join(", ");
  return reader.refuse(`there is no role ${name}; the roles here: ${known}`);
}

/** A verb with a node, and perhaps one more value. */
const verbReaders: { readonly [V in Verb]: VerbReader<Extract<Fault, { readonly verb: V }>> } = {
  split: {
    keys: ["groups"],
    hasEnd: true,
    read: (fields, timed, readNode) => {
      const groups = fields.get("groups").list();
      return { ...timed, verb: "split", groups: groups.map((group) => group.list().map(readNode)) };
    },
  },
  isolate: {
    keys: ["node"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "isolate",
      node: readNode(fields.get("node")),
    }),
  },
  cut: {
    keys: ["from", "to"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "cut",
      from: readNode(fields.get("from")),
      to: readNode(fields.get("to")),
    }),
  },
  slow: {
    keys: ["node", "byMs"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "slow",
      node: readNode(fields.get("node")),
      byMs: fields.get("byMs").number({ min: 0 }),
    }),
  },
  throttle: {
    keys: ["node", "bytesPerSecond"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "throttle",
      node: readNode(fields.get("node")),
      bytesPerSecond: fields.get("bytesPerSecond").number({ min: 1 }),
    }),
  },
  scramble: {
    keys: ["node", "share"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "scramble",
      node: readNode(fields.get("node")),
      share: fields.get("share").number({ min: 0, max: 1 }),
    }),
  },
  crash: {
    keys: ["node", "moment"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "crash",
      node: readNode(fields.get("node")),
      moment: fields.get("moment").word(["at-once", "while-writing"]),
    }),
  },
  restart: {
    keys: ["node"],
    hasEnd: false,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "restart",
      node: readNode(fields.get("node")),
    }),
  },
  amnesia: {
    keys: ["node"],
    hasEnd: false,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "amnesia",
      node: readNode(fields.get("node")),
    }),
  },
  pause: {
    keys: ["node"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "pause",
      node: readNode(fields.get("node")),
    }),
  },
  corrupt: {
    keys: ["node", "pick"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "corrupt",
      node: readNode(fields.get("node")),
      pick: fields.get("pick").number({ min: 0, max: pickMax }),
    }),
  },
  skew: {
    keys: ["node", "byMs"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "skew",
      node: readNode(fields.get("node")),
      byMs: fields.get("byMs").wholeNumber({ min: -skewMsMax, max: skewMsMax }),
    }),
  },
  drift: {
    keys: ["node", "rate"],
    hasEnd: true,
    read: (fields, timed, readNode) => ({
      ...timed,
      verb: "drift",
      node: readNode(fields.get("node")),
      rate: fields.get("rate").number({ min: 0.01, max: 100 }),
    }),
  },
};

/** Any number below 1 will do. */
const pickMax = 1 - Number.EPSILON;
/** A year. */
const skewMsMax = 31_557_600_000;
