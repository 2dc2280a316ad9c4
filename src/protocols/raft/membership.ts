/** Who votes, and who leads, at an operator's word: one member at a time (dissertation 3.10, 4). */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { advanceCommitted } from "./commitment.ts";
import { entryOf } from "./entry.ts";
import type { OperatorMessage } from "./message.ts";
import { newProgress, progressOf, update } from "./progress.ts";
import { replicate, sendTo } from "./replication.ts";
import { transferIfReady } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/** Only a leader does it; elsewhere, or while another change is not committed, it is dropped. */
export function obey(turn: Turn, message: OperatorMessage): void {
  if (turn.state.role !== "leader") return;
  if (message.type === "transfer") beginTransfer(turn, message.to);
  else changeMembers(turn, message.change, message.member);
}

/** Counts from the entry on, not from its commitment on: majorities of both overlap. */
function changeMembers(turn: Turn, change: "add" | "remove", member: PeerId): void {
  const { state, now } = turn;
  const { membersAt: changedAt, committed, termStart } = state;
  const hasCommittedInTerm = committed >= termStart;
  if (!turn.rules.mayChangeMembers({ changedAt, committed, hasCommittedInTerm })) return;
  if (state.members.includes(member) === (change === "add")) return;
  const others = state.members.filter((other) => other !== member);
  const members = change === "add" ? [...others, member] : others;
  if (members.length === 0) return;
  const next = state.log.last.index + 1;
  turn.append(entryOf(state.term, { type: "members", members }));
  const progress = state.progress.filter(({ name }) => name !== member);
  if (change === "add" && member !== turn.name) progress.push(newProgress(member, next, now));
  // A member that is removed gets the entry that says so.
  if (change === "remove") replicate(turn);
  state.progress = progress;
  replicate(turn);
  advanceCommitted(turn);
}

/** Asks the other to campaign once it has the whole log; meanwhile it takes no requests. */
function beginTransfer(turn: Turn, to: PeerId): void {
  const { state, now, options } = turn;
  const progress = progressOf(turn, to);
  if (progress === undefined) return;
  state.transfer = { to, until: (now + options.electionTimeoutMsMin) as Elapsed };
  turn.tell({ type: "transfer-began", to });
  if (!transferIfReady(turn, to)) update(turn, sendTo(turn, progress, "entries"));
}
