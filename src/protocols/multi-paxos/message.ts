/** What leaders, acceptors and learners of a log say to each other. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import { type Ballot, describeBallot, readBallot } from "../paxos/ballot.ts";
import type { KeyValueState } from "../process/key-value.ts";
import { readCount, readKeyValue } from "../process/wire.ts";
import { type Entry, type NumberedSlot, readEntry, readNumberedSlot } from "./slots.ts";

/** What all slots up to `index` make of the data. */
export type Snapshot = { readonly index: number; readonly data: KeyValueState };

export type MultiPaxosMessage =
  /** The first phase for all slots from `from` on: the candidate knows what came before. */
  | { readonly type: "prepare"; readonly ballot: Ballot; readonly from: number }
  | {
      readonly type: "promise";
      readonly ballot: Ballot;
      readonly accepted: readonly NumberedSlot[];
      /** If the acceptor does not have some of the slots any more. */
      readonly snapshot?: Snapshot;
    }
  | { readonly type: "refused"; readonly ballot: Ballot; readonly promised: Ballot }
  /** The second phase of one slot. `committed`: up to there the leader knows all to be chosen. */
  | {
      readonly type: "accept";
      readonly ballot: Ballot;
      readonly index: number;
      readonly entry: Entry;
      readonly committed: number;
    }
  | { readonly type: "accepted"; readonly ballot: Ballot; readonly index: number }
  | { readonly type: "heartbeat"; readonly ballot: Ballot; readonly committed: number }
  /** From a learner that lacks slots from `from` on. */
  | { readonly type: "ask"; readonly from: number }
  /** Slots that are chosen, without a gap. */
  | { readonly type: "learn"; readonly chosen: readonly NumberedSlot[] }
  | { readonly type: "snapshot"; readonly snapshot: Snapshot };

const types = [
  "prepare",
  "promise",
  "refused",
  "accept",
  "accepted",
  "heartbeat",
  "ask",
  "learn",
  "snapshot",
] as const satisfies readonly MultiPaxosMessage["type"][];

export function readMessage(reader: JsonReader): MultiPaxosMessage {
  const type = reader.peek("type").word(types);
  switch (type) {
    case "prepare": {
      const fields = reader.object(["type", "ballot", "from"]);
      return {
        type,
        ballot: readBallot(fields.get("ballot")),
        from: readCount(fields.get("from")),
      };
    }
    case "promise":
      return readPromise(reader);
    case "refused": {
      const fields = reader.object(["type", "ballot", "promised"]);
      const ballot = readBallot(fields.get("ballot"));
      return { type, ballot, promised: readBallot(fields.get("promised")) };
    }
    case "accept":
      return readAccept(reader);
    case "accepted": {
      const fields = reader.object(["type", "ballot", "index"]);
      const ballot = readBallot(fields.get("ballot"));
      return { type, ballot, index: readCount(fields.get("index")) };
    }
    case "heartbeat": {
      const fields = reader.object(["type", "ballot", "committed"]);
      const ballot = readBallot(fields.get("ballot"));
      return { type, ballot, committed: readCount(fields.get("committed")) };
    }
    case "ask":
      return { type, from: readCount(reader.object(["type", "from"]).get("from")) };
    case "learn": {
      const chosen = reader.object(["type", "chosen"]).get("chosen").list();
      return { type, chosen: chosen.map(readNumberedSlot) };
    }
    case "snapshot": {
      const snapshot = reader.object(["type", "snapshot"]).get("snapshot");
      return { type, snapshot: readSnapshot(snapshot) };
    }
  }
}

function readPromise(reader: JsonReader): MultiPaxosMessage {
  const fields = reader.object(["type", "ballot", "accepted", "snapshot"]);
  const snapshot = fields.find("snapshot");
  return {
    type: "promise",
    ballot: readBallot(fields.get("ballot")),
    accepted: fields.get("accepted").list().map(readNumberedSlot),
    ...(snapshot === undefined ? {} : { snapshot: readSnapshot(snapshot) }),
  };
}

function readAccept(reader: JsonReader): MultiPaxosMessage {
  const fields = reader.object(["type", "ballot", "index", "entry", "committed"]);
  return {
    type: "accept",
    ballot: readBallot(fields.get("ballot")),
    index: fields.get("index").wholeNumber({ min: 1 }),
    entry: readEntry(fields.get("entry")),
    committed: readCount(fields.get("committed")),
  };
}

export function readSnapshot(reader: JsonReader): Snapshot {
  const fields = reader.object(["index", "data"]);
  return { index: readCount(fields.get("index")), data: readKeyValue(fields.get("data")) };
}

export function describeMessage(message: MultiPaxosMessage): string {
  switch (message.type) {
    case "prepare":
      return `prepare ${describeBallot(message.ballot)} from slot ${message.from}`;
    case "promise":
      return `promise ${describeBallot(message.ballot)}, has accepted ${message.accepted.length}`;
    case "refused":
      return `refused ${describeBallot(message.ballot)}: promised ${describeBallot(message.promised)}`;
    case "accept":
      return `accept ${describeBallot(message.ballot)}, slot ${message.index}`;
    case "accepted":
      return `accepted ${describeBallot(message.ballot)}, slot ${message.index}`;
    case "heartbeat":
      return `heartbeat ${describeBallot(message.ballot)}, committed ${message.committed}`;
    case "ask":
      return `ask from slot ${message.from}`;
    case "learn":
      return `learn ${message.chosen.length} slots`;
    case "snapshot":
      return `snapshot up to slot ${message.snapshot.index}`;
  }
}
