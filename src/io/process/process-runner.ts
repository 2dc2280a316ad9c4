/** Runs the machine of a process in the real world: events one by one, effects in their order. */

import type { Machine, Persist } from "../../machine/machine.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { messageOf } from "../../primitives/error-message.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import type {
  ProcessMachineEffect,
  ProcessMachineEvent,
} from "../../protocols/process/process-machine.ts";
import type { News } from "../../protocols/process/protocol.ts";
import type { LevelStore } from "../disk/level-store.ts";
import { EffectLine } from "../effect-line.ts";
import { AlarmClock } from "../platform/alarm-clock.ts";
import { readClocks } from "../platform/clocks.ts";

export type ProcessRunnerOptions = {
  readonly machine: Machine<ProcessMachineEvent, ProcessMachineEffect>;
  readonly store: Pick<LevelStore, "persist">;
  readonly send: (to: PeerId, message: Uint8Array) => void;
  readonly onAnswer: (id: RequestId, answer: Answer) => void;
  readonly onNews: (news: News) => void;
  /** It has stopped by then. */
  readonly onFailure: (error: Error) => void;
};

/** While so many effects wait for the disk, no event is handled: the events wait, too. */
const effectsMax = 10_000;
/** While so many events wait, messages are lost and requests are not taken. */
export const eventsMax = 5_000;

type Departure = { readonly effect: ProcessMachineEffect };

/** Each event is handled in a turn of its own, so that disk and network get theirs between two. */
export class ProcessRunner {
  readonly #options: ProcessRunnerOptions;
  readonly #inbox: ProcessMachineEvent[] = [];
  readonly #line: EffectLine<ProcessMachineEffect, Departure>;
  readonly #alarm = new AlarmClock(() => this.#add({ type: "woken" }));
  readonly #drained: PromiseWithResolvers<void> = Promise.withResolvers();
  #hasStarted = false;
  #hasTurn = false;
  #isClosed = false;

  constructor(options: ProcessRunnerOptions) {
    this.#options = options;
    this.#line = new EffectLine({
      persist: (batch) => options.store.persist(batch),
      execute: (_, effect) => this.#execute(effect),
      onFailure: (effect, cause) => this.#fail(`could not carry out ${effect}`, cause),
      onMoved: () => this.#goOn(),
    });
  }

  /** Begins the life of the machine. */
  start(): void {
    this.#hasStarted = true;
    this.#inbox.unshift({ type: "woken" });
    this.#takeTurn();
  }

  /** Messages on a network may get lost, and so do those for which there is no room. */
  receive(from: PeerId, message: Uint8Array): void {
    if (this.#hasRoom) this.#add({ type: "message", from, message });
  }

  /**
   * @param signature the client's, where it has to sign.
   * @returns false if it is not taken: the process is too busy, or is stopping.
   */
  request(id: RequestId, command: Command, signature?: string): boolean {
    if (!this.#hasRoom) return false;
    this.#add({ type: "requested", id, command, ...(signature && { signature }) });
    return true;
  }

  /** Handles no event any more; resolves when what was decided before has been carried out. */
  async stop(): Promise<void> {
    this.#close();
    if (this.#line.isIdle) this.#drained.resolve();
    await this.#drained.promise;
  }

  get #hasRoom(): boolean {
    return !this.#isClosed && this.#inbox.length < eventsMax;
  }

  #add(event: ProcessMachineEvent): void {
    if (this.#isClosed) return;
    this.#inbox.push(event);
    this.#takeTurn();
  }

  #takeTurn(): void {
    const canHandle = this.#hasStarted && this.#line.length < effectsMax;
    if (this.#hasTurn || this.#isClosed || !canHandle || this.#inbox.length === 0) return;
    this.#hasTurn = true;
    setImmediate(() => {
      this.#hasTurn = false;
      const event = this.#isClosed ? undefined : this.#inbox.shift();
      if (event) this.#handle(event);
      this.#takeTurn();
    });
  }

  #handle(event: ProcessMachineEvent): void {
    let effects: readonly ProcessMachineEffect[];
    try {
      effects = this.#options.machine.handle(event, readClocks());
    } catch (error) {
      this.#fail(`could not handle ${event.type}`, error);
      return;
    }
    this.#line.add(effects.map((effect) => ({ effect })));
  }

  #execute(effect: Exclude<ProcessMachineEffect, Persist>): void {
    switch (effect.type) {
      case "send":
        this.#options.send(effect.to, effect.message);
        return;
      case "answer":
        this.#options.onAnswer(effect.id, effect.answer);
        return;
      case "news":
        this.#options.onNews(effect.news);
        return;
      case "wake":
        if (!this.#isClosed) this.#alarm.set(effect.at);
        return;
      default:
        unreachable(effect);
    }
  }

  #goOn(): void {
    if (this.#isClosed && this.#line.isIdle) this.#drained.resolve();
    this.#takeTurn();
  }

  #close(): void {
    this.#isClosed = true;
    this.#alarm.stop();
    this.#inbox.length = 0;
  }

  #fail(fault: string, cause: unknown): void {
    if (this.#isClosed && this.#line.isIdle) return;
    this.#close();
    this.#line.drop();
    this.#drained.resolve();
    this.#options.onFailure(new Error(`the process ${fault}: ${messageOf(cause)}`, { cause }));
  }
}
