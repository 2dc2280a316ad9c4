/** Reports of chaos for a protocol, as another machine wrote them. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import { readCount, readFailure, readReport } from "../files/report-file.ts";
import { readProcessFaults } from "../process-world/process-fault-file.ts";
import type { ProcessChaosOutcome, ProcessChaosReport } from "./chaos.ts";

type CountNames = readonly (keyof ProcessChaosOutcome)[];

const countNames = [
  "asked",
  "answered",
  "aborted",
  "givenUp",
  "elected",
  "eraMax",
] as const satisfies CountNames;
const lastCountNames = ["evidence", "messages", "steps"] as const satisfies CountNames;

export function readProcessReport(reader: JsonReader): ProcessChaosReport {
  return readReport(reader, { readOutcome, readFaults: readProcessFaults });
}

/** With the keys in the order in which a run has them: fingerprints are over text. */
function readOutcome(reader: JsonReader): ProcessChaosOutcome {
  const others = ["seed", "failure", "faults", "strikes", "deviations", "elapsedMs"];
  const fields = reader.object([...others, ...countNames, ...lastCountNames]);
  const countsOf = <Name extends string>(names: readonly Name[]) => {
    const counts = names.map((name) => [name, readCount(fields.get(name))] as const);
    return Object.fromEntries(counts) as Record<Name, number>;
  };
  return {
    seed: readCount(fields.get("seed")),
    failure: readFailure(fields),
    faults: readCount(fields.get("faults")),
    strikes: fields.get("strikes").map((states) => states.map(readCount)),
    ...countsOf(countNames),
    deviations: fields.get("deviations").map(readCount),
    ...countsOf(lastCountNames),
    elapsedMs: fields.get("elapsedMs").number({ min: 0 }),
  };
}
