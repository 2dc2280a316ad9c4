/** Histories in the forms of other judges: written and read again they get the same verdict. */

import { findFormat, type FormatName, readHistory } from "../../checkers/formats/history-file.ts";
import { writeJepsenLines } from "../../checkers/formats/jepsen-lines.ts";
import { writeJsonLines } from "../../checkers/formats/json-lines.ts";
import { writeKeyValueLines } from "../../checkers/formats/key-value-lines.ts";
import type { HistoryEvent } from "../../checkers/history.ts";
import { checkLinearizability } from "../../checkers/linearizability.ts";
import { type ModelName, modelOf } from "../../checkers/model.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";
import { readOperations } from "./histories.ts";
import { createHistory, withChanges } from "./random-history.ts";
import { snippets } from "./snippets.ts";

const parameters = {
  histories: wholeParameter("how many histories of each form", {
    min: 20,
    max: 5_000,
    initial: 200,
  }),
};

export const foreignForms = defineExact<typeof parameters>({
  id: "foreign-histories",
  code: "Q5",
  group: "checkers",
  title: "Histories of others",
  claim: "A history is judged alike whether we, Jepsen or porcupine wrote it down.",
  source: "the forms of Jepsen's log and of porcupine's test data; snippets written by hand",
  parameters,
  quick: { histories: 50 },
  examples: [["--histories 1000", "more of them"]],
  examine: ({ histories }, seed) => [
    ...Object.entries(forms).flatMap(([name, form]) => {
      return formFindings(form, histories, createRandom(seed).fork(name));
    }),
    ...snippets.map(({ what, text, outcome }) => exactly(what, judgeText(text), outcome)),
  ],
});

type Form = {
  readonly format: FormatName;
  readonly model: ModelName;
  /** Such a log has one register only. */
  readonly keys: number;
  readonly write: (events: readonly HistoryEvent[]) => string;
};

const forms: Readonly<Record<string, Form>> = {
  jepsen: {
    ...{ format: "jepsen", model: "cas", keys: 1 },
    write: (events) => writeJepsenLines(readOperations(events)),
  },
  "porcupine-kv": {
    ...{ format: "porcupine-kv", model: "append", keys: 3 },
    write: writeKeyValueLines,
  },
  json: { ...{ format: "json", model: "cas", keys: 3 }, write: writeJsonLines },
};

/** Half of the histories have three answers changed, so that many are not linearizable. */
function formFindings(form: Form, histories: number, random: Random): readonly Finding[] {
  const { format, model, keys, write } = form;
  const shape = { model, keys, clients: 4, operations: 30, values: 3, unknown: 0.05, reads: 0.5 };
  let [same, found, refused] = [0, 0, 0];
  for (let at = 0; at < histories; at++) {
    const right = createHistory(shape, random.fork(`history ${at}`));
    const events = at % 2 === 0 ? right : withChanges(right, 3, random.fork(`changes ${at}`));
    const text = write(events);
    const { outcome } = checkLinearizability(readOperations(events), { model });
    if (findFormat(text) === format) found += 1;
    if (judgeText(text) === outcome) same += 1;
    if (outcome === "refused") refused += 1;
  }
  return [
    exactly(`${format}: recognised by the first line`, found, histories),
    exactly(`${format}: the same verdict when read again`, same, histories),
    atLeast(`${format}: of these, refused`, refused, histories / 10),
  ];
}

/** The verdict, or what is wrong with the text. */
function judgeText(text: string): string {
  const events = readHistory(text);
  if (!events.ok) return `line ${events.problem.line ?? "?"}: ${events.problem.reason}`;
  const operations = readOperations(events.value);
  const model = modelOf(operations);
  return model === undefined ? "no model" : checkLinearizability(operations, { model }).outcome;
}
