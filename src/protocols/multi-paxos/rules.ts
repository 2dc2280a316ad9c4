/** What leaders, acceptors and learners decide, each decision one function. */

import type { Write } from "../../machine/store.ts";
import { type Ballot, isHigherBallot, isSameBallot } from "../paxos/ballot.ts";
import { type Applied, applyOnce, type KeyValueState } from "../process/key-value.ts";
import type { Entry, Slot } from "./slots.ts";

export type MultiPaxosRules = {
  /** Does an acceptor promise, given its highest promise so far? */
  mayPromise(ballot: Ballot, promised: Ballot): boolean;
  /** Does an acceptor accept, given its highest promise so far? */
  mayAccept(ballot: Ballot, promised: Ballot): boolean;
  /** What a new leader proposes for a slot below the highest one, given what was accepted there. */
  entryToPropose(accepted: readonly Slot[]): Entry | undefined;
  /** Is what a member has accepted chosen, if the leader of `leader` says that slot is? */
  isChosen(slot: Slot, leader: Ballot): boolean;
  /** What is written to disk before a promise or an acceptance leaves. */
  writesBeforeAnswer(records: readonly Write[]): readonly Write[];
  /** What a chosen entry makes of the data. */
  carryOut(data: KeyValueState, entry: Extract<Entry, { readonly type: "command" }>): Applied;
  /** Are reads answered through the log, or at once from the leader's data? */
  readsThroughLog(): boolean;
};

export const multiPaxosRules: MultiPaxosRules = {
  mayPromise: (ballot, promised) => isHigherBallot(ballot, promised),
  mayAccept: (ballot, promised) => !isHigherBallot(promised, ballot),
  entryToPropose: (accepted) => highestOf(accepted)?.entry ?? { type: "no-op" },
  isChosen: (slot, leader) => isSameBallot(slot.ballot, leader),
  writesBeforeAnswer: (records) => records,
  carryOut: (data, { id, command }) => applyOnce(data, id, command),
  readsThroughLog: () => true,
};

function highestOf(accepted: readonly Slot[]): Slot | undefined {
  let highest: Slot | undefined;
  for (const slot of accepted) {
    if (highest === undefined || isHigherBallot(slot.ballot, highest.ballot)) highest = slot;
  }
  return highest;
}
