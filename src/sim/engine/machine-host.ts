/** Hosts one machine: keeps the order of its effects, stops it, and starts it again from its disk. */

import { type Filter, FilteredMachine } from "../../machine/filter.ts";
import type { HostEffect, Persist, Woken } from "../../machine/machine.ts";
import type { Now } from "../../machine/now.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Alarm, Clock } from "./clock.ts";
import { HostClock } from "./host-clock.ts";
import type { Kind, MachineOf, OwnEffectOf } from "./kind.ts";
import { DamagedRecordError, type MemoryStore } from "./memory-store.ts";

/** How long a write takes until it is durable: each whole number between the two equally likely. */
export type DiskConditions = { readonly writeMsMin: number; readonly writeMsMax: number };

/** What a world gives to each of its hosts. */
export type HostPlace<K extends Kind> = {
  readonly name: PeerId;
  readonly clock: Clock;
  readonly random: Random;
  /** Called when the machine has handled an event and nothing of what follows is carried out yet. */
  readonly afterStep: () => void;
  /** Called before an effect is carried out. */
  readonly beforeEffect: (effect: K["effect"]) => void;
};

export type HostOptions<K extends Kind> = HostPlace<K> & {
  readonly store: MemoryStore;
  readonly disk?: DiskConditions;
  /** Makes the machine from what the store holds. @param life which of its lives begins, from 1. */
  readonly boot: (store: MemoryStore, life: number) => MachineOf<K>;
};

type Arrival<K extends Kind> = {
  readonly event: K["event"] | Woken;
  readonly cause: K["cause"] | undefined;
};
/** What one event brought about, and how much of it is carried out. */
type Pending<K extends Kind> = {
  readonly effects: readonly K["effect"][];
  readonly cause: K["cause"] | undefined;
  done: number;
};

const defaultDisk: DiskConditions = { writeMsMin: 1, writeMsMax: 5 };

/** Events that wait for a paused machine, as they would in its host's buffers; more are lost. */
export const pausedEventsMax = 10_000;

export abstract class MachineHost<K extends Kind> {
  readonly name: PeerId;
  readonly store: MemoryStore;
  protected readonly clock: Clock;
  readonly #options: HostOptions<K>;
  readonly #disk: DiskConditions;
  readonly #ownClock: HostClock;
  #filtered: FilteredMachine<K["event"] | Woken, K["effect"], MachineOf<K>> | undefined;
  #lives = 0;
  /** What is to be done, in order; it waits while something is written. */
  #pending: Pending<K>[] = [];
  #isWriting = false;
  /** What came since it was paused; undefined if it is not. */
  #inbox: Arrival<K>[] | undefined;
  #wake: { readonly at: Elapsed; readonly alarm: Alarm } | undefined;

  constructor(options: HostOptions<K>) {
    this.name = options.name;
    this.store = options.store;
    this.clock = options.clock;
    this.#options = options;
    this.#disk = options.disk ?? defaultDisk;
    this.#ownClock = new HostClock(options.clock);
  }

  /** The machine has started: it may receive events from now on. */
  protected abstract attach(): void;

  /** Does what the machine's kind of effect asks for. @param cause came with the event behind it. */
  protected abstract carryOut(effect: OwnEffectOf<K>, cause: K["cause"] | undefined): void;

  /** It has ended, without a message. */
  protected abstract detach(): void;

  /** True if an event may be lost where too many wait; the others wait all the same. */
  protected mayLose(_event: K["event"] | Woken): boolean {
    return true;
  }

  /** False while it is stopped; a paused machine counts as running. */
  get isRunning(): boolean {
    return this.#filtered !== undefined;
  }

  get isPaused(): boolean {
    return this.#inbox !== undefined;
  }

  get isHonest(): boolean {
    return this.#filtered?.behaviour === undefined;
  }

  /** What this machine's clocks show. */
  get now(): Now {
    return this.#ownClock.now;
  }

  /** True if nothing waits to be carried out. */
  get isQuiet(): boolean {
    return this.#pending.length === 0 && !this.#isWriting && !this.isPaused;
  }

  /** @throws Error if it is not running. */
  get machine(): MachineOf<K> {
    return this.#running.machine;
  }

  get #running(): FilteredMachine<K["event"] | Woken, K["effect"], MachineOf<K>> {
    if (this.#filtered === undefined) throw new Error(`${this.name} is not running`);
    return this.#filtered;
  }

