/**
 * Paxos: several members decide one value, once, for ever.
 *
 * The problem: any member may propose a value and crash half-way, and messages are lost, late,
 * doubled or out of order; still no two members may ever hold different values to be decided. The
 * idea: proposals have numbers (ballots) of which no two proposers share one. In the first phase a
 * proposer asks all acceptors for the promise to accept nothing under a lower ballot; each says with
 * its promise what it has accepted so far. Once a majority has promised, the proposer must propose
 * the value of the highest ballot among these answers, and only if there is none its own. In the
 * second phase acceptors accept that, unless they have promised a higher ballot meanwhile. What a
 * majority has accepted under one ballot is chosen. Any two majorities share an acceptor, so every
 * later ballot learns in its first phase of what may have been chosen, and proposes it again: ballots
 * win, not values. Promises and acceptances are on disk before they are sent.
 *
 * A refusal names the highest ballot; the refused proposer waits at random and tries a higher one.
 * Every member is proposer, acceptor and learner at once and counts itself without a message.
 *
 * It promises agreement and validity (what is decided was proposed) under any crash, loss and delay,
 * and that a value which is chosen stays chosen. It does not promise that anything is ever decided:
 * two proposers can refuse each other again and again (Fischer, Lynch and Paterson say that some
 * such run always exists); random waiting makes that improbable. It needs a majority alive.
 *
 * With n members and one proposer: 4(n − 1) messages, decided there after four message delays. The
 * others learn it from n − 1 more, or from a question.
 *
 * @see Lamport, The Part-Time Parliament, 1998; Lamport, Paxos Made Simple, 2001
 */

import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { type Answer, type Command, isSameRequest, type RequestId } from "../process/key-value.ts";
import type { Moment, ProcessEvent } from "../process/process.ts";
import type { Protocol } from "../process/protocol.ts";
import { andThen, answering, stay, withWake } from "../process/steps.ts";
import { isDue, withTimer } from "../process/timers.ts";
import { decodeJson, encodeJson, encodingOnce } from "../process/wire.ts";
import { accept, promise } from "./acceptor.ts";
import { describeBallot } from "./ballot.ts";
import { answerQuestion, askNext, decide } from "./learner.ts";
import { describeMessage, type PaxosMessage, readMessage } from "./message.ts";
import { backOff, countAcceptance, countPromise, prepare } from "./proposer.ts";
import { type PaxosRules, paxosRules } from "./rules.ts";
import {
  type PaxosContext,
  type PaxosNews,
  type PaxosOptions,
  type PaxosState,
  type PaxosStep,
  startMember,
  viewOf,
} from "./state.ts";

export type Paxos = Protocol<PaxosState, PaxosMessage, PaxosNews>;

const usual: PaxosOptions = {
  proposer: "asked",
  announces: true,
  retryMs: 1000,
  backoffMs: 500,
  askMs: 1000,
};

export function paxos(options: Partial<PaxosOptions> = {}, rules: PaxosRules = paxosRules): Paxos {
  const context: PaxosContext = { rules, options: { ...usual, ...options } };
  return {
    name: "paxos",
    start: startMember,
    step: (state, event, moment) => {
      return withWake(state, event, stepOf(state, event, moment, context));
    },
    encode: encodingOnce(encodeJson),
    decode: (bytes) => decodeJson(bytes, readMessage),
    view: viewOf,
    tell,
    describe: describeMessage,
  };
}

function stepOf(
  state: PaxosState,
  event: ProcessEvent<PaxosMessage>,
  moment: Moment,
  context: PaxosContext,
): PaxosStep {
  switch (event.type) {
    case "started":
      return stay(withQuestion(state, moment, context));
    case "requested":
      return request(state, event, context, moment);
    case "received":
      return receive(state, event.from, event.message, context, moment);
    case "woken":
      return wakeUp(state, context, moment);
    case "malformed":
      return stay(state);
    default:
      return unreachable(event);
  }
}

function request(
  before: PaxosState,
  { id, command }: { readonly id: RequestId; readonly command: Command },
  context: PaxosContext,
  moment: Moment,
): PaxosStep {
  const answerWith = (answer: Answer) => answering(before, id, answer);
  if (command.type !== "propose") {
    return answerWith({ type: "aborted", reason: "Paxos decides one value and keeps no keys" });
  }
  const { decision, setting } = before;
  if (decision !== undefined) return answerWith({ type: "decided", value: decision.value });
  const [first] = setting.members;
  if (context.options.proposer === "first" && first !== setting.name) {
    return answerWith({ type: "redirected", leader: first });
  }
  const state: PaxosState = {
    ...before,
    own: before.own ?? { value: command.value },
    waiting: before.waiting.some((other) => isSameRequest(other, id))
      ? before.waiting
      : [...before.waiting, id],
  };
  return state.proposal === undefined ? prepare(state, context, moment) : stay(state);
}

function receive(
  state: PaxosState,
  from: PeerId,
  message: PaxosMessage,
  context: PaxosContext,
  moment: Moment,
): PaxosStep {
  switch (message.type) {
    case "prepare":
      return promise(state, from, message.ballot, context);
    case "promise":
      return countPromise(state, from, message, context);
    case "accept":
      return andThen(accept(state, from, message, context), (next) => {
        return stay(withQuestion(next, moment, context));
      });
    case "accepted":
      return countAcceptance(state, from, message.ballot, context);
    case "refused":
      return backOff(state, message, context, moment);
    case "decided":
      return decide(state, message.value);
    case "ask":
      return answerQuestion(state, from);
    default:
      return unreachable(message);
  }
}

/** What it has accepted may be decided: it asks for that after a while. */
function withQuestion(state: PaxosState, { now }: Moment, { options }: PaxosContext): PaxosState {
  const { acceptor, decision, timers } = state;
  if (acceptor.accepted === undefined || decision !== undefined) return state;
  if (timers.ask !== undefined) return state;
  return { ...state, timers: withTimer(timers, "ask", now + options.askMs) };
}

function wakeUp(state: PaxosState, context: PaxosContext, moment: Moment): PaxosStep {
  const { now } = moment;
  const isRetry = isDue(state.timers, "retry", now);
  const isQuestion = isDue(state.timers, "ask", now);
  const step: PaxosStep = isRetry ? prepare(state, context, moment) : stay(state);
  return isQuestion ? andThen(step, (next) => askNext(next, context, moment)) : step;
}

function tell(news: PaxosNews): string {
  switch (news.type) {
    case "promised":
      return `promises ${describeBallot(news.ballot)}`;
    case "accepted":
      return `accepts ${JSON.stringify(news.value)} in ${describeBallot(news.ballot)}`;
    case "decided":
      return `learns that ${JSON.stringify(news.value)} is decided`;
    default:
      return unreachable(news);
  }
}
