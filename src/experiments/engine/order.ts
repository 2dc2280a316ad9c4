/** What a user asked of the experiments, as one text, so that other machines can share the work. */

import { JsonReader } from "../../primitives/json-reader.ts";
import type { Value, Values } from "../../primitives/parameter.ts";
import type { Verdict } from "../../primitives/verdict.ts";
import type { Examination } from "./exact-experiment.ts";
import { type Cell, cellOf, type Experiment } from "./experiment.ts";
import type { Plan } from "./plan.ts";

/** One value, a table of values, one exact experiment, or everything, quickly or not. */
export const orderKinds = ["single", "table", "exact", "all", "quick"] as const;
export type OrderKind = (typeof orderKinds)[number];

export type Order = { readonly kind: OrderKind; readonly plan: Plan };

/** Equal orders give equal texts. */
export function questionOf({ kind, plan }: Order): string {
  const { seed } = plan;
  const cells = plan.cells.map(({ experiment, values, units }) => {
    return { id: experiment.id, values, units };
  });
  const examinations = plan.examinations.map(({ id, values }) => ({ id, values }));
  return JSON.stringify({ kind, seed, cells, examinations });
}

/** @returns the order that has this text; a problem is a sentence without a full stop. */
export function parseOrder(
  text: string,
  experiments: readonly Experiment[],
): Verdict<Order, string> {
  return JsonReader.read(text, (reader) => {
    const fields = reader.object(["kind", "seed", "cells", "examinations"]);
    const seed = fields.get("seed").text();
    const cells = fields
      .get("cells")
      .list()
      .map((cell) => readCell(cell, experiments));
    const examinations = fields
      .get("examinations")
      .list()
      .map((item): Examination => {
        const parts = item.object(["id", "values"]);
        const values = readValues(parts.get("values"));
        return { type: "examination", id: parts.get("id").text(), values, seed };
      });
    return { kind: fields.get("kind").word(orderKinds), plan: { cells, examinations, seed } };
  });
}

function readCell(reader: JsonReader, experiments: readonly Experiment[]): Cell {
  const fields = reader.object(["id", "values", "units"]);
  const id = fields.get("id").text();
  const experiment = experiments.find((each) => each.id === id);
  if (experiment === undefined) return fields.get("id").refuse("is no experiment of this version");
  const units = fields.get("units").wholeNumber({ min: 1 });
  return cellOf(experiment, readValues(fields.get("values")), units);
}

function readValues(reader: JsonReader): Values {
  return reader.map((item): Value => item.scalar() ?? undefined);
}
