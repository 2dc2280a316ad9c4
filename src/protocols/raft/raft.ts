/**
 * Raft: several processes agree on one log of commands, and so hold equal copies of one store.
 *
 * The problem: a store must survive the crash of any minority of its processes, and look like one
 * copy that never goes back. Messages may be lost, doubled, late and out of order; processes stop
 * and start again from their disks; none lies.
 *
 * The idea: in each term at most one leader, elected by a majority; only it adds entries. A vote
 * goes, once a term, to a candidate whose log is at least as up to date as the voter's. As an entry
 * is committed once a majority stores it, and two majorities share a process, each later leader has
 * it. A leader makes followers' logs equal to its own: each message names the entry before those
 * it carries, a follower refuses what does not fit, and the leader goes back until it does. It
 * counts replicas only for entries of its own term, which commit all before them (Figure 8 of the
 * paper shows why); so it begins its term with an empty entry.
 *
 * What it promises, always: one leader a term at the most; leaders only append; logs with an equal
 * entry are equal up to it; a later leader has all that is committed; no two processes apply
 * different entries at one place. So reads and writes are linearizable, and a request that comes
 * twice is carried out once. When a majority can talk for a few time-outs, it also answers.
 *
 * What it does not: answer at the side of a minority; tolerate a process that lies, or a disk that
 * forgets; keep reads linearizable with the option `local`, or with `lease` if clocks drift by more
 * than was said. A snapshot goes in one message, so the store must fit into one.
 *
 * Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, 2014 (the paper);
 * Ongaro, Consensus: Bridging Theory and Practice, 2014 (the dissertation): pre-vote 9.6, check of
 * the quorum 6.2, reads 6.4, sessions 6.3, single-server changes 4, transfer 3.10.
 */

import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Command, RequestId } from "../process/key-value.ts";
import type { Moment, ProcessEvent } from "../process/process.ts";
import type { LogCell, ProcessView, Protocol } from "../process/protocol.ts";
import { noDecisions, nothingBlocked, remembering } from "../process/shared-view.ts";
import { advanceCommitted } from "./commitment.ts";
import { campaign, checkQuorum, receiveVote, receiveVoteReply, timeOut } from "./election.ts";
import { asStored, entryOf } from "./entry.ts";
import { follow, isLoyal } from "./following.ts";
import { answerHeartbeat, receiveHeartbeat, receiveHeartbeatReply } from "./heartbeat.ts";
import { entriesOf, type Log } from "./log.ts";
import { obey } from "./membership.ts";
import { decodeMessage, encodeMessage, type PeerMessage, type RaftMessage } from "./message.ts";
import { describeMessage, type RaftNews, tellNews } from "./news.ts";
import { checkOptions, defaultRaftOptions, type RaftOptions } from "./options.ts";
import { beginRound, read } from "./reads.ts";
import {
  answerEarlierLeader,
  receiveAppend,
  receiveAppendReply,
  receiveSnapshot,
  replicate,
} from "./replication.ts";
import { rulesWithoutSessions } from "./rules.ts";
import { type Draft, isMember, type RaftState, startingState } from "./state.ts";
import { raftTiming } from "./timing.ts";
import { type RaftStep, Turn } from "./turn.ts";

export type RaftProtocol = Protocol<RaftState, RaftMessage, RaftNews>;

/** @throws RangeError if the options cannot work together. */
export function raft(chosen: Partial<RaftOptions> = {}): RaftProtocol {
  const merged = checkOptions({ ...defaultRaftOptions, ...chosen });
  const rules = merged.sessions ? merged.rules : { ...merged.rules, ...rulesWithoutSessions };
  const options = { ...merged, rules };
  return {
    name: "raft",
    start: (setting, disk) => startingState(setting, disk, options),
    step: (state, event, moment) => step(state, event, moment, options),
    encode: encodeMessage,
    decode: decodeMessage,
    view: viewOf,
    timing: raftTiming,
    tell: tellNews,
    describe: describeMessage,
  };
}

function step(
  state: RaftState,
  event: ProcessEvent<RaftMessage>,
  moment: Moment,
  options: RaftOptions,
): RaftStep {
  if (event.type === "malformed") return { state, effects: [] };
  const turn = new Turn(state, options, moment);
  switch (event.type) {
    case "started":
      begin(turn);
      break;
    case "woken":
      wake(turn);
      break;
    case "requested":
      request(turn, event.id, event.command);
      break;
    case "received":
      receive(turn, event.from, event.message);
      break;
    default:
      unreachable(event);
  }
  return turn.finish();
}

