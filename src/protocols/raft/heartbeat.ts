/** Heartbeats: a leader is there, and so is a follower (paper 5.2). */

import type { PeerId } from "../../primitives/brand.ts";
import { commitUpTo } from "./commitment.ts";
import { hearLeader } from "./following.ts";
import type { HeartbeatMessage, HeartbeatReplyMessage } from "./message.ts";
import { draftOf, progressOf, update } from "./progress.ts";
import { advanceReads } from "./reads.ts";
import { sendTo } from "./replication.ts";
import type { Turn } from "./turn.ts";

export function receiveHeartbeat(turn: Turn, from: PeerId, message: HeartbeatMessage): void {
  const { state } = turn;
  if (state.role === "leader") return;
  hearLeader(turn, from);
  commitUpTo(turn, Math.min(message.committed, state.log.last.index));
  answerHeartbeat(turn, from, message);
}

/** Also to a leader of an earlier term, which learns of the later one by it. */
export function answerHeartbeat(turn: Turn, to: PeerId, message: HeartbeatMessage): void {
  const { round, sentAt } = message;
  turn.send(to, { type: "heartbeat-reply", term: turn.state.term, round, sentAt });
}

export function receiveHeartbeatReply(
  turn: Turn,
  from: PeerId,
  message: HeartbeatReplyMessage,
): void {
  const progress = progressOf(turn, from);
  if (progress === undefined) return;
  const heard = draftOf(progress);
  heard.heardAt = turn.now;
  heard.isWaiting = false;
  heard.round = Math.max(progress.round, message.round);
  heard.roundSentAt = Math.max(progress.roundSentAt, message.sentAt);
  const isBehind = progress.stored < turn.state.log.last.index;
  update(turn, isBehind ? sendTo(turn, heard, "always") : heard);
  if (turn.state.reads.length > 0) advanceReads(turn);
}
