/**
 * What members of our Paxos and the messages sent so far are in Lamport's published model:
 * `maxBal`, `maxVBal` and `maxVal` of each acceptor, and the set of messages ever sent.
 *
 * @see tlaplus/Examples, PaxosHowToWinATuringAward/Paxos.tla
 */

import type { PeerId } from "../../../src/primitives/brand.ts";
import type { Ballot } from "../../../src/protocols/paxos/ballot.ts";
import type { Accepted, PaxosMessage } from "../../../src/protocols/paxos/message.ts";
import type { PaxosState } from "../../../src/protocols/paxos/state.ts";
import type { Value } from "../../../src/protocols/process/key-value.ts";
import type { Letter } from "../process-search.ts";

/** A ballot is a number from 0, −1 is none; acceptors are numbers from 0. */
export type LamportMessage =
  | readonly ["1a", number]
  | readonly ["1b", number, number, number, Value]
  | readonly ["2a", number, Value]
  | readonly ["2b", number, number, Value];

export type LamportState = {
  readonly maxBal: readonly number[];
  readonly maxVBal: readonly number[];
  /** null where nothing was accepted. */
  readonly maxVal: readonly Value[];
  readonly msgs: readonly LamportMessage[];
};

/** @param numberOf the model's number of a ballot, −1 for the ballot before all. */
export function abstractOf(
  states: readonly PaxosState[],
  letters: readonly Letter<PaxosMessage>[],
  numberOf: (ballot: Ballot) => number,
): LamportState {
  const names = states.map(({ setting }) => setting.name);
  const indexOf = (name: PeerId) => names.indexOf(name);
  const ballotOf = (accepted: Accepted | undefined) => {
    return accepted === undefined ? -1 : numberOf(accepted.ballot);
  };
  const msgs: LamportMessage[] = [];
  const promised = (from: PeerId, ballot: Ballot, accepted: Accepted | undefined) => {
    const value = accepted?.value ?? null;
    msgs.push(["1b", indexOf(from), numberOf(ballot), ballotOf(accepted), value]);
  };
  for (const { from, message } of letters) {
    if (message.type === "prepare") msgs.push(["1a", numberOf(message.ballot)]);
    if (message.type === "promise") promised(from, message.ballot, message.accepted);
    if (message.type === "accept") msgs.push(["2a", numberOf(message.ballot), message.value]);
    if (message.type !== "accepted") continue;
    const value = proposedIn(letters, message.ballot);
    msgs.push(["2b", indexOf(from), numberOf(message.ballot), value]);
  }
  // A proposer counts itself without a message: the model has messages for that.
  for (const { setting, proposal } of states) {
    if (proposal === undefined) continue;
    const own = proposal.promises.find(({ from }) => from === setting.name);
    if (own !== undefined) promised(setting.name, proposal.ballot, own.accepted);
    if (proposal.value === undefined || !proposal.acceptedBy.includes(setting.name)) continue;
    msgs.push(["2b", indexOf(setting.name), numberOf(proposal.ballot), proposal.value]);
  }
  return {
    maxBal: states.map(({ acceptor }) => numberOf(acceptor.promised)),
    maxVBal: states.map(({ acceptor }) => ballotOf(acceptor.accepted)),
    maxVal: states.map(({ acceptor }) => acceptor.accepted?.value ?? null),
    msgs,
  };
}

function proposedIn(letters: readonly Letter<PaxosMessage>[], ballot: Ballot): Value {
  for (const { message } of letters) {
    if (message.type !== "accept") continue;
    const isSame = message.ballot.round === ballot.round && message.ballot.name === ballot.name;
    if (isSame) return message.value;
  }
  throw new Error("an acceptance without a proposal");
}

/** One text for equal states. */
export function textOf({ maxBal, maxVBal, maxVal, msgs }: LamportState): string {
  const texts = new Set(msgs.map((message) => JSON.stringify(message)));
  return JSON.stringify([maxBal, maxVBal, maxVal, [...texts].sort()]);
}
