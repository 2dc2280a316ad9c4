/** What Raft's processes send to each other, in bytes. */

import type { PeerId } from "../../primitives/brand.ts";
import { type ByteReader, ByteWriter, decodeWhole } from "../../primitives/bytes.ts";
import { broken, unreachable, type Verdict } from "../../primitives/verdict.ts";
import type { KeyValueState } from "../process/key-value.ts";
import { decodeJson, encodeJson, messageBytesMax, readKeyValue } from "../process/wire.ts";
import { type Entry, readEntry, readText, writeEntry, writeText } from "./entry.ts";

/** The state behind an entry, in place of the log up to it. */
export type Snapshot = {
  readonly index: number;
  readonly term: number;
  readonly members: readonly PeerId[];
  readonly data: KeyValueState;
};

export type VoteMessage = {
  readonly type: "vote";
  readonly term: number;
  /** Asks only whether the vote would be granted; its term is the one it would campaign in. */
  readonly isPre: boolean;
  /** Sent because the leader asked for it: granted also while a leader is heard. */
  readonly isTransfer: boolean;
  readonly lastIndex: number;
  readonly lastTerm: number;
};

export type VoteReplyMessage = {
  readonly type: "vote-reply";
  readonly term: number;
  readonly isPre: boolean;
  readonly isGranted: boolean;
};

export type AppendMessage = {
  readonly type: "append";
  readonly term: number;
  readonly previousIndex: number;
  readonly previousTerm: number;
  readonly committed: number;
  readonly entries: readonly Entry[];
};

export type AppendReplyMessage = {
  readonly type: "append-reply";
  readonly term: number;
  readonly isAccepted: boolean;
  /** Accepted: up to here the logs are equal. Refused: the previous index that did not match. */
  readonly index: number;
  /** Refused: up to here the logs may be equal, and the term of the entry there. */
  readonly hintIndex: number;
  readonly hintTerm: number;
};

export type HeartbeatMessage = {
  readonly type: "heartbeat";
  readonly term: number;
  /** Not beyond what the receiver is known to have. */
  readonly committed: number;
  /** Counts the leader's rounds of heartbeats, and when this one began by the leader's clock. */
  readonly round: number;
  readonly sentAt: number;
};

export type HeartbeatReplyMessage = {
  readonly type: "heartbeat-reply";
  readonly term: number;
  readonly round: number;
  readonly sentAt: number;
};

export type SnapshotMessage = {
  readonly type: "snapshot";
  readonly term: number;
  readonly snapshot: Snapshot;
};

/** From a leader that steps aside: campaign now. */
export type CampaignMessage = { readonly type: "campaign"; readonly term: number };

/** From an operator, to the leader; it is dropped elsewhere, and repeated by the operator. */
export type OperatorMessage =
  | { readonly type: "transfer"; readonly to: PeerId }
  | {
      readonly type: "change-members";
      readonly change: "add" | "remove";
      readonly member: PeerId;
    };

/** What has the sender's term. */
export type PeerMessage =
  | VoteMessage
  | VoteReplyMessage
  | AppendMessage
  | AppendReplyMessage
  | HeartbeatMessage
  | HeartbeatReplyMessage
  | SnapshotMessage
  | CampaignMessage;

export type RaftMessage = PeerMessage | OperatorMessage;

const types = [
  ...(["vote", "vote-reply", "append", "append-reply", "heartbeat", "heartbeat-reply"] as const),
  ...(["snapshot", "campaign", "transfer", "change-members"] as const),
] satisfies readonly RaftMessage["type"][];

export function encodeMessage(message: RaftMessage): Uint8Array {
  const writer = new ByteWriter();
  writer.uint8(types.indexOf(message.type));
  if (message.type === "transfer") writeText(writer, message.to);
  else if (message.type === "change-members") {
    writeFlags(writer, message.change === "add", false);
    writeText(writer, message.member);
  } else writePeerMessage(writer.compactSize(message.term), message);
  return writer.finish();
}

