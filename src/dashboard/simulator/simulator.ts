/** What the page and its simulator say to each other. */

import type { Verdict } from "../../primitives/verdict.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunSettings } from "./run-settings.ts";
import type { ScheduledFault } from "./schedule.ts";

export type SimulatorRequest = {
  readonly id: number;
  readonly settings: RunSettings;
  readonly schedule: readonly ScheduledFault[];
};

export type KnownProtocol = {
  readonly name: string;
  readonly summary: string;
  readonly usualNodes: number;
  readonly mutants: readonly { readonly name: string; readonly mistake: string }[];
  readonly behaviours: readonly string[];
};

export type SimulatorAnswer =
  /** The first thing that it says. */
  | { readonly type: "ready"; readonly protocols: readonly KnownProtocol[] }
  | {
      readonly type: "computed";
      readonly id: number;
      readonly run: Verdict<RunRecord, string>;
      readonly tookMs: number;
    };

/** Computes runs elsewhere. */
export interface Simulator {
  ask(request: SimulatorRequest): void;
  listen(hear: (answer: SimulatorAnswer) => void): void;
}