  /** Starts from what its store holds; from an empty store if that is damaged. */
  start(): void {
    if (this.#filtered !== undefined) throw new Error(`${this.name} is running already`);
    if (this.store.isDamaged) this.store.wipe();
    this.#filtered = new FilteredMachine(this.#options.boot(this.store, ++this.#lives));
    this.#ownClock.boot();
    this.attach();
    this.receive({ type: "woken" });
  }

  /** Ends at once: what was not written, and what was still to be done, is lost. */
  crash(): void {
    this.#filtered = undefined;
    this.#pending = [];
    this.#isWriting = false;
    this.#inbox = undefined;
    if (this.#wake) this.clock.cancel(this.#wake.alarm);
    this.#wake = undefined;
    this.store.crash();
    this.detach();
  }

  /** Does nothing from now on, and keeps its memory: messages wait, timers are late. */
  pause(): void {
    if (this.isRunning) this.#inbox ??= [];
  }

  /** Goes on where it was paused. */
  resume(): void {
    const waiting = this.#inbox;
    if (waiting === undefined) return;
    this.#inbox = undefined;
    this.#carryOutPending();
    for (const { event, cause } of waiting) if (this.isRunning) this.receive(event, cause);
  }

  /** Gives the machine a behaviour from now on, or makes it honest. */
  setBehaviour(behaviour: Filter<MachineOf<K>, K["effect"]> | undefined): void {
    this.#running.behaviour = behaviour;
    this.receive({ type: "woken" });
  }

  /** Sets its wall clock forward, or back if negative. It is not notified, and no wait changes. */
  stepClock(byMs: number): void {
    this.#ownClock.step(byMs);
  }

  /** Lets its clocks run at a rate; the wall clock begins with the right time. 1 is right. */
  drift(rate: number): void {
    this.#ownClock.drift(rate);
    if (this.#wake) this.#setAlarm(this.#wake.at);
  }

  receive(event: K["event"] | Woken, cause?: K["cause"]): void {
    if (this.#inbox !== undefined) {
      const isFull = this.#inbox.length >= pausedEventsMax;
      if (!isFull || !this.mayLose(event)) this.#inbox.push({ event, cause });
      return;
    }
    const effects = this.#handle(event);
    if (effects === undefined) return;
    if (effects.length > 0) this.#pending.push({ effects, cause, done: 0 });
    this.#options.afterStep();
    this.#carryOutPending();
  }

  /** Undefined if it read a damaged record: then it stops, and its effects are dropped. */
  #handle(event: K["event"] | Woken): readonly K["effect"][] | undefined {
    try {
      return this.#running.handle(event, this.now);
    } catch (error) {
      if (!(error instanceof DamagedRecordError)) throw error;
      this.crash();
      return undefined;
    }
  }

  #carryOutPending(): void {
    while (!this.#isWriting && !this.isPaused) {
      const [next] = this.#pending;
      if (next === undefined) return;
      const effect = next.effects[next.done] as K["effect"];
      next.done += 1;
      // Before it is carried out: that may bring about more, which must find the rest alone here.
      if (next.done === next.effects.length) this.#pending.shift();
      this.#options.beforeEffect(effect);
      if (!isHostEffect(effect)) this.carryOut(effect as OwnEffectOf<K>, next.cause);
      else if (effect.type === "persist") this.#write(effect);
      else this.#wakeAt(effect.at);
    }
  }

  #write({ batch }: Persist): void {
    const { writeMsMin, writeMsMax } = this.#disk;
    const life = this.#lives;
    const delayMs = writeMsMin + this.#options.random.nextBelow(writeMsMax - writeMsMin + 1);
    this.#isWriting = true;
    this.clock.after(delayMs, () => {
      if (life !== this.#lives || !this.isRunning) return;
      this.store.persist(batch);
      this.#isWriting = false;
      this.#carryOutPending();
    });
  }

  #wakeAt(at: Elapsed): void {
    const wish = this.#wake?.at;
    const isOpen = wish !== undefined && wish > this.now.elapsed;
    if (isOpen && wish <= at) return;
    this.#setAlarm(at);
  }

  #setAlarm(at: Elapsed): void {
    if (this.#wake) this.clock.cancel(this.#wake.alarm);
    const alarm = this.clock.after(this.#ownClock.delayUntil(at), () => {
      this.#wake = undefined;
      // At a wrong rate it may be a little early.
      if (this.now.elapsed < at) this.#setAlarm(at);
      else this.receive({ type: "woken" });
    });
    this.#wake = { at, alarm };
  }
}

function isHostEffect(effect: { readonly type: string }): effect is HostEffect {
  return effect.type === "persist" || effect.type === "wake";
}
