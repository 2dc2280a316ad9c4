/** The three phases: a number is proposed, prepared and committed, and then its operation is carried out. */

import type { PeerId } from "../../primitives/brand.ts";
import { applyOnce, wasApplied } from "../process/key-value.ts";
import { digestOf, isAsked, isProposal, phaseText } from "./certificate.ts";
import { takeCheckpoint } from "./checkpoint.ts";
import {
  type Committed,
  type Operation,
  type Prepared,
  type Proposal,
  textOf,
  type Vote,
} from "./message.ts";
import { pendingMax, type Request, slotRecord, votesMax } from "./state.ts";
import type { Turn } from "./turn.ts";

/** A client asks, itself or by way of a backup. What was carried out is only answered again. */
export function request(turn: Turn, operation: Request): void {
  const { state } = turn;
  const { id, command } = operation;
  if (!isAsked(operation, (...signed) => turn.verify(...signed))) return;
  if (command.type === "propose") {
    turn.answer(id, { type: "aborted", reason: "a log decides no single value" });
    return;
  }
  if (wasApplied(state.data, id)) {
    const isLast = state.data.sessions[id.client]?.number === id.number;
    if (isLast) turn.answer(id, applyOnce(state.data, id, command).answer);
    return;
  }
  const known = Object.hasOwn(state.pending, id.client) ? state.pending[id.client] : undefined;
  if (known !== undefined && known.operation.id.number >= id.number) return;
  if (known === undefined && Object.keys(state.pending).length >= pendingMax) return;
  const pending = { operation, digest: digestOf(operation) };
  state.pending = { ...state.pending, [id.client]: pending };
}

/** A primary gives the next numbers to all that waits, as far as there is room in the log. */
export function order(turn: Turn): void {
  const { state } = turn;
  const waiting = Object.values(state.pending);
  if (waiting.length === 0 || !state.isActive || !turn.isPrimary) return;
  const ordered = new Set(proposalsIn(turn).map(({ digest }) => digest));
  for (const { operation, digest } of waiting) {
    if (ordered.has(digest)) continue;
    if (state.next > turn.high) return;
    propose(turn, operation, digest);
  }
}

function propose(turn: Turn, operation: Operation, digest: string): void {
  const { view, next: number } = turn.state;
  turn.state.next += 1;
  const signature = turn.sign(phaseText("pre-prepare", { view, number, digest }));
  const proposal = { view, number, digest, operation, signature };
  accept(turn, proposal);
  turn.sendToOthers({ type: "pre-prepare", ...proposal });
  tryPrepare(turn, number);
}

/** Takes a proposal of this view; a backup says so to all. */
export function accept(turn: Turn, proposal: Proposal): void {
  const { view, number } = proposal;
  const slot = { ...turn.slot(number), proposal };
  turn.setSlot(number, slot);
  turn.write(slotRecord(number, slot));
  turn.tell({ type: "pre-prepared", view, number });
  if (turn.isPrimary) return;
  const vote = voteFor(turn, "prepare", proposal);
  addVote(turn, "prepare", vote);
  turn.sendToOthers({ type: "prepare", proposed: proposal.signature, ...vote });
}

export function voteFor(turn: Turn, phase: "prepare" | "commit", proposal: Proposal): Vote {
  const { view, number, digest } = proposal;
  const signature = turn.sign(phaseText(phase, proposal));
  return { view, number, digest, signer: turn.name, signature };
}

/** True if this view's log has room for the number; else others may be further. */
function isInWindow(turn: Turn, number: number): boolean {
  if (number > turn.high) turn.state.isBehind = true;
  return number > turn.state.stable.number && number <= turn.high;
}

export function receiveProposal(turn: Turn, proposal: Proposal): void {
  const { state } = turn;
  const { view, number, digest } = proposal;
  if (view < state.view || !isProposal(proposal, turn.judge)) return;
  if (view > state.view) state.isBehind = true;
  if (view !== state.view || !state.isActive || turn.isPrimary) return;
  if (!isInWindow(turn, number)) return;
  const accepted = proposalIn(turn, number);
  if (accepted !== undefined && accepted.digest !== digest) {
    turn.accuse(turn.primary, "pre-prepare", accepted, proposal);
  }
  if (!turn.rules.mayAccept(proposal, accepted) || accepted?.digest === digest) return;
  accept(turn, proposal);
  tryPrepare(turn, number);
}

/** What was accepted in this view, in the order of the numbers. */
export function proposalsIn({ state }: Turn): readonly Proposal[] {
  return state.slots.flatMap(({ proposal }) => (proposal?.view === state.view ? [proposal] : []));
}

/** What was accepted for a number in this view. */
export function proposalIn(turn: Turn, number: number): Proposal | undefined {
  const { proposal } = turn.slot(number);
  return proposal?.view === turn.state.view ? proposal : undefined;
}

/** @param proposed with a prepare: the primary's signature under what was proposed to its sender. */
export function receiveVote(
  turn: Turn,
  phase: "prepare" | "commit",
  vote: Vote,
  proposed?: string,
): void {
  const { state } = turn;
  if (vote.signer === turn.name || !turn.members.includes(vote.signer)) return;
  if (vote.view < state.view || vote.number <= state.stable.number) return;
  if (!turn.verify(vote.signer, phaseText(phase, vote), vote.signature)) return;
  if (vote.view > state.view) state.isBehind = true;
  if (!isInWindow(turn, vote.number)) return;
  if (proposed !== undefined) compareProposals(turn, vote, proposed);
  if (!addVote(turn, phase, vote)) return;
  if (vote.view !== state.view || !state.isActive) return;
  if (phase === "prepare") tryPrepare(turn, vote.number);
  else tryCommit(turn, vote.number);
}

