/** Repetition of what got lost, and help for replicas that missed something. */

import type { PeerId } from "../../primitives/brand.ts";
import type { KeyValueState } from "../process/key-value.ts";
import { othersOf } from "../process/process.ts";
import { commit, proposalIn, voteFor } from "./agreement.ts";
import { digestOfData, isCommittedProof, isStableProof } from "./certificate.ts";
import { stabilize } from "./checkpoint.ts";
import type { Committed, PbftMessage, Stable } from "./message.ts";
import { type CheckpointVote, learnedMax, openNumbers, resentMax } from "./state.ts";
import type { Turn } from "./turn.ts";
import { repeatViewChange } from "./view-change.ts";

/** What had no effect so far is sent again, and all others are asked for what is missing here. */
export function repeat(turn: Turn): void {
  const { state } = turn;
  if (state.isActive) {
    repeatPhases(turn);
    passOnRequests(turn);
  } else {
    repeatViewChange(turn);
  }
  for (const vote of ownCheckpoints(turn, state.stable.number)) {
    turn.sendToOthers({ type: "checkpoint", ...vote });
  }
  ask(turn);
  state.repeats += 1;
  state.isBehind = false;
}

function repeatPhases(turn: Turn): void {
  const { state } = turn;
  for (const number of openNumbers(state).slice(0, resentMax)) {
    const proposal = proposalIn(turn, number);
    if (proposal === undefined) continue;
    if (turn.isPrimary) turn.sendToOthers({ type: "pre-prepare", ...proposal });
    else {
      const vote = voteFor(turn, "prepare", proposal);
      turn.sendToOthers({ type: "prepare", proposed: proposal.signature, ...vote });
    }
    if (turn.slot(number).prepared?.view !== state.view) continue;
    turn.sendToOthers({ type: "commit", ...voteFor(turn, "commit", proposal) });
  }
}

/** The primary may not have been reached by the client. */
function passOnRequests(turn: Turn): void {
  if (turn.isPrimary) return;
  for (const { operation } of Object.values(turn.state.pending).slice(0, resentMax)) {
    turn.send(turn.primary, { type: "request", operation });
  }
}

function ownCheckpoints({ state, name }: Turn, low: number): readonly CheckpointVote[] {
  return state.checkpoints.filter(({ signer, number }) => signer === name && number > low);
}

function ask(turn: Turn): void {
  const { executed, stable, view, isActive } = turn.state;
  const known = isActive ? view : view - 1;
  const message = { number: executed + 1, low: stable.number, view: Math.max(0, known) };
  for (const to of othersOf(turn.state.setting)) turn.send(to, { type: "ask", ...message });
}

type Ask = Extract<PbftMessage, { readonly type: "ask" }>;

/** All that it sends proves itself, so who asks need not trust it. */
export function help(turn: Turn, from: PeerId, { number, low, view }: Ask): void {
  const { state } = turn;
  const { stable, stableData, newView } = state;
  if (newView !== undefined && newView.view > view) {
    turn.send(from, { type: "new-view", ...newView });
  }
  if (number <= stable.number) turn.send(from, { type: "state", stable, data: stableData });
  else if (low < stable.number) turn.send(from, { type: "stable", stable });
  for (const vote of ownCheckpoints(turn, Math.max(low, stable.number))) {
    turn.send(from, { type: "checkpoint", ...vote });
  }
  const committed = committedFrom(turn, Math.max(number, stable.number + 1));
  if (committed.length > 0) turn.send(from, { type: "learn", committed });
}

function committedFrom(turn: Turn, first: number): readonly Committed[] {
  const found: Committed[] = [];
  for (let number = first; found.length < learnedMax; number++) {
    const { committed } = turn.slot(number);
    if (committed === undefined) break;
    found.push(committed);
  }
  return found;
}

export function learn(turn: Turn, list: readonly Committed[]): void {
  for (const committed of list.slice(0, learnedMax)) {
    const { number } = committed;
    if (number <= turn.state.executed || number > turn.high) continue;
    if (turn.slot(number).committed !== undefined) continue;
    if (isCommittedProof(committed, turn.judge)) commit(turn, committed);
  }
}

/** A state that a quorum has reached takes the place of what led to it. */
export function install(turn: Turn, stable: Stable, data: KeyValueState): void {
  const { state } = turn;
  const { number, digest } = stable;
  if (number <= state.executed) return;
  if (!isStableProof(stable, turn.judge) || digestOfData(data) !== digest) return;
  state.executed = number;
  state.data = data;
  stabilize(turn, stable, data);
  dropAnswered(turn);
  turn.tell({ type: "installed", number });
}

function dropAnswered({ state }: Turn): void {
  const open = Object.entries(state.pending).filter(([client, { operation }]) => {
    return operation.id.number > (state.data.sessions[client]?.number ?? 0);
  });
  state.pending = Object.fromEntries(open);
}
