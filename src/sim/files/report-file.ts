/** What runs of chaos reported, as another machine wrote it in a file. */

import type { Fields, JsonReader } from "../../primitives/json-reader.ts";
import type { Report } from "../engine/investigate.ts";
import type { Failure } from "../engine/promise.ts";

/** How the outcome and the schedule of one kind of chaos are read. */
export type ReportParts<Outcome, F> = {
  readonly readOutcome: (reader: JsonReader) => Outcome;
  readonly readFaults: (reader: JsonReader) => readonly F[];
};

export function readReport<Outcome, F>(
  reader: JsonReader,
  { readOutcome, readFaults }: ReportParts<Outcome, F>,
): Report<Outcome, F> {
  const fields = reader.object(["outcome", "shortest"]);
  const shortest = fields.find("shortest");
  return {
    outcome: readOutcome(fields.get("outcome")),
    shortest: shortest === undefined ? undefined : readFaults(shortest),
  };
}

/** @returns undefined if the run kept all promises. */
export function readFailure(fields: Fields): Failure | undefined {
  const parts = fields.find("failure")?.object(["promise", "message"]);
  if (parts === undefined) return undefined;
  return { promise: parts.get("promise").text(), message: parts.get("message").text() };
}

/** How often something happened. */
export function readCount(reader: JsonReader): number {
  return reader.wholeNumber({ min: 0 });
}
