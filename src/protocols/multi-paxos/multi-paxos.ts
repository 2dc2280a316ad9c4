/**
 * Multi-Paxos: a log that is the same everywhere, one decision of Paxos for each slot.
 *
 * The problem: clients of several members want one key-value store that survives crashes. The idea:
 * the store is what a log of commands makes of it, and slot i of the log is decided by Paxos. As the
 * first phase of Paxos does not depend on a value, one of them does for all slots: a member that
 * receives no heartbeats takes a higher ballot and asks for promises that hold for every slot. With
 * a quorum of promises it leads. It proposes again, under its ballot, whatever was accepted in slots
 * that it does not know to be chosen, and no-ops in the gaps between them; then each request of a
 * client costs one second phase only. What is chosen without a gap before it is applied, by every
 * member in the same order; the leader's later messages say up to where that is.
 *
 * A follower may trust that only for slots that it accepted in the leader's own ballot: what it has
 * from an older one may never have been chosen. For such slots it asks. Every so many slots members
 * write a snapshot and forget the slots before; who is far behind gets one.
 *
 * Clients number their requests: a request that comes again, also by way of another leader, is
 * applied once and answered the same. Reads go through the log like writes, so a leader that was
 * replaced without noticing cannot answer with old data.
 *
 * It promises state-machine safety (no two members apply different commands at an index) and with it
 * linearizability, whatever is lost, late or crashes, if the disk keeps what it took. It does not
 * promise progress: it needs a quorum of both phases, and time-outs longer than the network's
 * delays. The quorums q1 and q2 need not be majorities: it is enough that q1 + q2 > n (Flexible
 * Paxos).
 *
 * With n members: 2(n − 1) messages and two message delays for a command, heartbeats apart.
 *
 * @see Lamport, Paxos Made Simple, 2001, section 3; van Renesse and Altinbuken, Paxos Made
 *   Moderately Complex, 2015; Howard, Malkhi and Spiegelman, Flexible Paxos, 2016
 */

import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { type Ballot, describeBallot, isHigherBallot } from "../paxos/ballot.ts";
import {
  type Answer,
  apply,
  applyOnce,
  type Command,
  type RequestId,
  wasApplied,
} from "../process/key-value.ts";
import type { Moment, ProcessEvent } from "../process/process.ts";
import type { Protocol } from "../process/protocol.ts";
import { andThen, answering, stay, withWake } from "../process/steps.ts";
import { isDue } from "../process/timers.ts";
import { decodeJson, encodeJson, encodingOnce } from "../process/wire.ts";
import { accept, promise, refuse } from "./acceptor.ts";
import {
  beat,
  countAcceptance,
  countPromise,
  propose,
  stand,
  withElectionTimer,
} from "./leader.ts";
import { answered, ask, follow, install, learn, teach } from "./learner.ts";
import { describeMessage, type MultiPaxosMessage, readMessage } from "./message.ts";
import { type MultiPaxosRules, multiPaxosRules } from "./rules.ts";
import {
  type MultiPaxosContext,
  type MultiPaxosNews,
  type MultiPaxosOptions,
  type MultiPaxosState,
  type MultiPaxosStep,
  openMax,
  startMember,
  viewOf,
} from "./state.ts";

export type MultiPaxos = Protocol<MultiPaxosState, MultiPaxosMessage, MultiPaxosNews>;

const usual: MultiPaxosOptions = {
  heartbeatMs: 100,
  electionMs: 600,
  resendMs: 400,
  snapshotEvery: 100,
  slotsKept: 50,
};

