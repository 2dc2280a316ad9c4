/**
 * Practical Byzantine fault tolerance: a log that is the same at all honest replicas, although up to
 * f of n ≥ 3f + 1 replicas do and say whatever they like.
 *
 * The problem: who counts votes can be lied to, and who leads may tell each replica something else.
 * The idea: what counts is signed, a decision takes a quorum of ⌈(n + f + 1)/2⌉ replicas, and any
 * two quorums share an honest one. Views number the primaries, who take turns. The primary gives
 * the next number to a client's signed request and proposes it to all (pre-prepare). Backups that
 * accept it, one for each number and view, say so to all (prepare). With a quorum of them it is
 * prepared: nothing else can be prepared for this number in this view. All say that, too (commit),
 * and with a quorum of commits it is carried out, number by number. The third phase is for the
 * change of the view: a quorum that has prepared it will not let a later view forget it.
 *
 * A replica whose work makes no progress leaves the view, and shows what it has prepared, with
 * proofs. With a quorum of such view changes the next primary proposes again what was prepared,
 * and no-ops in the gaps between; what follows from the view changes every backup computes itself.
 * Each view without success doubles the wait, so one will last long enough.
 *
 * Every K operations replicas sign the digest of their data. A checkpoint that a quorum signed is
 * stable: the log begins behind it, and has at most 2K numbers. Who is further behind takes over
 * the state, who lacks a few operations is sent them with their commits: both prove themselves.
 *
 * Clients sign and number their requests, ask all replicas, and accept what f + 1 of them answer
 * alike. A request that is ordered twice is carried out once. Reads are ordered like writes.
 *
 * It promises that honest replicas carry out the same operations in the same order, and with it
 * linearizability, if at most f replicas are byzantine, no one forges signatures, and disks keep
 * what they took. It promises progress only while messages arrive in a time that does not grow for
 * ever. With n replicas a request costs 2n(n − 1) messages between them and three delays.
 *
 * Beyond the paper: a prepare shows the primary's signature, so that who was proposed something
 * else has evidence; and replicas that miss something ask for it.
 *
 * @see Castro & Liskov, Practical Byzantine Fault Tolerance, OSDI 1999, section 4
 */

import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Moment, ProcessEvent } from "../process/process.ts";
import type { Protocol } from "../process/protocol.ts";
import { stay, withWake } from "../process/steps.ts";
import { isDue } from "../process/timers.ts";
import { decodeJson, encodeJson, encodingOnce } from "../process/wire.ts";
import { order, receiveProposal, receiveVote, request, resume } from "./agreement.ts";
import { help, install, learn, repeat } from "./catch-up.ts";
import { receiveCheckpoint, receiveStable } from "./checkpoint.ts";
import { describeMessage, type PbftMessage, readMessage } from "./message.ts";
import { type PbftNews, tell } from "./news.ts";
import { type PbftRules, pbftRules } from "./rules.ts";
import { type PbftOptions, type PbftState, startReplica, viewOf } from "./state.ts";
import { type PbftContext, type PbftStep, Turn } from "./turn.ts";
import { giveUpView, leaveFor, receiveNewView, receiveViewChange } from "./view-change.ts";

export type Pbft = Protocol<PbftState, PbftMessage, PbftNews>;

const usual: PbftOptions = { checkpointEvery: 10, progressMs: 1_000, resendMs: 400 };

export function pbft(options: Partial<PbftOptions> = {}, rules: PbftRules = pbftRules): Pbft {
  const context: PbftContext = { rules, options: { ...usual, ...options } };
  return {
    name: "pbft",
    start: (setting, disk) => startReplica(setting, disk, context.options),
    step: (state, event, moment) => {
      return withWake(state, event, stepOf(state, event, moment, context));
    },
    encode: encodingOnce(encodeJson),
    decode: (bytes) => decodeJson(bytes, readMessage),
    view: viewOf,
    tell,
    describe: describeMessage,
    answersNeeded: (count) => rules.answersNeeded(count),
    evidenceIn: (news) => (news.type === "equivocation" ? news.evidence : undefined),
  };
}

function stepOf(
  state: PbftState,
  event: ProcessEvent<PbftMessage>,
  moment: Moment,
  context: PbftContext,
): PbftStep {
  if (event.type === "malformed") return stay(state);
  const turn = new Turn(state, context, moment);
  switch (event.type) {
    case "started":
      begin(turn);
      break;
    case "requested": {
      const { id, command, signature = "" } = event;
      request(turn, { type: "request", id, command, signature });
      break;
    }
    case "received":
      receive(turn, event.from, event.message);
      break;
    case "woken":
      wake(turn, moment);
      break;
    default:
      return unreachable(event);
  }
  order(turn);
  return turn.finish();
}

/** What it said in an earlier life it says again: a crash is no reason to say anything else. */
function begin(turn: Turn): void {
  if (turn.state.isActive) resume(turn);
  else leaveFor(turn, turn.state.view);
}

function wake(turn: Turn, { now }: Moment): void {
  const { timers } = turn.state;
  const [isLate, isRepeating] = [isDue(timers, "progress", now), isDue(timers, "resend", now)];
  if (isRepeating) {
    turn.stopTimer("resend");
    repeat(turn);
  }
  if (isLate) giveUpView(turn);
}

function receive(turn: Turn, from: PeerId, message: PbftMessage): void {
  switch (message.type) {
    case "request":
      if (message.operation.type === "request") request(turn, message.operation);
      return;
    case "pre-prepare":
      receiveProposal(turn, withoutType(message));
      return;
    case "prepare": {
      const { proposed, ...vote } = message;
      receiveVote(turn, "prepare", withoutType(vote), proposed);
      return;
    }
    case "commit":
      receiveVote(turn, "commit", withoutType(message));
      return;
    case "checkpoint":
      receiveCheckpoint(turn, withoutType(message));
      return;
    case "view-change":
      receiveViewChange(turn, withoutType(message));
      return;
    case "new-view":
      receiveNewView(turn, withoutType(message));
      return;
    case "ask":
      help(turn, from, message);
      return;
    case "learn":
      learn(turn, message.committed);
      return;
    case "stable":
      receiveStable(turn, message.stable);
      return;
    case "state":
      install(turn, message.stable, message.data);
      return;
    default:
      unreachable(message);
  }
}

function withoutType<T extends { readonly type: string }>({ type: _, ...rest }: T) {
  return rest;
}
