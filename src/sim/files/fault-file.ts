/**
 * A schedule of faults in a file: a list, as a failure of chaos prints it.
 *
 *     [{ "verb": "crash", "node": "@leader", "moment": "at-once", "atMs": 5000, "lastsMs": 1000 }]
 */

import { type Fields, JsonReader } from "../../primitives/json-reader.ts";
import type { Verdict } from "../../primitives/verdict.ts";
import {
  type AnyFault,
  type Fault,
  type NodeOrRole,
  roleOf,
  type Timed,
  type Verb,
} from "../engine/faults.ts";

/** Checks the name of a node or a role, and hands it on. */
export type ReadNode = (reader: JsonReader) => NodeOrRole;

/** What the faults of one verb have besides their verb and their times. */
type OwnFields<F> = Omit<F, "verb" | keyof Timed>;

/** How the faults of one verb are written. */
export type VerbReader<F> = {
  /** Besides `verb`, `atMs` and `lastsMs`. */
  readonly keys: readonly string[];
  /** False if it is over at once, or never: then `lastsMs` may be left out. */
  readonly hasEnd: boolean;
  readonly read: (fields: Fields, readNode: ReadNode) => OwnFields<F>;
};

export type FaultFileTerms<Extra> = {
  /** Of the nodes that there are; if left out, any name will do. */
  readonly names?: readonly string[];
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
  return JsonReader.read(text, (file) => readFaults(file, terms));
}

/** A schedule that stands inside another file. */
export function readFaults<Extra extends AnyFault = never>(
  file: JsonReader,
  terms: FaultFileTerms<Extra>,
): readonly (Fault | Extra)[] {
  const retired: Readonly<Record<string, string>> = { ...retiredWords, ...terms.retired };
  const readers: Readonly<Record<string, VerbReader<Fault | Extra>>> = {
    ...verbReaders,
    ...terms.extra,
  };
  return file.list().map((item) => {
    const verb = readVerb(item.peek("verb"), Object.keys(readers), retired);
    const reader = readers[verb] as VerbReader<Fault | Extra>;
    // The reader of a verb gives all that its faults have besides.
    return readFault(item, verb, reader, terms) as Fault | Extra;
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
  verb: string,
  { keys, hasEnd, read }: VerbReader<F>,
  terms: Pick<FaultFileTerms<never>, "names" | "roles">,
): Timed & { readonly verb: string } & OwnFields<F> {
  const fields = item.object(["verb", ...keys, "atMs", "lastsMs"]);
  const lasts = hasEnd ? fields.get("lastsMs") : fields.find("lastsMs");
  const timed = {
    atMs: fields.get("atMs").number({ min: 0 }),
    lastsMs: lasts?.number({ min: 0 }) ?? 0,
  };
  return { ...timed, verb, ...read(fields, (reader) => readNode(reader, terms)) };
}

function readNode(
  reader: JsonReader,
  { names, roles }: Pick<FaultFileTerms<never>, "names" | "roles">,
): NodeOrRole {
  const name = reader.text();
  const role = roleOf(name);
  if (role === undefined) {
    if (names === undefined || names.includes(name)) return name;
    return reader.refuse(`there is no node ${name}, only ${names.join(", ")}`);
  }
  if (roles.includes(role)) return name;
  const known = roles.length === 0 ? "there are none" : roles.map((each) => `@${each}`).join(", ");
  return reader.refuse(`there is no role ${name}; the roles here: ${known}`);
}

const nodeOf = (fields: Fields, readNode: ReadNode) => ({ node: readNode(fields.get("node")) });

/** A verb that needs a node only. */
const ofNode = (hasEnd: boolean): VerbReader<{ readonly node: NodeOrRole }> => {
  return { keys: ["node"], hasEnd, read: nodeOf };
};

/** A verb that needs a node, and by how much its clock is set forward, or back if negative. */
const ofClock = (
  hasEnd: boolean,
): VerbReader<{ readonly node: NodeOrRole; readonly byMs: number }> => ({
  keys: ["node", "byMs"],
  hasEnd,
  read: (fields, readNode) => ({
    ...nodeOf(fields, readNode),
    byMs: fields.get("byMs").wholeNumber({ min: -clockMsMax, max: clockMsMax }),
  }),
});

/** Any number below 1 will do. */
const pickMax = 1 - Number.EPSILON;
/** 60 years: a clock without a battery begins in 1970. */
const clockMsMax = 60 * 31_557_600_000;

const verbReaders: { readonly [V in Verb]: VerbReader<Extract<Fault, { readonly verb: V }>> } = {
  split: {
    keys: ["groups"],
    hasEnd: true,
    read: (fields, readNode) => {
      const groups = fields.get("groups").list();
      return { groups: groups.map((group) => group.list().map(readNode)) };
    },
  },
  isolate: ofNode(true),
  cut: {
    keys: ["from", "to"],
    hasEnd: true,
    read: (fields, readNode) => {
      return { from: readNode(fields.get("from")), to: readNode(fields.get("to")) };
    },
  },
  slow: {
    keys: ["node", "byMs"],
    hasEnd: true,
    read: (fields, readNode) => {
      return { ...nodeOf(fields, readNode), byMs: fields.get("byMs").number({ min: 0 }) };
    },
  },
  throttle: {
    keys: ["node", "bytesPerSecond"],
    hasEnd: true,
    read: (fields, readNode) => {
      const node = nodeOf(fields, readNode);
      return { ...node, bytesPerSecond: fields.get("bytesPerSecond").number({ min: 1 }) };
    },
  },
  scramble: {
    keys: ["node", "share"],
    hasEnd: true,
    read: (fields, readNode) => {
      return { ...nodeOf(fields, readNode), share: fields.get("share").number({ min: 0, max: 1 }) };
    },
  },
  crash: {
    keys: ["node", "moment"],
    hasEnd: true,
    read: (fields, readNode) => ({
      ...nodeOf(fields, readNode),
      moment: fields.get("moment").word(["at-once", "while-writing"]),
    }),
  },
  restart: ofNode(false),
  amnesia: ofNode(false),
  pause: ofNode(true),
  corrupt: {
    keys: ["node", "pick"],
    hasEnd: true,
    read: (fields, readNode) => ({
      ...nodeOf(fields, readNode),
      pick: fields.get("pick").number({ min: 0, max: pickMax }),
    }),
  },
  skew: ofClock(true),
  step: ofClock(false),
  "start-wrong": ofClock(true),
  drift: {
    keys: ["node", "rate"],
    hasEnd: true,
    read: (fields, readNode) => ({
      ...nodeOf(fields, readNode),
      rate: fields.get("rate").number({ min: 0.01, max: 100 }),
    }),
  },
};
