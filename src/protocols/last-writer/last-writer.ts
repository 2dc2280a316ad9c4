/**
 * Every process answers at once from what it knows; of two writes the later one stays.
 *
 * The problem: to answer always, also when no other process can be reached. The idea: each process
 * keeps a copy and a counter; a write gets the next number of the counter and the name of its
 * process, is sent to all others, and replaces whatever has a lower number (or an equal one and a
 * lower name). From time to time all that a process knows is sent to one other, so that lost
 * messages do not matter. It promises an answer everywhere, and that copies become equal when
 * messages arrive (Dynamo, Cassandra). It does not promise that a read sees the latest write, or
 * that a write which was answered stays: what a system looks like that gives up consistency.
 */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { JsonReader } from "../../primitives/json-reader.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Answer, Command, RequestId, Value } from "../process/key-value.ts";
import {
  type Disk,
  type Moment,
  othersOf,
  type ProcessEffect,
  type ProcessEvent,
  type Setting,
  type Step,
} from "../process/process.ts";
import type { ProcessView, Protocol } from "../process/protocol.ts";
import { noDecisions, nothingBlocked } from "../process/shared-view.ts";
import { isDue, type Timers, wakeFor, withTimer } from "../process/timers.ts";
import {
  decodeJson,
  decodeRecord,
  encodeJson,
  readCount,
  readName,
  readValue,
} from "../process/wire.ts";

/** A value and which write it is from. */
type Written = { readonly value: Value; readonly number: number; readonly writer: PeerId };
type Copy = Readonly<Record<string, Written>>;

/** What a process knows, or a part of it. */
export type LastWriterMessage = { readonly type: "copy"; readonly copy: Copy };

export type LastWriterState = {
  readonly setting: Setting;
  readonly copy: Copy;
  readonly timers: Timers<"exchange">;
  /** How many exchanges it has begun: they go round all others. */
  readonly exchanges: number;
};

export type LastWriterNews = { readonly type: "replaced"; readonly key: string };

type LastWriterEffect = ProcessEffect<LastWriterMessage, LastWriterNews>;
type LastWriterStep = Step<LastWriterState, LastWriterMessage, LastWriterNews>;

/** Between two exchanges of everything. */
const exchangeMs = 1000;

const copyKey = "copy";

export const lastWriter: Protocol<LastWriterState, LastWriterMessage, LastWriterNews> = {
  name: "last-writer",
  start,
  step,
  encode: encodeJson,
  decode: (bytes) => decodeJson(bytes, readMessage),
  view,
  tell: ({ key }) => `takes a later write of ${key}`,
  describe: ({ copy }) => `copy of ${Object.keys(copy).join(" ")}`,
};

function start(setting: Setting, disk: Disk): LastWriterState {
  const record = disk.get(copyKey);
  const copy = record === undefined ? {} : decodeRecord(record, readCopy);
  return { setting, copy, timers: {}, exchanges: 0 };
}

function step(
  state: LastWriterState,
  event: ProcessEvent<LastWriterMessage>,
  { now }: Moment,
): LastWriterStep {
  switch (event.type) {
    case "started":
      return andWake({ ...state, timers: withTimer(state.timers, "exchange", now + exchangeMs) });
    case "woken":
      return isDue(state.timers, "exchange", now) ? exchange(state, now) : andWake(state);
    case "requested":
      return request(state, event.id, event.command);
    case "received":
      return merge(state, event.message.copy);
    case "malformed":
      return { state, effects: [] };
    default:
      return unreachable(event);
  }
}

function andWake(
  state: LastWriterState,
  effects: readonly LastWriterEffect[] = [],
): LastWriterStep {
  return { state, effects: [...effects, ...wakeFor(state.timers)] };
}

/** Sends all that it knows to the next of the others. */
function exchange(state: LastWriterState, now: Elapsed): LastWriterStep {
  const others = othersOf(state.setting);
  const to = others[state.exchanges % Math.max(1, others.length)];
  const timers = withTimer(state.timers, "exchange", now + exchangeMs);
  const next = { ...state, timers, exchanges: state.exchanges + 1 };
  if (to === undefined) return andWake(next);
  return andWake(next, [{ type: "send", to, message: { type: "copy", copy: state.copy } }]);
}

function request(state: LastWriterState, id: RequestId, command: Command): LastWriterStep {
  const answerWith = (answer: Answer): LastWriterEffect => ({ type: "answer", id, answer });
  switch (command.type) {
    case "read":
      return { state, effects: [answerWith({ type: "read", value: valueOf(state, command.key) })] };
    case "write": {
      const { next, effects } = write(state, command.key, command.value);
      return { state: next, effects: [...effects, answerWith({ type: "written" })] };
    }
    case "compare-and-set": {
      const isSet = valueOf(state, command.key) === command.from;
      const answer = answerWith({ type: "compared", isSet });
      if (!isSet) return { state, effects: [answer] };
      const { next, effects } = write(state, command.key, command.to);
      return { state: next, effects: [...effects, answer] };
    }
    case "propose": {
      const reason = "a last-writer register decides nothing for ever";
      return { state, effects: [answerWith({ type: "aborted", reason })] };
    }
    default:
      return unreachable(command);
  }
}

function valueOf({ copy }: LastWriterState, key: string): Value {
  return Object.hasOwn(copy, key) ? (copy[key]?.value ?? null) : null;
}

function write(state: LastWriterState, key: string, value: Value) {
  const numbers = Object.values(state.copy).map(({ number }) => number);
  const written = { value, number: Math.max(0, ...numbers) + 1, writer: state.setting.name };
  const part = { [key]: written };
  const next = { ...state, copy: { ...state.copy, ...part } };
  const sends = othersOf(state.setting).map((to): LastWriterEffect => {
    return { type: "send", to, message: { type: "copy", copy: part } };
  });
  return { next, effects: [saveCopy(next), ...sends] };
}

function merge(state: LastWriterState, other: Copy): LastWriterStep {
  const later = Object.entries(other).filter(([key, theirs]) => {
    const ours = Object.hasOwn(state.copy, key) ? state.copy[key] : undefined;
    return ours === undefined || isLater(theirs, ours);
  });
  if (later.length === 0) return { state, effects: [] };
  const next = { ...state, copy: { ...state.copy, ...Object.fromEntries(later) } };
  const news = later.map(([key]): LastWriterEffect => {
    return { type: "news", news: { type: "replaced", key } };
  });
  return { state: next, effects: [saveCopy(next), ...news] };
}

function isLater(a: Written, b: Written): boolean {
  return a.number === b.number ? a.writer > b.writer : a.number > b.number;
}

function saveCopy({ copy }: LastWriterState): LastWriterEffect {
  return { type: "persist", batch: [{ type: "put", key: copyKey, value: encodeJson(copy) }] };
}

function view(): ProcessView {
  return { role: "copy", era: 0, isLeader: false, decisions: noDecisions, blocked: nothingBlocked };
}

function readMessage(reader: JsonReader): LastWriterMessage {
  reader.peek("type").word(["copy"]);
  return { type: "copy", copy: readCopy(reader.object(["type", "copy"]).get("copy")) };
}

function readCopy(reader: JsonReader): Copy {
  return reader.map((item) => {
    const fields = item.object(["value", "number", "writer"]);
    return {
      value: readValue(fields.get("value")),
      number: readCount(fields.get("number")),
      writer: readName(fields.get("writer")),
    };
  });
}
