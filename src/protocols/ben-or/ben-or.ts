/**
 * Ben-Or: several members decide one bit, and where they are tied each tosses a coin.
 *
 * The problem: no deterministic protocol decides in every run if one member may crash and messages
 * may take any time (Fischer, Lynch and Paterson). The idea: leave the tie to chance. In each round
 * every member reports its bit to all and waits for the reports of all but t, its own among them; t
 * is how many may be down, less than half. If more than half of all members report one bit, it
 * proposes that one, else nothing; so no round has proposals of both. Again it waits for all but t.
 * More than t proposals of a bit decide it: then everyone who waits for all but t receives one
 * at least, and takes it over into the next round, where all report the same. Who receives none
 * tosses a coin for its next bit. Sooner or later enough coins fall alike.
 *
 * A member that no client asks takes over the first bit that it receives. Messages may be lost:
 * who has waited says again what it said, and is told again. What is said is on disk before.
 *
 * It promises agreement and validity (what is decided was proposed) under any crash, loss and delay,
 * and, if less than half are down, an end with probability 1: not within any bound. With all bits
 * alike it is one round, 2n(n − 1) messages. Where coins fall independently and the worst schedule
 * is chosen, the mean is 1 + 2^(n−1) rounds: all must fall alike. Later protocols share one coin.
 *
 * Against byzantine members, of which there may be f < n/5, other thresholds are needed: it waits
 * for n − f; proposes what more than (n + f)/2 report; decides what more than (n + f)/2 propose;
 * takes over what f + 1 propose. And a "decided" would have to come from f + 1.
 *
 * @see Ben-Or, Another Advantage of Free Choice: Completely Asynchronous Agreement Protocols, 1983;
 *   Aguilera & Toueg, The Correctness Proof of Ben-Or's Randomized Consensus Algorithm, 2012
 */

import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { type Command, isSameRequest, type RequestId, type Value } from "../process/key-value.ts";
import { type Moment, othersOf, type ProcessEvent } from "../process/process.ts";
import type { Protocol } from "../process/protocol.ts";
import { andThen, answering, stay, withWake } from "../process/steps.ts";
import { isDue, withTimer } from "../process/timers.ts";
import { decodeJson, encodeJson } from "../process/wire.ts";
import {
  type BenOrMessage,
  type Bit,
  describeMessage,
  readMessage,
  type RoundMessage,
} from "./message.ts";
import { type BenOrRules, benOrRules } from "./rules.ts";
import {
  type BenOrContext,
  type BenOrEffect,
  type BenOrNews,
  type BenOrOptions,
  type BenOrState,
  type BenOrStep,
  decisionRecord,
  heardIn,
  messagesOf,
  type Said,
  saidRecord,
  startMember,
  viewOf,
  withHeard,
  withoutOver,
} from "./state.ts";

export type BenOr = Protocol<BenOrState, BenOrMessage, BenOrNews>;

const usual: BenOrOptions = { againMs: 1000 };

export function benOr(options: Partial<BenOrOptions> = {}, rules: BenOrRules = benOrRules): BenOr {
  const context: BenOrContext = { rules, options: { ...usual, ...options } };
  return {
    name: "ben-or",
    start: startMember,
    step: (state, event, moment) => {
      return withWake(state, event, stepOf(state, event, moment, context));
    },
    encode: encodeJson,
    decode: (bytes) => decodeJson(bytes, readMessage),
    view: viewOf,
    tell,
    describe: describeMessage,
  };
}

function stepOf(
  state: BenOrState,
  event: ProcessEvent<BenOrMessage>,
  moment: Moment,
  context: BenOrContext,
): BenOrStep {
  switch (event.type) {
    case "started":
      return stay(withAlarm(state, moment, context));
    case "requested":
      return request(state, event, context, moment);
    case "received":
      return receive(state, event.from, event.message, context, moment);
    case "woken":
      return isDue(state.timers, "again", moment.now)
        ? sayAgain(state, context, moment)
        : stay(state);
    case "malformed":
      return stay(state);
    default:
      return unreachable(event);
  }
}

function request(
  before: BenOrState,
  { id, command }: { readonly id: RequestId; readonly command: Command },
  context: BenOrContext,
  moment: Moment,
): BenOrStep {
  const { decision } = before;
  const bit = command.type === "propose" ? bitOf(command.value) : undefined;
  if (bit === undefined) {
    const reason = "Ben-Or's protocol decides a bit: propose 0 or 1";
    return answering(before, id, { type: "aborted", reason });
  }
  if (decision !== undefined) {
    return answering(before, id, { type: "decided", value: decision.bit });
  }
  const isKnown = before.waiting.some((other) => isSameRequest(other, id));
  const state = isKnown ? before : { ...before, waiting: [...before.waiting, id] };
  return state.said.length === 0 ? beginRound(state, bit, context, moment) : stay(state);
}

function bitOf(value: Value): Bit | undefined {
  return value === 0 || value === 1 ? value : undefined;
}

function receive(
  before: BenOrState,
  from: PeerId,
  message: BenOrMessage,
  context: BenOrContext,
  moment: Moment,
): BenOrStep {
  if (message.type === "decided") return decide(before, message.bit);
  const { decision } = before;
  if (decision !== undefined) {
    const effects = message.isAgain ? [sending(from, { type: "decided", bit: decision.bit })] : [];
    return { state: before, effects };
  }
  const heard = withHeard(before, from, message);
  const isFirst = heard.said.length === 0 && message.bit !== null;
  const step = isFirst
    ? beginRound(heard, message.bit, context, moment)
    : goOn(heard, context, moment);
  if (!message.isAgain) return step;
  return andThen(step, (state) => ({ state, effects: repeat(state, from, message) }));
}

