/** The memory of the log: promises for all slots, acceptances slot by slot, on disk before sent. */

import type { PeerId } from "../../primitives/brand.ts";
import { type Ballot, isHigherBallot } from "../paxos/ballot.ts";
import type { MultiPaxosMessage, Snapshot } from "./message.ts";
import { acceptedFrom, type Entry, lastIndexOf, withSlot } from "./slots.ts";
import {
  acceptorRecord,
  type MultiPaxosContext,
  type MultiPaxosEffect,
  type MultiPaxosState,
  type MultiPaxosStep,
  persisting,
  slotRecord,
} from "./state.ts";

/** One promise holds for every slot, also those that nothing is known of yet. */
export function promise(
  before: MultiPaxosState,
  from: PeerId,
  message: Extract<MultiPaxosMessage, { readonly type: "prepare" }>,
  { rules }: MultiPaxosContext,
): MultiPaxosStep {
  const { ballot } = message;
  if (!rules.mayPromise(ballot, before.promised)) return refuse(before, from, ballot);
  const state: MultiPaxosState = { ...before, promised: ballot, role: { type: "follower" } };
  const snapshot = snapshotFor(state, message.from);
  const promised: MultiPaxosMessage = {
    type: "promise",
    ballot,
    accepted: acceptedFrom(state.slots, message.from, lastIndexOf(state.slots)),
    ...(snapshot === undefined ? {} : { snapshot }),
  };
  const effects: readonly MultiPaxosEffect[] = [
    ...persisting(rules.writesBeforeAnswer([acceptorRecord(state)])),
    { type: "news", news: { type: "promised", ballot } },
    { type: "send", to: from, message: promised },
  ];
  return { state, effects };
}

/** What a member needs that lacks slots from this index on, if the log does not have them. */
export function snapshotFor(
  { slots, committed, data }: MultiPaxosState,
  from: number,
): Snapshot | undefined {
  return from < slots.first ? { index: committed, data } : undefined;
}

/** Of a slot that is in a snapshot it says yes: only what was chosen there can come again. */
export function accept(
  before: MultiPaxosState,
  index: number,
  ballot: Ballot,
  entry: Entry,
  { rules }: MultiPaxosContext,
): MultiPaxosStep {
  const isPromised = !isHigherBallot(ballot, before.promised);
  const promised = isPromised ? before.promised : ballot;
  const slot = { ballot, entry };
  const state = { ...before, promised, slots: withSlot(before.slots, index, slot) };
  const isKept = index >= state.slots.first;
  const records = [acceptorRecord(state), ...(isKept ? [slotRecord(index, slot)] : [])];
  return { state, effects: persisting(rules.writesBeforeAnswer(records)) };
}

/** Equal ballots are no news: the message came twice. */
export function refuse(state: MultiPaxosState, from: PeerId, ballot: Ballot): MultiPaxosStep {
  const { promised } = state;
  if (!isHigherBallot(promised, ballot)) return { state, effects: [] };
  return {
    state,
    effects: [{ type: "send", to: from, message: { type: "refused", ballot, promised } }],
  };
}
