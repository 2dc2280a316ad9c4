/** What a member of a replicated log knows, and which of it its disk holds. */

import type { Write } from "../../machine/store.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { type Ballot, noBallot, readBallot } from "../paxos/ballot.ts";
import { emptyKeyValue, type KeyValueState } from "../process/key-value.ts";
import {
  type Disk,
  othersOf,
  type ProcessEffect,
  type Setting,
  type Step,
} from "../process/process.ts";
import type { LogCell, ProcessView } from "../process/protocol.ts";
import { majorityOf } from "../process/quorum.ts";
import { noDecisions, nothingBlocked, remembering } from "../process/shared-view.ts";
import type { Timers } from "../process/timers.ts";
import { decodeRecord, encodeJson, readCount } from "../process/wire.ts";
import { type MultiPaxosMessage, readSnapshot } from "./message.ts";
import type { MultiPaxosRules } from "./rules.ts";
import {
  lastIndexOf,
  type NumberedSlot,
  readSlot,
  type Slot,
  type Slots,
  textOf,
  withSlot,
} from "./slots.ts";

export type MultiPaxosOptions = {
  /** How many acceptors the first and the second phase need; a majority if not given. */
  readonly q1?: number;
  readonly q2?: number;
  readonly heartbeatMs: number;
  /** A member that receives no heartbeat for this long, up to twice as long at random, wants to lead. */
  readonly electionMs: number;
  /** After this long without an answer an acceptance, or what a learner lacks, is asked for again. */
  readonly resendMs: number;
  /** After how many slots a snapshot is written. */
  readonly snapshotEvery: number;
  /** How many slots that a snapshot holds stay in the log, for members that are a little behind. */
  readonly slotsKept: number;
};

export type MultiPaxosContext = {
  readonly rules: MultiPaxosRules;
  readonly options: MultiPaxosOptions;
};

/** At most so many slots are under way: more requests are refused. */
export const openMax = 256;
/** So many slots under way are asked for again at once, the oldest: the others wait for them anyway. */
export const resentMax = 16;
/** A learner that asks gets so many slots at once. */
export const learnedMax = 64;
/** A learner that gets no answer waits twice as long each time, up to so often the first time. */
export const patienceMax = 16;

/** One promise as its candidate counts it. */
export type Promised = { readonly from: PeerId; readonly accepted: readonly NumberedSlot[] };

/** Slots under way, each under its index. */
type OpenSlots = Readonly<
  Record<number, { readonly acceptedBy: readonly PeerId[]; readonly sentAt: number }>
>;

/** What a follower has asked for and not been answered: until when it waits, and how long that is. */
export type Asked = { readonly until: Elapsed; readonly waitMs: number };

export type Role =
  | { readonly type: "follower"; readonly leader?: PeerId; readonly asked?: Asked }
  | {
      readonly type: "candidate";
      readonly ballot: Ballot;
      readonly promises: readonly Promised[];
    }
  | {
      readonly type: "leader";
      readonly ballot: Ballot;
      readonly next: number;
      readonly open: OpenSlots;
    };

export type MultiPaxosTimer = "election" | "heartbeat";

export type MultiPaxosState = {
  readonly setting: Setting;
  readonly promised: Ballot;
  readonly slots: Slots;
  /** All slots up to this index are chosen and applied to the data. */
  readonly committed: number;
  readonly data: KeyValueState;
  /** The index of the last snapshot on disk. */
  readonly snapshotAt: number;
  readonly role: Role;
  /** The highest round that a refusal named. */
  readonly highestSeen: number;
  /** The request of each client that is answered here once it is applied. */
  readonly waiting: Readonly<Record<string, number>>;
  readonly timers: Timers<MultiPaxosTimer>;
};

export type MultiPaxosNews =
  | { readonly type: "promised"; readonly ballot: Ballot }
  | { readonly type: "leads"; readonly ballot: Ballot; readonly noOps: number }
  | { readonly type: "committed"; readonly index: number; readonly command: string };

export type MultiPaxosEffect = ProcessEffect<MultiPaxosMessage, MultiPaxosNews>;
export type MultiPaxosStep = Step<MultiPaxosState, MultiPaxosMessage, MultiPaxosNews>;

