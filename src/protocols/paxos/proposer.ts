/** The side that brings a decision about: two phases, and a higher ballot when one does not succeed. */

import type { PeerId } from "../../primitives/brand.ts";
import { type Moment, othersOf } from "../process/process.ts";
import { andThen, stay } from "../process/steps.ts";
import { withTimer } from "../process/timers.ts";
import { acceptSelf, promiseSelf } from "./acceptor.ts";
import { type Ballot, isSameBallot } from "./ballot.ts";
import { decide } from "./learner.ts";
import type { Accepted, PaxosMessage } from "./message.ts";
import type { PaxosContext, PaxosEffect, PaxosState, PaxosStep, Proposal } from "./state.ts";

/** The first phase: asks for promises under a ballot that is higher than all it knows of. */
export function prepare(before: PaxosState, context: PaxosContext, moment: Moment): PaxosStep {
  const { rules, options } = context;
  const { promised, accepted } = before.acceptor;
  const round = rules.nextRound(promised.round, before.highestSeen);
  const ballot: Ballot = { round, name: before.setting.name };
  const own = { from: before.setting.name, ...(accepted === undefined ? {} : { accepted }) };
  const step = promiseSelf(before, ballot, context);
  const proposal: Proposal = { ballot, phase: "preparing", promises: [own], acceptedBy: [] };
  const timers = withTimer(before.timers, "retry", moment.now + options.retryMs);
  const state: PaxosState = { ...step.state, proposal, timers };
  const asked = sendToAsked(state, { type: "prepare", ballot }, context);
  return andThen({ state, effects: [...step.effects, ...asked] }, (next) => {
    return proposeIfPromised(next, context);
  });
}

export function countPromise(
  state: PaxosState,
  from: PeerId,
  promise: { readonly ballot: Ballot; readonly accepted?: Accepted },
  context: PaxosContext,
): PaxosStep {
  const proposal = underWay(state, promise.ballot, "preparing");
  if (proposal === undefined) return stay(state);
  if (proposal.promises.some((other) => other.from === from)) return stay(state);
  const { accepted } = promise;
  const counted = { from, ...(accepted === undefined ? {} : { accepted }) };
  const promises = [...proposal.promises, counted];
  return proposeIfPromised({ ...state, proposal: { ...proposal, promises } }, context);
}

/** The second phase, once a quorum has promised: the value of the highest acceptance, or its own. */
function proposeIfPromised(before: PaxosState, context: PaxosContext): PaxosStep {
  const { rules } = context;
  const { proposal, own, setting } = before;
  if (proposal === undefined || own === undefined) return stay(before);
  if (proposal.promises.length < rules.quorumOf(setting.members.length)) return stay(before);
  const { ballot } = proposal;
  const value = rules.valueToPropose(rules, proposal.promises, own.value);
  const next: PaxosState = { ...before, proposal: { ...proposal, phase: "accepting", value } };
  const acceptsItself = rules.mayAccept(rules, ballot, before.acceptor.promised);
  const step = acceptsItself ? acceptSelf(next, { ballot, value }, context) : stay(next);
  const asked = sendToAsked(next, { type: "accept", ballot, value }, context);
  return andThen({ state: step.state, effects: [...step.effects, ...asked] }, (reached) => {
    return acceptsItself ? countAcceptance(reached, setting.name, ballot, context) : stay(reached);
  });
}

export function countAcceptance(
  before: PaxosState,
  from: PeerId,
  ballot: Ballot,
  context: PaxosContext,
): PaxosStep {
  const proposal = underWay(before, ballot, "accepting");
  if (proposal?.value === undefined || proposal.acceptedBy.includes(from)) return stay(before);
  const acceptedBy = [...proposal.acceptedBy, from];
  const state: PaxosState = { ...before, proposal: { ...proposal, acceptedBy } };
  const quorum = context.rules.quorumOf(state.setting.members.length);
  if (acceptedBy.length < quorum) return stay(state);
  return andThen(decide(state, proposal.value), (next) => {
    return context.options.announces ? announce(next) : stay(next);
  });
}

/** Another proposer was faster: waits at random, so that two do not refuse each other for ever. */
export function backOff(
  state: PaxosState,
  refusal: { readonly ballot: Ballot; readonly promised: Ballot },
  { options }: PaxosContext,
  { now, random }: Moment,
): PaxosStep {
  const { proposal } = state;
  const highestSeen = Math.max(state.highestSeen, refusal.promised.round);
  if (proposal === undefined || !isSameBallot(proposal.ballot, refusal.ballot)) return stay(state);
  if (state.decision !== undefined || proposal.phase === "refused") return stay(state);
  const waitMs = options.backoffMs === 0 ? 0 : random.nextFloat() * options.backoffMs;
  const timers = withTimer(state.timers, "retry", now + waitMs);
  return stay({ ...state, highestSeen, timers, proposal: { ...proposal, phase: "refused" } });
}

function announce(state: PaxosState): PaxosStep {
  const { decision, setting } = state;
  if (decision === undefined) return stay(state);
  const message = { type: "decided", value: decision.value } as const;
  const effects = othersOf(setting).map((to): PaxosEffect => ({ type: "send", to, message }));
  return { state, effects };
}

function underWay(
  { proposal, decision }: PaxosState,
  ballot: Ballot,
  phase: Proposal["phase"],
): Proposal | undefined {
  if (decision !== undefined || proposal?.phase !== phase) return undefined;
  return isSameBallot(proposal.ballot, ballot) ? proposal : undefined;
}

function sendToAsked(
  { setting }: PaxosState,
  message: PaxosMessage,
  { rules }: PaxosContext,
): readonly PaxosEffect[] {
  const quorum = rules.quorumOf(setting.members.length);
  const asked = rules.acceptorsToAsk(othersOf(setting), quorum);
  return asked.map((to) => ({ type: "send", to, message }));
}
