/**
 * Two-phase commit: a change is made by all members or by none.
 *
 * The problem: a transaction changes data in several places, any of which may refuse or crash, and
 * it must not be done in one and undone in another. The idea: the first member coordinates. It asks
 * all others to prepare; each locks the key, writes its vote to disk and sends it. If all say yes,
 * the coordinator writes the commit to disk, with the change itself, and then tells the others and
 * the client; if one says no or is late, it tells them to abort. A participant that voted yes waits
 * for the outcome, however long that takes: it is in doubt, its key stays locked, and `blocked`
 * names the transaction.
 *
 * Abort is presumed: the coordinator writes no outcome but commits, and forgets a commit once everyone
 * has acknowledged it, so what it does not know was aborted. After a restart it says so at once. What
 * it writes of an abort is which request it has answered so, or a late copy of that request would
 * begin another transaction. A
 * participant in doubt asks the coordinator from time to time; with `termination: "ask-others"` it
 * asks the other participants as well. One that knows the outcome tells it, and one that has not
 * voted decides to abort; if all that can be reached are in doubt, they stay blocked (cooperative
 * termination). So what blocks is not that the coordinator fails after some have committed, as
 * line 57 of the essay says, but that no member which can be reached knows the outcome.
 *
 * Every member has all data. Each answers reads from its own copy, unless the key is locked there:
 * a write needs the yes of every member, so a copy without a lock has missed none ("read one, write
 * all"). Requests that change something go to the coordinator; two at once on one key abort one of
 * them, no lock is waited for, and so there is no deadlock.
 *
 * It promises atomicity whatever crashes or is lost (AC1 to AC5), and with it linearizability. It
 * does not promise progress: while any member is down nothing can be written, and while the
 * coordinator is down what is in doubt stays locked.
 *
 * With n participants apart from the coordinator: 4n messages, decided after two message delays,
 * acknowledged after four.
 *
 * @see Gray, Notes on Data Base Operating Systems, 1978; Bernstein, Hadzilacos and Goodman,
 *   Concurrency Control and Recovery in Database Systems, 1987, chapter 7 (AC1 to AC5, cooperative
 *   termination); Mohan, Lindsay and Obermarck, Transaction Management in the R* Distributed
 *   Database Management System, 1986 (presumed abort)
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
import {
  answerDoubt,
  begin,
  countAcknowledgement,
  countVote,
  giveUp,
  resend,
  startCoordinator,
} from "./coordinator.ts";
import { type CommitMessage, describeMessage, nameOf, readMessage } from "./message.ts";
import { followRecovery, learn, prepare } from "./participant.ts";
import { type CommitRules, commitRules } from "./rules.ts";
import {
  type CommitContext,
  type CommitNews,
  type CommitOptions,
  type CommitState,
  type CommitStep,
  type CommitTimer,
  coordinatorOf,
  isCoordinator,
  isKeyLocked,
  isLocked,
  startMember,
  viewOf,
} from "./state.ts";
import { helpOther, resolveDoubt, startParticipant } from "./termination.ts";

export type TwoPhaseCommit = Protocol<CommitState, CommitMessage, CommitNews>;

const usual: CommitOptions = { termination: "wait", voteMs: 1000, resendMs: 1000, askMs: 1000 };

export function twoPhaseCommit(
  options: Partial<CommitOptions> = {},
  rules: CommitRules = commitRules,
): TwoPhaseCommit {
  const context: CommitContext = { rules, options: { ...usual, ...options } };
  const asks = context.options.termination === "ask-others";
  return {
    name: asks ? "two-phase-commit-cooperative" : "two-phase-commit",
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
  state: CommitState,
  event: ProcessEvent<CommitMessage>,
  now: Elapsed,
  context: CommitContext,
): CommitStep {
  switch (event.type) {
    case "started":
      return isCoordinator(state)
        ? startCoordinator(state, context, now)
        : startParticipant(state, context, now);
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
  state: CommitState,
  { id, command }: { readonly id: RequestId; readonly command: Command },
  context: CommitContext,
  now: Elapsed,
): CommitStep {
  const answerWith = (answer: Answer) => answering(state, id, answer);
  if (command.type === "propose") {
    return answerWith({ type: "aborted", reason: "two-phase commit decides no single value" });
  }
  const reason = `${command.key} is locked by a transaction`;
  if (command.type === "read") {
    const value = valueAt(state.data, command.key);
    return answerWith(
      isKeyLocked(state, command.key) ? { type: "aborted", reason } : { type: "read", value },
    );
  }
  if (!isCoordinator(state)) {
    return answerWith({ type: "redirected", leader: coordinatorOf(state.setting) });
  }
  if (wasApplied(state.data, id)) return answerWith(applyOnce(state.data, id, command).answer);
  if (isOpen(state, id)) return stay(state);
  if (isRefused(state.refusals, id)) {
    return answerWith({ type: "aborted", reason: "it was aborted before" });
  }
  if (isLocked(state, { id, command })) return refuse(state, id, reason);
  return begin(state, { id, command }, context, now);
}

function isOpen({ open }: CommitState, id: RequestId): boolean {
  return Object.values(open).some(({ transaction }) => {
    return isSameRequest(transaction.id, id);
  });
}

function receive(
  state: CommitState,
  from: PeerId,
  message: CommitMessage,
  context: CommitContext,
  now: Elapsed,
): CommitStep {
  switch (message.type) {
    case "prepare":
      return prepare(state, message, context, now);
    case "vote":
      return countVote(state, { ...message, from }, context, now);
    case "commit":
    case "abort":
      return learn(state, message.number, message.type);
    case "acknowledge":
      return countAcknowledgement(state, from, message.number, context);
    case "ask":
      return isCoordinator(state)
        ? answerDoubt(state, from, message.number, context)
        : helpOther(state, from, message.number, context);
    case "recovered":
      return followRecovery(state, message, context);
    default:
      return unreachable(message);
  }
}

function wakeUp(state: CommitState, context: CommitContext, now: Elapsed): CommitStep {
  const names = Object.keys(state.timers) as CommitTimer[];
  let next: CommitStep = stay(state);
  for (const name of names.filter((timer) => isDue(state.timers, timer, now))) {
    const [kind, number] = [name.split(" ")[0], Number(name.split(" ")[1])];
    next = andThen(next, (reached) => {
      if (kind === "vote") return giveUp(reached, number);
      if (kind === "resend") return resend(reached, number, context, now);
      return resolveDoubt(reached, number, context, now);
    });
  }
  return next;
}

function tell(news: CommitNews): string {
  switch (news.type) {
    case "voted":
      return `votes ${news.isYes ? "yes" : "no"} for ${nameOf(news.number)}`;
    case "decided":
      return `${news.outcome}s ${nameOf(news.number)}`;
    default:
      return unreachable(news);
  }
}
