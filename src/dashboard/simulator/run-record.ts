/** A run that was computed, as plain data: what happened, in order, and what each process was in between. */

import type { ProcessView } from "../../protocols/process/protocol.ts";
import type { RunSettings } from "./run-settings.ts";
import type { ScheduledFault } from "./schedule.ts";

/** What a message is for, whatever its protocol calls it. */
export type MessagePurpose = "asks" | "carries" | "keeps-alive" | "answers" | "client";

export type MessageRecord = {
  readonly from: string;
  readonly to: string;
  /** As its protocol calls it. */
  readonly kind: string;
  /** In a few words. */
  readonly text: string;
  readonly purpose: MessagePurpose;
  readonly sentMs: number;
  /** Among the messages that `from` sent to `to` in this millisecond, from 1. */
  readonly number: number;
  /** When it arrived: twice if it came twice, never if it was lost or is still under way. */
  readonly arrivedMs: readonly number[];
  /** Whether it was lost: by the schedule's own line for it, or with a link or a process. */
  readonly lost: "by-schedule" | "on-its-way" | undefined;
  /** When a fault struck while it was under way; undefined if it was not lost so. */
  readonly lostMs: number | undefined;
  /** How much later than it was sent the schedule put it on its way; 0 for most. */
  readonly delayedMs: number;
};

/** What a step of the run looks like in a picture. */
export type EntrySign =
  "fault" | "role" | "leads" | "vote" | "commit" | "write" | "client" | "broken" | "other";

export type Entry = {
  readonly atMs: number;
  readonly sign: EntrySign | "sent" | "arrived";
  /** A sentence, without a full stop. */
  readonly text: string;
  /** Where it happened; undefined if at no process of its own. */
  readonly node?: string;
  /** Position of the message that was sent or arrived. */
  readonly message?: number;
  /** Term, view or ballot of the process then, if the entry is about that. */
  readonly era?: number;
};

export type Health = "running" | "stopped" | "paused";

/** What a process is from one entry on, until the next of its stages. */
export type Stage = {
  /** It is so when this many entries have happened. */
  readonly from: number;
  readonly atMs: number;
  readonly view: ProcessView;
  readonly health: Health;
  /** False while it misbehaves on purpose. */
  readonly isHonest: boolean;
};

export type OperationRecord = {
  readonly client: string;
  /** What was asked. */
  readonly text: string;
  /** What was answered; undefined if nothing was, so that the outcome is unknown. */
  readonly answer: string | undefined;
  /** True if it certainly did not take place. */
  readonly isAborted: boolean;
  readonly askedMs: number;
  readonly endedMs: number;
  /** Who answered. */
  readonly at: string | undefined;
};

export type RunVerdict = {
  /** Names of what was checked and holds. */
  readonly holds: readonly string[];
  readonly broken: { readonly promise: string; readonly message: string } | undefined;
  /** Position of the operation that no order of all operations explains. */
  readonly refused: number | undefined;
};

export type RunRecord = {
  readonly settings: RunSettings;
  readonly schedule: readonly ScheduledFault[];
  readonly names: readonly string[];
  /** Until its last entry, or for as long as it was asked to be. */
  readonly endMs: number;
  readonly entries: readonly Entry[];
  readonly messages: readonly MessageRecord[];
  /** For each process, the earliest first. */
  readonly stages: Readonly<Record<string, readonly Stage[]>>;
  /** In the order of their ends. */
  readonly operations: readonly OperationRecord[];
  /** Those of the schedule that struck, as they did: with names in place of roles. */
  readonly struck: readonly ScheduledFault[];
  readonly verdict: RunVerdict;
};