export function multiPaxos(
  options: Partial<MultiPaxosOptions> = {},
  rules: MultiPaxosRules = multiPaxosRules,
): MultiPaxos {
  const context: MultiPaxosContext = { rules, options: { ...usual, ...options } };
  return {
    name: "multi-paxos",
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
  state: MultiPaxosState,
  event: ProcessEvent<MultiPaxosMessage>,
  moment: Moment,
  context: MultiPaxosContext,
): MultiPaxosStep {
  switch (event.type) {
    case "started":
      return stay(withElectionTimer(state, context, moment));
    case "requested":
      return request(state, event, context, moment);
    case "received":
      return receive(state, event.from, event.message, context, moment);
    case "woken":
      if (isDue(state.timers, "heartbeat", moment.now)) return beat(state, context, moment);
      return isDue(state.timers, "election", moment.now)
        ? stand(state, context, moment)
        : stay(state);
    case "malformed":
      return stay(state);
    default:
      return unreachable(event);
  }
}

function request(
  before: MultiPaxosState,
  { id, command }: { readonly id: RequestId; readonly command: Command },
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  const answerWith = (answer: Answer) => answering(before, id, answer);
  const { role, data, committed, waiting } = before;
  if (command.type === "propose") {
    return answerWith({ type: "aborted", reason: "a log decides no single value" });
  }
  if (role.type !== "leader") {
    const leader = role.type === "follower" ? role.leader : undefined;
    return answerWith({ type: "redirected", leader });
  }
  if (wasApplied(data, id)) return answerWith(applyOnce(data, id, command).answer);
  if (command.type === "read" && !context.rules.readsThroughLog()) {
    return answerWith(apply(data, command).answer);
  }
  if (Object.hasOwn(waiting, id.client) && waiting[id.client] === id.number) return stay(before);
  if (role.next - committed > openMax) {
    // Not "aborted": an earlier copy of the request may have a slot already.
    return answerWith({ type: "redirected", leader: undefined });
  }
  const state: MultiPaxosState = {
    ...before,
    role: { ...role, next: role.next + 1 },
    waiting: { ...waiting, [id.client]: id.number },
  };
  return propose(state, role.next, { type: "command", id, command }, context, moment);
}

function receive(
  state: MultiPaxosState,
  from: PeerId,
  message: MultiPaxosMessage,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  switch (message.type) {
    case "prepare": {
      const step = promise(state, from, message, context);
      if (step.state === state) return step;
      return { ...step, state: withElectionTimer(step.state, context, moment) };
    }
    case "promise":
      return countPromise(state, from, message, context, moment);
    case "refused":
      return stepDown(state, message.promised, context, moment);
    case "accept":
      return receiveAccept(state, from, message, context, moment);
    case "accepted":
      return countAcceptance(state, from, message.ballot, message.index, context);
    case "heartbeat":
      return receiveHeartbeat(state, from, message, context, moment);
    case "ask":
      return teach(state, from, message.from);
    case "learn":
      return learn(answered(state), message.chosen, context);
    case "snapshot":
      return install(answered(state), message.snapshot);
    default:
      return unreachable(message);
  }
}

/** There is a promise for a higher ballot: another member leads, or will. */
function stepDown(
  before: MultiPaxosState,
  promised: Ballot,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  const highestSeen = Math.max(before.highestSeen, promised.round);
  const { role } = before;
  if (role.type === "follower" || !isHigherBallot(promised, role.ballot)) {
    return stay({ ...before, highestSeen });
  }
  const state: MultiPaxosState = { ...before, highestSeen, role: { type: "follower" } };
  return stay(withElectionTimer(state, context, moment));
}

function receiveAccept(
  before: MultiPaxosState,
  from: PeerId,
  message: Extract<MultiPaxosMessage, { readonly type: "accept" }>,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  const { ballot, index, entry, committed } = message;
  if (!context.rules.mayAccept(ballot, before.promised)) return refuse(before, from, ballot);
  const state = withLeader(before, from, context, moment);
  const accepted = accept(state, index, ballot, entry, context);
  const answer = { type: "send", to: from, message: { type: "accepted", ballot, index } } as const;
  const step: MultiPaxosStep = { ...accepted, effects: [...accepted.effects, answer] };
  return andThen(step, (next) => follow(next, ballot, committed, context));
}

/** Also asks for what it lacks. A ballot that it has not promised it follows, without a promise. */
function receiveHeartbeat(
  before: MultiPaxosState,
  from: PeerId,
  message: Extract<MultiPaxosMessage, { readonly type: "heartbeat" }>,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosStep {
  const { ballot, committed } = message;
  if (isHigherBallot(before.promised, ballot)) return refuse(before, from, ballot);
  const step = follow(withLeader(before, from, context, moment), ballot, committed, context);
  return andThen(step, (state) => {
    return state.committed >= committed ? stay(state) : ask(state, from, context, moment);
  });
}

function withLeader(
  before: MultiPaxosState,
  leader: PeerId,
  context: MultiPaxosContext,
  moment: Moment,
): MultiPaxosState {
  const { role } = before;
  const isKnown = role.type === "follower" && role.leader === leader;
  const state: MultiPaxosState = isKnown
    ? before
    : { ...before, role: { type: "follower", leader } };
  return withElectionTimer(state, context, moment);
}

function tell(news: MultiPaxosNews): string {
  switch (news.type) {
    case "promised":
      return `promises ${describeBallot(news.ballot)}`;
    case "leads":
      return `leads with ballot ${describeBallot(news.ballot)}, ${news.noOps} no-ops`;
    case "committed":
      return `applies slot ${news.index}: ${news.command}`;
    default:
      return unreachable(news);
  }
}
