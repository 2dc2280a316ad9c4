/**
 * Clients of a register, and the servers that are to be one: each client writes a value of its
 * own at one server and, when that is answered, reads at the next server.
 *
 * @see Stateright, src/actor/register.rs, with `put_count` 1
 */

import {
  begin,
  emptyHistory,
  end,
  type History,
  isLinearizable,
  type SequentialObject,
} from "../engine/history.ts";
import type { Model } from "../engine/model.ts";
import type { PostKind } from "../engine/post.ts";
import { type Actor, actorModel, type ActorSystem, type Envelope, type State } from "./actors.ts";

export type RequestId = number;

export type ClientMessage =
  | { readonly type: "put"; readonly request: RequestId; readonly value: string }
  | { readonly type: "get"; readonly request: RequestId }
  | { readonly type: "put-ok"; readonly request: RequestId }
  | { readonly type: "get-ok"; readonly request: RequestId; readonly value: string };

/** What a client waits for, and how many operations it has begun or ended. */
export type Client = { readonly awaiting: RequestId | undefined; readonly operations: number };

/** How many take part, and how the network treats their messages. */
export type Sizes = { readonly servers: number; readonly clients: number; readonly post: PostKind };

/** The value of a register that was never written. */
export const unwritten = "";

/** A read is answered with the value, a write with nothing. */
type Operation = { readonly type: "write"; readonly value: string } | { readonly type: "read" };
type RegisterHistory = History<Operation, string>;

const register: SequentialObject<string, Operation, string> = {
  initial: unwritten,
  apply: (state, operation) => {
    if (operation.type === "read") return { state, answer: state };
    return { state: operation.value, answer: "" };
  },
};

/** Servers have the first numbers, clients those behind them. */
export function registerModel<L, M extends { readonly type: string }>(
  { servers, clients, post }: Sizes,
  serverOf: (self: number) => Actor<L, M | ClientMessage>,
): Model<State> {
  type Message = M | ClientMessage;
  const actors = [
    ...Array.from({ length: servers }, (_, i) => serverOf(i) as Actor<L | Client, Message>),
    ...Array.from({ length: clients }, (_, i) => {
      return clientOf(servers + i, servers) as Actor<L | Client, Message>;
    }),
  ];
  const system: ActorSystem<L | Client, Message, RegisterHistory> = {
    actors,
    post,
    history: emptyHistory(clients),
    received: (history, { to, message }) => {
      if (isAnswer(message)) return end(history, to - servers, answerIn(message));
      return history;
    },
    sent: (history, { from, message }) => {
      if (from < servers) return history;
      const asked = message as ClientMessage;
      if (asked.type === "put") {
        return begin(history, from - servers, { type: "write", value: asked.value });
      }
      return begin(history, from - servers, { type: "read" });
    },
    promises: [{ name: "linearizable", holds: (history) => isLinearizable(history, register) }],
    goals: [
      {
        name: "a written value is read",
        holds: (message) =>
          message.type === "get-ok" && answerIn(message as ClientMessage) !== unwritten,
      },
    ],
    describe: describeEnvelope,
  };
  return actorModel(system);
}

function clientOf(self: number, servers: number): Actor<Client, ClientMessage> {
  return {
    start: () => ({
      local: { awaiting: self, operations: 1 },
      sends: [
        {
          to: self % servers,
          message: { type: "put", request: self, value: letterOf(self - servers) },
        },
      ],
    }),
    receive: ({ awaiting, operations }, _, message) => {
      if (message.request !== awaiting) return undefined;
      if (message.type === "get-ok") {
        return { local: { awaiting: undefined, operations: operations + 1 }, sends: [] };
      }
      if (message.type !== "put-ok") return undefined;
      const request = (operations + 1) * self;
      return {
        local: { awaiting: request, operations: operations + 1 },
        sends: [{ to: (self + operations) % servers, message: { type: "get", request } }],
      };
    },
  };
}

/** A for the first client. */
function letterOf(client: number): string {
  return String.fromCharCode("A".charCodeAt(0) + client);
}

function isAnswer(message: { readonly type: string }): message is ClientMessage {
  return message.type === "put-ok" || message.type === "get-ok";
}

function answerIn(message: ClientMessage): string {
  return message.type === "get-ok" ? message.value : "";
}

function describeEnvelope({ from, to, message }: Envelope<{ readonly type: string }>): string {
  const { type, ...facts } = message;
  const texts = Object.entries(facts).map(([name, fact]) => `${name} ${JSON.stringify(fact)}`);
  return `${from} → ${to}: ${[type, ...texts].join(" ")}`;
}
