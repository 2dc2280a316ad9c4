/** Histories that were made to be linearizable, and copies with one stale read: what the check says. */

import { type HistoryEvent, type Operation, operationsOf } from "../../checkers/history.ts";
import { LinearizabilityCheck } from "../../checkers/linearizability.ts";
import type { ModelName } from "../../checkers/model.ts";
import { choiceParameter, wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, atMost, exactly, type Finding } from "../engine/finding.ts";
import { createHistory, type HistoryShape } from "./random-history.ts";
import { withStaleRead } from "./stale-read.ts";

const fewParameters = {
  histories: wholeParameter("how many histories", { min: 1, max: 10_000, initial: 200 }),
  clients: wholeParameter("clients of each", { min: 2, max: 20, initial: 5 }),
  operations: wholeParameter("operations of each", { min: 20, max: 500, initial: 60 }),
};

export const judgedHistories = defineExact<typeof fewParameters>({
  id: "judged-histories",
  code: "Q1",
  group: "checkers",
  title: "Histories with a known verdict",
  claim: "Whether all nodes seem to have the same data can be checked in what clients saw.",
  lines: "L39,46",
  source: "by construction; porcupine's 52 histories of etcd are judged in a test, where they are",
  parameters: fewParameters,
  quick: { histories: 50 },
  examples: [["--clients 10 --operations 200", "longer ones, with more at once"]],
  examine: ({ histories, clients, operations }, seed) => {
    const shape = { clients, operations, keys: 2, values: 0, unknown: 0.05, reads: 0.5 };
    return (["register", "append"] as const).flatMap((model) => {
      const pairs = Array.from({ length: histories }, (_, at) => {
        return pairOf({ ...shape, model }, `${seed}/${model} ${at}`);
      });
      const changed = pairs.flatMap(({ stale }) => (stale === undefined ? [] : [stale]));
      return [
        countFinding(
          `${model}: found linearizable`,
          pairs.map(({ right }) => right),
          { model, outcome: "linearizable" },
        ),
        atLeast(`${model}: in which a read can be made stale`, changed.length, histories / 2),
        countFinding(`${model}: refused with one stale read`, changed, {
          model,
          outcome: "refused",
        }),
      ];
    });
  },
});

/** Outcomes of a whole list of histories: all must be the same. */
function countFinding(
  what: string,
  histories: readonly (readonly HistoryEvent[])[],
  expected: { readonly model: ModelName; readonly outcome: string },
): Finding {
  const judged = histories.map((events) => judge(events, expected.model));
  const right = judged.filter(({ outcome }) => outcome === expected.outcome);
  return exactly(what, right.length, histories.length);
}

const manyParameters = {
  model: choiceParameter(
    "append (a text grows) or register (read and written)",
    ["append", "register"],
    "append",
  ),
  clients: wholeParameter("clients at once", { min: 2, max: 60, initial: 50 }),
  operations: wholeParameter("operations of all", { min: 100, max: 20_000, initial: 2_000 }),
  keys: wholeParameter("keys that they share", { min: 3, max: 100, initial: 10 }),
  memoryMb: wholeParameter("what the check may keep, in MB", { min: 1, max: 300, initial: 100 }),
};

/** For each operation, over all keys. */
const configurationsEach = 500;

export const manyClients = defineExact<typeof manyParameters>({
  id: "many-clients",
  code: "Q2",
  group: "checkers",
  title: "Fifty clients at once",
  claim: "The check need not explode: fifty clients on few keys are judged in little memory.",
  lines: "L39",
  source: "by construction; porcupine's histories of a key-value store are judged in a test",
  parameters: manyParameters,
  examples: [
    ["--keys 3 --memory-mb 300", "more clients on each key"],
    ["--model register", "what each read returned says more"],
  ],
  examine: ({ model, clients, operations, keys, memoryMb }, seed) => {
    const shape = { model, clients, operations, keys, values: 0, unknown: 0.02, reads: 0.5 };
    const { right, stale } = pairOf(shape, seed);
    const bytes = memoryMb * 2 ** 20;
    const linearizable = judge(right, model, bytes);
    const refused = stale && judge(stale, model, bytes);
    const repeated = judge(pairOf({ ...shape, values: 4 }, seed).right, model, bytes);
    return [
      atLeast("most operations that are open at once", atOnce(right), Math.ceil(clients / 2)),
      exactly("as it was made", linearizable.outcome, "linearizable"),
      exactly("with one stale read", refused?.outcome ?? "no read to change", "refused"),
      exactly("with four values that come again and again", repeated.outcome, "linearizable"),
      atMost(
        "configurations for an operation, of the three",
        Math.max(
          ...[linearizable, repeated, refused].map((each) => each?.configurations ?? Infinity),
        ) / operations,
        configurationsEach,
      ),
    ];
  },
});

type Pair = {
  readonly right: readonly HistoryEvent[];
  /** The same with one stale read; undefined if none can be made so. */
  readonly stale: readonly HistoryEvent[] | undefined;
};

function pairOf(shape: HistoryShape, seed: string): Pair {
  const random = createRandom(seed);
  const right = createHistory(shape, random.fork("history"));
  return { right, stale: withStaleRead(right, shape.model, random.fork("stale")) };
}

function judge(events: readonly HistoryEvent[], model: ModelName, memory?: number) {
  const options = memory === undefined ? { model } : { model, memory };
  const check = new LinearizabilityCheck(readOperations(events), options);
  let verdict = check.advance();
  while (verdict === undefined) verdict = check.advance();
  return { outcome: verdict.outcome, configurations: check.configurations };
}

export function readOperations(events: readonly HistoryEvent[]): readonly Operation[] {
  const operations = operationsOf(events);
  if (!operations.ok) throw new RangeError(`no history: ${operations.problem.reason}`);
  return operations.value;
}

/** The most operations that are open together. */
function atOnce(events: readonly HistoryEvent[]): number {
  let [open, most] = [0, 0];
  for (const { type } of events) {
    open += type === "invoke" ? 1 : -1;
    most = Math.max(most, open);
  }
  return most;
}
