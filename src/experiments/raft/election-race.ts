/**
 * Elections of Raft and nothing else, many times: its own steps over links that only delay.
 *
 * Times are whole numbers of any unit, small enough that rounding does not show. Pre-vote and
 * check of the quorum are off, as in the dissertation's model, and writing to disk takes no time.
 */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { ProcessEvent } from "../../protocols/process/process.ts";
import { entryOf } from "../../protocols/raft/entry.ts";
import { append } from "../../protocols/raft/log.ts";
import type { RaftMessage } from "../../protocols/raft/message.ts";
import { raft, type RaftProtocol } from "../../protocols/raft/raft.ts";
import type { RaftState } from "../../protocols/raft/state.ts";

export type ElectionRace = {
  /** All that vote. */
  readonly nodes: number;
  /** Those that are up. */
  readonly available: number;
  /** How many entries each has in its log; none if it is left out. */
  readonly entries?: readonly number[];
  readonly timeoutMin: number;
  readonly timeoutMax: number;
  /** What a message takes. */
  readonly drawLatency: () => number;
  /** How long before the race all heard their last heartbeat; 0 if it is left out. */
  readonly drawAge?: () => number;
  /** Later terms are not raced: votes are split when one begins. */
  readonly termMax: number;
  /** An election that has found no leader by then has failed; no limit if it is left out. */
  readonly timeMax?: number;
};

export type ElectionOutcome = {
  /** When the first campaigned; infinite if none did in time. */
  readonly firstTimeout: number;
  /** When one had the votes of a majority; undefined if none had. */
  readonly electedAt: number | undefined;
  /** The term at the end. */
  readonly term: number;
};

type Arrival = {
  readonly at: number;
  readonly from: PeerId;
  readonly to: number;
  readonly message: RaftMessage;
};

type Racer = { state: RaftState; wakeAt: number };

/** The same set of processes, which begin anew with each race. */
export class ElectionRacer {
  readonly #race: ElectionRace;
  readonly #protocol: RaftProtocol;
  readonly #random: Random;
  readonly #beginnings: readonly RaftState[];
  #racers: readonly Racer[] = [];
  #arrivals: Arrival[] = [];
  #now = 0;

  constructor(race: ElectionRace, random: Random) {
    this.#race = race;
    this.#random = random;
    const { nodes, available, entries, timeoutMin, timeoutMax } = race;
    this.#protocol = raft({
      ...{ electionTimeoutMsMin: timeoutMin, electionTimeoutMsMax: timeoutMax },
      ...{ heartbeatMs: timeoutMin, preVote: false, checkQuorum: false },
    });
    const members = Array.from({ length: nodes }, (_, at) => `n${at + 1}` as PeerId);
    this.#beginnings = members.slice(0, available).map((name, at) => {
      const state = this.#protocol.start({ name, members }, new Map());
      return withEntries(state, entries?.[at] ?? 0);
    });
  }

  run(): ElectionOutcome {
    this.#now = 0;
    this.#arrivals = [];
    this.#racers = this.#beginnings.map((state) => ({ state, wakeAt: Infinity }));
    const { termMax, timeMax = Infinity, drawAge } = this.#race;
    const age = Math.round(drawAge?.() ?? 0);
    for (const [at] of this.#racers.entries()) this.#begin(at, age);
    let firstTimeout = Infinity;
    let term = 0;
    for (;;) {
      const { arrival, sleeper } = this.#next();
      const time = arrival?.at ?? this.#racers[sleeper]?.wakeAt ?? Infinity;
      if (time > timeMax) return { firstTimeout, electedAt: undefined, term };
      this.#now = time;
      if (arrival === undefined) {
        this.#step(sleeper, { type: "woken" });
      } else {
        const { from, to, message } = arrival;
        this.#step(to, { type: "received", from, message });
      }
      const { state } = this.#racers[arrival?.to ?? sleeper] as Racer;
      if (state.term > 0) firstTimeout = Math.min(firstTimeout, time);
      if (state.term > termMax) return { firstTimeout, electedAt: undefined, term };
      term = Math.max(term, state.term);
      if (state.role === "leader") return { firstTimeout, electedAt: time, term };
    }
  }

  /** Its time-out began so long ago, but it has not ended yet. */
  #begin(at: number, age: number): void {
    this.#now = -age;
    this.#step(at, { type: "started" });
    this.#now = 0;
  }

  /** What arrives first, or who wakes before anything arrives. */
  #next(): { readonly arrival: Arrival | undefined; readonly sleeper: number } {
    let sleeper = 0;
    for (let at = 1; at < this.#racers.length; at++) {
      if (this.#wakeOf(at) < this.#wakeOf(sleeper)) sleeper = at;
    }
    let first = -1;
    for (const [at, { at: time }] of this.#arrivals.entries()) {
      if (time < (this.#arrivals[first]?.at ?? Infinity)) first = at;
    }
    const arrival = this.#arrivals[first];
    if (arrival === undefined || arrival.at > this.#wakeOf(sleeper)) {
      return { arrival: undefined, sleeper };
    }
    this.#arrivals.splice(first, 1);
    return { arrival, sleeper };
  }

  #wakeOf(at: number): number {
    return this.#racers[at]?.wakeAt ?? Infinity;
  }

  #step(at: number, event: ProcessEvent<RaftMessage>): void {
    const racer = this.#racers[at] as Racer;
    const moment = { now: this.#now as Elapsed, random: this.#random };
    if (event.type === "woken") racer.wakeAt = Infinity;
    const { state, effects } = this.#protocol.step(racer.state, event, moment);
    racer.state = state;
    for (const effect of effects) {
      if (effect.type === "wake") racer.wakeAt = effect.at;
      if (effect.type === "send") this.#post(state.setting.name, effect.to, effect.message);
    }
  }

  #post(from: PeerId, name: PeerId, message: RaftMessage): void {
    const to = Number(name.slice(1)) - 1;
    if (to >= this.#racers.length) return;
    const at = this.#now + Math.round(this.#race.drawLatency());
    this.#arrivals.push({ at, from, to, message });
  }
}

function withEntries(state: RaftState, count: number): RaftState {
  let { log } = state;
  for (let left = count; left > 0; left--) log = append(log, entryOf(0, { type: "empty" }));
  return { ...state, log };
}
