/** Faults: what can go wrong in a world, as verbs with a time, so that a list of them is a schedule. */

import { unreachable } from "../../primitives/verdict.ts";

export type Timed = {
  /** Since the world's start. */
  readonly atMs: number;
  /** Then it is over: links are mended, clocks set, nodes started or resumed. */
  readonly lastsMs: number;
};

/** A node by its name, or by a role that it holds when the fault strikes: `@leader`. */
export type NodeOrRole = string;

/** What can go wrong in every world; a kind of machine may add verbs of its own. */
export type Fault = Timed &
  (
    | { readonly verb: "split"; readonly groups: readonly (readonly NodeOrRole[])[] }
    | { readonly verb: "isolate"; readonly node: NodeOrRole }
    /** Nothing that `from` sends to `to` arrives; the other direction works. */
    | { readonly verb: "cut"; readonly from: NodeOrRole; readonly to: NodeOrRole }
    /** Everything to and from a node takes so much longer. */
    | { readonly verb: "slow"; readonly node: NodeOrRole; readonly byMs: number }
    | { readonly verb: "throttle"; readonly node: NodeOrRole; readonly bytesPerSecond: number }
    /** Messages to and from a node get lost, come twice and overtake each other. */
    | { readonly verb: "scramble"; readonly node: NodeOrRole; readonly share: number }
    /** `while-writing` waits for the next moment at which something is not on disk yet. */
    | {
        readonly verb: "crash";
        readonly node: NodeOrRole;
        readonly moment: "at-once" | "while-writing";
      }
    | { readonly verb: "restart"; readonly node: NodeOrRole }
    /** A restart with an empty disk. */
    | { readonly verb: "amnesia"; readonly node: NodeOrRole }
    /** The process does nothing, and keeps its memory: messages wait, timers are late. */
    | { readonly verb: "pause"; readonly node: NodeOrRole }
    /** A byte of a durable record flips; `pick` chooses which, 0 to 1. */
    | { readonly verb: "corrupt"; readonly node: NodeOrRole; readonly pick: number }
    /** A wall clock is wrong by so much, forward or back, and is then set right. */
    | { readonly verb: "skew"; readonly node: NodeOrRole; readonly byMs: number }
    /** A wall clock is set forward or back from what it shows; it stays so while faults go on. */
    | { readonly verb: "step"; readonly node: NodeOrRole; readonly byMs: number }
    /** A restart with a wall clock that is wrong by so much, until it is set right. */
    | { readonly verb: "start-wrong"; readonly node: NodeOrRole; readonly byMs: number }
    /** Clocks run faster or slower: at 1.1 they show 11 seconds where 10 have passed. */
    | { readonly verb: "drift"; readonly node: NodeOrRole; readonly rate: number }
  );

export type Verb = Fault["verb"];

/** A record, so that a verb which is missing here does not compile. */
const isCommonVerb: Readonly<Record<Verb, true>> = {
  split: true,
  isolate: true,
  cut: true,
  slow: true,
  throttle: true,
  scramble: true,
  crash: true,
  restart: true,
  amnesia: true,
  pause: true,
  corrupt: true,
  skew: true,
  step: true,
  "start-wrong": true,
  drift: true,
};

export const commonVerbs = Object.keys(isCommonVerb) as readonly Verb[];

/** What every fault has, also those that a kind of machine adds. */
export type AnyFault = Timed & {
  readonly verb: string;
  readonly node?: NodeOrRole;
  readonly from?: NodeOrRole;
  readonly to?: NodeOrRole;
  readonly groups?: readonly (readonly NodeOrRole[])[];
};

/** True if it is one of those that every world knows. */
export function isCommonFault(fault: AnyFault): fault is Fault {
  return Object.hasOwn(isCommonVerb, fault.verb);
}

/** The nodes and roles that a fault names. */
export function namesIn({ node, from, to, groups = [] }: AnyFault): readonly NodeOrRole[] {
  return [node, from, to, ...groups.flat()].filter((name) => name !== undefined);
}

/** The same fault with other names. */
export function withNames<F extends AnyFault>(fault: F, rename: (name: NodeOrRole) => string): F {
  const { node, from, to, groups } = fault;
  return {
    ...fault,
    ...(node !== undefined && { node: rename(node) }),
    ...(from !== undefined && { from: rename(from) }),
    ...(to !== undefined && { to: rename(to) }),
    ...(groups !== undefined && { groups: groups.map((group) => group.map(rename)) }),
  };
}

/** The role that a name of a fault stands for; undefined if it is a node's name. */
export function roleOf(name: NodeOrRole): string | undefined {
  return name.startsWith("@") ? name.slice(1) : undefined;
}

const timeWidth = 9;

/** One line for people: when, and what. @param describe the fault in words. */
export function describeAppointment<F extends AnyFault>(
  fault: F,
  describe: (fault: F) => string,
): string {
  return `${seconds(fault.atMs).padStart(timeWidth)}  ${describe(fault)}`;
}

/** What goes wrong, and for how long. */
export function describeFault(fault: Fault): string {
  const deed = `${fault.verb} ${objectOf(fault)}`;
  return hasEnd(fault.verb) ? `${deed} for ${seconds(fault.lastsMs)}` : deed;
}

/** False if it is over at once, or when all faults are. */
export function hasEnd(verb: Verb): boolean {
  return verb !== "restart" && verb !== "amnesia" && verb !== "step";
}

function objectOf(fault: Fault): string {
  switch (fault.verb) {
    case "split":
      return fault.groups.map((group) => group.join(" ")).join(" | ");
    case "cut":
      return `${fault.from} → ${fault.to}`;
    case "throttle":
      return `${fault.node} to ${fault.bytesPerSecond} B/s`;
    case "scramble":
      return `${fault.node} ${Math.round(fault.share * 100)} %`;
    case "crash":
      return fault.moment === "while-writing" ? `${fault.node} while it writes` : fault.node;
    case "slow":
    case "skew":
    case "step":
    case "start-wrong":
      return `${fault.node} by ${seconds(fault.byMs)}`;
    case "drift":
      return `${fault.node} at ${fault.rate} of the time`;
    case "isolate":
    case "restart":
    case "amnesia":
    case "pause":
    case "corrupt":
      return fault.node;
    default:
      return unreachable(fault);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
