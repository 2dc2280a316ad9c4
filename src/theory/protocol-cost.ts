/** What a request costs a protocol without faults: messages between processes, and one-way delays. */

export type ProtocolCost = {
  /** @param count of all processes, whichever part each has. */
  readonly messages: (count: number) => number;
  /** The same as people write it, with n for all processes. */
  readonly formula: string;
  /** Until the answer, for a client beside the process that leads; elsewhere up to two more. */
  readonly delays: number;
  /** Kinds of messages that are not sent for each request, and that the formula leaves out. */
  readonly apart?: readonly string[];
};

/**
 * By the protocol's name.
 *
 * @see Gray & Lamport, Consensus on Transaction Commit, 2006; Skeen, Nonblocking Commit Protocols,
 *   1981; Castro & Liskov, Practical Byzantine Fault Tolerance, 1999; Lamport, Paxos Made Simple, 2001; Ongaro, Consensus: Bridging Theory and Practice, 2014
 */
const costs: Readonly<Record<string, ProtocolCost>> = {
  "single-copy": { messages: () => 2, formula: "2 from elsewhere", delays: 0 },
  "last-writer": { messages: (n) => n - 1, formula: "n − 1 a write", delays: 0 },
  "two-phase-commit": { messages: (n) => 4 * (n - 1), formula: "4(n − 1)", delays: 2 },
  "three-phase-commit": { messages: (n) => 6 * (n - 1), formula: "6(n − 1)", delays: 4 },
  paxos: { messages: (n) => 4 * (n - 1), formula: "4(n − 1)", delays: 4 },
  "multi-paxos": { messages: (n) => 2 * (n - 1), formula: "2(n − 1)", delays: 2 },
  pbft: {
    messages: (n) => 2 * n * (n - 1),
    formula: "2n(n − 1)",
    // Three until the replicas carry it out, one until another one's answer is there, too.
    delays: 4,
    apart: ["checkpoint"],
  },
  raft: { messages: (n) => 2 * (n - 1), formula: "2(n − 1)", delays: 2 },
};

export function costOfProtocol(name: string): ProtocolCost | undefined {
  return Object.hasOwn(costs, name) ? costs[name] : undefined;
}
