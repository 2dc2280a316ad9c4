/**
 * A register on several servers that asks a majority before each read and write, by Attiya,
 * Bar-Noy and Dolev: first for the newest value, then to record it or a newer one.
 *
 * @see Sharing Memory Robustly in Message-Passing Systems, 1995
 * @see Stateright, examples/linearizable-register.rs
 */

import type { Model } from "../engine/model.ts";
import type { Actor, Reaction, Sent, State } from "./actors.ts";
import {
  type ClientMessage,
  registerModel,
  type RequestId,
  type Sizes,
  unwritten,
} from "./register-clients.ts";

/** How many writes came before, and who wrote. */
type Stamp = readonly [count: number, server: number];
type Stamped = { readonly stamp: Stamp; readonly value: string };

type Phase =
  | {
      readonly type: "ask";
      readonly request: RequestId;
      readonly client: number;
      /** What is to be written; a read has none. */
      readonly write: string | undefined;
      readonly answers: Readonly<Record<number, Stamped>>;
    }
  | {
      readonly type: "record";
      readonly request: RequestId;
      readonly client: number;
      readonly read: string | undefined;
      readonly acknowledged: readonly number[];
    };

type Local = Stamped & { readonly phase: Phase | undefined };

type Message =
  | ClientMessage
  | { readonly type: "query"; readonly request: RequestId }
  | ({ readonly type: "answer"; readonly request: RequestId } & Stamped)
  | ({ readonly type: "record"; readonly request: RequestId } & Stamped)
  | { readonly type: "acknowledge"; readonly request: RequestId };

export function quorumRegister(sizes: Sizes): Model<State> {
  return registerModel<Local, Message>(sizes, (self) => serverOf(self, sizes.servers));
}

function serverOf(self: number, servers: number): Actor<Local, Message> {
  const majority = Math.floor(servers / 2) + 1;
  const toPeers = (message: Message): readonly Sent<Message>[] => {
    const peers = Array.from({ length: servers }, (_, i) => i).filter((i) => i !== self);
    return peers.map((to) => ({ to, message }));
  };
  return {
    start: () => ({ local: { stamp: [0, self], value: unwritten, phase: undefined }, sends: [] }),
    receive: (local, from, message) => {
      const { request } = message;
      const { stamp, value, phase } = local;
      switch (message.type) {
        case "put":
        case "get": {
          if (phase !== undefined) return undefined;
          const write = message.type === "put" ? message.value : undefined;
          const answers = { [self]: { stamp, value } };
          return {
            local: { stamp, value, phase: { type: "ask", request, client: from, write, answers } },
            sends: toPeers({ type: "query", request }),
          };
        }
        case "query":
          return reply(local, from, { type: "answer", request, stamp, value });
        case "answer": {
          if (phase?.type !== "ask" || phase.request !== request) return undefined;
          const answer = { stamp: message.stamp, value: message.value };
          const answers = { ...phase.answers, [from]: answer };
          if (Object.keys(answers).length !== majority) {
            return { local: { ...local, phase: { ...phase, answers } }, sends: [] };
          }
          const decided = decide(local, { ...phase, answers }, self);
          const { recorded } = decided;
          return { local: decided.local, sends: toPeers({ type: "record", request, ...recorded }) };
        }
        case "record":
          return reply(newest(local, message), from, { type: "acknowledge", request });
        case "acknowledge": {
          if (phase?.type !== "record" || phase.request !== request) return undefined;
          if (phase.acknowledged.includes(from)) return undefined;
          return acknowledge(local, phase, from, majority);
        }
        case "put-ok":
        case "get-ok":
          return undefined;
      }
    },
  };
}

function reply(local: Local, to: number, message: Message): Reaction<Local, Message> {
  return { local, sends: [{ to, message }] };
}

/** A majority has answered: what all are to record. */
function decide(
  local: Local,
  { request, client, write, answers }: Extract<Phase, { readonly type: "ask" }>,
  self: number,
): { readonly local: Local; readonly recorded: Stamped } {
  const known = Object.values(answers).reduce((a, b) => (isNewer(b.stamp, a.stamp) ? b : a));
  const recorded =
    write === undefined ? known : { stamp: [known.stamp[0] + 1, self] as const, value: write };
  const read = write === undefined ? known.value : undefined;
  const phase = { type: "record", request, client, read, acknowledged: [self] } as const;
  return { local: { ...newest(local, recorded), phase }, recorded };
}

function acknowledge(
  local: Local,
  phase: Extract<Phase, { readonly type: "record" }>,
  from: number,
  majority: number,
): Reaction<Local, Message> {
  const { request, client, read } = phase;
  const acknowledged = [...phase.acknowledged, from].sort((a, b) => a - b);
  if (acknowledged.length !== majority) {
    return { local: { ...local, phase: { ...phase, acknowledged } }, sends: [] };
  }
  const done = { ...local, phase: undefined };
  if (read === undefined) return reply(done, client, { type: "put-ok", request });
  return reply(done, client, { type: "get-ok", request, value: read });
}

function newest(local: Local, { stamp, value }: Stamped): Local {
  return isNewer(stamp, local.stamp) ? { ...local, stamp, value } : local;
}

function isNewer(a: Stamp, b: Stamp): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
}