/** If the primary signed something else for another backup, there is evidence. */
function compareProposals(turn: Turn, { view, number, digest }: Vote, signature: string): void {
  const accepted = proposalIn(turn, number);
  if (accepted === undefined || accepted.view !== view || accepted.digest === digest) return;
  const other = { view, number, digest, signature };
  if (!turn.verify(turn.primary, phaseText("pre-prepare", other), signature)) return;
  turn.accuse(turn.primary, "pre-prepare", accepted, other);
}

/** @returns false if it was known, or the signer has said too much. */
function addVote(turn: Turn, phase: "prepare" | "commit", vote: Vote): boolean {
  const slot = turn.slot(vote.number);
  const votes = phase === "prepare" ? slot.prepares : slot.commits;
  const own = votes.filter(({ signer }) => signer === vote.signer);
  const same = own.filter(({ view }) => view === vote.view);
  if (same.some(({ digest }) => digest === vote.digest)) return false;
  const [other] = same;
  if (other !== undefined) turn.accuse(vote.signer, phase, other, vote);
  if (own.length >= votesMax) return false;
  const more = [...votes, vote];
  const key = phase === "prepare" ? "prepares" : "commits";
  turn.setSlot(vote.number, { ...slot, [key]: more });
  return true;
}

function matching(votes: readonly Vote[], { view, digest }: Proposal): readonly Vote[] {
  return votes.filter((vote) => vote.view === view && vote.digest === digest);
}

/** Enough backups accepted the same: no other operation can be prepared for it in this view. */
export function tryPrepare(turn: Turn, number: number): void {
  const proposal = proposalIn(turn, number);
  if (proposal === undefined) return;
  const slot = turn.slot(number);
  if (isPreparedAs(slot.prepared, proposal)) return;
  const votes = matching(slot.prepares, proposal).filter(({ signer }) => signer !== turn.primary);
  if (!turn.rules.isPrepared(votes.length, turn.quorum)) return;
  const prepared = { ...proposal, prepares: votes.map(signedBy) };
  turn.setSlot(number, { ...slot, prepared });
  turn.write(slotRecord(number, turn.slot(number)));
  turn.tell({ type: "prepared", view: proposal.view, number });
  const vote = voteFor(turn, "commit", proposal);
  addVote(turn, "commit", vote);
  turn.sendToOthers({ type: "commit", ...vote });
  tryCommit(turn, number);
}

function isPreparedAs(prepared: Prepared | undefined, { view, digest }: Proposal): boolean {
  return prepared?.view === view && prepared.digest === digest;
}

/** A quorum has prepared it: a change of the view cannot lose it any more. */
export function tryCommit(turn: Turn, number: number): void {
  const slot = turn.slot(number);
  const proposal = proposalIn(turn, number);
  if (slot.committed !== undefined) return;
  if (proposal === undefined || !isPreparedAs(slot.prepared, proposal)) {
    noteMissed(turn, slot.commits);
    return;
  }
  const votes = matching(slot.commits, proposal);
  if (!turn.rules.isCommitted(votes.length, turn.quorum)) return;
  const { view, digest, operation } = proposal;
  commit(turn, { view, number, digest, operation, commits: votes.map(signedBy) });
}

/** Others have committed what is not prepared here: it asks for it. */
function noteMissed(turn: Turn, commits: readonly Vote[]): void {
  const [last] = commits.slice(-1);
  if (last === undefined) return;
  const count = commits.filter(({ view, digest }) => view === last.view && digest === last.digest);
  if (count.length >= turn.quorum) turn.state.isBehind = true;
}

function signedBy({ signer, signature }: Vote): { signer: PeerId; signature: string } {
  return { signer, signature };
}

/** What is committed is carried out as soon as all before it is. */
export function commit(turn: Turn, committed: Committed): void {
  const { number } = committed;
  turn.setSlot(number, { ...turn.slot(number), committed });
  for (;;) {
    const next = turn.slot(turn.state.executed + 1).committed;
    if (next === undefined) return;
    carryOut(turn, next);
  }
}

/** Every replica answers the client, who waits for equal answers of f + 1. */
function carryOut(turn: Turn, { number, operation }: Committed): void {
  const { state } = turn;
  state.executed = number;
  state.fruitless = 0;
  turn.tell({ type: "committed", number, command: textOf(operation) });
  if (operation.type === "request") {
    const applied = turn.rules.carryOut(state.data, operation);
    state.data = applied.state;
    turn.answer(operation.id, applied.answer);
    forget(turn, operation);
  }
  if (number % turn.options.checkpointEvery === 0) takeCheckpoint(turn);
}

function forget({ state }: Turn, { id }: Request): void {
  const known = Object.hasOwn(state.pending, id.client) ? state.pending[id.client] : undefined;
  if (known === undefined || known.operation.id.number > id.number) return;
  const others = Object.entries(state.pending).filter(([client]) => client !== id.client);
  state.pending = Object.fromEntries(others);
}

/** A new life: its own votes follow from what it has on disk. */
export function resume(turn: Turn): void {
  for (const { number } of proposalsIn(turn)) {
    // A checkpoint that became stable on the way may have dropped it.
    const proposal = proposalIn(turn, number);
    if (proposal === undefined) continue;
    if (!turn.isPrimary) addVote(turn, "prepare", voteFor(turn, "prepare", proposal));
    if (isPreparedAs(turn.slot(number).prepared, proposal)) {
      addVote(turn, "commit", voteFor(turn, "commit", proposal));
      tryCommit(turn, number);
    } else {
      tryPrepare(turn, number);
    }
  }
}
