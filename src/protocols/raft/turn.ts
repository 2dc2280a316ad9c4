/** One step at work: a draft of the next state, and what the step asks its host to do. */

import type { Write } from "../../machine/store.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Answer, RequestId } from "../process/key-value.ts";
import type { Moment, ProcessEffect, Step } from "../process/process.ts";
import { entryRecord, entryRemoval, hardStateRecord } from "./disk.ts";
import type { Entry } from "./entry.ts";
import { append, cutFrom } from "./log.ts";
import type { RaftMessage } from "./message.ts";
import type { RaftNews } from "./news.ts";
import type { RaftOptions } from "./options.ts";
import type { RaftRules } from "./rules.ts";
import { type Draft, draftOf, membersOf, type RaftState } from "./state.ts";

export type RaftEffect = ProcessEffect<RaftMessage, RaftNews>;
export type RaftStep = Step<RaftState, RaftMessage, RaftNews>;

/**
 * Made for one step and dropped after it. The draft's fields are replaced, what they hold is never
 * changed, so that the state the step began with stays as it was.
 */
export class Turn {
  readonly state: Draft<RaftState>;
  readonly options: RaftOptions;
  readonly now: Elapsed;
  readonly #random: Random;
  readonly #effects: RaftEffect[] = [];
  readonly #writes: Write[] = [];
  #hasHardStateChanged = false;

  constructor(state: RaftState, options: RaftOptions, { now, random }: Moment) {
    this.state = draftOf(state);
    this.options = options;
    this.now = now;
    this.#random = random;
  }

  get rules(): RaftRules {
    return this.options.rules;
  }

  get name(): PeerId {
    return this.state.setting.name;
  }

  send(to: PeerId, message: RaftMessage): void {
    this.#effects.push({ type: "send", to, message });
  }

  answer(id: RequestId, answer: Answer): void {
    this.#effects.push({ type: "answer", id, answer });
  }

  tell(news: RaftNews): void {
    this.#effects.push({ type: "news", news });
  }

  write(write: Write): void {
    this.#writes.push(write);
  }

  /** @param votedFor undefined in a term that it has not voted in. */
  setTermAndVote(term: number, votedFor: PeerId | undefined): void {
    const { state } = this;
    if (state.term === term && state.votedFor === votedFor) return;
    state.term = term;
    state.votedFor = votedFor;
    this.#hasHardStateChanged = true;
  }

  append(entry: Entry): void {
    const { state } = this;
    state.log = append(state.log, entry);
    const { index } = state.log.last;
    this.write(entryRecord(index, entry));
    if (entry.content.type !== "members") return;
    state.members = entry.content.members;
    state.membersAt = index;
    this.tell({ type: "members-changed", members: state.members });
  }

  /** Drops the entries from the index on; requests that wait for them were not carried out. */
  cutFrom(from: number): void {
    const { state } = this;
    const { index: to } = state.log.last;
    for (let index = from; index <= to; index++) this.write(entryRemoval(index));
    state.log = cutFrom(state.log, from);
    this.tell({ type: "log-cut", from, to });
    for (const { id, index } of state.waiting) if (index >= from) this.redirect(id);
    state.waiting = state.waiting.filter(({ index }) => index < from);
    if (state.membersAt < from) return;
    const { members, membersAt } = membersOf(state.log, state.snapshot);
    [state.members, state.membersAt] = [members, membersAt];
    this.tell({ type: "members-changed", members });
  }

  /** It was not done here. */
  redirect(id: RequestId): void {
    const { leader } = this.state;
    this.answer(id, { type: "redirected", leader: leader === this.name ? undefined : leader });
  }

  /** Begins the election time-out again, with a new length. */
  drawTimeout(): void {
    const { electionTimeoutMsMin: least, electionTimeoutMsMax: most } = this.options;
    this.state.heardAt = this.now;
    this.state.timeoutMs = least + Math.floor(this.#random.nextFloat() * (most - least + 1));
  }

  /**
   * What is to be durable comes first: nothing leaves that a crash could undo.
   *
   * A later time than the host was asked for is kept back until it wakes the process: a follower
   * moves its time-out with each heartbeat.
   */
  finish(): RaftStep {
    const { state } = this;
    const effects = this.#effects;
    if (this.#hasHardStateChanged) {
      const { term, votedFor } = state;
      this.#writes.unshift(hardStateRecord(this.rules.durable({ term, votedFor })));
    }
    if (this.#writes.length > 0) effects.unshift({ type: "persist", batch: this.#writes });
    const due = state.role === "leader" ? state.heartbeatAt : state.heardAt + state.timeoutMs;
    if (state.wakeAt === undefined || due < state.wakeAt) {
      state.wakeAt = due as Elapsed;
      effects.push({ type: "wake", at: due as Elapsed });
    }
    return { state, effects };
  }
}
