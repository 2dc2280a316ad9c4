/**
 * Three-phase commit: two-phase commit with a phase in between, so that no crash blocks.
 *
 * The problem: in two-phase commit a participant that voted yes cannot tell whether the coordinator
 * has committed or aborted before it crashed. The idea: between votes and commit the coordinator
 * lets all know that all said yes ("pre-commit") and waits until they are ready. So while one member
 * is still uncertain, none has committed. When nothing comes any more, the member of the lowest rank
 * takes over: it collects how far those that answer are. If one has committed or aborted, all do the
 * same; if one is pre-committed it makes the others ready and commits; if all are uncertain it
 * aborts. If it crashes as well, the next one takes over. A member that crashed does not decide when
 * it is back: it asks. Only if all have crashed, and all are back, do they decide from their disks.
 *
 * Silence is taken for a crash. That is right only if the network is synchronous: every message
 * arrives within half of `roundMs`. Then it promises atomicity and that no member that is up stays
 * blocked. If the network parts, or a message is lost or late, it promises nothing: the side with a
 * pre-committed member commits, the other side aborts.
 *
 * Locks, reads, presumed abort of what the coordinator does not know and the numbers of transactions
 * are those of two-phase commit. With n participants apart from the coordinator: 6n messages, decided
 * after four message delays, acknowledged after six.
 *
 * @see Skeen, Nonblocking Commit Protocols, 1981; Bernstein, Hadzilacos and Goodman, Concurrency
 *   Control and Recovery in Database Systems, 1987, section 7.5
 */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import {
  type Answer,
  applyOnce,
  type Command,
  isSameRequest,
  type RequestId,
  valueAt,
  wasApplied,
} from "../process/key-value.ts";
import type { ProcessEvent } from "../process/process.ts";
import type { Protocol } from "../process/protocol.ts";
import { isRefused, refuse } from "../process/refusals.ts";
import { andThen, answering, stay, withWake } from "../process/steps.ts";
import { isDue } from "../process/timers.ts";
import { decodeJson, encodeJson, encodingOnce } from "../process/wire.ts";
import { nameOf } from "../two-phase-commit/message.ts";
import {
  begin,
  countAcknowledgement,
  countAnswer,
  endPhase,
  resend,
  startCoordinator,
} from "./coordinator.ts";
import { describeMessage, readMessage, type ThreePhaseMessage } from "./message.ts";
import { getReady, learn, prepare } from "./participant.ts";
import { type ThreePhaseRules, threePhaseRules } from "./rules.ts";
import {
  decide,
  isCoordinator,
  isLocked,
  startMember,
  type ThreePhaseContext,
  type ThreePhaseNews,
  type ThreePhaseOptions,
  type ThreePhaseState,
  type ThreePhaseStep,
  type ThreePhaseTimer,
  viewOf,
} from "./state.ts";
import { collect, endRound, recover, takeOver, tellStage } from "./termination.ts";

export type ThreePhaseCommit = Protocol<ThreePhaseState, ThreePhaseMessage, ThreePhaseNews>;

const usual: ThreePhaseOptions = { roundMs: 400 };

export function threePhaseCommit(
  options: Partial<ThreePhaseOptions> = {},
  rules: ThreePhaseRules = threePhaseRules,
): ThreePhaseCommit {
  const context: ThreePhaseContext = { rules, options: { ...usual, ...options } };
  return {
    name: "three-phase-commit",
    start: startMember,
    step: (state, event, moment) => {
      return withWake(state, event, stepOf(state, event, moment.now, context));
    },
    encode: encodingOnce(encodeJson),
    decode: (bytes) => decodeJson(bytes, readMessage),
    view: viewOf,
    tell,
    describe: describeMessage,
  };
}

