/** What is chosen is applied in order; what a member lacks it asks for. */

import type { PeerId } from "../../primitives/brand.ts";
import { type Ballot, isHigherBallot } from "../paxos/ballot.ts";
import type { Moment } from "../process/process.ts";
import { andThen, stay } from "../process/steps.ts";
import { snapshotFor } from "./acceptor.ts";
import type { Snapshot } from "./message.ts";
import {
  acceptedFrom,
  type NumberedSlot,
  type Slot,
  slotAt,
  slotsFrom,
  textOf,
  withSlot,
} from "./slots.ts";
import {
  learnedMax,
  type MultiPaxosContext,
  type MultiPaxosEffect,
  type MultiPaxosState,
  type MultiPaxosStep,
  patienceMax,
  persisting,
  slotRecord,
  snapshotRecords,
} from "./state.ts";

/** The leader says up to where all is chosen: true here of what was accepted in its own ballot. */
export function follow(
  state: MultiPaxosState,
  leader: Ballot,
  committed: number,
  context: MultiPaxosContext,
): MultiPaxosStep {
  return commitWhile(state, context, (slot, index) => {
    return index <= committed && context.rules.isChosen(slot, leader);
  });
}

/** Applies slot after slot, as long as the next one is there and chosen. */
export function commitWhile(
  before: MultiPaxosState,
  context: MultiPaxosContext,
  isChosen: (slot: Slot, index: number) => boolean,
): MultiPaxosStep {
  let state = before;
  const effects: MultiPaxosEffect[] = [];
  for (;;) {
    const index = state.committed + 1;
    const slot = slotAt(state.slots, index);
    if (slot === undefined || !isChosen(slot, index)) break;
    state = carryOut(state, index, slot, context, effects);
  }
  if (state === before) return stay(before);
  return andThen({ state, effects }, (next) => writeSnapshot(next, context));
}

/** Every member applies every entry, and the one that the client asked answers. */
function carryOut(
  before: MultiPaxosState,
  index: number,
  { entry }: Slot,
  { rules }: MultiPaxosContext,
  effects: MultiPaxosEffect[],
): MultiPaxosState {
  effects.push({ type: "news", news: { type: "committed", index, command: textOf(entry) } });
  if (entry.type === "no-op") return { ...before, committed: index };
  const applied = rules.carryOut(before.data, entry);
  const { client, number } = entry.id;
  const state = { ...before, committed: index, data: applied.state };
  if (!Object.hasOwn(before.waiting, client) || before.waiting[client] !== number) return state;
  effects.push({ type: "answer", id: entry.id, answer: applied.answer });
  const waiting = Object.entries(before.waiting).filter(([other]) => other !== client);
  return { ...state, waiting: Object.fromEntries(waiting) };
}

/** From time to time, so that log and disk stay short. */
function writeSnapshot(before: MultiPaxosState, { options }: MultiPaxosContext): MultiPaxosStep {
  const { committed, snapshotAt, slots } = before;
  if (committed - snapshotAt < options.snapshotEvery) return stay(before);
  const shortened = slotsFrom(slots, committed - options.slotsKept + 1);
  const state = { ...before, snapshotAt: committed, slots: shortened };
  return { state, effects: persisting(snapshotRecords(slots, state)) };
}

/**
 * Asks the leader for what it lacks, one question at a time: an answer is long, and on a slow link
 * every further one would come later still.
 */
export function ask(
  before: MultiPaxosState,
  leader: PeerId,
  { options }: MultiPaxosContext,
  { now }: Moment,
): MultiPaxosStep {
  const asked = before.role.type === "follower" ? before.role.asked : undefined;
  if (asked !== undefined && now < asked.until) return stay(before);
  const { resendMs } = options;
  const waitMs = Math.min((asked?.waitMs ?? resendMs / 2) * 2, resendMs * patienceMax);
  const until = (now + waitMs) as typeof now;
  const role = { type: "follower", leader, asked: { until, waitMs } } as const;
  const message = { type: "ask", from: before.committed + 1 } as const;
  return { state: { ...before, role }, effects: [{ type: "send", to: leader, message }] };
}

/** An answer came: a follower may ask again at once. */
export function answered(state: MultiPaxosState): MultiPaxosState {
  const { role } = state;
  if (role.type !== "follower" || role.asked === undefined) return state;
  const { leader } = role;
  return { ...state, role: { type: "follower", ...(leader !== undefined && { leader }) } };
}

/** What is chosen may be kept as accepted in the ballot that it comes with. */
export function learn(
  before: MultiPaxosState,
  chosen: readonly NumberedSlot[],
  context: MultiPaxosContext,
): MultiPaxosStep {
  const missing = chosen.filter(({ index }) => index > before.committed);
  const last = missing.at(-1)?.index ?? 0;
  let state = before;
  const known = new Set(missing.map(({ index }) => index));
  for (const { index, ballot, entry } of missing) {
    const own = slotAt(state.slots, index);
    const isLater = own !== undefined && isHigherBallot(own.ballot, ballot);
    const slot = { ballot: isLater ? own.ballot : ballot, entry };
    state = { ...state, slots: withSlot(state.slots, index, slot) };
  }
  const records = missing.flatMap(({ index }) => {
    const slot = slotAt(state.slots, index);
    return slot === undefined ? [] : [slotRecord(index, slot)];
  });
  const saved = persisting(context.rules.writesBeforeAnswer(records));
  return andThen({ state, effects: saved }, (next) => {
    return commitWhile(next, context, (_, index) => index <= last && known.has(index));
  });
}

export function install(before: MultiPaxosState, { index, data }: Snapshot): MultiPaxosStep {
  if (index <= before.committed) return stay(before);
  const slots = slotsFrom(before.slots, index + 1);
  const state = { ...before, committed: index, data, snapshotAt: index, slots };
  return { state, effects: persisting(snapshotRecords(before.slots, state)) };
}

/** A member that knows what is chosen helps one that does not. */
export function teach(state: MultiPaxosState, to: PeerId, from: number): MultiPaxosStep {
  const snapshot = snapshotFor(state, from);
  if (snapshot !== undefined) {
    return { state, effects: [{ type: "send", to, message: { type: "snapshot", snapshot } }] };
  }
  const last = Math.min(state.committed, from + learnedMax - 1);
  const chosen = acceptedFrom(state.slots, from, last);
  if (chosen.length === 0) return stay(state);
  return { state, effects: [{ type: "send", to, message: { type: "learn", chosen } }] };
}
