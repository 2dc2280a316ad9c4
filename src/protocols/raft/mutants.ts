/** Raft with one rule replaced by a wrong one: slips of the essay, and of software that was used. */

import type { Mutant } from "../process/protocol.ts";
import { majorityOf } from "../process/quorum.ts";
import type { RaftOptions } from "./options.ts";
import { raft, type RaftProtocol } from "./raft.ts";
import {
  grantedBy,
  type RaftRules,
  raftRules,
  reachedByMajority,
  rulesWithoutSessions,
} from "./rules.ts";

/** The wrong rules, and options under which the mistake can show. */
export type RaftMutant = Mutant & {
  readonly rules: Partial<RaftRules>;
  readonly options?: Partial<RaftOptions>;
};

export const raftMutants: readonly RaftMutant[] = [
  {
    name: "more-than-majority",
    mistake: "a candidate waits for more votes than a majority, so one crash of three stops all",
    caughtBy: "liveness",
    essayLine: 134,
    rules: {
      isElected: (votes, members) => grantedBy(votes, members) > majorityOf(members.length),
    },
  },
  {
    name: "log-length-only",
    mistake: "a voter compares the lengths of logs, not the terms of their last entries",
    caughtBy: "leader-completeness",
    essayLine: 130,
    victim: "markwylde/liferaft until pull request 10, 2025",
    rules: { isUpToDate: (candidate, voter) => candidate.index >= voter.index },
  },
  {
    name: "no-election-restriction",
    mistake: "a voter does not compare logs at all",
    caughtBy: "leader-completeness",
    essayLine: 109,
    rules: { isUpToDate: () => true },
  },
  {
    name: "no-previous-entry-check",
    mistake: "a follower takes entries without the check of the entry before them",
    caughtBy: "log-matching",
    essayLine: 109,
    rules: { hasPrevious: (log, { index }) => index <= log.last.index },
  },
  {
    name: "counts-earlier-terms",
    mistake: "a leader commits entries of earlier terms by counting replicas (Figure 8)",
    caughtBy: "leader-completeness",
    essayLine: 147,
    victim: "LogCabin, by Raft's own author (logcabin#44)",
    rules: { mayCommit: () => true },
  },
  {
    name: "vote-not-durable",
    mistake: "a process forgets in a crash for whom it has voted",
    caughtBy: "election-safety",
    essayLine: 118,
    victim: "akka-raft#56, raft-java#57",
    rules: { durable: ({ term }) => ({ term, votedFor: undefined }) },
  },
  {
    name: "vote-cleared",
    mistake: "a follower clears its vote when it meets the leader of the same term",
    caughtBy: "election-safety",
    victim: "CCF#8094",
    rules: { voteAfterLeaderSeen: () => undefined },
  },
  {
    name: "stale-votes",
    mistake: "a candidate counts votes that were granted in an earlier term",
    caughtBy: "election-safety",
    essayLine: 130,
    victim: "little-raft#44",
    rules: { isVoteCurrent: () => true },
  },
  {
    name: "answers-counted",
    mistake: "a candidate counts answers, not voters: a message that comes twice counts twice",
    caughtBy: "election-safety",
    essayLine: 131,
    victim: "markwylde/liferaft 1.4.0",
    rules: {
      withVote: (votes, vote) => [...votes, vote],
    },
  },
  {
    name: "commits-whole-log",
    mistake: "a majority stores one entry, and the leader commits all that it has by then",
    caughtBy: "leader-completeness",
    essayLine: 148,
    rules: {
      storedByMajority: (stored, log, committed) => {
        return reachedByMajority(stored) > committed ? log.last.index : committed;
      },
    },
  },
  {
    name: "applies-newest-only",
    mistake: "of the entries that become committed together only the newest is applied",
    caughtBy: "state-machine-safety",
    essayLine: 149,
    rules: { firstToApply: (_applied, committed) => committed },
  },
  {
    name: "never-steps-down",
    mistake: "a leader does not look at the terms of answers, and so goes on beside a later one",
    caughtBy: "linearizability",
    essayLine: 130,
    rules: { adoptsLaterTerm: (role) => role !== "leader" },
    options: { checkQuorum: false },
  },
  {
    name: "reads-unconfirmed",
    mistake: "a leader answers reads without asking a majority if it still leads",
    caughtBy: "linearizability",
    essayLine: 111,
    victim: "etcd#20418, where a leader was paused",
    rules: { isRoundConfirmed: () => true },
    options: { checkQuorum: false },
  },
  {
    name: "always-truncates",
    mistake:
      "a follower cuts its log behind each message, also if that is late and has nothing new",
    caughtBy: "leader-completeness",
    rules: { entriesKnown: () => 0 },
  },
  {
    name: "no-sessions",
    mistake: "a request that comes twice is carried out twice",
    caughtBy: "linearizability",
    rules: rulesWithoutSessions,
  },
  {
    name: "overlapping-changes",
    mistake: "a leader changes the members before an entry of its own term is committed",
    caughtBy: "leader-completeness",
    victim: "the dissertation's own single-server changes, corrected in 2015",
    rules: { mayChangeMembers: () => true },
  },
];

export function mutantRaft(mutant: RaftMutant, chosen: Partial<RaftOptions> = {}): RaftProtocol {
  return raft({ ...mutant.options, ...chosen, rules: { ...raftRules, ...mutant.rules } });
}
