/**
 * Processes of one protocol in virtual time, with disks, crashes between any two effects, and every
 * message as bytes: exact counts and latencies, without the simulator.
 */

import type { Elapsed, PeerId } from "../../src/primitives/brand.ts";
import { createRandom, type Random } from "../../src/primitives/random.ts";
import type { Answer, Command, RequestId } from "../../src/protocols/process/key-value.ts";
import type { ProcessEffect, ProcessEvent } from "../../src/protocols/process/process.ts";
import type { News, ProcessView, Protocol } from "../../src/protocols/process/protocol.ts";
import { fakeSignatures, requestText } from "../../src/protocols/process/signatures.ts";

export type Sent<M> = {
  readonly at: number;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly message: M;
};

export type Answered = {
  readonly at: number;
  readonly by: PeerId;
  readonly id: RequestId;
  readonly answer: Answer;
};

export type NetworkOptions<M> = {
  readonly count: number;
  readonly latencyMs?: (sent: Sent<M>, random: Random) => number;
  /** How often a message arrives; 0 is lost, 2 is duplicated. */
  readonly copies?: (sent: Sent<M>, random: Random) => number;
  readonly seed?: number;
};

type Life<S> = { state: S; wakeAt: number; disk: Map<string, Uint8Array>; isUp: boolean };

type Planned = { readonly at: number; readonly order: number; readonly run: () => void };

export class ProcessNetwork<S, M, N extends News> {
  readonly protocol: Protocol<S, M, N>;
  readonly options: NetworkOptions<M>;
  readonly names: readonly PeerId[];
  readonly sent: Sent<M>[] = [];
  readonly answers: Answered[] = [];
  readonly news: { readonly at: number; readonly by: PeerId; readonly news: N }[] = [];
  now = 0;
  /** Effects carried out by each process so far. */
  readonly effectCounts = new Map<PeerId, number>();
  /** A process crashes instead of carrying out the effect of this number, from 0. */
  readonly crashBefore = new Map<PeerId, number>();
  onCrash: (name: PeerId) => void = () => undefined;
  /** Of a cut link no message arrives. */
  isCut: (from: PeerId, to: PeerId) => boolean = () => false;
  readonly #lives = new Map<PeerId, Life<S>>();
  readonly #random: Random;
  #planned: Planned[] = [];
  #orders = 0;

  constructor(protocol: Protocol<S, M, N>, options: NetworkOptions<M>) {
    this.protocol = protocol;
    this.options = options;
    this.#random = createRandom(options.seed ?? 1);
    this.names = namesOf(options.count);
    for (const name of this.names) {
      const state = this.#startOf(name, new Map());
      this.#lives.set(name, { state, wakeAt: Infinity, disk: new Map(), isUp: false });
    }
    for (const name of this.names) this.restart(name);
  }

  state(name: PeerId): S {
    return this.#lifeOf(name).state;
  }

  isUp(name: PeerId): boolean {
    return this.#lifeOf(name).isUp;
  }

  view(name: PeerId): ProcessView {
    return this.protocol.view(this.state(name));
  }

  crash(name: PeerId): void {
    const life = this.#lifeOf(name);
    life.isUp = false;
    life.wakeAt = Infinity;
    this.onCrash(name);
  }

  restart(name: PeerId): void {
    const life = this.#lifeOf(name);
    life.isUp = true;
    life.state = this.#startOf(name, life.disk);
    this.#step(name, { type: "started" });
  }

  request(name: PeerId, id: RequestId, command: Command): void {
    const signature = fakeSignatures(id.client).sign(requestText(id, command));
    this.#step(name, { type: "requested", id, command, signature });
  }

  /** A message arrives that no honest process sent. */
  deliver(from: PeerId, to: PeerId, message: M): void {
    this.#step(to, { type: "received", from, message });
  }

  at(at: number, run: () => void): void {
    this.#planned.push({ at, order: this.#orders++, run });
  }

