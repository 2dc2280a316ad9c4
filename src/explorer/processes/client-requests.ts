/** Clients of explored processes: what they ask for, one request after the other, and what they saw. */

import {
  type Answer,
  apply,
  type Command,
  emptyKeyValue,
  type KeyValueState,
  type Value,
} from "../../protocols/process/key-value.ts";
import {
  begin,
  emptyHistory,
  end,
  type History,
  type SequentialObject,
  withdraw,
} from "../engine/history.ts";
import type { Answered, Request } from "./process-steps.ts";

export type ClientHistory = History<Command, Answer>;

export type Clients = {
  /** For each client: how many of its requests it has made. */
  readonly made: readonly number[];
  readonly history: ClientHistory;
};

/** 0, "" and false are among them, as mistakes with truthiness hide behind other values. */
const values: readonly Value[] = [0, "", false, 1, "a", true, 2];

/** Each client writes a value of its own at one process, and reads at the next one. */
export function writeAndRead(clients: number, nodes: number): readonly (readonly Request[])[] {
  return Array.from({ length: clients }, (_, i) => {
    const value = values[i % values.length] ?? null;
    return [
      requestOf(i, 1, i % nodes, { type: "write", key: "x", value }),
      requestOf(i, 2, (i + 1) % nodes, { type: "read", key: "x" }),
    ];
  });
}

/** Each client proposes a value of its own at one process. */
export function propose(clients: number, nodes: number): readonly (readonly Request[])[] {
  return Array.from({ length: clients }, (_, i) => {
    return [
      requestOf(i, 1, i % nodes, { type: "propose", value: values[i % values.length] ?? null }),
    ];
  });
}

function requestOf(client: number, number: number, process: number, command: Command): Request {
  return { process, id: { client: `c${client + 1}`, number }, command };
}

export function silentClients(clients: number): Clients {
  return {
    made: Array.from({ length: clients }, () => 0),
    history: emptyHistory(clients),
  };
}

/** The next request of a client, if it has none open and one left. */
export function nextRequest(
  { made, history }: Clients,
  client: number,
  own: readonly Request[],
): Request | undefined {
  return history[client]?.open === undefined ? own[made[client] ?? 0] : undefined;
}

export function withRequest(
  { made, history }: Clients,
  client: number,
  { command }: Request,
): Clients {
  return {
    made: made.with(client, (made[client] ?? 0) + 1),
    history: begin(history, client, command),
  };
}

/** An answer to what is not open any more changes nothing. */
export function withAnswer(
  clients: Clients,
  requests: readonly (readonly Request[])[],
  { id, answer }: Answered,
): Clients {
  const { made, history } = clients;
  const client = requests.findIndex(([first]) => first?.id.client === id.client);
  const open = requests[client]?.[(made[client] ?? 0) - 1];
  if (open?.id.number !== id.number || history[client]?.open === undefined) return clients;
  const isDone = answer.type !== "aborted" && answer.type !== "redirected";
  return { made, history: isDone ? end(history, client, answer) : withdraw(history, client) };
}

/** A key-value store as one copy would be. */
export const keyValueObject: SequentialObject<KeyValueState, Command, Answer> = {
  initial: emptyKeyValue,
  apply,
};

/** The first proposed value is decided, for ever. */
export const decisionObject: SequentialObject<Value | undefined, Command, Answer> = {
  initial: undefined,
  apply: (state, command) => {
    if (command.type !== "propose") {
      return { state, answer: { type: "aborted", reason: "only values are decided" } };
    }
    const value = state === undefined ? command.value : state;
    return { state: value, answer: { type: "decided", value } };
  },
};
