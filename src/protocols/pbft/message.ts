/** What replicas say to each other. All that counts in a proof is signed, and names its signer. */

import type { PeerId } from "../../primitives/brand.ts";
import type { JsonReader } from "../../primitives/json-reader.ts";
import type { Command, KeyValueState, RequestId } from "../process/key-value.ts";
import { readCommand, readCount, readKeyValue, readName, readRequestId } from "../process/wire.ts";

/** What a number is for: a client's signed request, or nothing, which fills a gap. */
export type Operation =
  | {
      readonly type: "request";
      readonly id: RequestId;
      readonly command: Command;
      readonly signature: string;
    }
  | { readonly type: "no-op" };

export type SignedBy = { readonly signer: PeerId; readonly signature: string };

/** The word of a view's primary: this operation has this number. It has signed the digest. */
export type Proposal = {
  readonly view: number;
  readonly number: number;
  readonly digest: string;
  readonly operation: Operation;
  readonly signature: string;
};

/** A proposal that a quorum accepted, the primary among it: no other can be prepared in its view. */
export type Prepared = Proposal & { readonly prepares: readonly SignedBy[] };

/** An operation with the commits of a quorum: it has its number for ever. */
export type Committed = {
  readonly view: number;
  readonly number: number;
  readonly digest: string;
  readonly operation: Operation;
  readonly commits: readonly SignedBy[];
};

/** A state that a quorum has reached: `digest` is of the data after operation `number`. */
export type Stable = {
  readonly number: number;
  readonly digest: string;
  readonly checkpoints: readonly SignedBy[];
};

/** Of a prepare or a commit. */
export type Vote = {
  readonly view: number;
  readonly number: number;
  readonly digest: string;
  readonly signer: PeerId;
  readonly signature: string;
};

/** The signer has left all earlier views, and shows what it has prepared in them. */
export type ViewChange = {
  readonly view: number;
  readonly stable: Stable;
  readonly prepared: readonly Prepared[];
  readonly signer: PeerId;
  readonly signature: string;
};

/** What a new primary proposes again; the operations are in the view changes that it shows. */
export type Renewed = {
  readonly number: number;
  readonly digest: string;
  readonly signature: string;
};

export type NewView = {
  readonly view: number;
  readonly viewChanges: readonly ViewChange[];
  readonly proposals: readonly Renewed[];
  readonly signature: string;
};

export type PbftMessage =
  /** A backup passes on what a client asked. */
  | { readonly type: "request"; readonly operation: Operation }
  | ({ readonly type: "pre-prepare" } & Proposal)
  /** With the primary's signature: who was proposed something else learns of it so. */
  | ({ readonly type: "prepare"; readonly proposed: string } & Vote)
  | ({ readonly type: "commit" } & Vote)
  | {
      readonly type: "checkpoint";
      readonly number: number;
      readonly digest: string;
      readonly signer: PeerId;
      readonly signature: string;
    }
  | ({ readonly type: "view-change" } & ViewChange)
  | ({ readonly type: "new-view" } & NewView)
  /** The sender lacks operations from `number` on, checkpoints above `low`, and views above `view`. */
  | {
      readonly type: "ask";
      readonly number: number;
      readonly low: number;
      readonly view: number;
    }
  | { readonly type: "learn"; readonly committed: readonly Committed[] }
  | { readonly type: "stable"; readonly stable: Stable }
  | { readonly type: "state"; readonly stable: Stable; readonly data: KeyValueState };

const types = [
  ...(["request", "pre-prepare", "prepare", "commit", "checkpoint", "view-change"] as const),
  ...(["new-view", "ask", "learn", "stable", "state"] as const),
] satisfies readonly PbftMessage["type"][];

const proposalKeys = ["view", "number", "digest", "operation", "signature"];
const voteKeys = ["view", "number", "digest", "signer", "signature"];

export function readMessage(reader: JsonReader): PbftMessage {
  const type = reader.peek("type").word(types);
  switch (type) {
    case "request": {
      const fields = reader.object(["type", "operation"]);
      return { type, operation: readOperation(fields.get("operation")) };
    }
    case "pre-prepare":
      return { type, ...readProposal(reader, ["type"]) };
    case "prepare": {
      const vote = readVote(reader, ["type", "proposed"]);
      return { type, proposed: reader.peek("proposed").text(), ...vote };
    }
    case "commit":
      return { type, ...readVote(reader, ["type"]) };
    case "checkpoint": {
      const fields = reader.object(["type", "number", "digest", "signer", "signature"]);
      const number = readCount(fields.get("number"));
      return { type, number, digest: fields.get("digest").text(), ...readSigned(fields) };
    }
    case "view-change":
      return { type, ...readViewChange(reader, ["type"]) };
    case "new-view":
      return { type, ...readNewView(reader, ["type"]) };
    case "ask": {
      const fields = reader.object(["type", "number", "low", "view"]);
      const number = readCount(fields.get("number"));
      const low = readCount(fields.get("low"));
      return { type, number, low, view: readCount(fields.get("view")) };
    }
    case "learn": {
      const list = reader.object(["type", "committed"]).get("committed").list();
      return { type, committed: list.map(readCommitted) };
    }
    case "stable":
      return { type, stable: readStable(reader.object(["type", "stable"]).get("stable")) };
    case "state": {
      const fields = reader.object(["type", "stable", "data"]);
      const stable = readStable(fields.get("stable"));
      return { type, stable, data: readKeyValue(fields.get("data")) };
    }
  }
}

