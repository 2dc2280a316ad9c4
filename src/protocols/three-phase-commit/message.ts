/** What the members of a three-phase commit say to each other. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import { readCount } from "../process/wire.ts";
import {
  nameOf,
  type Outcome,
  readTransaction,
  type Transaction,
} from "../two-phase-commit/message.ts";

/** How far a member is with a transaction; of the last two it is sure. */
export type Stage = "voted" | "pre-committed" | Outcome;

/** Six of the types are those of a run without faults: prepare to acknowledge, in this order. */
export type ThreePhaseMessage =
  | {
      readonly type: "prepare";
      readonly number: number;
      readonly transaction: Transaction;
      /** Transactions of lower numbers are over at the coordinator. */
      readonly floor: number;
      /** What the receiver may not know to be committed yet: this message may overtake a commit. */
      readonly committed: readonly number[];
    }
  | { readonly type: "vote"; readonly number: number; readonly isYes: boolean }
  | { readonly type: "pre-commit"; readonly number: number }
  | { readonly type: "ready"; readonly number: number }
  | { readonly type: Outcome; readonly number: number }
  | { readonly type: "acknowledge"; readonly number: number }
  /** From a member that received nothing for too long, or is back after a crash: how far are you? */
  | { readonly type: "collect"; readonly number: number; readonly isRecovered: boolean }
  /** What a member knew before a crash (`isRecovered`) must not count for a decision. */
  | {
      readonly type: "stage";
      readonly number: number;
      readonly stage: Stage;
      readonly isRecovered: boolean;
    };

const types = [
  "prepare",
  "vote",
  "pre-commit",
  "ready",
  "commit",
  "abort",
  "acknowledge",
  "collect",
  "stage",
] as const satisfies readonly ThreePhaseMessage["type"][];

const stages = ["voted", "pre-committed", "commit", "abort"] as const;

export function readMessage(reader: JsonReader): ThreePhaseMessage {
  const type = reader.peek("type").word(types);
  switch (type) {
    case "prepare": {
      const fields = reader.object(["type", "number", "transaction", "floor", "committed"]);
      return {
        type,
        number: readCount(fields.get("number")),
        transaction: readTransaction(fields.get("transaction")),
        floor: readCount(fields.get("floor")),
        committed: fields.get("committed").list().map(readCount),
      };
    }
    case "vote": {
      const fields = reader.object(["type", "number", "isYes"]);
      return { type, number: readCount(fields.get("number")), isYes: fields.get("isYes").truth() };
    }
    case "collect": {
      const fields = reader.object(["type", "number", "isRecovered"]);
      const isRecovered = fields.get("isRecovered").truth();
      return { type, number: readCount(fields.get("number")), isRecovered };
    }
    case "stage": {
      const fields = reader.object(["type", "number", "stage", "isRecovered"]);
      const number = readCount(fields.get("number"));
      const isRecovered = fields.get("isRecovered").truth();
      return { type, number, stage: fields.get("stage").word(stages), isRecovered };
    }
    case "pre-commit":
    case "ready":
    case "commit":
    case "abort":
    case "acknowledge":
      return { type, number: readCount(reader.object(["type", "number"]).get("number")) };
  }
}

export function describeMessage(message: ThreePhaseMessage): string {
  const name = nameOf(message.number);
  switch (message.type) {
    case "prepare":
      return `prepare ${name}: ${message.transaction.command.type}`;
    case "vote":
      return `vote ${message.isYes ? "yes" : "no"} for ${name}`;
    case "stage":
      return `${name} is at ${message.stage}${message.isRecovered ? ", recovered" : ""}`;
    case "pre-commit":
    case "ready":
    case "commit":
    case "abort":
    case "acknowledge":
    case "collect":
      return `${message.type} ${name}`;
  }
}
