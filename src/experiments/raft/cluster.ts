/** Processes of Raft over a small network in virtual time, with the paper's promises checked. */

import type { Write } from "../../machine/store.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import type { ProcessEvent } from "../../protocols/process/process.ts";
import { entriesOf } from "../../protocols/raft/log.ts";
import type { OperatorMessage, RaftMessage } from "../../protocols/raft/message.ts";
import type { RaftNews } from "../../protocols/raft/news.ts";
import type { RaftOptions } from "../../protocols/raft/options.ts";
import { raft, type RaftProtocol } from "../../protocols/raft/raft.ts";
import type { RaftState } from "../../protocols/raft/state.ts";
import type { RaftEffect } from "../../protocols/raft/turn.ts";
import { Promises } from "./promises.ts";

export type Letter = {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly bytes: Uint8Array;
  readonly message: RaftMessage;
  /** When it arrives, if time is let run. */
  readonly at: number;
};

type Member = {
  readonly name: PeerId;
  state: RaftState;
  readonly disk: Map<string, Uint8Array>;
  isRunning: boolean;
  wakeAt: number | undefined;
  /** How far its clock is ahead of the cluster's time. */
  aheadMs: number;
};

export type ClusterOptions = Partial<RaftOptions> & {
  readonly count: number;
  readonly seed?: number | string;
  readonly latencyMs?: readonly [number, number];
  readonly loss?: number;
  readonly duplication?: number;
};

