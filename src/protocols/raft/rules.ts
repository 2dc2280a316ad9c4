/** Raft's decisions, one function each, so that each can be read, tested and replaced alone. */

import type { PeerId } from "../../primitives/brand.ts";
import {
  type Applied,
  apply,
  applyOnce,
  type Command,
  type KeyValueState,
  type RequestId,
} from "../process/key-value.ts";
import { majorityOf } from "../process/quorum.ts";
import type { Entry } from "./entry.ts";
import { type Log, type Position, termAt } from "./log.ts";
import type { PeerMessage } from "./message.ts";

/** What a process answered to a candidate. */
export type Vote = { readonly from: PeerId; readonly isGranted: boolean };

/** What must survive a crash besides log and snapshot. */
export type HardState = { readonly term: number; readonly votedFor: PeerId | undefined };

export type Role = "follower" | "pre-candidate" | "candidate" | "leader";

/** A request to change who votes, as a leader sees it. */
export type Reconfiguration = {
  /** Where the last change stands in the log; 0 if there is none. */
  readonly changedAt: number;
  readonly committed: number;
  /** True once an entry of the leader's own term is committed. */
  readonly hasCommittedInTerm: boolean;
};

export type RaftRules = {
  /** True if these votes make a candidate a leader. */
  readonly isElected: (votes: readonly Vote[], members: readonly PeerId[]) => boolean;
  /** The votes with one more; a process has one vote, however often its answer comes. */
  readonly withVote: (votes: readonly Vote[], vote: Vote) => readonly Vote[];
  /** True if an answer to a request for votes belongs to the election that is going on. */
  readonly isVoteCurrent: (term: number, termOfReply: number) => boolean;
  /** True if a process may vote for the candidate in this term; `leader` as far as it knows. */
  readonly mayVoteFor: (
    votedFor: PeerId | undefined,
    leader: PeerId | undefined,
    candidate: PeerId,
  ) => boolean;
  /** The election restriction: true if a candidate's log has all that the voter's may have. */
  readonly isUpToDate: (candidate: Position, voter: Position) => boolean;
  /** True if a process follows a message into its later term. */
  readonly adoptsLaterTerm: (role: Role) => boolean;
  /** For whom a process has voted, after it met the leader of the same term. */
  readonly voteAfterLeaderSeen: (votedFor: PeerId | undefined) => PeerId | undefined;
  /** True if the sender of a message of an earlier term is answered, so that it learns the later. */
  readonly answersEarlier: (message: PeerMessage) => boolean;
  /** True if a log has the entry that stands before the entries of a message. */
  readonly hasPrevious: (log: Log, previous: Position) => boolean;
  /** How many of the entries behind `previousIndex` a log has already. */
  readonly entriesKnown: (log: Log, previousIndex: number, entries: readonly Entry[]) => number;
  /**
   * Up to where a leader may count entries as stored by a majority.
   *
   * @param stored for each member the last index at which its log is known to equal the leader's.
   */
  readonly storedByMajority: (stored: readonly number[], log: Log, committed: number) => number;
  /** True if a leader of `term` may commit this entry because a majority stores it. */
  readonly mayCommit: (log: Log, index: number, term: number) => boolean;
  /** The first entry to be applied when entries are committed up to `committed`. */
  readonly firstToApply: (applied: number, committed: number) => number;
  /** What is on disk of term and vote before an answer leaves. */
  readonly durable: (state: HardState) => HardState;
  /** True if a leader may answer reads of a round of heartbeats. */
  readonly isRoundConfirmed: (acknowledged: readonly number[], round: number) => boolean;
  readonly mayChangeMembers: (reconfiguration: Reconfiguration) => boolean;
  readonly applyCommand: (state: KeyValueState, id: RequestId, command: Command) => Applied;
};

export const raftRules: RaftRules = {
  isElected: (votes, members) => grantedBy(votes, members) >= majorityOf(members.length),
  withVote: (votes, vote) => {
    return votes.some(({ from }) => from === vote.from) ? votes : [...votes, vote];
  },
  isVoteCurrent: (term, termOfReply) => termOfReply === term,
  mayVoteFor: (votedFor, leader, candidate) => {
    return votedFor === candidate || (votedFor === undefined && leader === undefined);
  },
  isUpToDate: (candidate, voter) => {
    if (candidate.term !== voter.term) return candidate.term > voter.term;
    return candidate.index >= voter.index;
  },
  adoptsLaterTerm: () => true,
  voteAfterLeaderSeen: (votedFor) => votedFor,
  answersEarlier: () => true,
  hasPrevious: (log, { index, term }) => termAt(log, index) === term,
  entriesKnown: (log, previousIndex, entries) => {
    let count = 0;
    while (count < entries.length) {
      if (termAt(log, previousIndex + 1 + count) !== entries[count]?.era) break;
      count++;
    }
    return count;
  },
  storedByMajority: (stored) => reachedByMajority(stored),
  mayCommit: (log, index, term) => termAt(log, index) === term,
  firstToApply: (applied) => applied + 1,
  durable: (state) => state,
  isRoundConfirmed: (acknowledged, round) => reachedByMajority(acknowledged) >= round,
  mayChangeMembers: ({ changedAt, committed, hasCommittedInTerm }) => {
    return hasCommittedInTerm && changedAt <= committed;
  },
  applyCommand: applyOnce,
};

/** Without sessions: a request that comes twice is carried out twice. */
export const rulesWithoutSessions: Pick<RaftRules, "applyCommand"> = {
  applyCommand: (state, _id, command) => apply(state, command),
};

/** How many of the members granted their vote. */
export function grantedBy(votes: readonly Vote[], members: readonly PeerId[]): number {
  return votes.filter(({ from, isGranted }) => isGranted && members.includes(from)).length;
}

/** The largest number that more than half of the numbers reach; 0 if there are none. */
export function reachedByMajority(numbers: readonly number[]): number {
  const needed = majorityOf(numbers.length);
  let largest: number | undefined;
  for (const number of numbers) {
    if (largest !== undefined && number <= largest) continue;
    let count = 0;
    for (const other of numbers) if (other >= number) count += 1;
    if (count >= needed) largest = number;
  }
  return largest ?? 0;
}
