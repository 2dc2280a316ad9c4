/** Reports of chaos for a protocol, as another machine wrote them. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import { readFaults } from "../files/fault-file.ts";
import { readCount, readFailure, readReport } from "../files/report-file.ts";
import { processRoles } from "../process-world/process-world.ts";
import type { ProcessChaosOutcome, ProcessChaosReport } from "./chaos.ts";

const countNames = [
  "asked",
  "answered",
  "aborted",
  "givenUp",
  "elected",
  "eraMax",
  "messages",
  "steps",
] as const satisfies readonly (keyof ProcessChaosOutcome)[];

export function readProcessReport(reader: JsonReader): ProcessChaosReport {
  return readReport(reader, {
    readOutcome,
    readFaults: (list) => readFaults(list, { roles: processRoles }),
  });
}

/** With the keys in the order in which a run has them: fingerprints are over text. */
function readOutcome(reader: JsonReader): ProcessChaosOutcome {
  const others = ["seed", "failure", "faults", "strikes", "elapsedMs"];
  const fields = reader.object([...others, ...countNames]);
  const counts = countNames.map((name) => [name, readCount(fields.get(name))] as const);
  return {
    seed: readCount(fields.get("seed")),
    failure: readFailure(fields),
    faults: readCount(fields.get("faults")),
    strikes: fields.get("strikes").map((states) => states.map(readCount)),
    ...(Object.fromEntries(counts) as Record<(typeof countNames)[number], number>),
    elapsedMs: fields.get("elapsedMs").number({ min: 0 }),
  };
}