type Fields = ReturnType<JsonReader["object"]>;

function readOperation(reader: JsonReader): Operation {
  const type = reader.peek("type").word(["request", "no-op"] as const);
  if (type === "no-op") {
    reader.object(["type"]);
    return { type };
  }
  const fields = reader.object(["type", "id", "command", "signature"]);
  return {
    type,
    id: readRequestId(fields.get("id")),
    command: readCommand(fields.get("command")),
    signature: fields.get("signature").text(),
  };
}

/** @param others keys that belong to what the proposal is a part of. */
export function readProposal(reader: JsonReader, others: readonly string[] = []): Proposal {
  const fields = reader.object([...others, ...proposalKeys]);
  return {
    view: readCount(fields.get("view")),
    number: readCount(fields.get("number")),
    digest: fields.get("digest").text(),
    operation: readOperation(fields.get("operation")),
    signature: fields.get("signature").text(),
  };
}

export function readPrepared(reader: JsonReader): Prepared {
  const proposal = readProposal(reader, ["prepares"]);
  return { ...proposal, prepares: readSignedList(reader.peek("prepares")) };
}

export function readCommitted(reader: JsonReader): Committed {
  const fields = reader.object(["view", "number", "digest", "operation", "commits"]);
  return {
    view: readCount(fields.get("view")),
    number: readCount(fields.get("number")),
    digest: fields.get("digest").text(),
    operation: readOperation(fields.get("operation")),
    commits: readSignedList(fields.get("commits")),
  };
}

export function readStable(reader: JsonReader): Stable {
  const fields = reader.object(["number", "digest", "checkpoints"]);
  return {
    number: readCount(fields.get("number")),
    digest: fields.get("digest").text(),
    checkpoints: readSignedList(fields.get("checkpoints")),
  };
}

function readVote(reader: JsonReader, others: readonly string[]): Vote {
  const fields = reader.object([...others, ...voteKeys]);
  return {
    view: readCount(fields.get("view")),
    number: readCount(fields.get("number")),
    digest: fields.get("digest").text(),
    ...readSigned(fields),
  };
}

function readViewChange(reader: JsonReader, others: readonly string[] = []): ViewChange {
  const keys = [...others, "view", "stable", "prepared", "signer", "signature"];
  const fields = reader.object(keys);
  return {
    view: readCount(fields.get("view")),
    stable: readStable(fields.get("stable")),
    prepared: fields.get("prepared").list().map(readPrepared),
    ...readSigned(fields),
  };
}

export function readNewView(reader: JsonReader, others: readonly string[] = []): NewView {
  const keys = [...others, "view", "viewChanges", "proposals", "signature"];
  const fields = reader.object(keys);
  return {
    view: readCount(fields.get("view")),
    viewChanges: fields
      .get("viewChanges")
      .list()
      .map((item) => readViewChange(item)),
    proposals: fields.get("proposals").list().map(readRenewed),
    signature: fields.get("signature").text(),
  };
}

function readRenewed(reader: JsonReader): Renewed {
  const fields = reader.object(["number", "digest", "signature"]);
  const number = readCount(fields.get("number"));
  const digest = fields.get("digest").text();
  return { number, digest, signature: fields.get("signature").text() };
}

function readSignedList(reader: JsonReader): readonly SignedBy[] {
  return reader.list().map((item) => readSigned(item.object(["signer", "signature"])));
}

function readSigned(fields: Fields): SignedBy {
  return { signer: readName(fields.get("signer")), signature: fields.get("signature").text() };
}

export function describeMessage(message: PbftMessage): string {
  switch (message.type) {
    case "request":
      return `request ${textOf(message.operation)}`;
    case "pre-prepare":
    case "prepare":
    case "commit": {
      const { type, view, number, digest } = message;
      return `${type} view ${view}, number ${number}, ${shortOf(digest)}`;
    }
    case "checkpoint":
      return `checkpoint ${message.number}, ${shortOf(message.digest)}`;
    case "view-change":
      return `view-change to ${message.view}, ${message.prepared.length} prepared`;
    case "new-view":
      return `new-view ${message.view}, ${message.proposals.length} proposed again`;
    case "ask":
      return `ask from number ${message.number}`;
    case "learn":
      return `learn ${message.committed.length} operations`;
    case "stable":
      return `stable checkpoint ${message.stable.number}`;
    case "state":
      return `state after number ${message.stable.number}`;
  }
}

/** Enough of a digest for people. */
export function shortOf(digest: string): string {
  return digest.slice(0, 8);
}

/** One text for equal operations. */
export function textOf(operation: Operation): string {
  if (operation.type === "no-op") return "no-op";
  const { id, command } = operation;
  if (command.type === "read") return `${id.client}/${id.number} read ${command.key}`;
  return `${id.client}/${id.number} ${JSON.stringify(command)}`;
}
