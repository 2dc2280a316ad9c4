/** What cap runs: nodes of one protocol on a graph, with faults, and clients that ask them. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Links } from "../engine/links.ts";
import type { Strike } from "../engine/strike.ts";
import type { AskedProcesses, ClientTimes } from "../process-world/client.ts";
import type { CapFault } from "./cap-fault.ts";

/** What a node holds for certain, in order, from `first` on: entries of a log, or blocks. */
export type Prefix = { readonly first: number; readonly cells: readonly string[] };

/** What one node has that must be the same on all: a prefix, or decisions by name. */
export type Held =
  | ({ readonly type: "prefix" } & Prefix)
  | { readonly type: "decisions"; readonly decisions: Readonly<Record<string, unknown>> };

/** Of an order that gives way to another one: what was answered, and lost its place then. */
export type TakenBack = {
  /** The writes, as `key value`: no value is written twice. */
  readonly writes: readonly string[];
  /** How many of them have no place in the end. */
  readonly gone: number;
  /** The most blocks that a node left behind at once. */
  readonly depth: number;
};

export interface CapSystem extends AskedProcesses {
  readonly names: readonly PeerId[];
  readonly links: Links;
  readonly times: ClientTimes;
  /** Where answers take as long as the part of the network needs in which they are asked for. */
  readonly patienceMsOf?: (beside: PeerId) => number;
  /** In words, how long clients wait. */
  readonly patience: string;
  /** Starts the nodes. */
  begin(): void;
  schedule(faults: readonly CapFault[], onStrike: (strike: Strike<CapFault>) => void): void;
  runFor(durationMs: number): void;
  runUntil(isSo: () => boolean, durationMs: number): boolean;
  isRunning(name: PeerId): boolean;
  /** Undefined where a node is down, or its protocol holds nothing for certain. */
  heldBy(name: PeerId): Held | undefined;
  /** Left out where no order that was answered gives way to another one. */
  readonly takenBack?: TakenBack;
}

/** No value is written to a key twice, so that both name a write; texts and numbers differ. */
export function nameOfWrite(key: string, value: unknown): string {
  return `${key} ${JSON.stringify(value)}`;
}
