/** How a Raft cluster is set up. */

import type { PeerId } from "../../primitives/brand.ts";
import { type RaftRules, raftRules } from "./rules.ts";

export type RaftOptions = {
  /**
   * A follower campaigns when it has heard no leader for a time drawn anew between the two, in
   * milliseconds. The least one must be far above a round trip and a write to disk; the range must
   * be several one-way latencies wide, or votes split.
   */
  readonly electionTimeoutMsMin: number;
  readonly electionTimeoutMsMax: number;
  /** Between two rounds of heartbeats: a third of the least time-out, so that two may be lost. */
  readonly heartbeatMs: number;
  /** Whether a candidate asks first if it would win, before it begins a term (dissertation 9.6). */
  readonly preVote: boolean;
  /**
   * Whether a leader that has heard no majority for the least election time-out steps down, and
   * processes that hear a leader refuse to vote (dissertation 6.2 and 4.2.3).
   */
  readonly checkQuorum: boolean;
  /**
   * How a leader answers a read. `log`: as an entry like a write. `read-index`: after a majority
   * has confirmed that it still leads (6.4). `lease`: at once, for as long as no other can have
   * been elected, if clocks run alike to within `clockDriftMax` (6.4.1). `local`: at once, which
   * is wrong while another leader is elected.
   */
  readonly reads: "log" | "read-index" | "lease" | "local";
  /** By which share of the true rate clocks may run slow or fast; for leases only. */
  readonly clockDriftMax: number;
  /** Whether a request that comes twice is carried out once (6.3). */
  readonly sessions: boolean;
  /** When followers learn that an entry is committed; at once costs 2(n − 1) messages more. */
  readonly commitNotice: "with-next-message" | "at-once";
  /** Entries that a follower may be sent ahead of what it acknowledged. */
  readonly entriesInFlightMax: number;
  /** About how many bytes of entries go into one message; one entry always does. */
  readonly batchBytesMax: number;
  /** A snapshot replaces the log after so many applied entries; 0 for never. */
  readonly snapshotEvery: number;
  /** Entries that stay in the log behind a snapshot, for followers that are a little behind. */
  readonly entriesKept: number;
  /** Who votes at the beginning; all processes, if undefined. */
  readonly voters: readonly PeerId[] | undefined;
  /** Requests and reads that may wait at a leader; more are refused. */
  readonly waitingMax: number;
  readonly rules: RaftRules;
};

/**
 * For links of 50 to 150 ms, as simulated networks over a wide area have, and disks of a few
 * milliseconds: a round trip fits three times into the least election time-out, and the range is
 * as wide as seven latencies. The dissertation takes 150–300 ms for a network in one room.
 */
export const defaultRaftOptions: RaftOptions = {
  electionTimeoutMsMin: 1000,
  electionTimeoutMsMax: 2000,
  heartbeatMs: 300,
  preVote: true,
  checkQuorum: true,
  reads: "read-index",
  clockDriftMax: 0.1,
  sessions: true,
  commitNotice: "with-next-message",
  entriesInFlightMax: 256,
  batchBytesMax: 64 * 1024,
  snapshotEvery: 256,
  entriesKept: 64,
  voters: undefined,
  waitingMax: 10_000,
  rules: raftRules,
};

/** @throws RangeError if they cannot work together. */
export function checkOptions(options: RaftOptions): RaftOptions {
  const { electionTimeoutMsMin, electionTimeoutMsMax, heartbeatMs, clockDriftMax } = options;
  if (!(electionTimeoutMsMin >= 0 && electionTimeoutMsMax >= electionTimeoutMsMin)) {
    throw new RangeError(
      `electionTimeoutMsMax must be at least electionTimeoutMsMin and that at least 0, got ${electionTimeoutMsMin} and ${electionTimeoutMsMax}.`,
    );
  }
  if (!(heartbeatMs >= 0 && heartbeatMs <= electionTimeoutMsMin)) {
    throw new RangeError(
      `heartbeatMs must be from 0 to electionTimeoutMsMin (${electionTimeoutMsMin}), got ${heartbeatMs}.`,
    );
  }
  if (options.reads === "lease" && !(options.checkQuorum && clockDriftMax < 1)) {
    throw new RangeError("reads by lease need checkQuorum and a clockDriftMax below 1.");
  }
  return options;
}