  /** Carries out all that happens up to this time. */
  runTo(until: number): void {
    for (;;) {
      const next = this.#nextPlanned();
      const waking = this.#nextWaking();
      const at = Math.min(next?.at ?? Infinity, waking?.wakeAt ?? Infinity);
      if (at > until) break;
      this.now = Math.max(this.now, at);
      if (next !== undefined && next.at <= at) {
        this.#planned = this.#planned.filter((planned) => planned !== next);
        next.run();
      } else if (waking !== undefined) {
        const name = this.names.find((other) => this.#lives.get(other) === waking)!;
        waking.wakeAt = Infinity;
        this.#step(name, { type: "woken" });
      }
    }
    this.now = until;
  }

  answerTo({ client, number }: RequestId): Answered | undefined {
    return this.answers.find(({ id }) => id.client === client && id.number === number);
  }

  #startOf(name: PeerId, disk: Map<string, Uint8Array>): S {
    return this.protocol.start({ name, members: this.names }, disk);
  }

  #lifeOf(name: PeerId): Life<S> {
    const life = this.#lives.get(name);
    if (life === undefined) throw new Error(`there is no process ${name}`);
    return life;
  }

  #nextPlanned(): Planned | undefined {
    let first: Planned | undefined;
    for (const planned of this.#planned) {
      const isEarlier = first === undefined || planned.at < first.at;
      if (isEarlier || (planned.at === first!.at && planned.order < first!.order)) first = planned;
    }
    return first;
  }

  #nextWaking(): Life<S> | undefined {
    let first: Life<S> | undefined;
    for (const life of this.#lives.values()) {
      if (life.wakeAt < (first?.wakeAt ?? Infinity)) first = life;
    }
    return first;
  }

  #step(name: PeerId, event: ProcessEvent<M>): void {
    const life = this.#lifeOf(name);
    if (!life.isUp) return;
    const random = this.#random;
    const signatures = fakeSignatures(name);
    const moment = { now: this.now as Elapsed, random, signatures };
    const step = this.protocol.step(life.state, event, moment);
    life.state = step.state;
    for (const effect of step.effects) {
      const done = this.effectCounts.get(name) ?? 0;
      this.effectCounts.set(name, done + 1);
      if (this.crashBefore.get(name) === done) {
        this.crash(name);
        return;
      }
      this.#carryOut(name, life, effect);
    }
  }

  #carryOut(name: PeerId, life: Life<S>, effect: ProcessEffect<M, N>): void {
    switch (effect.type) {
      case "persist":
        for (const write of effect.batch) {
          if (write.type === "put") life.disk.set(write.key, write.value);
          else life.disk.delete(write.key);
        }
        return;
      case "wake":
        life.wakeAt = Math.min(life.wakeAt, effect.at);
        return;
      case "answer":
        this.answers.push({ at: this.now, by: name, id: effect.id, answer: effect.answer });
        return;
      case "news":
        this.news.push({ at: this.now, by: name, news: effect.news });
        return;
      case "send":
        this.#post({ at: this.now, from: name, to: effect.to, message: effect.message });
    }
  }

  #post(sent: Sent<M>): void {
    this.sent.push(sent);
    const { from, to } = sent;
    const bytes = this.protocol.encode(sent.message);
    const copies = this.options.copies?.(sent, this.#random) ?? 1;
    for (let copy = 0; copy < copies; copy++) {
      const latencyMs = this.options.latencyMs?.(sent, this.#random) ?? 50;
      this.at(this.now + latencyMs, () => {
        if (this.isCut(from, to)) return;
        const verdict = this.protocol.decode(bytes);
        if (!verdict.ok) throw new Error(`${this.protocol.name} cannot read its own message`);
        this.#step(to, { type: "received", from, message: verdict.value });
      });
    }
  }
}

/** n1, n2, n3 … */
export function namesOf(count: number): readonly PeerId[] {
  return Array.from({ length: count }, (_, at) => `n${at + 1}` as PeerId);
}

/** How many messages of each type were sent. */
export function countsOf(
  sent: readonly Sent<{ readonly type: string }>[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { message } of sent) counts[message.type] = (counts[message.type] ?? 0) + 1;
  return counts;
}
