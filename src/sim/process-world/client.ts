/** A client in a closed loop: it asks, waits for the answer, thinks, and asks again. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import { EqualAnswers } from "../../protocols/process/equal-answers.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import { peerName } from "../engine/world.ts";
import type { FinalAnswer, Workload } from "./workload.ts";

export type ClientTimes = {
  /** Between an answer and the next request, in the mean; exponential. */
  readonly thinkMeanMs: number;
  /** Without an answer for so long it asks again under the same id, at the next of its places. */
  readonly retryMs: number;
  /** Then it gives up, and goes on under a new id. */
  readonly timeoutMs: number;
};

/** What clients do, besides waiting. */
export type ClientManners = {
  /**
   * How long a client beside this node waits, in place of `timeoutMs`: for services that answer as
   * fast as the part of the network that they are in. Asked anew at each attempt.
   */
  readonly patienceMsOf?: (beside: PeerId) => number;
  /**
   * What it does with a request that was aborted: takes that for the end, which is usual, or asks
   * for the same under a new id, until its time is over.
   */
  readonly afterAbort?: "end" | "ask-again";
  /**
   * Whom it asks first: who led when it last heard of a leader, which is usual, or always the node
   * beside it, which may answer by itself or name another one.
   */
  readonly asksFirst?: "leader" | "beside";
};

export const usualTimes: ClientTimes = { thinkMeanMs: 100, retryMs: 500, timeoutMs: 2_000 };

/** What clients measure time by, and set alarms with: virtual time, or a real clock. */
export interface ClientClock<Alarm = unknown> {
  /** Since some moment before the first request; it never goes back. */
  readonly elapsedMs: number;
  after(delayMs: number, action: () => void): Alarm;
  cancel(alarm: Alarm): void;
}

/** What clients do of a protocol whose processes may be byzantine. */
export type AsksAll = {
  /** All processes. */
  readonly names: readonly PeerId[];
  /** How many equal answers of different processes a client needs. */
  readonly answersNeeded: number;
};

/** Where nodes can be asked: a simulated world, of processes or of the chain, or processes that run. */
export interface AskedProcesses {
  readonly clock: ClientClock;
  /** The process that leads now, if that is known. */
  readonly leader: PeerId | undefined;
  /** Undefined, or left out, where a client asks one process, which answers alone. */
  readonly asksAll?: AsksAll | undefined;
  /**
   * Asks on behalf of a client that stands beside one process. The answer may never come.
   *
   * @param at the process that is asked.
   */
  request(beside: PeerId, id: RequestId, command: Command, at: PeerId): void;
  /** Notifies of each answer that reaches its client. */
  onAnswer(listener: (id: RequestId, answer: Answer, at: PeerId) => void): void;
}

/** How a request ended. */
export type Ended = {
  readonly client: string;
  readonly command: Command;
  /** Undefined if it was given up. */
  readonly answer: FinalAnswer | undefined;
  readonly askedAtMs: number;
  readonly latencyMs: number;
  /** The node that answered, if one did. */
  readonly at: PeerId | undefined;
  /** True if the client stands beside the node that leads. */
  readonly isBesideLeader: boolean;
};

export type ClientOptions = ClientManners & {
  readonly name: string;
  /** The nodes beside which it can stand: one, or a side of a network. It begins at the first. */
  readonly places: readonly string[];
  readonly world: AskedProcesses;
  readonly workload: Workload;
  readonly random: Random;
  readonly times: ClientTimes;
  /** Asked before each request: false ends the loop. */
  readonly mayAsk: () => boolean;
  readonly onEnded: (ended: Ended) => void;
};

type Open = { readonly id: RequestId; readonly command: Command; readonly askedAtMs: number };

/** Between two attempts where no leader is known, or the first was aborted, in the mean. */
const pauseMeanMs = 50;
/** How often it follows the word of a process to another one before it waits. */
const hopsMax = 3;

