/** Which protocol a node of Maelstrom can run, and with which times. */

import { broken, valid, type Verdict } from "../../../primitives/verdict.ts";
import type { ProtocolEntry } from "../../../protocols/catalogue.ts";
import { multiPaxos } from "../../../protocols/multi-paxos/multi-paxos.ts";
import type { Protocol } from "../../../protocols/process/protocol.ts";
import { raft } from "../../../protocols/raft/raft.ts";

/**
 * Heartbeats are rare, as Maelstrom counts them among the messages of an operation; two may be lost
 * before an election. Raft reads by lease: all nodes of a test run on one machine and measure spans by
 * its one clock, and a read that asks a majority first costs as many messages as a write.
 */
const slowed: Readonly<Record<string, Protocol>> = {
  raft: raft({
    electionTimeoutMsMin: 1_500,
    electionTimeoutMsMax: 3_000,
    heartbeatMs: 500,
    reads: "lease",
  }),
  "multi-paxos": multiPaxos({ heartbeatMs: 500, electionMs: 1_500, resendMs: 1_000 }),
};

/** The problem is a sentence without a full stop. */
export function suitedProtocol({
  name,
  workload,
  protocol,
}: Pick<ProtocolEntry, "name" | "workload" | "protocol">): Verdict<Protocol, string> {
  if (workload === "key-value") return valid(slowed[name] ?? protocol);
  return broken(
    `${name} decides one value once, and Maelstrom's clients read and write many keys; take multi-paxos`,
  );
}