function stepOf(
  state: ThreePhaseState,
  event: ProcessEvent<ThreePhaseMessage>,
  now: Elapsed,
  context: ThreePhaseContext,
): ThreePhaseStep {
  switch (event.type) {
    case "started": {
      const first: ThreePhaseStep = isCoordinator(state)
        ? startCoordinator(state, context, now)
        : stay(state);
      return andThen(first, (next) => recover(next, context, now));
    }
    case "requested":
      return request(state, event, context, now);
    case "received":
      return receive(state, event.from, event.message, context, now);
    case "woken":
      return wakeUp(state, context, now);
    case "malformed":
      return stay(state);
    default:
      return unreachable(event);
  }
}

function request(
  state: ThreePhaseState,
  { id, command }: { readonly id: RequestId; readonly command: Command },
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const answerWith = (answer: Answer) => answering(state, id, answer);
  if (command.type === "propose") {
    return answerWith({ type: "aborted", reason: "three-phase commit decides no single value" });
  }
  const reason = `${command.key} is locked by a transaction`;
  if (command.type === "read") {
    const value = valueAt(state.data, command.key);
    return answerWith(
      isLocked(state, command.key) ? { type: "aborted", reason } : { type: "read", value },
    );
  }
  if (!isCoordinator(state)) {
    return answerWith({ type: "redirected", leader: state.setting.members[0] });
  }
  if (wasApplied(state.data, id)) return answerWith(applyOnce(state.data, id, command).answer);
  const isOpen = Object.values(state.undecided).some(({ transaction }) => {
    return isSameRequest(transaction.id, id);
  });
  if (isOpen) return stay(state);
  if (isRefused(state.refusals, id)) {
    return answerWith({ type: "aborted", reason: "it was aborted before" });
  }
  if (isLocked(state, command.key, id.client)) return refuse(state, id, reason);
  return begin(state, { id, command }, context, now);
}

function receive(
  state: ThreePhaseState,
  from: PeerId,
  message: ThreePhaseMessage,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const { number } = message;
  switch (message.type) {
    case "prepare":
      return prepare(state, from, message, context, now);
    case "vote":
      return message.isYes
        ? countAnswer(state, { from, number, phase: "voting" }, context, now)
        : countNo(state, number, context, now);
    case "pre-commit":
      return getReady(state, from, number, context, now);
    case "ready":
      return countAnswer(state, { from, number, phase: "pre-committing" }, context, now);
    case "commit":
    case "abort":
      return learn(state, number, message.type, context, now);
    case "acknowledge":
      return countAcknowledgement(state, from, number);
    case "collect":
      return tellStage(state, from, message, context, now);
    case "stage":
      return collect(state, from, message, context, now);
    default:
      return unreachable(message);
  }
}

/** A participant said no, which only counts while votes are open. */
function countNo(
  state: ThreePhaseState,
  number: number,
  context: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  if (state.open[number]?.phase !== "voting") return stay(state);
  return decide(state, number, "abort", context, now);
}

function wakeUp(state: ThreePhaseState, context: ThreePhaseContext, now: Elapsed): ThreePhaseStep {
  const names = Object.keys(state.timers) as ThreePhaseTimer[];
  let next: ThreePhaseStep = stay(state);
  for (const name of names) {
    const [kind, number] = [name.split(" ")[0], Number(name.split(" ")[1])];
    next = andThen(next, (reached) => {
      if (!isDue(reached.timers, name, now)) return stay(reached);
      if (kind === "resend") return resend(reached, number, context, now);
      if (kind === "silence") return takeOver(reached, number, context, now);
      const isOwn = reached.open[number] !== undefined;
      return isOwn
        ? endPhase(reached, number, context, now)
        : endRound(reached, number, context, now);
    });
  }
  return next;
}

function tell(news: ThreePhaseNews): string {
  switch (news.type) {
    case "voted":
      return `votes ${news.isYes ? "yes" : "no"} for ${nameOf(news.number)}`;
    case "took-over":
      return `asks how far the others are with ${nameOf(news.number)}`;
    case "decided":
      return `${news.outcome}s ${nameOf(news.number)}`;
    default:
      return unreachable(news);
  }
}