export class Client {
  readonly #options: ClientOptions;
  readonly #places: readonly PeerId[];
  /** Grows when a request is given up: the next ones have another client's id. */
  #generation = 1;
  #idName: string;
  #number = 0;
  /** Position among its places. */
  #place = 0;
  #leader: PeerId | undefined;
  #hops = 0;
  #open: Open | undefined;
  /** To the open request, where several equal ones are needed. */
  #given = new EqualAnswers();
  #alarm: unknown;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#places = options.places.map(peerName);
    this.#idName = `${options.name}.${this.#generation}`;
  }

  get name(): string {
    return this.#options.name;
  }

  /** The client's part of its request ids now. */
  get idName(): string {
    return this.#idName;
  }

  /** When it asked what is open now; undefined if nothing is. */
  get openSinceMs(): number | undefined {
    return this.#open?.askedAtMs;
  }

  /** Begins the loop. @param delayMs until the first request. */
  begin(delayMs: number): void {
    this.#options.world.clock.after(delayMs, () => this.#ask());
  }

  /** An answer to one of its ids has come; only one to the open request counts. */
  receive(id: RequestId, answer: Answer, at: PeerId): void {
    const open = this.#open;
    if (open === undefined || open.id.number !== id.number) return;
    const { world, afterAbort } = this.#options;
    const { asksAll } = world;
    if (asksAll !== undefined) this.#count(open, answer, at, asksAll.answersNeeded);
    else if (answer.type === "redirected") this.#follow(answer.leader, at);
    else if (answer.type === "aborted" && afterAbort === "ask-again") this.#askAgain();
    else this.#end(open, answer, at);
  }

  /** A byzantine process can answer anything: enough others must say the same. */
  #count(open: Open, answer: Answer, at: PeerId, answersNeeded: number): void {
    if (answer.type === "redirected") return;
    if (this.#given.add(answer, at) >= answersNeeded) this.#end(open, answer, at);
  }

  get #beside(): PeerId {
    return this.#places[this.#place % this.#places.length] as PeerId;
  }

  #ask(): void {
    const { workload, mayAsk, world } = this.#options;
    if (!mayAsk()) return;
    const command = workload.ask(this.name);
    this.#open = { id: this.#nextId(), command, askedAtMs: world.clock.elapsedMs };
    if (this.#options.asksFirst === "beside") this.#leader = undefined;
    this.#hops = 0;
    this.#given = new EqualAnswers();
    this.#attempt();
  }

  #nextId(): RequestId {
    this.#number += 1;
    return { client: this.idName, number: this.#number };
  }

  /** What was aborted will never be done under its id: the same may be asked under another one. */
  #askAgain(): void {
    if (this.#open === undefined) return;
    this.#open = { ...this.#open, id: this.#nextId() };
    this.#wait(this.#options.random.nextExponential(pauseMeanMs), () => this.#attempt());
  }

  #attempt(): void {
    const open = this.#open;
    if (open === undefined) return;
    const { world, times, patienceMsOf } = this.#options;
    const patienceMs = patienceMsOf?.(this.#beside) ?? times.timeoutMs;
    const leftMs = open.askedAtMs + patienceMs - world.clock.elapsedMs;
    if (leftMs <= 0) {
      this.#end(open, undefined, undefined);
      return;
    }
    // Set before the request is sent: the answer may come at once.
    this.#wait(Math.min(times.retryMs, leftMs), () => this.#tryElsewhere());
    const beside = this.#beside;
    const { asksAll } = world;
    if (asksAll === undefined) {
      world.request(beside, open.id, open.command, this.#leader ?? beside);
      return;
    }
    // The one beside it last: its answer may come at once.
    const others = asksAll.names.filter((name) => name !== beside);
    for (const at of [...others, beside]) world.request(beside, open.id, open.command, at);
  }

  #tryElsewhere(): void {
    this.#leader = undefined;
    this.#hops = 0;
    this.#place += 1;
    this.#attempt();
  }

  /** Goes to the node that leads, if one is named and it was not sent round too often; else it waits. */
  #follow(text: string | undefined, at: PeerId): void {
    const leader = text === undefined ? undefined : peerName(text);
    if (leader !== undefined && leader !== at && this.#hops < hopsMax) {
      this.#leader = leader;
      this.#hops += 1;
      this.#attempt();
      return;
    }
    this.#wait(this.#options.random.nextExponential(pauseMeanMs), () => this.#tryElsewhere());
  }

  #wait(delayMs: number, then: () => void): void {
    const { clock } = this.#options.world;
    if (this.#alarm !== undefined) clock.cancel(this.#alarm);
    this.#alarm = clock.after(delayMs, then);
  }

  #end(open: Open, answer: FinalAnswer | undefined, at: PeerId | undefined): void {
    const { world, workload, random, times, onEnded } = this.#options;
    this.#open = undefined;
    if (answer) workload.answered(this.name, answer);
    else {
      workload.givenUp(this.name);
      this.#generation += 1;
      this.#idName = `${this.name}.${this.#generation}`;
      this.#number = 0;
    }
    const { command, askedAtMs } = open;
    const latencyMs = world.clock.elapsedMs - askedAtMs;
    const isBesideLeader = world.leader === this.#beside;
    onEnded({ client: this.name, command, answer, askedAtMs, latencyMs, at, isBesideLeader });
    this.#wait(random.nextExponential(times.thinkMeanMs), () => this.#ask());
  }
}
