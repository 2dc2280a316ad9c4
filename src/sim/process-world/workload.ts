/** What clients ask, one request after the other, and the record of how each of them ended. */

import { type HistoryEvent, HistoryRecorder } from "../../checkers/history.ts";
import type { Random } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Workload as WorkloadName } from "../../protocols/catalogue.ts";
import type { Answer, Command, Value } from "../../protocols/process/key-value.ts";
import { type Key, KeyRing, type Stopwatch } from "./key-ring.ts";

/** An answer that ends a request. */
export type FinalAnswer = Exclude<Answer, { readonly type: "redirected" }>;

/** Clients are named by any text, and have one request open at a time. */
export interface Workload {
  /** What a client asks next; it counts as asked now. */
  ask(client: string): Command;
  answered(client: string, answer: FinalAnswer): void;
  /** Its outcome stays unknown: it may take effect at any later time, or never. */
  givenUp(client: string): void;
}

const readShare = 0.5;
const writeShare = 0.35;

/** Reads, writes and comparisons of keys: a history for the check of linearizability. */
export class KeyValueWorkload implements Workload {
  readonly #clock: Stopwatch;
  readonly #random: Random;
  readonly #ring: KeyRing;
  readonly #recorder = new HistoryRecorder();
  readonly #open = new Map<string, { readonly key: Key; readonly command: Command }>();

  constructor(clock: Stopwatch, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#ring = new KeyRing(clock, random.fork("keys"));
  }

  get history(): readonly HistoryEvent[] {
    return this.#recorder.events;
  }

  ask(client: string): Command {
    const key = this.#ring.pick();
    const command = this.#draw(key);
    this.#open.set(client, { key, command });
    this.#recorder.invoke(client, invocationOf(command), this.#clock.elapsedMs);
    return command;
  }

  answered(client: string, answer: FinalAnswer): void {
    const { key, command } = this.#take(client);
    const nowMs = this.#clock.elapsedMs;
    switch (answer.type) {
      case "read":
        key.lastSeen = answer.value;
        this.#recorder.ok(client, answer.value, nowMs);
        return;
      case "written":
        if (command.type === "write") key.lastSeen = command.value;
        this.#recorder.ok(client, undefined, nowMs);
        return;
      case "compared":
        if (!answer.isSet) {
          this.#recorder.differed(client, nowMs);
          return;
        }
        if (command.type === "compare-and-set") key.lastSeen = command.to;
        this.#recorder.ok(client, undefined, nowMs);
        return;
      case "aborted":
        this.#recorder.fail(client, answer.reason, nowMs);
        return;
      case "decided":
        throw new Error(`${client} asked for no decision`);
      default:
        unreachable(answer);
    }
  }

  givenUp(client: string): void {
    this.#ring.retire(this.#take(client).key);
    this.#recorder.info(client, "timeout", this.#clock.elapsedMs);
  }

  #take(client: string) {
    const open = this.#open.get(client);
    if (open === undefined) throw new Error(`${client} has asked nothing`);
    this.#open.delete(client);
    return open;
  }

  #draw(key: Key): Command {
    const drawn = this.#random.nextFloat();
    if (drawn < readShare) return { type: "read", key: key.name };
    const value = key.nextValue();
    if (drawn < readShare + writeShare) return { type: "write", key: key.name, value };
    return { type: "compare-and-set", key: key.name, from: key.lastSeen, to: value };
  }
}

function invocationOf(command: Command) {
  switch (command.type) {
    case "read":
      return { f: "read", key: command.key, value: null } as const;
    case "write":
      return { f: "write", key: command.key, value: command.value } as const;
    case "compare-and-set":
      return { f: "cas", key: command.key, value: [command.from, command.to] } as const;
    case "propose":
      throw new Error("a proposal has no key");
    default:
      return unreachable(command);
  }
}

/** Proposals of values, for protocols that decide one value once. */
export class DecisionWorkload implements Workload {
  readonly #values: readonly Value[];
  readonly proposed: Value[] = [];
  /** What clients were told, in the order of the answers. */
  readonly decided: { readonly client: string; readonly value: Value }[] = [];

  /** @param values proposed in turn; at least one. */
  constructor(values: readonly Value[]) {
    this.#values = values;
  }

  ask(): Command {
    const value = this.#values[this.proposed.length % this.#values.length] ?? null;
    this.proposed.push(value);
    return { type: "propose", value };
  }

  answered(client: string, answer: FinalAnswer): void {
    if (answer.type === "decided") this.decided.push({ client, value: answer.value });
  }

  givenUp(): void {
    // A proposal without an answer leaves nothing to record: it may be decided at any time.
  }
}

/** One of the two, as a protocol's entry in the catalogue names it. */
export type RecordedWorkload = KeyValueWorkload | DecisionWorkload;

/** Where one value is decided; among them those that a program may take for nothing by mistake. */
const usualValues = { decision: [0, "", false, "a", 1, true], bit: [0, 1] } as const;

export type WorkloadOptions = {
  readonly workload: WorkloadName;
  readonly clock: Stopwatch;
  readonly random: Random;
  /** What is proposed in turn, where one value is decided. */
  readonly values?: readonly Value[];
};

export function createWorkload(options: WorkloadOptions): RecordedWorkload {
  const { workload, clock, random, values } = options;
  if (workload === "key-value") return new KeyValueWorkload(clock, random);
  return new DecisionWorkload(values ?? usualValues[workload]);
}
