/** What a change of the schedule changed: since when, and what became different. */

import type { RunRecord } from "../../simulator/run-record.ts";
import { leaderOf, momentAt } from "./moment.ts";
import { secondsText } from "./words.ts";

export type Comparison = {
  /** When the first entry differs; undefined if none does. */
  readonly fromMs: number | undefined;
  /** Entries before that, which both runs have. */
  readonly same: number;
  /** Sentences, the most important first. */
  readonly changes: readonly string[];
};

export function compareRuns(before: RunRecord, after: RunRecord): Comparison {
  const same = countSame(before, after);
  const first = after.entries[same] ?? before.entries[same];
  if (first === undefined) return { fromMs: undefined, same, changes: [] };
  return {
    fromMs: first.atMs,
    same,
    changes: [
      ...leaders(before, after, first.atMs),
      ...answers(before, after, first.atMs),
      ...verdicts(before, after),
    ],
  };
}

function countSame({ entries: before }: RunRecord, { entries: after }: RunRecord): number {
  const length = Math.min(before.length, after.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [before[at], after[at]];
    if (a?.atMs !== b?.atMs || a?.text !== b?.text) return at;
  }
  return length;
}

/** Who is elected from then on, and who leads in the end. */
function leaders(before: RunRecord, after: RunRecord, fromMs: number): readonly string[] {
  const nextOf = ({ entries }: RunRecord) => {
    return entries.find(({ sign, atMs }) => sign === "leads" && atMs >= fromMs);
  };
  const [was, is] = [nextOf(before), nextOf(after)];
  if (was?.text === is?.text && was?.atMs === is?.atMs) return [];
  const afterwards =
    is === undefined ? "no process comes to lead" : `${is.text} at ${secondsText(is.atMs)}`;
  const end = ({ endMs }: RunRecord, run: RunRecord) => leaderOf(run, momentAt(run, endMs));
  const [led, leads] = [end(before, before), end(after, after)];
  const last =
    led === leads ? [] : [`at the end ${leads ?? "no process"} leads, not ${led ?? "none"}`];
  return [
    was === undefined ? afterwards : `${afterwards}; before the change, ${was.text}`,
    ...last,
  ];
}

function answers(before: RunRecord, after: RunRecord, fromMs: number): readonly string[] {
  const [was, is] = [countAnswers(before, fromMs), countAnswers(after, fromMs)];
  const told: string[] = [];
  if (was.answered !== is.answered) {
    told.push(`${is.answered} requests are answered from then on, not ${was.answered}`);
  }
  if (is.longestMs !== was.longestMs) {
    told.push(
      `the longest wait is ${secondsText(is.longestMs)}, not ${secondsText(was.longestMs)}`,
    );
  }
  return told;
}

function countAnswers({ operations }: RunRecord, fromMs: number) {
  const own = operations.filter(({ endedMs }) => endedMs >= fromMs);
  const waits = own.map(({ askedMs, endedMs }) => endedMs - askedMs);
  const answered = own.filter(({ answer, isAborted }) => answer !== undefined && !isAborted);
  return { answered: answered.length, longestMs: Math.max(0, ...waits) };
}

function verdicts({ verdict: was }: RunRecord, { verdict: is }: RunRecord): readonly string[] {
  if (was.broken?.promise === is.broken?.promise) return [];
  if (is.broken !== undefined) return [`${is.broken.promise} is broken now`];
  return [`${was.broken?.promise ?? "everything"} holds again`];
}
