/** Who leads: one first phase for all slots, then a second phase for each. */

import type { PeerId } from "../../primitives/brand.ts";
import { type Ballot, isSameBallot } from "../paxos/ballot.ts";
import { type Moment, othersOf } from "../process/process.ts";
import { andThen, stay } from "../process/steps.ts";
import { withTimer } from "../process/timers.ts";
import { accept } from "./acceptor.ts";
import { commitWhile, install } from "./learner.ts";
import type { MultiPaxosMessage } from "./message.ts";
import { acceptedFrom, type Entry, lastIndexOf, slotAt } from "./slots.ts";
import {
  acceptorRecord,
  firstQuorumOf,
  type MultiPaxosContext,
  type MultiPaxosEffect,
  type MultiPaxosState,
  type MultiPaxosStep,
  persisting,
  resentMax,
  secondQuorumOf,
  sendToOthers,
} from "./state.ts";

/** No heartbeat came: asks for promises under a ballot that is higher than all it knows of. */
export function stand(
  before: MultiPaxosState,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  const round = Math.max(before.promised.round, before.highestSeen) + 1;
  const ballot: Ballot = { round, name: before.setting.name };
  const from = before.committed + 1;
  const accepted = acceptedFrom(before.slots, from, lastIndexOf(before.slots));
  const promises = [{ from: before.setting.name, accepted }];
  const state: MultiPaxosState = {
    ...withElectionTimer(before, context, moment),
    promised: ballot,
    role: { type: "candidate", ballot, promises },
  };
  const effects: readonly MultiPaxosEffect[] = [
    ...persisting(context.rules.writesBeforeAnswer([acceptorRecord(state)])),
    { type: "news", news: { type: "promised", ballot } },
    ...sendToOthers(state, { type: "prepare", ballot, from }),
  ];
  return andThen({ state, effects }, (next) => leadIfPromised(next, context, moment));
}

export function withElectionTimer(
  state: MultiPaxosState,
  { options }: MultiPaxosContext,
  { now, random }: Moment,
): MultiPaxosState {
  const waitMs = options.electionMs * (1 + random.nextFloat());
  return { ...state, timers: { election: (now + waitMs) as typeof now } };
}

export function countPromise(
  state: MultiPaxosState,
  from: PeerId,
  message: Extract<MultiPaxosMessage, { readonly type: "promise" }>,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  const { role } = state;
  if (role.type !== "candidate" || !isSameBallot(role.ballot, message.ballot)) return stay(state);
  if (role.promises.some((other) => other.from === from)) return stay(state);
  const promises = [...role.promises, { from, accepted: message.accepted }];
  const counted: MultiPaxosState = { ...state, role: { ...role, promises } };
  const step: MultiPaxosStep =
    message.snapshot === undefined ? stay(counted) : install(counted, message.snapshot);
  return andThen(step, (next) => leadIfPromised(next, context, moment));
}

/**
 * A quorum has promised: proposes again what was accepted in the highest ballot for each slot that
 * it does not know to be chosen, and no-ops where nothing was, so that no gap stops the log.
 */
function leadIfPromised(
  before: MultiPaxosState,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  const { role, committed } = before;
  if (role.type !== "candidate") return stay(before);
  if (role.promises.length < firstQuorumOf(before, context.options)) return stay(before);
  const { ballot } = role;
  const accepted = role.promises.flatMap((promise) => promise.accepted);
  const last = Math.max(committed, ...accepted.map(({ index }) => index));
  const entries: { readonly index: number; readonly entry: Entry }[] = [];
  for (let index = committed + 1; index <= last; index++) {
    const entry = context.rules.entryToPropose(accepted.filter((slot) => slot.index === index));
    if (entry !== undefined) entries.push({ index, entry });
  }
  const noOps = entries.filter(({ entry }) => entry.type === "no-op").length;
  const state: MultiPaxosState = {
    ...before,
    role: { type: "leader", ballot, next: last + 1, open: {} },
    waiting: waitingFor(before, entries),
    timers: { heartbeat: moment.now },
  };
  const news = { type: "news", news: { type: "leads", ballot, noOps } } as const;
  let step: MultiPaxosStep = { state, effects: [news] };
  for (const { index, entry } of entries) {
    step = andThen(step, (next) => propose(next, index, entry, context, moment));
  }
  return andThen(step, (next) => beat(next, context, moment));
}