const [acceptorKey, snapshotKey] = ["acceptor", "snapshot"] as const;

function slotKey(index: number): string {
  return `slot/${index}`;
}

export function startMember(setting: Setting, disk: Disk): MultiPaxosState {
  const [acceptor, snapshot] = [disk.get(acceptorKey), disk.get(snapshotKey)];
  const { index, data } =
    snapshot === undefined
      ? { index: 0, data: emptyKeyValue }
      : decodeRecord(snapshot, readSnapshot);
  const known = acceptor === undefined ? undefined : readAcceptor(acceptor);
  let slots: Slots = { first: known?.first ?? 1, cells: [] };
  for (let at = slots.first; at <= (known?.last ?? 0); at++) {
    const record = disk.get(slotKey(at));
    if (record !== undefined) slots = withSlot(slots, at, decodeRecord(record, readSlot));
  }
  return {
    setting,
    promised: known?.promised ?? noBallot,
    slots,
    committed: index,
    data,
    snapshotAt: index,
    role: { type: "follower" },
    highestSeen: 0,
    waiting: {},
    timers: {},
  };
}

function readAcceptor(bytes: Uint8Array): { promised: Ballot; first: number; last: number } {
  return decodeRecord(bytes, (reader) => {
    const fields = reader.object(["promised", "first", "last"]);
    const [first, last] = [readCount(fields.get("first")), readCount(fields.get("last"))];
    return { promised: readBallot(fields.get("promised")), first, last };
  });
}

export function acceptorRecord({ promised, slots }: MultiPaxosState): Write {
  const value = encodeJson({ promised, first: slots.first, last: lastIndexOf(slots) });
  return { type: "put", key: acceptorKey, value };
}

export function slotRecord(index: number, slot: Slot): Write {
  return { type: "put", key: slotKey(index), value: encodeJson(slot) };
}

/** A snapshot, and the log without the slots that it makes superfluous. */
export function snapshotRecords(before: Slots, state: MultiPaxosState): readonly Write[] {
  const { committed, data, slots } = state;
  const value = encodeJson({ index: committed, data });
  const gone: Write[] = [];
  const last = Math.min(slots.first - 1, lastIndexOf(before));
  for (let index = before.first; index <= last; index++) {
    gone.push({ type: "delete", key: slotKey(index) });
  }
  return [{ type: "put", key: snapshotKey, value }, acceptorRecord(state), ...gone];
}

export function persisting(batch: readonly Write[]): readonly MultiPaxosEffect[] {
  return batch.length === 0 ? [] : [{ type: "persist", batch }];
}

export function sendToOthers(
  { setting }: MultiPaxosState,
  message: MultiPaxosMessage,
): readonly MultiPaxosEffect[] {
  return othersOf(setting).map((to) => ({ type: "send", to, message }));
}

export function firstQuorumOf({ setting }: MultiPaxosState, { q1 }: MultiPaxosOptions): number {
  return q1 ?? majorityOf(setting.members.length);
}

export function secondQuorumOf({ setting }: MultiPaxosState, { q2 }: MultiPaxosOptions): number {
  return q2 ?? majorityOf(setting.members.length);
}

/**
 * The ballot of a cell is the one it was accepted in here: members may have a chosen entry under
 * different ballots, so compare commands only. An empty command is a gap that is still open.
 */
export function viewOf({ promised, role, slots, committed }: MultiPaxosState): ProcessView {
  return {
    role: role.type,
    era: promised.round,
    isLeader: role.type === "leader",
    ...(promised.round === 0 ? {} : { votedFor: promised.name }),
    log: { firstIndex: slots.first, cells: cellsOf(slots), committed, applied: committed },
    decisions: noDecisions,
    blocked: nothingBlocked,
  };
}

const openGap: LogCell = { era: 0, command: "" };

const cellOf = remembering(({ ballot, entry }: Slot): LogCell => {
  return { era: ballot.round, command: textOf(entry) };
});

const cellsOf = remembering(({ cells }: Slots): readonly LogCell[] => {
  return cells.map((slot) => (slot === undefined ? openGap : cellOf(slot)));
});
