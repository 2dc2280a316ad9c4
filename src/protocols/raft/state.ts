/** What a process of Raft knows. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { emptyKeyValue, type KeyValueState, type RequestId } from "../process/key-value.ts";
import type { Disk, Setting } from "../process/process.ts";
import { readDurable } from "./disk.ts";
import { entryAt, type Log } from "./log.ts";
import type { Snapshot } from "./message.ts";
import type { RaftOptions } from "./options.ts";
import type { Role, Vote } from "./rules.ts";

/** What a leader knows of another member. */
export type Progress = {
  readonly name: PeerId;
  /** Up to here its log is known to equal the leader's. */
  readonly stored: number;
  /** The next entry to send. */
  readonly next: number;
  /**
   * `probe`: it is not known where the logs part, so one message goes at a time. `replicate`:
   * entries are sent ahead of answers. `snapshot`: it is sent one, and nothing until it answers.
   */
  readonly mode: "probe" | "replicate" | "snapshot";
  /** In `probe` and `snapshot`: a message is under way; a heartbeat's answer ends the wait. */
  readonly isWaiting: boolean;
  readonly heardAt: Elapsed;
  /** The last round of heartbeats that it answered, and when that began. */
  readonly round: number;
  readonly roundSentAt: number;
};

/** A request in the log that this process is to answer once its entry is applied. */
export type Waiting = { readonly id: RequestId; readonly index: number; readonly term: number };

/** A read that waits until a round of heartbeats is answered by a majority. */
export type Read = {
  readonly id: RequestId;
  readonly key: string;
  readonly round: number;
  /** What must be applied before. */
  readonly index: number;
};

export type RaftState = {
  readonly setting: Setting;
  readonly role: Role;
  readonly term: number;
  readonly votedFor: PeerId | undefined;
  /** Who leads this term, as far as it is known. */
  readonly leader: PeerId | undefined;
  readonly log: Log;
  readonly snapshot: Snapshot;
  readonly committed: number;
  readonly applied: number;
  readonly data: KeyValueState;
  /** Who votes, by the last entry in the log that says so, committed or not. */
  readonly members: readonly PeerId[];
  /** Where that entry stands; the snapshot's index or less if it is older. */
  readonly membersAt: number;

  /** Of a candidate: the answers so far. */
  readonly votes: readonly Vote[];
  /** Of a leader: the other members. */
  readonly progress: readonly Progress[];
  /** Of a leader: where its term begins. */
  readonly termStart: number;
  readonly round: number;
  readonly reads: readonly Read[];
  readonly heartbeatAt: Elapsed;
  /** Of a leader: whom it asks to campaign, until when it waits for that. */
  readonly transfer: { readonly to: PeerId; readonly until: Elapsed } | undefined;
  /** Once it asked another to campaign, a leader's lease may end early: it is used no more. */
  readonly hasLease: boolean;

  /** Of all others: when the election time-out began, and how long it is. */
  readonly heardAt: Elapsed;
  readonly timeoutMs: number;
  /** With checkQuorum: until then it votes for no other, because it heard a leader. */
  readonly loyalUntil: Elapsed;
  readonly waiting: readonly Waiting[];
  /** When the host is to wake it; undefined if it has not asked. */
  readonly wakeAt: Elapsed | undefined;
};

export type Draft<T> = { -readonly [K in keyof T]: T[K] };

const never = 0 as Elapsed;

/** What a process knows when it starts. */
export function startingState(setting: Setting, disk: Disk, options: RaftOptions): RaftState {
  const voters = options.voters ?? setting.members;
  const { term, votedFor, log, snapshot } = readDurable(disk, voters, emptyKeyValue);
  return {
    setting,
    role: "follower",
    term,
    votedFor,
    leader: undefined,
    log,
    snapshot,
    committed: snapshot.index,
    applied: snapshot.index,
    data: snapshot.data,
    ...membersOf(log, snapshot),
    votes: [],
    progress: [],
    termStart: 0,
    round: 0,
    reads: [],
    heartbeatAt: never,
    transfer: undefined,
    hasLease: true,
    heardAt: never,
    timeoutMs: options.electionTimeoutMsMax,
    loyalUntil: never,
    waiting: [],
    wakeAt: undefined,
  };
}

/** A copy that a step may change. Field by field: to spread so many costs a third of a step. */
export function draftOf(state: RaftState): Draft<RaftState> {
  return {
    setting: state.setting,
    role: state.role,
    term: state.term,
    votedFor: state.votedFor,
    leader: state.leader,
    log: state.log,
    snapshot: state.snapshot,
    committed: state.committed,
    applied: state.applied,
    data: state.data,
    members: state.members,
    membersAt: state.membersAt,
    votes: state.votes,
    progress: state.progress,
    termStart: state.termStart,
    round: state.round,
    reads: state.reads,
    heartbeatAt: state.heartbeatAt,
    transfer: state.transfer,
    hasLease: state.hasLease,
    heardAt: state.heardAt,
    timeoutMs: state.timeoutMs,
    loyalUntil: state.loyalUntil,
    waiting: state.waiting,
    wakeAt: state.wakeAt,
  };
}

/** Who votes by this log up to an index: its last entry that says so, or else its snapshot. */
export function membersOf(
  log: Log,
  snapshot: Snapshot,
  upTo = log.last.index,
): Pick<RaftState, "members" | "membersAt"> {
  for (let index = upTo; index > snapshot.index; index--) {
    const content = entryAt(log, index)?.content;
    if (content?.type === "members") return { members: content.members, membersAt: index };
  }
  return { members: snapshot.members, membersAt: 0 };
}

export function isMember({ members, setting }: RaftState): boolean {
  return members.includes(setting.name);
}
