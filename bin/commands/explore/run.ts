/** Runs a search in portions, so that progress, memory and Ctrl-C are looked at in between. */

import { freemem } from "node:os";
import { setImmediate } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import type { Entry, Values } from "../../../src/explorer/engine/entry.ts";
import { Exploration, type Finding, type Trace } from "../../../src/explorer/engine/explore.ts";
import { interruptionSignal } from "../interruption.ts";
import { SearchProgress } from "./search-progress.ts";

/** States whose moves are looked at before memory is: about a tenth of a second. */
const portion = 5_000;
/** V8 ends the process at its limit; below it there must be room for one more portion. */
const heapPart = 0.85;
/** Of what is free when the search begins. */
const freePart = 0.8;
const megabyte = 2 ** 20;

export type Flags = Values & {
  readonly symmetry?: true;
  readonly untilBroken?: true;
  readonly maxStates: number;
  readonly maxMemory?: number;
  readonly ends?: true;
  readonly save?: string;
  readonly json?: true;
  readonly quiet?: true;
};

export type SearchRun = {
  readonly entry: Entry;
  readonly values: Values;
  readonly exploration: Exploration<unknown>;
  /** Why it ended. */
  readonly ending: "complete" | "states" | "violation" | "memory" | "interrupted";
  readonly seconds: number;
  /** The most that the process used, in 2^20 bytes. */
  readonly memoryMB: number;
  readonly violations: readonly FoundViolation[];
  /** The way to the first state that no move leads out of, if there is one and it was asked for. */
  readonly end: Trace<unknown> | undefined;
  readonly show: (state: unknown) => unknown;
};

export type FoundViolation = { readonly promise: string; readonly trace: Trace<unknown> };

export async function runSearch(entry: Entry, flags: Flags): Promise<SearchRun> {
  const names = Object.keys(entry.parameters);
  const values = Object.fromEntries(names.map((name) => [name, flags[name]]));
  const model = entry.create(values);
  const startedAtMs = performance.now();
  const exploration = new Exploration(model, {
    statesMax: flags.maxStates,
    isSymmetric: flags.symmetry === true,
    endsAtViolation: flags.untilBroken === true,
  });
  const ending = await advance(exploration, flags);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const violations = exploration.violations.map((finding: Finding) => {
    return { promise: finding.name, trace: exploration.traceTo(finding) };
  });
  const { first } = exploration.withoutMoves;
  const isEndAsked = flags.ends === true && first !== undefined;
  const end = isEndAsked ? exploration.traceTo({ name: "", state: first }) : undefined;
  const memoryMB = process.resourceUsage().maxRSS / 1024;
  const show = (state: unknown): unknown => model.show(state);
  return { entry, values, exploration, ending, seconds, memoryMB, violations, end, show };
}

async function advance(
  exploration: Exploration<unknown>,
  { maxMemory, quiet }: Flags,
): Promise<SearchRun["ending"]> {
  const heapMax = getHeapStatistics().heap_size_limit * heapPart;
  const freeBytes = freemem() * freePart + process.memoryUsage.rss();
  const bytesMax = maxMemory === undefined ? freeBytes : maxMemory * megabyte;
  const progress = new SearchProgress(quiet === true);
  const signal = interruptionSignal();
  try {
    while (exploration.advance(portion)) {
      const { rss, heapUsed } = process.memoryUsage();
      progress.show(exploration.counts, rss);
      if (rss > bytesMax || heapUsed > heapMax) return "memory";
      // So that a signal is noticed.
      await setImmediate();
      if (signal.aborted) return "interrupted";
    }
    return exploration.ending ?? "complete";
  } finally {
    progress.clear();
  }
}
