/** Faults: what can go wrong in a world, as verbs with a time, so that a list of them is a schedule. */

import type { ByzantineName } from "../../attacks/byzantine/byzantine.ts";

type At = {
  /** Since the world's start. */
  readonly atMs: number;
  /** Then it is over: links are mended, clocks set, nodes started. */
  readonly lastsMs: number;
};

export type Fault = At &
  (
    | { readonly verb: "split"; readonly groups: readonly (readonly string[])[] }
    | { readonly verb: "isolate"; readonly node: string }
    /** Nothing that `from` sends to `to` arrives; the other direction works. */
    | { readonly verb: "cut"; readonly from: string; readonly to: string }
    /** Everything to and from a node takes so much longer. */
    | { readonly verb: "slow"; readonly node: string; readonly byMs: number }
    | { readonly verb: "clog"; readonly node: string; readonly bytesPerSecond: number }
    /** Messages to and from a node get lost, come twice and overtake each other. */
    | { readonly verb: "muddle"; readonly node: string; readonly share: number }
    /** `while-writing` waits for the next moment at which something is not on disk yet. */
    | {
        readonly verb: "crash";
        readonly node: string;
        readonly moment: "at-once" | "while-writing";
      }
    | { readonly verb: "restart"; readonly node: string }
    /** A byte of a durable record flips; `pick` chooses which, 0 to 1. */
    | { readonly verb: "corrupt"; readonly node: string; readonly pick: number }
    | { readonly verb: "skew"; readonly node: string; readonly byMs: number }
    /** A node turns against the others, for good. */
    | { readonly verb: "betray"; readonly node: string; readonly by: ByzantineName }
  );

export type Verb = Fault["verb"];

const timeWidth = 9;

/** One line for people: when, and what. */
export function describeAppointment(fault: Fault): string {
  return `${seconds(fault.atMs).padStart(timeWidth)}  ${describeFault(fault)}`;
}

/** What goes wrong, and for how long. */
export function describeFault(fault: Fault): string {
  const deed = `${fault.verb} ${objectOf(fault)}`;
  const hasEnd = fault.verb !== "betray" && fault.verb !== "restart";
  return hasEnd ? `${deed} for ${seconds(fault.lastsMs)}` : deed;
}

function objectOf(fault: Fault): string {
  switch (fault.verb) {
    case "split":
      return fault.groups.map((group) => group.join(" ")).join(" | ");
    case "cut":
      return `${fault.from} → ${fault.to}`;
    case "clog":
      return `${fault.node} to ${fault.bytesPerSecond} B/s`;
    case "muddle":
      return `${fault.node} ${Math.round(fault.share * 100)} %`;
    case "crash":
      return fault.moment === "while-writing" ? `${fault.node} while it writes` : fault.node;
    case "slow":
    case "skew":
      return `${fault.node} by ${seconds(fault.byMs)}`;
    case "betray":
      return `${fault.node} by ${fault.by}`;
    case "isolate":
    case "restart":
    case "corrupt":
      return fault.node;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
