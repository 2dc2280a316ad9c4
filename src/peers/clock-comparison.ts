/** Compares our wall clock with the times in blocks that have just been found, as peers relay them. */

import type { HeadersProblem } from "../chain/headers.ts";
import type { Params } from "../consensus/params.ts";
import type { Now } from "../machine/now.ts";
import type { PeerId } from "../primitives/brand.ts";
import type { Peer } from "./peer.ts";
import type { Peers } from "./peers.ts";

/** Our clock and the peers' blocks disagree so much that blocks are refused. */
export type ClockDifference = {
  /** Where our clock is. */
  readonly direction: "behind" | "ahead";
  readonly seconds: number;
  /** Those that relayed the blocks; the difference is the median of what they say. */
  readonly peers: number;
};

export type ClockNews = { readonly type: "clock-disagrees" } & ClockDifference;

/** How far ahead of our clock the newest block of a peer was. */
export type ClockSample = { readonly aheadSeconds: number; readonly elapsed: number };

/** So many samples of all peers together are needed to say something. */
const samplesMin = 3;
/** Of one peer; so that a few odd times of blocks do not count. */
const samplesMax = 5;
/** What a peer sends within it is one sample: it may have waited for us, all of it. */
const sampleApartMs = 1_000;
/** When our two clocks have moved apart by this much, one was set or the machine slept. */
const setApartMs = 1_000;
/** Above it a clock is wrong whatever the rules allow. @see Bitcoin Core, WARN_THRESHOLD */
const differenceMaxSeconds = 600;
/** A block comes late over a slow link, but it never comes early. */
const latenessFactor = 3;
/** The part by which a difference must change to be told again. */
const notableChange = 1 / 4;

export class ClockComparison {
  readonly #peers: Peers;
  readonly #limitSeconds: number;
  /** By how much the wall clock was ahead of the other one when a sample was last taken. */
  #apartMs: number | undefined;
  #told: ClockDifference | undefined;
  #hasNewSample = false;

  constructor(peers: Peers, { futureTimeMaxSeconds }: Pick<Params, "futureTimeMaxSeconds">) {
    this.#peers = peers;
    this.#limitSeconds = Math.min(futureTimeMaxSeconds, differenceMaxSeconds);
  }

  /** Notes a block or header that was refused, if that was because it is ahead of our clock. */
  noteRefused(from: PeerId, problem: HeadersProblem, now: Now): void {
    if (problem.rule === "time-too-new") this.note(from, problem.time, now);
  }

  /**
   * Notes the time in a block that a peer relayed as new.
   *
   * @param time in seconds.
   */
  note(from: PeerId, time: number, now: Now): void {
    const apartMs = now.wall - now.elapsed;
    const wasSet = Math.abs(apartMs - (this.#apartMs ?? apartMs)) > setApartMs;
    this.#apartMs = apartMs;
    if (wasSet) for (const peer of this.#peers.all()) peer.clockSamples = [];
    const peer = this.#peers.get(from);
    if (peer === undefined) return;
    const { elapsed } = now;
    const earlier = peer.clockSamples.filter((each) => elapsed - each.elapsed >= sampleApartMs);
    const sample = { aheadSeconds: time - Math.floor(now.wall / 1000), elapsed };
    peer.clockSamples = [...earlier, sample].slice(-samplesMax);
    this.#hasNewSample = true;
  }

  /** Undefined while the clock agrees with the peers, or too little is known. */
  get difference(): ClockDifference | undefined {
    const aheadSeconds = this.#aheadSeconds();
    if (aheadSeconds === undefined) return undefined;
    const limit = this.#limitSeconds;
    if (aheadSeconds <= limit && aheadSeconds >= -limit * latenessFactor) return undefined;
    const direction = aheadSeconds > 0 ? "behind" : "ahead";
    return { direction, seconds: Math.abs(aheadSeconds), peers: this.#sampled().length };
  }

  /** The difference if it is new, or has changed notably since it was told. */
  takeNews(): readonly ClockNews[] {
    if (!this.#hasNewSample) return [];
    this.#hasNewSample = false;
    const { difference } = this;
    const aheadSeconds = this.#aheadSeconds();
    if (difference === undefined) {
      // A difference about as large as the limit comes and goes: it is told once.
      const isOver = aheadSeconds !== undefined && Math.abs(aheadSeconds) < this.#limitSeconds / 2;
      if (isOver) this.#told = undefined;
      return [];
    }
    if (this.#told !== undefined && !this.#hasChanged(this.#told, difference)) return [];
    this.#told = difference;
    return [{ type: "clock-disagrees", ...difference }];
  }

  #hasChanged(told: ClockDifference, now: ClockDifference): boolean {
    const change = Math.abs(now.seconds - told.seconds);
    const isNotable = change > Math.max(this.#limitSeconds, told.seconds * notableChange);
    return now.direction !== told.direction || isNotable;
  }

  /** The median over the peers of each one's median: a single peer or block moves it little. */
  #aheadSeconds(): number | undefined {
    const sampled = this.#sampled();
    const count = sampled.reduce((sum, { clockSamples }) => sum + clockSamples.length, 0);
    if (count < samplesMin) return undefined;
    return median(
      sampled.map(({ clockSamples }) => median(clockSamples.map((each) => each.aheadSeconds))),
    );
  }

  #sampled(): readonly Peer[] {
    return [...this.#peers.all()].filter(({ clockSamples }) => clockSamples.length > 0);
  }
}

/** Of two in the middle the one that is nearer to 0. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a), middle[0] ?? 0);
}
