/**
 * What one process does with one event, computed once: its states, disks, messages and events are
 * numbers here.
 *
 * Time: the clock always shows 0. A running timer is due far away, except for the one that fires:
 * so any timer may fire at any time, in any order, and how long a process waited is no part of
 * its state (`Timing` in `protocols/process/timers.ts`).
 * Random draws are the same in every step, as they only choose times.
 */

import type { Write } from "../../machine/store.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import type { ProcessEvent } from "../../protocols/process/process.ts";
import type { ProcessView, Protocol } from "../../protocols/process/protocol.ts";
import { fakeSignatures, requestText } from "../../protocols/process/signatures.ts";
import { namedTiming, type Timing } from "../../protocols/process/timers.ts";
import { Numbering, PairMemory } from "../engine/numbering.ts";

/** Processes are numbers, in the order of the members. */
export type Envelope = { readonly from: number; readonly to: number; readonly message: unknown };

export type Request = {
  /** The process that is asked. */
  readonly process: number;
  readonly id: RequestId;
  readonly command: Command;
};

/** What can happen to a process besides a crash. */
export type Cause =
  | { readonly type: "received"; readonly envelope: number }
  | { readonly type: "requested"; readonly request: Request }
  | { readonly type: "fired"; readonly timer: string };

export type Consequence =
  | { readonly type: "persist"; readonly batch: number }
  | { readonly type: "send"; readonly envelope: number }
  | { readonly type: "answer"; readonly answer: number };

export type Answered = { readonly id: RequestId; readonly answer: Answer };

export type Outcome = { readonly local: number; readonly consequences: readonly Consequence[] };

type Disk = ReadonlyMap<string, Uint8Array>;

const now = 0 as Elapsed;

export class ProcessSteps {
  readonly #protocol: Protocol;
  readonly #timing: Timing<unknown>;
  readonly members: readonly PeerId[];
  readonly #locals = new Numbering<unknown>();
  readonly #disks = new Numbering<Disk>();
  readonly #batches = new Numbering<readonly Write[]>();
  readonly #envelopes = new Numbering<Envelope>();
  readonly #answers = new Numbering<Answered>();
  readonly #causes = new Numbering<Cause>();
  readonly #outcomes = new PairMemory<Outcome>();
  readonly #starts = new PairMemory<Outcome>();
  readonly #written = new PairMemory<number>();
  readonly #views: ProcessView[] = [];

  constructor(protocol: Protocol, nodes: number) {
    this.#protocol = protocol;
    this.#timing = protocol.timing ?? namedTiming;
    this.members = Array.from({ length: nodes }, (_, i) => `n${i + 1}` as PeerId);
  }

  get emptyDisk(): number {
    return this.#disks.numberOf(new Map());
  }

  /** A life begins with what is on the disk. */
  start(process: number, disk: number): Outcome {
    return this.#starts.get(process, disk, () => {
      const records = this.#disks.valueOf(disk);
      const setting = { name: this.#nameOf(process), members: this.members };
      const state = this.#protocol.start(setting, { get: (key) => records.get(key) });
      return this.#step(process, state, { type: "started" });
    });
  }

  react(process: number, local: number, cause: Cause): Outcome {
    const subject = local * this.members.length + process;
    return this.#outcomes.get(subject, this.#causes.numberOf(cause), () => {
      const state = this.#locals.valueOf(local);
      switch (cause.type) {
        case "received": {
          const { from, message } = this.envelope(cause.envelope);
          return this.#step(process, state, {
            type: "received",
            from: this.#nameOf(from),
            message,
          });
        }
        case "requested": {
          const { id, command } = cause.request;
          const signature = fakeSignatures(id.client).sign(requestText(id, command));
          return this.#step(process, state, { type: "requested", id, command, signature });
        }
        case "fired":
          return this.#step(process, this.#timing.due(state, cause.timer), { type: "woken" });
        default:
          return unreachable(cause);
      }
    });
  }

  /** The running timers of a process in this state. */
  timersOf(local: number): readonly string[] {
    return this.#timing.running(this.#locals.valueOf(local));
  }

  /** The disk when a batch is written. */
  write(disk: number, batch: number): number {
    return this.#written.get(disk, batch, () => {
      const records = new Map(this.#disks.valueOf(disk));
      for (const write of this.#batches.valueOf(batch)) {
        if (write.type === "put") records.set(write.key, write.value);
        else records.delete(write.key);
      }
      return this.#disks.numberOf(records);
    });
  }

  stateOf(local: number): unknown {
    return this.#locals.valueOf(local);
  }

  viewOf(local: number): ProcessView {
    return (this.#views[local] ??= this.#protocol.view(this.#locals.valueOf(local)));
  }

  envelope(number: number): Envelope {
    return this.#envelopes.valueOf(number);
  }

  answer(number: number): Answered {
    return this.#answers.valueOf(number);
  }

  describe(number: number): string {
    const { from, to, message } = this.envelope(number);
    return `${this.#nameOf(from)} → ${this.#nameOf(to)}: ${this.#protocol.describe(message)}`;
  }

  #nameOf(process: number): PeerId {
    const name = this.members[process];
    if (name === undefined) throw new RangeError(`there is no process ${process}`);
    return name;
  }

  #step(process: number, state: unknown, event: ProcessEvent<unknown>): Outcome {
    const random = createRandom("explorer");
    const signatures = fakeSignatures(this.#nameOf(process));
    const moment = { now, random, signatures };
    const { state: next, effects } = this.#protocol.step(state, event, moment);
    const consequences: Consequence[] = [];
    for (const effect of effects) {
      if (effect.type === "persist") {
        consequences.push({ type: "persist", batch: this.#batches.numberOf(effect.batch) });
      }
      if (effect.type === "answer") {
        const { id, answer } = effect;
        consequences.push({ type: "answer", answer: this.#answers.numberOf({ id, answer }) });
      }
      if (effect.type === "send") {
        const to = this.members.indexOf(effect.to);
        if (to < 0) throw new Error(`${this.#protocol.name} sends to ${effect.to}, no member`);
        const message = this.#overTheWire(effect.message);
        const envelope = this.#envelopes.numberOf({ from: process, to, message });
        consequences.push({ type: "send", envelope });
      }
    }
    const settled = this.#timing.settled(next);
    if (effects.some(({ type }) => type === "wake") && this.#timing.running(settled).length === 0) {
      throw new Error(`${this.#protocol.name} asks to be woken and has no timer`);
    }
    return { local: this.#locals.numberOf(settled), consequences };
  }

  /** A message as the receiver reads it. */
  #overTheWire(message: unknown): unknown {
    const verdict = this.#protocol.decode(this.#protocol.encode(message));
    if (verdict.ok) return verdict.value;
    throw new Error(`${this.#protocol.name} cannot read its own message: ${verdict.problem}`);
  }
}
