/** What a protocol is: a pure reducer over plain state, its messages as bytes, and its states as people see them. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Verdict } from "../../primitives/verdict.ts";
import type { Evidence } from "./evidence.ts";
import type { Value } from "./key-value.ts";
import type { Disk, Moment, ProcessEvent, Setting, Step } from "./process.ts";
import type { Timing } from "./timers.ts";

/** Something that happened inside a process; each protocol has a union of its own. */
export type News = { readonly type: string };

/**
 * State is plain readonly data, so that it can be explored, compared, drawn and told again. A step
 * never changes the state that it is given.
 *
 * @typeParam S the state of one process, @typeParam M its messages, @typeParam N its news.
 */
export interface Protocol<S = unknown, M = unknown, N extends News = News> {
  readonly name: string;
  /** What a process knows when it starts, from what is on its disk. */
  start(setting: Setting, disk: Disk): S;
  step(state: S, event: ProcessEvent<M>, moment: Moment): Step<S, M, N>;
  encode(message: M): Uint8Array;
  /** The problem is a sentence without a full stop. */
  decode(bytes: Uint8Array): Verdict<M, string>;
  view(state: S): ProcessView;
  /** For searches; left out by those whose states have a field `timers`, or time nothing. */
  readonly timing?: Timing<S>;
  /** A piece of news in words, such as `votes for n2 in term 3`: the process is the subject. */
  tell(news: N): string;
  /** A message in a few words, such as `append 4..5 of term 3`. */
  describe(message: M): string;
  /**
   * How many equal answers of different processes a client needs, of so many processes. Left out
   * where one is enough; otherwise clients ask all processes, and each of them answers.
   */
  answersNeeded?(count: number): number;
  /** What a piece of news proves of another process, if anything. */
  evidenceIn?(news: N): Evidence | undefined;
}

/** An entry of a replicated log. */
export type LogCell = {
  /** The term, view or ballot that it was made in. */
  readonly era: number;
  /** The command in one text: equal texts are equal commands. */
  readonly command: string;
};

/** One process as checks, transcripts and pictures see it. What a protocol does not have is left out. */
export type ProcessView = {
  /** Such as follower, leader, coordinator, participant. */
  readonly role: string;
  /** Term, view, or round of a ballot; it never falls. */
  readonly era: number;
  /** True if it leads, as far as it knows. */
  readonly isLeader: boolean;
  /** For whom it voted in this era. */
  readonly votedFor?: PeerId;
  readonly log?: {
    /** Of the first cell, from 1; what stood before it is in a snapshot. */
    readonly firstIndex: number;
    readonly cells: readonly LogCell[];
    /** Up to and with this index it knows the entries to be committed; 0 for none. */
    readonly committed: number;
    /** Up to and with this index it has applied them. */
    readonly applied: number;
  };
  /** What it knows to be decided, each under its name: a transaction, a slot, the one value. */
  readonly decisions: Readonly<Record<string, Value>>;
  /** Names of what it cannot decide alone and has locked until it learns more. */
  readonly blocked: readonly string[];
};

/** A protocol with one of its rules replaced by a wrong one. */
export type Mutant = {
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly mistake: string;
  /** The name of the check that must catch it; undefined for a control, which nothing may catch. */
  readonly caughtBy: string | undefined;
  /** The line of the essay that says it so. */
  readonly essayLine?: number;
  /** Software that shipped the same mistake. */
  readonly victim?: string;
};
