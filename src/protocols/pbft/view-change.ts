/** The change of a view: members leave it with what they have prepared, and the next primary goes on from there. */

import { accept, tryPrepare } from "./agreement.ts";
import {
  isNewViewProof,
  isViewChange,
  newViewText,
  phaseText,
  primaryOf,
  viewChangeText,
} from "./certificate.ts";
import { adopt } from "./checkpoint.ts";
import type { NewView, Prepared, Proposal, Renewed, Stable, ViewChange } from "./message.ts";
import type { Choice, PbftRules } from "./rules.ts";
import { emptySlot, viewRecord } from "./state.ts";
import type { Turn } from "./turn.ts";

/** Takes no part in its view any more, and shows what it has prepared so far. */
export function leaveFor(turn: Turn, view: number): void {
  const { state } = turn;
  if (view > state.view) state.fruitless += 1;
  state.view = view;
  state.isActive = false;
  turn.stopTimer("progress");
  turn.write(viewRecord(state));
  const prepared = turn.rules.shows(preparedIn(turn));
  const content = { view, stable: state.stable, prepared };
  const signature = turn.sign(viewChangeText(content));
  const viewChange: ViewChange = { ...content, signer: turn.name, signature };
  turn.tell({ type: "left-view", view, prepared: prepared.length });
  turn.sendToOthers({ type: "view-change", ...viewChange });
  keep(turn, viewChange);
  tryEnter(turn);
}

function preparedIn({ state }: Turn): readonly Prepared[] {
  return state.slots.flatMap(({ prepared }) => (prepared ? [prepared] : []));
}

function keep({ state }: Turn, viewChange: ViewChange): void {
  state.viewChanges = { ...state.viewChanges, [viewChange.signer]: viewChange };
}

export function receiveViewChange(turn: Turn, viewChange: ViewChange): void {
  const { state } = turn;
  const { view, signer } = viewChange;
  if (signer === turn.name || view < state.view) return;
  if (view === state.view && state.isActive) return;
  const known = state.viewChanges[signer];
  if (known !== undefined && known.view >= view) return;
  if (!isViewChange(viewChange, turn.judge)) return;
  keep(turn, viewChange);
  followOthers(turn);
  tryEnter(turn);
}

/** When more members than may be byzantine want later views, one of them is honest: it goes along. */
function followOthers(turn: Turn): void {
  const later = Object.values(turn.state.viewChanges)
    .map(({ view }) => view)
    .filter((view) => view > turn.state.view);
  if (later.length > turn.rules.tolerated(turn.members.length)) {
    leaveFor(turn, Math.min(...later));
  }
}

/**
 * With a quorum of view changes the next primary begins. The wait for it is not for ever: it begins
 * when a quorum wants this view or a later one, for who wants a later one sends nothing for this one
 * any more.
 */
function tryEnter(turn: Turn): void {
  const { state } = turn;
  if (state.isActive) return;
  const wanted = Object.values(state.viewChanges).filter(({ view }) => view >= state.view);
  if (wanted.length >= turn.quorum && !turn.hasTimer("progress")) turn.startProgressTimer();
  const viewChanges = wanted.filter(({ view }) => view === state.view);
  if (viewChanges.length < turn.quorum || !turn.isPrimary) return;
  const { choices } = renewalOf(viewChanges, turn.rules);
  const proposals = choices.map(({ number, digest }) => {
    const { view } = state;
    const signature = turn.sign(phaseText("pre-prepare", { view, number, digest }));
    return { number, digest, signature };
  });
  const content = { view: state.view, viewChanges, proposals };
  const newView = { ...content, signature: turn.sign(newViewText(content)) };
  turn.sendToOthers({ type: "new-view", ...newView });
  enter(turn, newView);
}

export type Renewal = {
  /** The highest checkpoint that is shown: what is before it needs no proposal. */
  readonly low: Stable;
  readonly choices: readonly (Choice & { readonly number: number })[];
};

