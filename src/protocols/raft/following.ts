/** What a process does that does not lead: follow a term, and be loyal to its leader. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { Turn } from "./turn.ts";

/** Becomes a follower, or stays one. @param leader undefined if it is not known yet. */
export function follow(turn: Turn, term: number, leader: PeerId | undefined): void {
  const { state } = turn;
  if (term > state.term) turn.setTermAndVote(term, undefined);
  state.leader = leader;
  if (state.role === "follower") return;
  if (state.role === "leader") {
    for (const { id } of state.reads) turn.redirect(id);
    state.reads = [];
    state.progress = [];
    state.transfer = undefined;
  }
  state.role = "follower";
  state.votes = [];
  turn.drawTimeout();
  turn.tell({ type: "role-changed", role: state.role, term: state.term });
}

/** A message of this term's leader came: begins the time-out again, and is loyal for a while. */
export function hearLeader(turn: Turn, leader: PeerId): void {
  const { state, now } = turn;
  if (state.role !== "follower") follow(turn, state.term, leader);
  state.leader = leader;
  state.heardAt = now;
  state.loyalUntil = (now + turn.options.electionTimeoutMsMin) as Elapsed;
  const vote = turn.rules.voteAfterLeaderSeen(state.votedFor);
  if (vote !== state.votedFor) turn.setTermAndVote(state.term, vote);
}

/** With checkQuorum: true while it leads, or has heard a leader within the least time-out. */
export function isLoyal({ state, options, now }: Turn): boolean {
  return options.checkQuorum && (state.role === "leader" || now < state.loyalUntil);
}
