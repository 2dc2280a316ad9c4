/**
 * Paxos for one value among servers that clients write to and read from: each server is proposer,
 * acceptor and learner, and answers reads only when it knows what was decided.
 *
 * @see Stateright, examples/paxos.rs
 */

import type { Model } from "../engine/model.ts";
import type { Actor, Reaction, Sent, State } from "./actors.ts";
import {
  type ClientMessage,
  registerModel,
  type RequestId,
  type Sizes,
} from "./register-clients.ts";

type Ballot = readonly [round: number, server: number];
type Proposal = {
  readonly request: RequestId;
  readonly client: number;
  readonly value: string;
};
type Accepted = { readonly ballot: Ballot; readonly proposal: Proposal };

type Local = {
  readonly ballot: Ballot;
  readonly proposal: Proposal | undefined;
  /** What each server said that it had accepted, when it promised this server its ballot. */
  readonly prepared: Readonly<Record<number, Accepted | null>>;
  /** Which servers have accepted this server's proposal. */
  readonly accepts: readonly number[];
  readonly accepted: Accepted | null;
  readonly isDecided: boolean;
};

type Message =
  | ClientMessage
  | { readonly type: "prepare"; readonly ballot: Ballot }
  | { readonly type: "prepared"; readonly ballot: Ballot; readonly accepted: Accepted | null }
  | { readonly type: "accept"; readonly ballot: Ballot; readonly proposal: Proposal }
  | { readonly type: "accepted"; readonly ballot: Ballot }
  | { readonly type: "decided"; readonly ballot: Ballot; readonly proposal: Proposal };

type Server = {
  readonly self: number;
  readonly majority: number;
  readonly toPeers: (message: Message) => readonly Sent<Message>[];
};

export function actorPaxos(sizes: Sizes): Model<State> {
  return registerModel<Local, Message>(sizes, (self) => serverOf(self, sizes.servers));
}

function serverOf(self: number, servers: number): Actor<Local, Message> {
  const peers = Array.from({ length: servers }, (_, i) => i).filter((i) => i !== self);
  const server: Server = {
    self,
    majority: Math.floor(servers / 2) + 1,
    toPeers: (message) => peers.map((to) => ({ to, message })),
  };
  const local: Local = {
    ballot: [0, 0],
    proposal: undefined,
    prepared: {},
    accepts: [],
    accepted: null,
    isDecided: false,
  };
  return {
    start: () => ({ local, sends: [] }),
    receive: (present, from, message) => {
      if (present.isDecided) return answerRead(present, from, message);
      return receive(server, present, from, message);
    },
  };
}

/** A server that knows the decision does nothing else. */
function answerRead(
  local: Local,
  from: number,
  message: Message,
): Reaction<Local, Message> | undefined {
  if (message.type !== "get" || local.accepted === null) return undefined;
  const { request } = message;
  const { value } = local.accepted.proposal;
  return { local, sends: [{ to: from, message: { type: "get-ok", request, value } }] };
}

function receive(
  server: Server,
  local: Local,
  from: number,
  message: Message,
): Reaction<Local, Message> | undefined {
  switch (message.type) {
    case "put": {
      if (local.proposal !== undefined) return undefined;
      const { request, value } = message;
      const ballot: Ballot = [local.ballot[0] + 1, server.self];
      const proposal = { request, client: from, value };
      const prepared = { [server.self]: local.accepted };
      return {
        local: { ...local, ballot, proposal, prepared, accepts: [] },
        sends: server.toPeers({ type: "prepare", ballot }),
      };
    }
    case "prepare": {
      const { ballot } = message;
      if (compareBallots(ballot, local.ballot) <= 0) return undefined;
      const { accepted } = local;
      return {
        local: { ...local, ballot },
        sends: [{ to: from, message: { type: "prepared", ballot, accepted } }],
      };
    }
    case "prepared":
      return isPresent(local, message.ballot) ? gather(server, local, from, message) : undefined;
    case "accept": {
      const { ballot, proposal } = message;
      if (compareBallots(ballot, local.ballot) < 0) return undefined;
      return {
        local: { ...local, ballot, accepted: { ballot, proposal } },
        sends: [{ to: from, message: { type: "accepted", ballot } }],
      };
    }
    case "accepted":
      return isPresent(local, message.ballot) ? count(server, local, from) : undefined;
    case "decided": {
      const { ballot, proposal } = message;
      const accepted = { ballot, proposal };
      return { local: { ...local, ballot, accepted, isDecided: true }, sends: [] };
    }
    case "get":
    case "put-ok":
    case "get-ok":
      return undefined;
  }
}

function isPresent(local: Local, ballot: Ballot): boolean {
  return compareBallots(ballot, local.ballot) === 0;
}

/** A server promised: with a majority, the newest accepted proposal is proposed, or the own. */
function gather(
  { self, majority, toPeers }: Server,
  local: Local,
  from: number,
  { ballot, accepted }: Extract<Message, { readonly type: "prepared" }>,
): Reaction<Local, Message> {
  const prepared = { ...local.prepared, [from]: accepted };
  if (Object.keys(prepared).length !== majority)
    return { local: { ...local, prepared }, sends: [] };
  const earlier = Object.values(prepared).filter((each) => each !== null);
  const newest = earlier.sort((a, b) => compareBallots(b.ballot, a.ballot))[0];
  const proposal = newest?.proposal ?? local.proposal;
  if (proposal === undefined) throw new Error("a ballot begins with a proposal");
  const accepts = [...new Set([...local.accepts, self])].sort((a, b) => a - b);
  return {
    local: { ...local, prepared, proposal, accepts, accepted: { ballot, proposal } },
    sends: toPeers({ type: "accept", ballot, proposal }),
  };
}

/** A server accepted: with a majority it is decided, and its client gets the answer. */
function count(
  { majority, toPeers }: Server,
  local: Local,
  from: number,
): Reaction<Local, Message> {
  const accepts = [...new Set([...local.accepts, from])].sort((a, b) => a - b);
  if (accepts.length !== majority) return { local: { ...local, accepts }, sends: [] };
  const { ballot, proposal } = local;
  if (proposal === undefined) throw new Error("what was accepted was proposed");
  const { client, request } = proposal;
  return {
    local: { ...local, accepts, isDecided: true },
    sends: [
      ...toPeers({ type: "decided", ballot, proposal }),
      { to: client, message: { type: "put-ok", request } },
    ],
  };
}

function compareBallots(a: Ballot, b: Ballot): number {
  return a[0] - b[0] || a[1] - b[1];
}
