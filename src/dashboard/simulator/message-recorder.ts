/** Records every message between processes, and loses or delays those that the schedule names. */

import type { Protocol } from "../../protocols/process/protocol.ts";
import type { Interference, Letter, PostObserver } from "../../sim/engine/post.ts";
import type { Parcel } from "../../sim/process-world/parcel.ts";
import { describeCommand } from "../../sim/process-world/words.ts";
import { purposeOf } from "./message-purpose.ts";
import type { MessageRecord } from "./run-record.ts";
import type { MessageFault } from "./schedule.ts";

/** What bytes were encoded from, until they are sent. */
export type Meanings = Map<Uint8Array, unknown>;

type Draft = { -readonly [Key in keyof MessageRecord]: MessageRecord[Key] } & {
  arrivedMs: number[];
};

export type MessageListener = {
  readonly sent: (message: MessageRecord, position: number) => void;
  readonly arrived: (message: MessageRecord, position: number) => void;
  readonly struck: (fault: MessageFault) => void;
};

export class MessageRecorder implements PostObserver<Parcel> {
  readonly #protocol: Protocol;
  readonly #faults: readonly MessageFault[];
  readonly #clock: { readonly elapsedMs: number };
  readonly #listener: MessageListener;
  readonly #messages: Draft[] = [];
  readonly #positions = new Map<Letter<Parcel>, number>();
  /** Messages of this millisecond, by their ends. */
  #counts = { atMs: -1, of: new Map<string, number>() };
  readonly #meanings: Meanings;

  constructor(options: {
    readonly protocol: Protocol;
    readonly meanings: Meanings;
    readonly faults: readonly MessageFault[];
    readonly clock: { readonly elapsedMs: number };
    readonly listener: MessageListener;
  }) {
    this.#protocol = options.protocol;
    this.#meanings = options.meanings;
    this.#faults = options.faults;
    this.#clock = options.clock;
    this.#listener = options.listener;
  }

  sent(letter: Letter<Parcel>): Interference {
    const { from, to } = letter;
    const sentMs = this.#clock.elapsedMs;
    const number = this.#count(`${from} ${to}`, sentMs);
    const isNamed = (fault: MessageFault) => {
      return [fault.from, fault.to].join() === [from, to].join() && fault.number === number;
    };
    const fault = this.#faults.find((each) => each.atMs === sentMs && isNamed(each));
    const message: Draft = {
      ...{ from, to, ...this.#describe(letter.message), sentMs, number, arrivedMs: [] },
      lost: fault?.verb === "lose" ? "by-schedule" : undefined,
      lostMs: undefined,
      delayedMs: fault?.verb === "delay" ? fault.byMs : 0,
    };
    const position = this.#messages.push(message) - 1;
    this.#positions.set(letter, position);
    this.#listener.sent(message, position);
    if (fault === undefined) return "none";
    this.#listener.struck(fault);
    return fault.verb === "lose" ? "lost" : { delayMs: fault.byMs };
  }

  arrived(letter: Letter<Parcel>): void {
    const position = this.#positions.get(letter);
    const message = position === undefined ? undefined : this.#messages[position];
    if (position === undefined || message === undefined) return;
    message.arrivedMs.push(this.#clock.elapsedMs);
    this.#listener.arrived(message, position);
  }

  /**
   * @param delayMsMax what a message takes at most: what has not arrived by then is lost.
   * @param strikesMs when faults struck.
   */
  finish(
    endMs: number,
    delayMsMax: number,
    strikesMs: readonly number[],
  ): readonly MessageRecord[] {
    for (const message of this.#messages) {
      if (message.arrivedMs.length > 0 || message.lost !== undefined) continue;
      const begunMs = message.sentMs + message.delayedMs;
      const dueMs = begunMs + delayMsMax;
      if (dueMs >= endMs) continue;
      message.lost = "on-its-way";
      message.lostMs = strikesMs.find((atMs) => atMs > begunMs && atMs <= dueMs);
    }
    return this.#messages;
  }

  #count(ends: string, atMs: number): number {
    if (this.#counts.atMs !== atMs) this.#counts = { atMs, of: new Map() };
    const number = (this.#counts.of.get(ends) ?? 0) + 1;
    this.#counts.of.set(ends, number);
    return number;
  }

  #describe(parcel: Parcel): Pick<MessageRecord, "kind" | "text" | "purpose"> {
    if (parcel instanceof Uint8Array) return this.#describeBytes(parcel);
    const asked = parcel.type === "request" ? `: ${describeCommand(parcel.command)}` : "";
    const text = `${parcel.type} of client ${parcel.id.client}${asked}`;
    return { kind: parcel.type, text, purpose: "client" };
  }

  #describeBytes(bytes: Uint8Array): Pick<MessageRecord, "kind" | "text" | "purpose"> {
    const message = this.#meanings.get(bytes) ?? this.#read(bytes);
    this.#meanings.delete(bytes);
    if (message === undefined) return { kind: "malformed", text: "no message", purpose: "carries" };
    // Messages of all protocols are plain objects with a type.
    const { type: kind } = message as { readonly type: string };
    const text = this.#protocol.describe(message);
    const purpose = isEmptyAppend(message) ? "keeps-alive" : purposeOf(this.#protocol.name, kind);
    return { kind, text, purpose };
  }

  /** What a byzantine process made itself. */
  #read(bytes: Uint8Array): unknown {
    const verdict = this.#protocol.decode(bytes);
    return verdict.ok ? verdict.value : undefined;
  }
}

/** Raft's question whether a follower's log fits. */
function isEmptyAppend(message: unknown): boolean {
  const { type, entries } = message as { readonly type: string; readonly entries?: unknown };
  return type === "append" && Array.isArray(entries) && entries.length === 0;
}

/** The same protocol, which notes what it encodes. */
export function noting(protocol: Protocol, meanings: Meanings): Protocol {
  return {
    ...protocol,
    encode: (message) => {
      const bytes = protocol.encode(message);
      meanings.set(bytes, message);
      return bytes;
    },
  };
}
