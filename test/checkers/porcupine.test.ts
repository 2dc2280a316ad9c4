/** The histories that porcupine is tested with, each with its verdict. */

import { describe, expect, test } from "vitest";
import { findFormat, readHistory } from "../../src/checkers/formats/history-file.ts";
import { operationsOf } from "../../src/checkers/history.ts";
import { checkLinearizability } from "../../src/checkers/linearizability.ts";
import { modelOf } from "../../src/checkers/model.ts";
import { describeVectors } from "../vectors/suite.ts";
import { vectorNames, vectors } from "../vectors/vectors.ts";

function verdictOf(name: string): ReturnType<typeof checkLinearizability> {
  const events = readHistory((vectors(`porcupine/${name}`) as Buffer).toString());
  if (!events.ok) throw new Error(`${name}: ${events.problem.reason}`);
  const operations = operationsOf(events.value);
  if (!operations.ok) throw new Error(`${name}: ${operations.problem.reason}`);
  const model = modelOf(operations.value);
  if (model === undefined) throw new Error(`${name}: no model has all of its operations`);
  return checkLinearizability(operations.value, { model });
}

describeVectors("etcd's histories under Jepsen", "porcupine/verdicts.json", (bytes) => {
  const verdicts = JSON.parse(bytes.toString()) as Readonly<Record<string, boolean>>;

  test.each(Object.entries(verdicts))("%s: linearizable %s", (name, isLinearizable) => {
    const { outcome } = verdictOf(name);
    expect(outcome).toBe(isLinearizable ? "linearizable" : "refused");
  });

  test("are some of each kind, so that a check which always says the same fails", () => {
    expect(new Set(Object.values(verdicts))).toEqual(new Set([true, false]));
  });
});

const stores = vectorNames("porcupine").filter((name) => /-(ok|bad)\.txt$/.test(name));
const title = "histories of a key-value store";
if (stores.length === 0) {
  console.warn(`skipped: ${title}: no porcupine/*-ok.txt among the vectors`);
  test.skip(title);
} else {
  describe(title, () => {
    test.each(stores)("%s", (name) => {
      const expected = name.endsWith("-ok.txt") ? "linearizable" : "refused";
      expect(verdictOf(name).outcome).toBe(expected);
    });

    test("are found to be porcupine's", () => {
      const text = (vectors(`porcupine/${stores[0]}`) as Buffer).toString();
      expect(findFormat(text)).toBe("porcupine-kv");
    });
  });
}
