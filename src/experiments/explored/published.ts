/** A published model beside what was counted elsewhere. */

import { type Entry, publishedFor, type Values } from "../../explorer/engine/entry.ts";
import { type Counts, explore } from "../../explorer/engine/explore.ts";
import { publishedModels } from "../../explorer/models/published-models.ts";
import { exactly, type Finding } from "../engine/finding.ts";

const words: Readonly<Record<keyof Counts, string>> = {
  unique: "different states",
  generated: "states generated",
  depth: "depth",
};

/** All its states: as many as published, if that is known, no broken promise, and every goal. */
export function compareWithPublished(name: string, values: Values): readonly Finding[] {
  const entry = modelNamed(name);
  const model = entry.create(values);
  const exploration = explore(model);
  const counts = publishedFor(entry, values)?.counts ?? {};
  const kinds = Object.keys(counts) as (keyof Counts)[];
  const broken = exploration.violations.map((violation) => violation.name).join(", ");
  const expects = entry.expects(values);
  return [
    ...kinds.map((kind) => exactly(words[kind], exploration.counts[kind], counts[kind] ?? NaN)),
    exactly("how the search ended", exploration.ending ?? "not yet", "complete"),
    exactly(
      "promises that are broken",
      broken || "none",
      expects.type === "broken" ? expects.promise : "none",
    ),
    exactly("goals that are reached", exploration.goals.length, model.goals.length),
  ];
}

function modelNamed(name: string): Entry {
  const entry = publishedModels.find((each) => each.name === name);
  if (entry === undefined) throw new Error(`there is no model ${name}`);
  return entry;
}
