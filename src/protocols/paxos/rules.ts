/** What proposers and acceptors decide, each decision one function. */

import type { Write } from "../../machine/store.ts";
import type { PeerId } from "../../primitives/brand.ts";
import type { Value } from "../process/key-value.ts";
import { majorityOf } from "../process/quorum.ts";
import { type Ballot, isHigherBallot } from "./ballot.ts";
import type { Accepted } from "./message.ts";

/** A promise as its proposer counts it. */
export type Promised = { readonly from: PeerId; readonly accepted?: Accepted };

export type PaxosRules = {
  /** How many of n acceptors are enough, in both phases. */
  quorumOf(count: number): number;
  isHigher(a: Ballot, b: Ballot): boolean;
  /** The next ballot of a proposer, above all it knows of. */
  nextRound(own: number, highestSeen: number): number;
  /** Whom a proposer asks. */
  acceptorsToAsk(others: readonly PeerId[], quorum: number): readonly PeerId[];
  /** Does an acceptor promise, given its highest promise so far? */
  mayPromise(rules: PaxosRules, ballot: Ballot, promised: Ballot): boolean;
  /** Does an acceptor accept, given its highest promise so far? */
  mayAccept(rules: PaxosRules, ballot: Ballot, promised: Ballot): boolean;
  /** What may be proposed once a quorum has promised. */
  valueToPropose(rules: PaxosRules, promises: readonly Promised[], own: Value): Value;
  /** What an acceptor writes to disk before its promise or acceptance leaves. */
  writesBeforeAnswer(record: Write): readonly Write[];
};

export const paxosRules: PaxosRules = {
  quorumOf: majorityOf,
  isHigher: isHigherBallot,
  nextRound: (own, highestSeen) => Math.max(own, highestSeen) + 1,
  acceptorsToAsk: (others) => others,
  mayPromise: (rules, ballot, promised) => rules.isHigher(ballot, promised),
  mayAccept: (rules, ballot, promised) => !rules.isHigher(promised, ballot),
  valueToPropose: (rules, promises, own) => {
    const highest = highestAccepted(rules, promises);
    return highest === undefined ? own : highest.value;
  },
  writesBeforeAnswer: (record) => [record],
};

export function highestAccepted(
  rules: PaxosRules,
  promises: readonly Promised[],
): Accepted | undefined {
  let highest: Accepted | undefined;
  for (const { accepted } of promises) {
    if (accepted === undefined) continue;
    if (highest === undefined || rules.isHigher(accepted.ballot, highest.ballot)) {
      highest = accepted;
    }
  }
  return highest;
}
