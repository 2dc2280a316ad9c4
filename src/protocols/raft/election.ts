/** Who leads: time-outs, votes, terms (paper 5.2, 5.4.1; dissertation 9.6 for the pre-vote). */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { majorityOf } from "../process/quorum.ts";
import { advanceCommitted } from "./commitment.ts";
import { entryOf } from "./entry.ts";
import { follow } from "./following.ts";
import type { VoteMessage, VoteReplyMessage } from "./message.ts";
import { newProgress } from "./progress.ts";
import { replicate } from "./replication.ts";
import { isMember } from "./state.ts";
import type { Turn } from "./turn.ts";

/** The election time-out has passed without a leader. */
export function timeOut(turn: Turn): void {
  turn.drawTimeout();
  if (!isMember(turn.state)) return;
  if (turn.options.preVote) askBefore(turn);
  else campaign(turn, { isTransfer: false });
}

/** Asks if it would win, in its old term: a process that was cut off disturbs no leader. */
function askBefore(turn: Turn): void {
  const { state } = turn;
  state.role = "pre-candidate";
  state.leader = undefined;
  state.loyalUntil = turn.now;
  turn.tell({ type: "role-changed", role: state.role, term: state.term });
  collectVotes(turn, { isPre: true, isTransfer: false });
}

/** Begins a term, votes for itself and asks all others. */
export function campaign(turn: Turn, { isTransfer }: { readonly isTransfer: boolean }): void {
  const { state } = turn;
  turn.setTermAndVote(state.term + 1, turn.name);
  turn.drawTimeout();
  state.role = "candidate";
  state.leader = undefined;
  state.loyalUntil = turn.now;
  turn.tell({ type: "role-changed", role: state.role, term: state.term });
  turn.tell({ type: "voted", candidate: turn.name, term: state.term });
  collectVotes(turn, { isPre: false, isTransfer });
}

function collectVotes(turn: Turn, kind: Pick<VoteMessage, "isPre" | "isTransfer">): void {
  const { state } = turn;
  const { index: lastIndex, term: lastTerm } = state.log.last;
  const term = kind.isPre ? state.term + 1 : state.term;
  state.votes = [{ from: turn.name, isGranted: true }];
  if (turn.rules.isElected(state.votes, state.members)) {
    win(turn, kind.isPre);
    return;
  }
  for (const member of state.members) {
    if (member === turn.name) continue;
    turn.send(member, { type: "vote", term, ...kind, lastIndex, lastTerm });
  }
}

function win(turn: Turn, isPre: boolean): void {
  if (isPre) campaign(turn, { isTransfer: false });
  else lead(turn);
}

/** The message's term is not below the own one; of a pre-vote it is the term to come. */
export function receiveVote(turn: Turn, from: PeerId, message: VoteMessage): void {
  const { state, rules } = turn;
  const { isPre, lastIndex, lastTerm } = message;
  const isNextTerm = isPre && message.term > state.term;
  const isFree = isNextTerm || rules.mayVoteFor(state.votedFor, state.leader, from);
  const last = { index: lastIndex, term: lastTerm };
  const isGranted = isFree && rules.isUpToDate(last, state.log.last);
  if (isGranted && !isPre) {
    turn.setTermAndVote(state.term, from);
    state.heardAt = turn.now;
    turn.tell({ type: "voted", candidate: from, term: state.term });
  }
  const term = isGranted && isPre ? message.term : state.term;
  turn.send(from, { type: "vote-reply", term, isPre, isGranted });
}

export function receiveVoteReply(turn: Turn, from: PeerId, message: VoteReplyMessage): void {
  const { state, rules } = turn;
  const { isPre, isGranted } = message;
  if (state.role !== (isPre ? "pre-candidate" : "candidate")) return;
  if (isPre && isGranted && message.term !== state.term + 1) return;
  state.votes = rules.withVote(state.votes, { from, isGranted });
  if (rules.isElected(state.votes, state.members)) win(turn, isPre);
  else if (isRefused(turn)) follow(turn, state.term, undefined);
}

/** So many have refused that the others are no majority. */
function isRefused({ state: { votes, members } }: Turn): boolean {
  const refusals = votes.filter((vote) => !vote.isGranted && members.includes(vote.from)).length;
  return members.length - refusals < majorityOf(members.length);
}

/**
 * Begins to lead: with an empty entry, as only an entry of the own term tells what is committed
 * (paper 5.4.2 and 8).
 */
function lead(turn: Turn): void {
  const { state, now } = turn;
  state.role = "leader";
  state.leader = turn.name;
  state.votes = [];
  state.hasLease = true;
  state.progress = state.members
    .filter((member) => member !== turn.name)
    .map((member) => newProgress(member, state.log.last.index + 1, now));
  state.heartbeatAt = (now + turn.options.heartbeatMs) as Elapsed;
  turn.tell({ type: "role-changed", role: state.role, term: state.term });
  turn.append(entryOf(state.term, { type: "empty" }));
  state.termStart = state.log.last.index;
  replicate(turn);
  advanceCommitted(turn);
}

/** A leader that has heard no majority for the least election time-out leads no more. */
export function checkQuorum(turn: Turn): void {
  const { state, now, options } = turn;
  const lately = now - options.electionTimeoutMsMin;
  const heard = state.progress.filter(({ heardAt }) => heardAt > lately).length;
  const count = heard + (isMember(state) ? 1 : 0);
  if (count >= majorityOf(state.members.length)) return;
  turn.tell({ type: "quorum-lost", term: state.term });
  follow(turn, state.term, undefined);
}