export class Cluster {
  readonly names: readonly PeerId[];
  readonly promises = new Promises();
  readonly answers: { readonly at: number; readonly id: RequestId; readonly answer: Answer }[] = [];
  readonly news: { readonly name: PeerId; readonly news: RaftNews }[] = [];
  /** Every message that was sent, also those that were lost. */
  readonly sent: Letter[] = [];
  /** What happened to the processes, in words: what arrived, was asked, timed out, crashed. */
  readonly steps: string[] = [];
  /** After how many steps each promise was first broken. */
  readonly brokenAfter = new Map<string, number>();
  now = 0;
  letters: Letter[] = [];
  /** Stops a process after so many more batches are on disk, before what stands behind is done. */
  crashAfterPersists: { name: PeerId; left: number } | undefined;
  readonly #protocol: RaftProtocol;
  readonly #options: ClusterOptions;
  readonly #random: Random;
  readonly #members = new Map<PeerId, Member>();
  #sides: readonly (readonly PeerId[])[] = [];
  #requests = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
    const { count, seed = 1, ...chosen } = options;
    this.#protocol = raft(chosen);
    this.#random = createRandom(seed);
    this.names = Array.from({ length: count }, (_, at) => `n${at + 1}` as PeerId);
    for (const name of this.names) {
      const disk = new Map<string, Uint8Array>();
      const state = this.#protocol.start({ name, members: this.names }, disk);
      const member = { name, state, disk, isRunning: true, wakeAt: undefined, aheadMs: 0 };
      this.#members.set(name, member);
    }
    for (const name of this.names) this.#react(name, { type: "started" });
  }

  state(name: string): RaftState {
    return this.#member(name).state;
  }

  disk(name: string): Map<string, Uint8Array> {
    return this.#member(name).disk;
  }

  isRunning(name: string): boolean {
    return this.#member(name).isRunning;
  }

  /** The running leader of the highest term. */
  get leader(): PeerId | undefined {
    const leaders = [...this.#members.values()].filter(({ state, isRunning }) => {
      return isRunning && state.role === "leader";
    });
    return leaders.sort((a, b) => b.state.term - a.state.term)[0]?.name;
  }

  /** Terms and commands of a log, such as `1: 1:c/1 write x 1`. */
  log(name: string): readonly string[] {
    return entriesOf(this.state(name).log).map(({ era, command }) => {
      return command === "" ? `${era}` : `${era}:${command.replace(/^\S+ /, "")}`;
    });
  }

  /** Lets the election time-out of a process pass, so many times. */
  campaign(name: string, times = 1): void {
    const member = this.#member(name);
    for (let left = times; left > 0; left--) {
      const due = member.state.heardAt + member.state.timeoutMs;
      member.aheadMs += Math.max(0, due - this.#clockOf(member));
      this.handle(name, { type: "woken" });
    }
  }

  /** Lets the time of a leader's next heartbeat come. */
  beat(name: string): void {
    const member = this.#member(name);
    if (member.state.role !== "leader") return;
    member.aheadMs += Math.max(0, member.state.heartbeatAt - this.#clockOf(member));
    this.handle(name, { type: "woken" });
  }

  request(name: string, command: Command, id = this.nextId()): RequestId {
    this.handle(name, { type: "requested", id, command });
    return id;
  }

  write(name: string, value: number, key = "x"): RequestId {
    return this.request(name, { type: "write", key, value });
  }

  read(name: string, key = "x"): RequestId {
    return this.request(name, { type: "read", key });
  }

  /** As an operator asks a process. */
  operate(name: string, message: OperatorMessage): void {
    this.handle(name, { type: "received", from: "operator" as PeerId, message });
  }

  /** Each request is of another client, unless it says so. */
  nextId(client?: string): RequestId {
    return { client: client ?? `c${++this.#requests}`, number: 1 };
  }

  answerTo({ client, number }: RequestId): Answer | undefined {
    return this.answers.find(({ id }) => id.client === client && id.number === number)?.answer;
  }

  crash(name: string): void {
    const member = this.#member(name);
    this.steps.push(`${name} crashes`);
    member.isRunning = false;
    member.wakeAt = undefined;
  }

  restart(name: string): void {
    const member = this.#member(name);
    member.state = this.#protocol.start({ name: member.name, members: this.names }, member.disk);
    member.isRunning = true;
    this.handle(name, { type: "started" });
  }

  /** Messages between sides are lost; processes in no side are alone. */
  split(...sides: readonly (readonly string[])[]): void {
    this.steps.push(`the network parts: ${sides.map((side) => side.join(", ")).join(" | ")}`);
    this.#sides = sides as readonly (readonly PeerId[])[];
  }

  heal(): void {
    this.steps.push("the network is whole again");
    this.#sides = [];
  }

  /** Changes how far a clock is ahead. */
  shift(name: string, ms: number): void {
    this.#member(name).aheadMs += ms;
  }

  handle(name: string, event: ProcessEvent<RaftMessage>): void {
    if (!this.isRunning(name)) return;
    this.steps.push(this.#describe(name, event));
    this.#react(name, event);
  }

  #react(name: string, event: ProcessEvent<RaftMessage>): void {
    const member = this.#member(name);
    const now = this.#clockOf(member) as Elapsed;
    const before = member.state;
    const step = this.#protocol.step(before, event, { now, random: this.#random });
    member.state = step.state;
    for (const effect of step.effects) {
      if (!member.isRunning) break;
      this.#carryOut(member, effect);
    }
    if (!member.isRunning) return;
    const news = step.effects.flatMap((effect) => (effect.type === "news" ? [effect.news] : []));
    this.promises.check(before, step.state, this.#protocol.view(step.state), news);
    for (const broken of this.promises.broken) {
      if (!this.brokenAfter.has(broken)) this.brokenAfter.set(broken, this.steps.length);
    }
  }

  #describe(name: string, event: ProcessEvent<RaftMessage>): string {
    switch (event.type) {
      case "started":
        return `${name} starts again`;
      case "woken":
        return `${name} is woken: its time is up`;
      case "requested":
        return `${event.id.client} asks ${name}: ${JSON.stringify(event.command)}`;
      case "received":
        return `${event.from} → ${name}: ${this.#protocol.describe(event.message)}`;
      case "malformed":
        return `${event.from} → ${name}: ${event.problem}`;
      default:
        return unreachable(event);
    }
  }

  /** Hands over messages that wait, the oldest first; those that they cause, too. */
  deliver(filter: (letter: Letter) => boolean = () => true): void {
    for (let left = 10_000; left > 0; left--) {
      const at = this.letters.findIndex(filter);
      if (at < 0) return;
      const [letter] = this.letters.splice(at, 1);
      if (letter !== undefined) this.#arrive(letter);
    }
    throw new Error("messages cause messages without end");
  }

  /** Delivers only between these. */
  deliverAmong(...names: readonly string[]): void {
    this.deliver(({ from, to }) => names.includes(from) && names.includes(to));
  }

  drop(filter: (letter: Letter) => boolean = () => true): void {
    this.letters = this.letters.filter((letter) => !filter(letter));
  }

  /** Hands over a message once more, or one that was dropped. */
  replay(letter: Letter): void {
    this.#arrive(letter);
  }

  /** Lets time pass: messages arrive, processes are woken. */
  run(ms: number, isDone: () => boolean = () => false): boolean {
    const end = this.now + ms;
    while (!isDone()) {
      const letter = this.letters.reduce<Letter | undefined>((first, other) => {
        return first === undefined || other.at < first.at ? other : first;
      }, undefined);
      const sleeper = this.#nextSleeper();
      const wakeAt = sleeper === undefined ? Infinity : wakeOf(sleeper);
      const next = Math.min(letter?.at ?? Infinity, wakeAt);
      if (next > end) {
        this.now = end;
        return isDone();
      }
      this.now = Math.max(this.now, next);
      if (letter !== undefined && letter.at <= wakeAt) {
        this.letters.splice(this.letters.indexOf(letter), 1);
        this.#arrive(letter);
      } else if (sleeper !== undefined) {
        sleeper.wakeAt = undefined;
        this.handle(sleeper.name, { type: "woken" });
      }
    }
    return true;
  }

  runUntilLeader(among: readonly string[] = this.names): PeerId {
    const isThere = (): boolean => this.leader !== undefined && among.includes(this.leader);
    this.run(60_000, isThere);
    const { leader } = this;
    if (leader === undefined || !isThere()) throw new Error("no leader within a minute");
    return leader;
  }

  #carryOut(member: Member, effect: RaftEffect): void {
    switch (effect.type) {
      case "persist":
        for (const write of effect.batch) commit(member.disk, write);
        if (this.crashAfterPersists?.name === member.name && --this.crashAfterPersists.left < 0) {
          this.crashAfterPersists = undefined;
          this.crash(member.name);
        }
        return;
      case "send":
        this.#post(member.name, effect.to, effect.message);
        return;
      case "answer":
        this.answers.push({ at: this.now, id: effect.id, answer: effect.answer });
        return;
      case "wake":
        member.wakeAt = Math.min(member.wakeAt ?? Infinity, effect.at);
        return;
      case "news":
        this.news.push({ name: member.name, news: effect.news });
    }
  }

  #post(from: PeerId, to: PeerId, message: RaftMessage): void {
    const { latencyMs: [least, most] = [10, 20], loss = 0, duplication = 0 } = this.#options;
    const bytes = this.#protocol.encode(message);
    const copies = this.#random.nextFloat() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const at = this.now + least + this.#random.nextBelow(most - least + 1);
      const letter = { from, to, bytes, message, at };
      this.sent.push(letter);
      if (this.#isCut(from, to) || this.#random.nextFloat() < loss) continue;
      this.letters.push(letter);
    }
  }

  #arrive({ from, to, bytes }: Letter): void {
    if (!this.#members.has(to) || this.#isCut(from, to)) return;
    const verdict = this.#protocol.decode(bytes);
    if (!verdict.ok) throw new Error(`own message cannot be read: ${verdict.problem}`);
    this.handle(to, { type: "received", from, message: verdict.value });
  }

  #isCut(a: PeerId, b: PeerId): boolean {
    return (
      this.#sides.length > 0 && !this.#sides.some((side) => [a, b].every((x) => side.includes(x)))
    );
  }

  #nextSleeper(): Member | undefined {
    let first: Member | undefined;
    for (const member of this.#members.values()) {
      if (member.wakeAt === undefined) continue;
      if (first === undefined || wakeOf(member) < wakeOf(first)) first = member;
    }
    return first;
  }

  #clockOf(member: Member): number {
    return this.now + member.aheadMs;
  }

  #member(name: string): Member {
    const member = this.#members.get(name as PeerId);
    if (member === undefined) throw new Error(`no process is named ${name}`);
    return member;
  }
}

/** By the cluster's time. */
function wakeOf({ wakeAt = Infinity, aheadMs }: Member): number {
  return wakeAt - aheadMs;
}

export function commit(disk: Map<string, Uint8Array>, write: Write): void {
  if (write.type === "delete") disk.delete(write.key);
  else disk.set(write.key, write.value);
}