/** What a new view goes on with; it follows from the view changes alone, so everyone can compute it. */
export function renewalOf(
  viewChanges: readonly ViewChange[],
  rules: Pick<PbftRules, "choice">,
): Renewal {
  const stables = viewChanges.map(({ stable }) => stable);
  const low = stables.reduce((highest, each) => (each.number > highest.number ? each : highest));
  const shown = viewChanges.flatMap(({ prepared }) => prepared);
  const last = Math.max(low.number, ...shown.map(({ number }) => number));
  const choices: (Choice & { number: number })[] = [];
  for (let number = low.number + 1; number <= last; number++) {
    const choice = rules.choice(shown.filter((each) => each.number === number));
    if (choice) choices.push({ number, digest: choice.digest, operation: choice.operation });
  }
  return { low, choices };
}

export function receiveNewView(turn: Turn, newView: NewView): void {
  const { state } = turn;
  const { view } = newView;
  if (view < state.view || (view === state.view && state.isActive)) return;
  if (primaryOf(view, turn.members) === turn.name) return;
  if (!isNewViewProof(newView, turn.judge)) return;
  const { choices } = renewalOf(newView.viewChanges, turn.rules);
  if (!turn.rules.isRenewal(newView.proposals, choices)) return;
  if (!newView.proposals.every((each) => isSigned(turn, view, each))) return;
  state.view = view;
  enter(turn, newView);
}

function isSigned(turn: Turn, view: number, { number, digest, signature }: Renewed): boolean {
  const text = phaseText("pre-prepare", { view, number, digest });
  return turn.verify(primaryOf(view, turn.members), text, signature);
}

/** Begins a view: what was proposed again goes through all phases once more. */
function enter(turn: Turn, newView: NewView): void {
  const { state } = turn;
  const { view } = newView;
  const { low } = renewalOf(newView.viewChanges, turn.rules);
  const proposals = proposalsOf(newView);
  state.isActive = true;
  state.newView = newView;
  state.isBehind = false;
  state.repeats = 0;
  turn.stopTimer("progress");
  turn.stopTimer("resend");
  dropOldVotes(turn);
  adopt(turn, low);
  const last = Math.max(low.number, ...proposals.map(({ number }) => number));
  state.next = Math.max(last, state.stable.number) + 1;
  const later = Object.entries(state.viewChanges).filter(([, each]) => each.view > view);
  state.viewChanges = Object.fromEntries(later);
  turn.write(viewRecord(state));
  turn.tell({ type: "entered-view", view, leads: turn.isPrimary });
  for (const proposal of proposals) {
    const { number } = proposal;
    if (number <= state.stable.number || number > turn.high) continue;
    accept(turn, proposal);
    tryPrepare(turn, number);
  }
}

/** With their operations, which the view changes bring along. */
function proposalsOf({ view, viewChanges, proposals }: NewView): readonly Proposal[] {
  const noOp: Pick<Proposal, "operation"> = { operation: { type: "no-op" } };
  const shown = viewChanges.flatMap(({ prepared }) => prepared);
  return proposals.map(({ number, digest, signature }) => {
    const { operation } = shown.find((each) => each.digest === digest) ?? noOp;
    return { view, number, digest, operation, signature };
  });
}

function dropOldVotes({ state }: Turn): void {
  const isKept = ({ view }: { readonly view: number }) => view >= state.view;
  state.slots = state.slots.map((slot) => {
    if (slot === emptySlot) return slot;
    const [prepares, commits] = [slot.prepares.filter(isKept), slot.commits.filter(isKept)];
    return { ...slot, prepares, commits };
  });
}

/** Sends again that it wants the next view. */
export function repeatViewChange(turn: Turn): void {
  const own = turn.state.viewChanges[turn.name];
  if (own !== undefined) turn.sendToOthers({ type: "view-change", ...own });
}

/** What it waits for does not come: neither an operation in this view, nor the next view. */
export function giveUpView(turn: Turn): void {
  leaveFor(turn, turn.state.view + 1);
}
