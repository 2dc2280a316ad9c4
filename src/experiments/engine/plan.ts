/** What one command runs: cells of estimates and exact experiments, as tasks and back again. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import type { RatioSums } from "../../theory/statistics.ts";
import { batchesOf } from "./batch.ts";
import type { Examination } from "./exact-experiment.ts";
import { type Cell, resultOf } from "./experiment.ts";
import type { Finding } from "./finding.ts";
import type { Result } from "./result.ts";
import type { Tally } from "./tally.ts";
import type { Task, TaskResult } from "./task.ts";

export type Plan = {
  readonly cells: readonly Cell[];
  readonly examinations: readonly Examination[];
  readonly seed: string;
};

export type PlanOutcome = {
  /** In the order of the cells; those of which nothing is known are left out. */
  readonly results: readonly Result[];
  /** In the order of the examinations, those that ended. */
  readonly examined: readonly Examined[];
  /** True if some of it was not run. */
  readonly isPartial: boolean;
};

export type Examined = { readonly id: string; readonly findings: readonly Finding[] };

export function tasksOf({ cells, examinations, seed }: Plan): readonly Task[] {
  return [...cells.flatMap((cell) => batchesOf(cell, seed)), ...examinations];
}

/** @param answers of all tasks, in their order; undefined for those that were not run. */
export function outcomeOf(
  { cells, examinations, seed }: Plan,
  answers: readonly (TaskResult | undefined)[],
): PlanOutcome {
  const results: Result[] = [];
  let next = 0;
  for (const cell of cells) {
    const { length } = batchesOf(cell, seed);
    const tallies = answers.slice(next, next + length).filter(isTally);
    next += length;
    if (tallies.length > 0) results.push(resultOf(cell, tallies));
  }
  const examined = examinations.flatMap(({ id }, position): Examined[] => {
    const answer = answers[next + position];
    return answer?.type === "findings" ? [{ id, findings: answer.findings }] : [];
  });
  return { results, examined, isPartial: answers.includes(undefined) };
}

function isTally(answer: TaskResult | undefined): answer is Tally {
  return answer !== undefined && answer.type !== "findings";
}

const answerTypes = ["count", "rate", "ratio", "findings"] as const;
const sumNames = ["samples", "x", "y", "xx", "xy", "yy"] as const;

/** Checks what another machine answered. */
export function readTaskResult(reader: JsonReader): TaskResult {
  const type = reader.peek("type").word(answerTypes);
  switch (type) {
    case "count": {
      const fields = reader.object(["type", "runs", "successes"]);
      const runs = fields.get("runs").wholeNumber({ min: 0 });
      return { type, runs, successes: fields.get("successes").wholeNumber({ min: 0, max: runs }) };
    }
    case "rate": {
      const fields = reader.object(["type", "units", "hits", "unitVariance"]);
      const units = fields.get("units").wholeNumber({ min: 0 });
      const unitVariance = fields.get("unitVariance").number({ min: 0 });
      return { type, units, hits: fields.get("hits").number({ min: 0 }), unitVariance };
    }
    case "ratio": {
      const fields = reader.object(["type", "sums"]).get("sums").object(sumNames);
      const [samples, x, y, xx, xy, yy] = sumNames.map((name) => fields.get(name).number());
      return { type, sums: { samples, x, y, xx, xy, yy } as RatioSums };
    }
    case "findings": {
      const findings = reader.object(["type", "findings"]).get("findings").list();
      return { type, findings: findings.map(readFinding) };
    }
  }
}

function readFinding(reader: JsonReader): Finding {
  const fields = reader.object(["what", "measured", "expected", "holds"]);
  return {
    what: fields.get("what").text(),
    measured: fields.get("measured").text(),
    expected: fields.get("expected").text(),
    holds: fields.get("holds").truth(),
  };
}