function writePeerMessage(writer: ByteWriter, message: PeerMessage): void {
  switch (message.type) {
    case "vote":
      writeFlags(writer, message.isPre, message.isTransfer);
      writer.compactSize(message.lastIndex).compactSize(message.lastTerm);
      return;
    case "vote-reply":
      writeFlags(writer, message.isPre, message.isGranted);
      return;
    case "append":
      writer.compactSize(message.previousIndex).compactSize(message.previousTerm);
      writer.compactSize(message.committed);
      writer.list(message.entries, (entry) => writeEntry(writer, entry));
      return;
    case "append-reply":
      writeFlags(writer, message.isAccepted, false);
      writer.compactSize(message.index);
      writer.compactSize(message.hintIndex).compactSize(message.hintTerm);
      return;
    case "heartbeat":
      writer.compactSize(message.committed).compactSize(message.round).compactSize(message.sentAt);
      return;
    case "heartbeat-reply":
      writer.compactSize(message.round).compactSize(message.sentAt);
      return;
    case "snapshot":
      writeSnapshot(writer, message.snapshot);
      return;
    case "campaign":
      return;
    default:
      unreachable(message);
  }
}

/** The problem is a sentence without a full stop. */
export function decodeMessage(bytes: Uint8Array): Verdict<RaftMessage, string> {
  if (bytes.length > messageBytesMax) {
    return broken(`it has ${bytes.length} bytes, of at most ${messageBytesMax}`);
  }
  const verdict = decodeWhole(bytes, readMessage);
  return verdict.ok ? verdict : broken(verdict.problem.reason);
}

function readMessage(reader: ByteReader): RaftMessage {
  const type = types[reader.uint8()];
  if (type === undefined) return reader.fail("no such kind of message");
  if (type === "transfer") return { type, to: readText(reader) };
  if (type === "change-members") {
    const [isAdd] = readFlags(reader, 1);
    return { type, change: isAdd ? "add" : "remove", member: readText(reader) };
  }
  return readPeerMessage(reader, type, reader.compactSize());
}

function readPeerMessage(reader: ByteReader, type: PeerMessage["type"], term: number): PeerMessage {
  switch (type) {
    case "vote": {
      const [isPre, isTransfer] = readFlags(reader, 3);
      const [lastIndex, lastTerm] = [reader.compactSize(), reader.compactSize()];
      return { type, term, isPre, isTransfer, lastIndex, lastTerm };
    }
    case "vote-reply": {
      const [isPre, isGranted] = readFlags(reader, 3);
      return { type, term, isPre, isGranted };
    }
    case "append": {
      const [previousIndex, previousTerm] = [reader.compactSize(), reader.compactSize()];
      const committed = reader.compactSize();
      const entries = reader.list(2, () => readEntry(reader));
      return { type, term, previousIndex, previousTerm, committed, entries };
    }
    case "append-reply": {
      const [isAccepted] = readFlags(reader, 1);
      const [index, hintIndex] = [reader.compactSize(), reader.compactSize()];
      return { type, term, isAccepted, index, hintIndex, hintTerm: reader.compactSize() };
    }
    case "heartbeat": {
      const [committed, round] = [reader.compactSize(), reader.compactSize()];
      return { type, term, committed, round, sentAt: reader.compactSize() };
    }
    case "heartbeat-reply":
      return { type, term, round: reader.compactSize(), sentAt: reader.compactSize() };
    case "snapshot":
      return { type, term, snapshot: readSnapshot(reader) };
    case "campaign":
      return { type, term };
    default:
      return unreachable(type);
  }
}

export function writeSnapshot(writer: ByteWriter, snapshot: Snapshot): void {
  writer.compactSize(snapshot.index).compactSize(snapshot.term);
  writer.list(snapshot.members, (name) => writeText(writer, name));
  writer.prefixed(encodeJson(snapshot.data));
}

export function readSnapshot(reader: ByteReader): Snapshot {
  const [index, term] = [reader.compactSize(), reader.compactSize()];
  const members = reader.list(1, () => readText<PeerId>(reader));
  const data = decodeJson(reader.prefixed(), readKeyValue);
  if (!data.ok) return reader.fail(`a snapshot cannot be read: ${data.problem}`);
  return { index, term, members, data: data.value };
}

function writeFlags(writer: ByteWriter, first: boolean, second: boolean): void {
  writer.uint8((first ? 1 : 0) | (second ? 2 : 0));
}

function readFlags(reader: ByteReader, max: number): readonly [boolean, boolean] {
  const flags = reader.uint8();
  if (flags > max) reader.fail("a flag is set that does not exist");
  return [(flags & 1) !== 0, (flags & 2) !== 0];
}
