/** The memory of Paxos: promises and acceptances, on disk before they are sent. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Value } from "../process/key-value.ts";
import type { Ballot } from "./ballot.ts";
import {
  type Acceptor,
  acceptorRecord,
  type PaxosContext,
  type PaxosEffect,
  type PaxosState,
  type PaxosStep,
} from "./state.ts";

/** Promises to accept nothing of a lower ballot, and says what it has accepted so far. */
export function promise(
  state: PaxosState,
  from: PeerId,
  ballot: Ballot,
  context: PaxosContext,
): PaxosStep {
  const { accepted, promised } = state.acceptor;
  if (!context.rules.mayPromise(context.rules, ballot, promised)) {
    return refuse(state, from, ballot, context);
  }
  const step = promiseSelf(state, ballot, context);
  const message = {
    type: "promise",
    ballot,
    ...(accepted === undefined ? {} : { accepted }),
  } as const;
  return { state: step.state, effects: [...step.effects, { type: "send", to: from, message }] };
}

/** The promise of a proposer to itself, which makes its ballot durable before anyone sees it. */
export function promiseSelf(state: PaxosState, ballot: Ballot, context: PaxosContext): PaxosStep {
  const acceptor: Acceptor = { ...state.acceptor, promised: ballot };
  const effects: readonly PaxosEffect[] = [
    ...save(acceptor, context),
    { type: "news", news: { type: "promised", ballot } },
  ];
  return { state: { ...state, acceptor }, effects };
}

export function accept(
  state: PaxosState,
  from: PeerId,
  proposed: { readonly ballot: Ballot; readonly value: Value },
  context: PaxosContext,
): PaxosStep {
  const { ballot, value } = proposed;
  if (!context.rules.mayAccept(context.rules, ballot, state.acceptor.promised)) {
    return refuse(state, from, ballot, context);
  }
  const step = acceptSelf(state, { ballot, value }, context);
  const message = { type: "accepted", ballot } as const;
  return { state: step.state, effects: [...step.effects, { type: "send", to: from, message }] };
}

export function acceptSelf(
  state: PaxosState,
  accepted: { readonly ballot: Ballot; readonly value: Value },
  context: PaxosContext,
): PaxosStep {
  const acceptor: Acceptor = { promised: accepted.ballot, accepted };
  const effects: readonly PaxosEffect[] = [
    ...save(acceptor, context),
    { type: "news", news: { type: "accepted", ...accepted } },
  ];
  return { state: { ...state, acceptor }, effects };
}

/** Names the highest ballot, so that the proposer knows what to exceed; equal ballots are no news. */
function refuse(
  state: PaxosState,
  from: PeerId,
  ballot: Ballot,
  { rules }: PaxosContext,
): PaxosStep {
  const { promised } = state.acceptor;
  if (!rules.isHigher(promised, ballot)) return { state, effects: [] };
  return {
    state,
    effects: [{ type: "send", to: from, message: { type: "refused", ballot, promised } }],
  };
}

function save(acceptor: Acceptor, { rules }: PaxosContext): readonly PaxosEffect[] {
  const batch = rules.writesBeforeAnswer(acceptorRecord(acceptor));
  return batch.length === 0 ? [] : [{ type: "persist", batch }];
}
