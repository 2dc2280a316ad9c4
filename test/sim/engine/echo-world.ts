/**
 * A world without any chain: `ping` counts up, `echo` counts along and confirms each number.
 *
 * Both write a number to disk before they speak of it. The promise of this world: echo never forgets
 * a number that it has confirmed.
 */

import type { HostEffect, Machine, Woken } from "../../../src/machine/machine.ts";
import type { Now } from "../../../src/machine/now.ts";
import type { Store } from "../../../src/machine/store.ts";
import type { Elapsed, Milliseconds, PeerId } from "../../../src/primitives/brand.ts";
import type { StepCheck } from "../../../src/sim/engine/check.ts";
import type { LinkConditions } from "../../../src/sim/engine/link.ts";
import type { Links } from "../../../src/sim/engine/links.ts";
import {
  type DiskConditions,
  type HostOptions,
  MachineHost,
} from "../../../src/sim/engine/machine-host.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";
import { type Arrived, Post } from "../../../src/sim/engine/post.ts";
import { type Roles, World } from "../../../src/sim/engine/world.ts";

type EchoMessage = { readonly type: "ping" | "echo"; readonly number: number };
type EchoEvent = Arrived<EchoMessage> | Woken;
type EchoEffect =
  HostEffect | { readonly type: "send"; readonly to: PeerId; readonly message: EchoMessage };

const [ping, echo] = ["ping", "echo"] as PeerId[] as [PeerId, PeerId];

/** How long ping waits for an echo before it asks again. */
const patienceMs = 100;

const counterKey = "counter";

function numberIn(record: Uint8Array | undefined): number {
  return record === undefined ? 0 : new DataView(record.buffer, record.byteOffset).getUint16(0);
}

/** A number on disk. */
class DurableCounter {
  readonly #store: Store;
  value: number;

  constructor(store: Store) {
    this.#store = store;
    this.value = numberIn(store.get(counterKey));
  }

  countUp(): EchoEffect {
    this.value += 1;
    const value = Uint8Array.of(this.value >> 8, this.value & 0xff);
    const batch = [{ type: "put", key: counterKey, value }] as const;
    this.#store.commit(batch);
    return { type: "persist", batch };
  }
}

/** Asks for the next number, again and again until it is confirmed. */
class Ping implements Machine<EchoEvent, EchoEffect> {
  readonly counter: DurableCounter;
  #askAgainAt = 0;

  constructor(store: Store) {
    this.counter = new DurableCounter(store);
  }

  handle(event: EchoEvent, now: Now): readonly EchoEffect[] {
    const isConfirmed = event.type === "message" && event.message.number === this.#next;
    if (isConfirmed) return [this.counter.countUp(), ...this.#ask(now)];
    return now.elapsed >= this.#askAgainAt ? this.#ask(now) : [this.#wake];
  }

  get #next(): number {
    return this.counter.value + 1;
  }

  #ask(now: Now): readonly EchoEffect[] {
    this.#askAgainAt = now.elapsed + patienceMs;
    return [{ type: "send", to: echo, message: { type: "ping", number: this.#next } }, this.#wake];
  }

  get #wake(): EchoEffect {
    return { type: "wake", at: this.#askAgainAt as Elapsed };
  }
}

/** Counts along; what it has counted already it only confirms again. */
class Echo implements Machine<EchoEvent, EchoEffect> {
  readonly counter: DurableCounter;
  readonly #isHasty: boolean;

  /** @param isHasty plants a bug: it speaks before the number is on disk. */
  constructor(store: Store, isHasty: boolean) {
    this.counter = new DurableCounter(store);
    this.#isHasty = isHasty;
  }

  handle(event: EchoEvent): readonly EchoEffect[] {
    if (event.type === "woken") return [];
    const { number } = event.message;
    const answer: EchoEffect = { type: "send", to: ping, message: { type: "echo", number } };
    if (number <= this.counter.value) return [answer];
    if (number > this.counter.value + 1) return []; // it has forgotten something
    const persist = this.counter.countUp();
    return this.#isHasty ? [answer, persist] : [persist, answer];
  }
}

export type EchoSubject = { readonly name: PeerId; readonly counter: number };

type EchoKind = {
  readonly event: EchoEvent;
  readonly effect: EchoEffect;
  readonly machine: Ping | Echo;
  readonly cause: never;
  readonly news: never;
  readonly subject: EchoSubject;
};

class EchoHost extends MachineHost<EchoKind> {
  readonly #post: Post<EchoMessage>;

  constructor(options: HostOptions<EchoKind>, post: Post<EchoMessage>) {
    super(options);
    this.#post = post;
  }

  get counter(): number {
    return this.machine.counter.value;
  }

  protected attach(): void {
    this.#post.attach(this.name, (event) => this.receive(event));
  }

  protected carryOut({ to, message }: EchoEffect & { readonly type: "send" }): void {
    this.#post.send(this.name, to, message);
  }

  protected detach(): void {
    this.#post.detach(this.name);
  }
}

export type EchoWorldOptions = {
  readonly seed?: number;
  readonly conditions?: Partial<LinkConditions>;
  readonly disk?: DiskConditions;
  /** Plants the bug that echo speaks before the number is on disk. */
  readonly isHasty?: boolean;
  readonly checks?: readonly StepCheck<EchoSubject>[];
  /** Nodes between ping and echo, in a row. */
  readonly between?: readonly string[];
};

export class EchoWorld extends World<EchoKind, EchoHost> {
  readonly post: Post<EchoMessage>;
  /** `@echo` is held while echo runs, `@leader` never: there is none here. */
  readonly roles: Roles = {
    echo: () => (this.host("echo").isRunning ? "echo" : undefined),
    leader: () => undefined,
  };

  constructor(options: EchoWorldOptions = {}) {
    super({ seed: options.seed ?? 1, start: 0 as Milliseconds, checks: options.checks ?? [] });
    const { disk, isHasty = false, between = [] } = options;
    this.post = new Post({ clock: this.clock, random: this.random.fork("links") });
    const names = ["ping", ...between, "echo"];
    for (const name of names) {
      this.addHost(name, (place) => {
        const boot = (store: MemoryStore) => {
          return name === "ping" ? new Ping(store) : new Echo(store, isHasty);
        };
        const store = new MemoryStore();
        return new EchoHost({ ...place, store, boot, ...(disk && { disk }) }, this.post);
      });
    }
    const conditions = { latencyMinMs: 10, jitterMs: 0, loss: 0, ...options.conditions };
    for (const [position, name] of names.slice(1).entries()) {
      this.links.connect(names[position] as PeerId, name as PeerId, conditions);
    }
  }

  get links(): Links {
    return this.post.links;
  }

  protected subjectOf({ name, counter }: EchoHost): EchoSubject {
    return { name, counter };
  }

  /** What ping and echo have on disk. */
  get counters(): readonly [number, number] {
    return [this.#onDisk("ping"), this.#onDisk("echo")];
  }

  #onDisk(name: string): number {
    return numberIn(this.host(name).store.durable.get(counterKey));
  }
}

/** Ping knows of a number only because echo confirmed it. */
export function nothingConfirmedIsForgotten(): StepCheck<EchoSubject> {
  let confirmed = 0;
  return {
    name: "nothing confirmed is forgotten",
    everySteps: 1,
    findViolation({ name, counter }) {
      if (name === ping) confirmed = Math.max(confirmed, counter);
      if (name !== echo || counter >= confirmed) return undefined;
      return `it confirmed ${confirmed}, and counts ${counter}`;
    },
  };
}
