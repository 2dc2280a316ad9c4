/** What the members of a two-phase commit say to each other. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import type { Command, RequestId } from "../process/key-value.ts";
import { readCommand, readCount, readRequestId } from "../process/wire.ts";

/** A client's request that is carried out everywhere or nowhere. */
export type Transaction = { readonly id: RequestId; readonly command: Command };

export type Outcome = "commit" | "abort";

/**
 * `number` names a transaction: the coordinator gives each number once in all its lives. Four of
 * the types are those of a run without faults, in their order: prepare, vote, commit, acknowledge.
 */
export type CommitMessage =
  | {
      readonly type: "prepare";
      readonly number: number;
      readonly transaction: Transaction;
      /** Transactions of lower numbers are over at the coordinator: what is known of them may go. */
      readonly floor: number;
      /** What the receiver may not know to be committed yet: this message may overtake a commit. */
      readonly committed: readonly number[];
    }
  | { readonly type: "vote"; readonly number: number; readonly isYes: boolean }
  | { readonly type: Outcome; readonly number: number }
  | { readonly type: "acknowledge"; readonly number: number }
  /** From a participant in doubt: what became of it? */
  | { readonly type: "ask"; readonly number: number }
  /** From a coordinator after a restart: what it began before `first` and does not list is aborted. */
  | { readonly type: "recovered"; readonly first: number; readonly committed: readonly number[] };

const types = [
  "prepare",
  "vote",
  "commit",
  "abort",
  "acknowledge",
  "ask",
  "recovered",
] as const satisfies readonly CommitMessage["type"][];

export function readMessage(reader: JsonReader): CommitMessage {
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
    case "commit":
    case "abort":
    case "acknowledge":
    case "ask":
      return { type, number: readCount(reader.object(["type", "number"]).get("number")) };
    case "recovered": {
      const fields = reader.object(["type", "first", "committed"]);
      const committed = fields.get("committed").list().map(readCount);
      return { type, first: readCount(fields.get("first")), committed };
    }
  }
}

export function readTransaction(reader: JsonReader): Transaction {
  const fields = reader.object(["id", "command"]);
  return { id: readRequestId(fields.get("id")), command: readCommand(fields.get("command")) };
}

export function describeMessage(message: CommitMessage): string {
  switch (message.type) {
    case "prepare":
      return `prepare ${nameOf(message.number)}: ${message.transaction.command.type}`;
    case "vote":
      return `vote ${message.isYes ? "yes" : "no"} for ${nameOf(message.number)}`;
    case "recovered":
      return `recovered, ${message.committed.length} committed`;
    case "commit":
    case "abort":
    case "acknowledge":
    case "ask":
      return `${message.type} ${nameOf(message.number)}`;
  }
}

/** More than a coordinator begins in one life. */
const transactionsALife = 2 ** 30;

/** The number before the first transaction of a life; lives count from 1. */
export function beginningOf(life: number): number {
  return life * transactionsALife;
}

/** As people read it: the coordinator's life, and which of that life's transactions it is. */
export function nameOf(number: number): string {
  const life = Math.floor(number / transactionsALife);
  return `t${life}.${number - beginningOf(life)}`;
}