/** With leases: it may have promised a leader in its last life to elect no other. */
function begin(turn: Turn): void {
  turn.drawTimeout();
  const { now, options, state } = turn;
  if (options.reads !== "lease") return;
  state.loyalUntil = (now + options.electionTimeoutMsMin) as typeof now;
}

function wake(turn: Turn): void {
  const { state, now } = turn;
  state.wakeAt = undefined;
  if (state.role !== "leader") {
    if (now >= state.heardAt + state.timeoutMs) timeOut(turn);
    return;
  }
  if (now < state.heartbeatAt) return;
  if (state.transfer !== undefined && now >= state.transfer.until) state.transfer = undefined;
  if (turn.options.checkQuorum) checkQuorum(turn);
  if (turn.state.role === "leader") beginRound(turn);
}

function request(turn: Turn, id: RequestId, command: Command): void {
  const { state, options } = turn;
  if (state.role !== "leader" || state.transfer !== undefined) {
    turn.redirect(id);
    return;
  }
  if (state.waiting.length + state.reads.length >= options.waitingMax) {
    // Not "aborted": an earlier copy of the request may be in the log already.
    turn.answer(id, { type: "redirected", leader: undefined });
    return;
  }
  if (command.type === "read" && options.reads !== "log") {
    read(turn, id, command.key);
    return;
  }
  turn.append(asStored(entryOf(state.term, { type: "command", id, command })));
  const { index, term } = state.log.last;
  state.waiting = [...state.waiting, { id, index, term }];
  replicate(turn);
  advanceCommitted(turn);
}

function receive(turn: Turn, from: PeerId, message: RaftMessage): void {
  if (message.type === "transfer" || message.type === "change-members") {
    obey(turn, message);
    return;
  }
  const { rules, state } = turn;
  if (message.term > state.term) {
    if (message.type === "vote" && !message.isTransfer && isLoyal(turn)) return;
    if (beginsTerm(message) && rules.adoptsLaterTerm(state.role)) {
      follow(turn, message.term, undefined);
    }
  } else if (message.term < state.term) {
    const isCounted =
      message.type === "vote-reply" && rules.isVoteCurrent(state.term, message.term);
    if (!isCounted) {
      answerEarlier(turn, from, message);
      return;
    }
  }
  receiveCurrent(turn, from, message);
}

/** A pre-vote, asked for or granted, has the term to come, which may never begin. */
function beginsTerm(message: PeerMessage): boolean {
  if (message.type === "vote") return !message.isPre;
  if (message.type === "vote-reply") return !(message.isPre && message.isGranted);
  return true;
}

/** A message of an earlier term counts no more; who asked or led learns the later term. */
function answerEarlier(turn: Turn, to: PeerId, message: PeerMessage): void {
  if (!turn.rules.answersEarlier(message)) return;
  const { term } = turn.state;
  if (message.type === "vote") {
    turn.send(to, { type: "vote-reply", term, isPre: message.isPre, isGranted: false });
  }
  if (message.type === "heartbeat") answerHeartbeat(turn, to, message);
  if (message.type === "append" || message.type === "snapshot") answerEarlierLeader(turn, to);
}

function receiveCurrent(turn: Turn, from: PeerId, message: PeerMessage): void {
  switch (message.type) {
    case "vote":
      receiveVote(turn, from, message);
      return;
    case "vote-reply":
      receiveVoteReply(turn, from, message);
      return;
    case "append":
      receiveAppend(turn, from, message);
      return;
    case "append-reply":
      receiveAppendReply(turn, from, message);
      return;
    case "heartbeat":
      receiveHeartbeat(turn, from, message);
      return;
    case "heartbeat-reply":
      receiveHeartbeatReply(turn, from, message);
      return;
    case "snapshot":
      receiveSnapshot(turn, from, message);
      return;
    case "campaign":
      if (turn.state.role !== "follower" || !isMember(turn.state)) return;
      campaign(turn, { isTransfer: true });
      return;
    default:
      unreachable(message);
  }
}

const cellsOf = remembering((log: Log): readonly LogCell[] => entriesOf(log));

function viewOf({ role, term, votedFor, log, committed, applied }: RaftState): ProcessView {
  const view: Draft<ProcessView> = {
    role,
    era: term,
    isLeader: role === "leader",
    log: { firstIndex: log.base.index + 1, cells: cellsOf(log), committed, applied },
    decisions: noDecisions,
    blocked: nothingBlocked,
  };
  if (votedFor !== undefined) view.votedFor = votedFor;
  return view;
}