/** What it said itself in the step that the other waits in, if it has come to that. */
function repeat(state: BenOrState, to: PeerId, asked: RoundMessage): readonly BenOrEffect[] {
  const said = messagesOf(state, asked.round).filter(({ type }) => type === asked.type);
  return said.map((message) => sending(to, message));
}

function beginRound(
  before: BenOrState,
  bit: Bit,
  context: BenOrContext,
  moment: Moment,
): BenOrStep {
  const round = before.said.length + 1;
  const said = [...before.said, { report: bit }];
  const state = { ...before, said, heard: withoutOver(before, round) };
  const step = say(withAlarm(state, moment, context), { type: "reported", round, bit });
  return andThen(step, (next) => goOn(next, context, moment));
}

/** Does what it has heard enough for. */
function goOn(state: BenOrState, context: BenOrContext, moment: Moment): BenOrStep {
  const { setting, said, decision } = state;
  const own = said.at(-1);
  if (own === undefined || decision !== undefined) return stay(state);
  const count = setting.members.length;
  const heard = heardIn(state, said.length);
  const [reports, proposals] = [Object.values(heard.report), Object.values(heard.proposal)];
  const enough = context.rules.enoughOf(count);
  if (own.proposal === undefined) {
    if (reports.length < enough) return stay(state);
    const bit = context.rules.bitToPropose(reports, count) ?? null;
    const next = { ...state, said: said.with(-1, { ...own, proposal: bit }) };
    const step = say(next, { type: "proposed", round: said.length, bit });
    return andThen(step, (reached) => goOn(reached, context, moment));
  }
  return proposals.length < enough ? stay(state) : endRound(state, proposals, context, moment);
}

/** Decides, or takes a bit into the next round. */
function endRound(
  state: BenOrState,
  proposals: readonly (Bit | null)[],
  context: BenOrContext,
  moment: Moment,
): BenOrStep {
  const { setting, said } = state;
  const bits = proposals.filter((bit) => bit !== null);
  const [proposed] = bits;
  if (proposed !== undefined && context.rules.isDecided(bits.length, setting.members.length)) {
    return andThen(decide(state, proposed), (next) => {
      const message = { type: "decided", bit: proposed } as const;
      return { state: next, effects: othersOf(setting).map((to) => sending(to, message)) };
    });
  }
  const tosses: BenOrEffect[] = [];
  const { report } = said.at(-1) as Said;
  const next = context.rules.nextBit(proposed, report, () => {
    const bit = moment.random.nextBelow(2) as Bit;
    tosses.push({ type: "news", news: { type: "tossed", round: said.length, bit } });
    return bit;
  });
  return andThen({ state, effects: tosses }, () => beginRound(state, next, context, moment));
}

/** Tells all others, and itself, the newest of what it has to say. */
function say(before: BenOrState, news: BenOrNews): BenOrStep {
  const { name } = before.setting;
  const round = before.said.length;
  const message = messagesOf(before, round).at(-1) as RoundMessage;
  const record = saidRecord(round, before.said.at(-1) as Said);
  const effects: readonly BenOrEffect[] = [
    { type: "persist", batch: [record] },
    { type: "news", news },
    ...othersOf(before.setting).map((to) => sending(to, message)),
  ];
  return { state: withHeard(before, name, message), effects };
}

/** Once, for ever: what it knows to be decided it never changes. */
function decide(before: BenOrState, bit: Bit): BenOrStep {
  if (before.decision !== undefined) return stay(before);
  const state = { ...before, decision: { bit }, heard: {}, waiting: [], timers: {} };
  const answers = before.waiting.map((id): BenOrEffect => {
    return { type: "answer", id, answer: { type: "decided", value: bit } };
  });
  const effects: readonly BenOrEffect[] = [
    { type: "persist", batch: [decisionRecord(bit)] },
    { type: "news", news: { type: "decided", bit } },
    ...answers,
  ];
  return { state, effects };
}

/** A report comes with each proposal: the other may not have begun. */
function sayAgain(before: BenOrState, context: BenOrContext, moment: Moment): BenOrStep {
  const state = withAlarm({ ...before, timers: {} }, moment, context);
  const messages = messagesOf(state, state.said.length);
  const heard = heardIn(state, state.said.length)[messages.at(-1)?.type ?? "report"];
  const missing = othersOf(state.setting).filter((other) => !Object.hasOwn(heard, other));
  const effects = missing.flatMap((to) => {
    return messages.map((message) => sending(to, { ...message, isAgain: true }));
  });
  return { state, effects };
}

function withAlarm(state: BenOrState, { now }: Moment, { options }: BenOrContext): BenOrState {
  if (state.decision !== undefined || state.said.length === 0) return state;
  if (state.timers.again !== undefined) return state;
  return { ...state, timers: withTimer(state.timers, "again", now + options.againMs) };
}

function sending(to: PeerId, message: BenOrMessage): BenOrEffect {
  return { type: "send", to, message };
}

function tell(news: BenOrNews): string {
  switch (news.type) {
    case "reported":
      return `reports ${news.bit} in round ${news.round}`;
    case "proposed":
      return `proposes ${news.bit ?? "nothing"} in round ${news.round}`;
    case "tossed":
      return `tosses ${news.bit} at the end of round ${news.round}`;
    case "decided":
      return `learns that ${news.bit} is decided`;
    default:
      return unreachable(news);
  }
}
