/** What a search found, in print: for people, for programs, and as a file with the trace. */

import { writeFile } from "node:fs/promises";
import type { Published } from "../../../src/explorer/engine/entry.ts";
import type { Counts } from "../../../src/explorer/engine/explore.ts";
import { counted } from "../../../src/primitives/figures.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatFacts } from "../table.ts";
import type { SearchRun } from "./run.ts";

export function printRun(
  run: SearchRun,
  published: Published | undefined,
  { json }: { readonly json?: true },
): void {
  if (json) {
    writeJson(jsonOf(run));
    return;
  }
  const { unique, generated, depth } = run.exploration.counts;
  const { count } = run.exploration.withoutMoves;
  const facts = {
    unique: withCommas(unique),
    generated: withCommas(generated),
    depth,
    "without moves": withCommas(count),
    seconds: run.seconds.toFixed(2),
    "states/s": withCommas(Math.round(unique / run.seconds)),
    "memory MB": Math.round(run.memoryMB),
  };
  write(formatFacts(published === undefined ? facts : { ...facts, published: wordsOf(published) }));
  for (const { promise, trace } of run.violations) {
    const after = counted(trace.moves.length, "move");
    write(`Broken after ${after}: ${promise}.\n${formatMoves(trace.moves)}`);
  }
  if (run.end !== undefined) {
    const after = counted(run.end.moves.length, "move");
    write(`No move is left after ${after}:\n${formatMoves(run.end.moves)}`);
  }
  const broken = run.violations.map(({ promise }) => promise);
  const model = run.entry.create(run.values);
  const kept = model.promises.filter(({ name }) => !broken.includes(name));
  const seen = run.ending === "complete" ? "in every state" : "in the states that were looked at";
  for (const { name } of kept) write(`Kept ${seen}: ${name}.`);
  const reached = run.exploration.goals.map(({ name }) => name);
  for (const { name } of model.goals) {
    write(`${reached.includes(name) ? "Reached" : "Not reached"}: ${name}.`);
  }
}

function jsonOf(run: SearchRun) {
  const { unique, generated, depth } = run.exploration.counts;
  const [first] = run.violations;
  const { seconds, memoryMB, ending } = run;
  return {
    model: run.entry.name,
    ...run.values,
    unique,
    generated,
    depth,
    withoutMoves: run.exploration.withoutMoves.count,
    seconds: Number(seconds.toFixed(3)),
    memoryMB: Math.round(memoryMB),
    ending,
    goals: run.exploration.goals.map(({ name }) => name),
    ...(first === undefined
      ? {}
      : {
          violation: {
            promise: first.promise,
            steps: first.trace.moves.length,
            trace: first.trace.moves,
          },
        }),
    ...(run.end === undefined ? {} : { end: run.end.moves }),
  };
}

function formatMoves(moves: readonly string[]): string {
  const width = String(moves.length).length;
  return moves.map((move, i) => `  ${String(i + 1).padStart(width)}  ${move}`).join("\n");
}

/** @throws CliError if it cannot be written; without a broken promise there is nothing to. */
export async function saveTrace(path: string, run: SearchRun): Promise<void> {
  const [violation] = run.violations;
  if (violation === undefined) {
    say(`No promise is broken, so there is no trace to save in ${path}.`);
    return;
  }
  const { promise, trace } = violation;
  const [start, ...later] = trace.states.map(run.show);
  const steps = trace.moves.map((move, i) => ({ move, state: later[i] }));
  const saved = { model: run.entry.name, values: run.values, promise, start, steps };
  try {
    await writeFile(path, `${JSON.stringify(saved, undefined, 2)}\n`);
  } catch (error) {
    throw new CliError(`The trace cannot be written to ${path}.`, exitCodes.failed, {
      cause: error,
    });
  }
  say(`The trace is in ${path}: the first state, and each move with the state behind it.`);
}

/** @throws CliError if the search ended early, or found something else than it should. */
export function requireExpected(run: SearchRun, published: Published | undefined): void {
  const { entry, values, exploration, ending } = run;
  const expected = entry.expects(values);
  const surprise = run.violations.find(({ promise }) => {
    return expected.type === "kept" || (expected.type === "broken" && promise !== expected.promise);
  });
  if (surprise !== undefined) {
    throw new CliError(
      `${entry.name} breaks its promise, "${surprise.promise}", after ` +
        `${counted(surprise.trace.moves.length, "move")}.`,
      exitCodes.unexpected,
    );
  }
  if (ending === "violation") return;
  if (ending !== "complete") throw new CliError(describeEarlyEnd(run));
  if (expected.type === "broken" && run.violations.length === 0) {
    throw new CliError(
      `${entry.name} should break its promise, "${expected.promise}", with these values, and ` +
        "did not.",
      exitCodes.unexpected,
    );
  }
  const different = Object.entries(published?.counts ?? {}).find(([name, count]) => {
    return exploration.counts[name as keyof Counts] !== count;
  });
  if (different === undefined) return;
  const [name, count] = different;
  throw new CliError(
    `The count "${name}" is ${exploration.counts[name as keyof Counts]}, and ${count} was ` +
      `published (${published?.source}).`,
    exitCodes.unexpected,
  );
}

function describeEarlyEnd({ ending, exploration, memoryMB }: SearchRun): string {
  const left = `${withCommas(exploration.waiting)} known states were not looked at`;
  if (ending === "states") {
    return (
      `The search ended at ${withCommas(exploration.counts.unique)} states and ${left}: raise ` +
      "--max-states, or choose smaller numbers."
    );
  }
  if (ending === "memory") {
    return (
      `The search ended at ${Math.round(memoryMB)} MB of memory and ${left}: raise --max-memory ` +
      "and Node's own limit (NODE_OPTIONS=--max-old-space-size=MB), or choose smaller numbers."
    );
  }
  return `Interrupted: ${left}, and what is printed was known by then.`;
}

function wordsOf({ counts, source }: Published): string {
  const numbers = Object.entries(counts).map(([name, count]) => `${name} ${withCommas(count)}`);
  return `${numbers.join(", ")}: ${source}`;
}

function withCommas(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
