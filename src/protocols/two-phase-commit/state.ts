/** What a member of a two-phase commit knows, and which of it its disk holds. */

import type { Write } from "../../machine/store.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { emptyKeyValue, type KeyValueState } from "../process/key-value.ts";
import type { Disk, ProcessEffect, Setting, Step } from "../process/process.ts";
import type { ProcessView } from "../process/protocol.ts";
import { type Refusals, refusalsOn } from "../process/refusals.ts";
import { remembering } from "../process/shared-view.ts";
import type { Timers } from "../process/timers.ts";
import { decodeRecord, encodeJson, readCount, readKeyValue, readName } from "../process/wire.ts";
import {
  type CommitMessage,
  nameOf,
  type Outcome,
  readTransaction,
  type Transaction,
} from "./message.ts";
import type { CommitRules } from "./rules.ts";

export type CommitOptions = {
  /** What a participant in doubt does: wait for the coordinator, or ask the others as well. */
  readonly termination: "wait" | "ask-others";
  /** How long the coordinator waits for votes before it aborts. */
  readonly voteMs: number;
  /** Between two messages about a commit that was not acknowledged. */
  readonly resendMs: number;
  /** Between two questions of a participant in doubt. */
  readonly askMs: number;
};

export type CommitContext = { readonly rules: CommitRules; readonly options: CommitOptions };

/** A transaction that waits for votes at the coordinator. */
export type Open = { readonly transaction: Transaction; readonly yes: readonly PeerId[] };

/** Each under the number of its transaction. */
type ByNumber<T> = Readonly<Record<number, T>>;

export type CommitTimer = `${"vote" | "resend" | "ask"} ${number}`;

export type CommitState = {
  readonly setting: Setting;
  readonly data: KeyValueState;
  /** At the coordinator: requests that were answered "aborted". */
  readonly refusals: Refusals;
  /** How often the coordinator has started, and what it began in this life. */
  readonly life: number;
  readonly begun: number;
  /** At the coordinator: not decided yet. Of this life: a crash aborts it. */
  readonly open: ByNumber<Open>;
  /** At the coordinator: committed, and by whom it was not acknowledged. */
  readonly unacknowledged: ByNumber<readonly PeerId[]>;
  /** At a participant: it voted yes and knows no outcome. Its keys are locked. */
  readonly prepared: ByNumber<Transaction>;
  /** Outcomes of transactions from `floor` on. */
  readonly decided: ByNumber<Outcome>;
  readonly floor: number;
  readonly timers: Timers<CommitTimer>;
};

export type CommitNews =
  | { readonly type: "voted"; readonly number: number; readonly isYes: boolean }
  | { readonly type: "decided"; readonly number: number; readonly outcome: Outcome };

export type CommitEffect = ProcessEffect<CommitMessage, CommitNews>;
export type CommitStep = Step<CommitState, CommitMessage, CommitNews>;

const [lifeKey, dataKey] = ["life", "data"] as const;
const [votesKey, commitsKey] = ["votes", "commits"] as const;

export function startMember(setting: Setting, disk: Disk): CommitState {
  const [life, data] = [disk.get(lifeKey), disk.get(dataKey)];
  const [votes, commits] = [disk.get(votesKey), disk.get(commitsKey)];
  const unacknowledged =
    commits === undefined
      ? {}
      : decodeRecord(commits, (reader) => reader.map((names) => names.list().map(readName)));
  const committed = Object.keys(unacknowledged).map((number) => [number, "commit"] as const);
  const known = votes === undefined ? noVotes : readVotes(votes);
  return {
    setting,
    data: data === undefined ? emptyKeyValue : decodeRecord(data, readKeyValue),
    refusals: refusalsOn(disk),
    life: life === undefined ? 0 : decodeRecord(life, readCount),
    begun: 0,
    open: {},
    unacknowledged,
    prepared: known.prepared,
    decided: { ...known.decided, ...Object.fromEntries(committed) },
    floor: known.floor,
    timers: {},
  };
}

const noVotes = { prepared: {}, decided: {}, floor: 0 };

function readVotes(bytes: Uint8Array): Pick<CommitState, "prepared" | "decided" | "floor"> {
  return decodeRecord(bytes, (reader) => {
    const fields = reader.object(["prepared", "decided", "floor"]);
    return {
      prepared: fields.get("prepared").map(readTransaction),
      decided: fields.get("decided").map((outcome) => outcome.word(["commit", "abort"] as const)),
      floor: readCount(fields.get("floor")),
    };
  });
}

export function lifeRecord({ life }: CommitState): Write {
  return { type: "put", key: lifeKey, value: encodeJson(life) };
}

export function dataRecord({ data }: CommitState): Write {
  return { type: "put", key: dataKey, value: encodeJson(data) };
}

/** What a participant must not forget: its votes, and the outcomes that it knows. */
export function votesRecord({ prepared, decided, floor }: CommitState): Write {
  return { type: "put", key: votesKey, value: encodeJson({ prepared, decided, floor }) };
}

/** What a coordinator must not forget: commits that are not acknowledged everywhere. */
export function commitsRecord({ unacknowledged }: CommitState): Write {
  return { type: "put", key: commitsKey, value: encodeJson(unacknowledged) };
}

/** The first member coordinates all transactions. */
export function coordinatorOf({ members, name }: Setting): PeerId {
  return members[0] ?? name;
}

export function isCoordinator({ setting }: CommitState): boolean {
  return coordinatorOf(setting) === setting.name;
}

/** Is the key locked, or what is known of the client, by a transaction that is not decided here? */
export function isLocked({ open, prepared }: CommitState, wanted: Transaction): boolean {
  const waiting = Object.values(open).map(({ transaction }) => transaction);
  return [...waiting, ...Object.values(prepared)].some((held) => {
    return keyOf(held) === keyOf(wanted) || held.id.client === wanted.id.client;
  });
}

/** Is the key locked by a transaction that is not decided here? */
export function isKeyLocked({ open, prepared }: CommitState, key: string): boolean {
  const waiting = Object.values(open).map(({ transaction }) => transaction);
  return [...waiting, ...Object.values(prepared)].some((held) => keyOf(held) === key);
}

function keyOf({ command }: Transaction): string | undefined {
  return command.type === "propose" ? undefined : command.key;
}

export function numbersOf(records: ByNumber<unknown>): readonly number[] {
  return Object.keys(records).map(Number);
}

export function without<T>(records: ByNumber<T>, number: number): ByNumber<T> {
  const others = Object.entries(records).filter(([key]) => Number(key) !== number);
  return Object.fromEntries(others);
}

/** With a floor that never falls, and without the outcomes below it. */
export function withFloor(state: CommitState, floor: number): CommitState {
  if (floor <= state.floor) return state;
  const decided = Object.entries(state.decided).filter(([number]) => Number(number) >= floor);
  return { ...state, floor, decided: Object.fromEntries(decided) };
}

export function viewOf(state: CommitState): ProcessView {
  return {
    role: isCoordinator(state) ? "coordinator" : "participant",
    era: state.life,
    isLeader: isCoordinator(state),
    decisions: decisionsOf(state.decided),
    blocked: namesOf(state.prepared),
  };
}

const decisionsOf = remembering((decided: CommitState["decided"]): ProcessView["decisions"] => {
  const decisions: Record<string, Outcome | null> = {};
  for (const number of numbersOf(decided)) decisions[nameOf(number)] = decided[number] ?? null;
  return decisions;
});

const namesOf = remembering((prepared: CommitState["prepared"]): readonly string[] => {
  return numbersOf(prepared).map(nameOf);
});
