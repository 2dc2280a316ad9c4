/**
 * One process keeps the data, all others forward to it.
 *
 * The problem: several processes should look like one. The idea: let it be one. The first member
 * keeps the only copy and carries out requests in the order in which they come; the others pass
 * requests on and answers back. It promises linearizability, as there is only one order. It does
 * not promise an answer: while the keeper is down or cut off, nothing is answered anywhere but at
 * its own side. What a system looks like that gives up availability.
 */

import type { PeerId } from "../../primitives/brand.ts";
import type { JsonReader } from "../../primitives/json-reader.ts";
import { unreachable, type Verdict } from "../../primitives/verdict.ts";
import {
  type Answer,
  applyOnce,
  type Command,
  emptyKeyValue,
  type KeyValueState,
  type RequestId,
} from "../process/key-value.ts";
import type { Disk, ProcessEvent, Setting, Step } from "../process/process.ts";
import type { ProcessView, Protocol } from "../process/protocol.ts";
import { noDecisions, nothingBlocked } from "../process/shared-view.ts";
import {
  decodeJson,
  decodeRecord,
  encodeJson,
  readAnswer,
  readCommand,
  readKeyValue,
  readRequestId,
} from "../process/wire.ts";

export type SingleCopyMessage =
  | { readonly type: "forward"; readonly id: RequestId; readonly command: Command }
  | { readonly type: "reply"; readonly id: RequestId; readonly answer: Answer };

export type SingleCopyState = {
  readonly setting: Setting;
  /** Empty everywhere but at the keeper. */
  readonly data: KeyValueState;
};

export type SingleCopyNews = { readonly type: "carried-out"; readonly command: Command };

type SingleCopyStep = Step<SingleCopyState, SingleCopyMessage, SingleCopyNews>;

const dataKey = "data";

export const singleCopy: Protocol<SingleCopyState, SingleCopyMessage, SingleCopyNews> = {
  name: "single-copy",
  start,
  step,
  encode: encodeJson,
  decode: (bytes: Uint8Array): Verdict<SingleCopyMessage, string> => decodeJson(bytes, readMessage),
  view,
  tell: ({ command }) => `carries out ${command.type}`,
  describe: ({ type, id }) => `${type} ${id.client}/${id.number}`,
};

function start(setting: Setting, disk: Disk): SingleCopyState {
  const record = disk.get(dataKey);
  const data = record === undefined ? emptyKeyValue : decodeRecord(record, readKeyValue);
  return { setting, data };
}

function step(state: SingleCopyState, event: ProcessEvent<SingleCopyMessage>): SingleCopyStep {
  switch (event.type) {
    case "requested":
      return request(state, event.id, event.command);
    case "received":
      return receive(state, event.from, event.message);
    case "started":
    case "malformed":
    case "woken":
      return { state, effects: [] };
    default:
      return unreachable(event);
  }
}

function request(state: SingleCopyState, id: RequestId, command: Command): SingleCopyStep {
  const keeper = keeperOf(state);
  if (keeper === undefined) {
    const { next, effects, answer } = carryOut(state, id, command);
    return { state: next, effects: [...effects, { type: "answer", id, answer }] };
  }
  const message = { type: "forward", id, command } as const;
  return { state, effects: [{ type: "send", to: keeper, message }] };
}

function receive(state: SingleCopyState, from: PeerId, message: SingleCopyMessage): SingleCopyStep {
  if (message.type === "reply") {
    return { state, effects: [{ type: "answer", id: message.id, answer: message.answer }] };
  }
  if (keeperOf(state) !== undefined) return { state, effects: [] };
  const { next, effects, answer } = carryOut(state, message.id, message.command);
  const reply = { type: "reply", id: message.id, answer } as const;
  return { state: next, effects: [...effects, { type: "send", to: from, message: reply }] };
}

/** It is on disk before it is answered: what was answered survives a crash. */
function carryOut(state: SingleCopyState, id: RequestId, command: Command) {
  const applied = applyOnce(state.data, id, command);
  const next = { ...state, data: applied.state };
  const write = { type: "put", key: dataKey, value: encodeJson(applied.state) } as const;
  const effects: SingleCopyStep["effects"] = [
    { type: "news", news: { type: "carried-out", command } },
    { type: "persist", batch: [write] },
  ];
  return { next, effects, answer: applied.answer };
}

/** Who keeps the data, or undefined at the keeper itself. */
function keeperOf({ setting }: SingleCopyState): PeerId | undefined {
  const [keeper] = setting.members;
  return keeper === setting.name ? undefined : keeper;
}

function view(state: SingleCopyState): ProcessView {
  const isLeader = keeperOf(state) === undefined;
  return {
    role: isLeader ? "keeper" : "forwarder",
    era: 0,
    isLeader,
    decisions: noDecisions,
    blocked: nothingBlocked,
  };
}

function readMessage(reader: JsonReader): SingleCopyMessage {
  const type = reader.peek("type").word(["forward", "reply"] as const);
  if (type === "forward") {
    const fields = reader.object(["type", "id", "command"]);
    return {
      type,
      id: readRequestId(fields.get("id")),
      command: readCommand(fields.get("command")),
    };
  }
  const fields = reader.object(["type", "id", "answer"]);
  return { type, id: readRequestId(fields.get("id")), answer: readAnswer(fields.get("answer")) };
}
