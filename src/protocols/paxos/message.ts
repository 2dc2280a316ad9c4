/** What proposers, acceptors and learners of one decision say to each other. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import type { Value } from "../process/key-value.ts";
import { readValue } from "../process/wire.ts";
import { type Ballot, describeBallot, readBallot } from "./ballot.ts";

/** A value, and the ballot that it was accepted in. The value may be 0, "", false or null. */
export type Accepted = { readonly ballot: Ballot; readonly value: Value };

export type PaxosMessage =
  | { readonly type: "prepare"; readonly ballot: Ballot }
  /** `accepted` is what the acceptor has accepted in its highest ballot, if anything. */
  | { readonly type: "promise"; readonly ballot: Ballot; readonly accepted?: Accepted }
  | { readonly type: "accept"; readonly ballot: Ballot; readonly value: Value }
  | { readonly type: "accepted"; readonly ballot: Ballot }
  /** To the proposer of `ballot`: there is a promise for the higher ballot `promised`. */
  | { readonly type: "refused"; readonly ballot: Ballot; readonly promised: Ballot }
  | { readonly type: "decided"; readonly value: Value }
  /** From an acceptor that does not know whether what it accepted was decided. */
  | { readonly type: "ask" };

const types = [
  "prepare",
  "promise",
  "accept",
  "accepted",
  "refused",
  "decided",
  "ask",
] as const satisfies readonly PaxosMessage["type"][];

export function readMessage(reader: JsonReader): PaxosMessage {
  const type = reader.peek("type").word(types);
  switch (type) {
    case "prepare":
    case "accepted":
      return { type, ballot: readBallot(reader.object(["type", "ballot"]).get("ballot")) };
    case "promise": {
      const fields = reader.object(["type", "ballot", "accepted"]);
      const ballot = readBallot(fields.get("ballot"));
      const accepted = fields.find("accepted");
      return {
        type,
        ballot,
        ...(accepted === undefined ? {} : { accepted: readAccepted(accepted) }),
      };
    }
    case "accept": {
      const fields = reader.object(["type", "ballot", "value"]);
      const ballot = readBallot(fields.get("ballot"));
      return { type, ballot, value: readValue(fields.get("value")) };
    }
    case "refused": {
      const fields = reader.object(["type", "ballot", "promised"]);
      const ballot = readBallot(fields.get("ballot"));
      return { type, ballot, promised: readBallot(fields.get("promised")) };
    }
    case "decided":
      return { type, value: readValue(reader.object(["type", "value"]).get("value")) };
    case "ask":
      reader.object(["type"]);
      return { type };
  }
}

export function readAccepted(reader: JsonReader): Accepted {
  const fields = reader.object(["ballot", "value"]);
  return { ballot: readBallot(fields.get("ballot")), value: readValue(fields.get("value")) };
}

export function describeMessage(message: PaxosMessage): string {
  switch (message.type) {
    case "prepare":
    case "accepted":
      return `${message.type} ${describeBallot(message.ballot)}`;
    case "promise": {
      const { ballot, accepted } = message;
      const value = accepted === undefined ? "nothing" : JSON.stringify(accepted.value);
      return `promise ${describeBallot(ballot)}, has accepted ${value}`;
    }
    case "accept":
      return `accept ${describeBallot(message.ballot)}: ${JSON.stringify(message.value)}`;
    case "refused": {
      const { ballot, promised } = message;
      return `refused ${describeBallot(ballot)}: promised ${describeBallot(promised)}`;
    }
    case "decided":
      return `decided ${JSON.stringify(message.value)}`;
    case "ask":
      return "ask";
  }
}