/** What this member was asked when it led before, and is under way again: all else may be lost. */
function waitingFor(
  { waiting }: MultiPaxosState,
  entries: readonly { readonly entry: Entry }[],
): MultiPaxosState["waiting"] {
  const asked = Object.entries(waiting).filter(([client, number]) => {
    return entries.some(({ entry }) => {
      return entry.type === "command" && entry.id.client === client && entry.id.number === number;
    });
  });
  return Object.fromEntries(asked);
}

/** The second phase of one slot; the leader accepts first itself. */
export function propose(
  before: MultiPaxosState,
  index: number,
  entry: Entry,
  context: MultiPaxosContext,
  { now }: Moment,
): MultiPaxosStep {
  if (before.role.type !== "leader") return stay(before);
  const { ballot } = before.role;
  const accepted = accept(before, index, ballot, entry, context);
  const under = { acceptedBy: [], sentAt: now };
  const role = { ...before.role, open: { ...before.role.open, [index]: under } };
  const state: MultiPaxosState = { ...accepted.state, role };
  const { committed } = state;
  const message = { type: "accept", ballot, index, entry, committed } as const;
  const effects = [...accepted.effects, ...sendToOthers(state, message)];
  return andThen({ state, effects }, (next) => {
    return countAcceptance(next, next.setting.name, ballot, index, context);
  });
}

export function countAcceptance(
  before: MultiPaxosState,
  from: PeerId,
  ballot: Ballot,
  index: number,
  context: MultiPaxosContext,
): MultiPaxosStep {
  const { role } = before;
  if (role.type !== "leader" || !isSameBallot(role.ballot, ballot)) return stay(before);
  const under = role.open[index];
  if (under === undefined || under.acceptedBy.includes(from)) return stay(before);
  const acceptedBy = [...under.acceptedBy, from];
  const open = { ...role.open, [index]: { ...under, acceptedBy } };
  const state: MultiPaxosState = { ...before, role: { ...role, open } };
  const quorum = secondQuorumOf(state, context.options);
  if (acceptedBy.length < quorum) return stay(state);
  const step = commitWhile(state, context, (_, at) => {
    return (open[at]?.acceptedBy.length ?? 0) >= quorum;
  });
  return andThen(step, closeCommitted);
}

/** What is committed is not under way any more; members that missed it will ask. */
function closeCommitted(state: MultiPaxosState): MultiPaxosStep {
  const { role, committed } = state;
  if (role.type !== "leader") return stay(state);
  const open = Object.entries(role.open).filter(([index]) => Number(index) > committed);
  return stay({ ...state, role: { ...role, open: Object.fromEntries(open) } });
}

/** Keeps the others from standing, says what is committed, and asks again for what is late. */
export function beat(
  before: MultiPaxosState,
  { options }: MultiPaxosContext,
  { now }: Moment,
): MultiPaxosStep {
  const { role, committed } = before;
  if (role.type !== "leader") return stay(before);
  const { ballot } = role;
  const effects: MultiPaxosEffect[] = [
    ...sendToOthers(before, { type: "heartbeat", ballot, committed }),
  ];
  let open = role.open;
  // Whole numbers as keys come in their order: the oldest first.
  for (const [key, under] of Object.entries(role.open).slice(0, resentMax)) {
    const index = Number(key);
    const slot = slotAt(before.slots, index);
    if (slot === undefined || under.sentAt + options.resendMs > now) continue;
    open = { ...open, [index]: { ...under, sentAt: now } };
    const message = { type: "accept", ballot, index, entry: slot.entry, committed } as const;
    for (const to of othersOf(before.setting)) {
      if (!under.acceptedBy.includes(to)) effects.push({ type: "send", to, message });
    }
  }
  const timers = withTimer(before.timers, "heartbeat", now + options.heartbeatMs);
  return { state: { ...before, role: { ...role, open }, timers }, effects };
}
