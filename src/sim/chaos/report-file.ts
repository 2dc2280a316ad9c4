/** Reports of chaos for the chain, as another machine wrote them. */

import type { BlockHash } from "../../primitives/brand.ts";
import type { JsonReader } from "../../primitives/json-reader.ts";
import { chainVerbs } from "../chain-world/chain-faults.ts";
import { readCount, readFailure, readReport } from "../files/report-file.ts";
import { readChainFaults } from "./chain-fault-file.ts";
import type { ChaosOutcome } from "./chaos.ts";
import type { ChaosReport } from "./investigate.ts";
import { chaosNetworks } from "./rules.ts";

const countNames = [
  "payments",
  "reorganisations",
  "depthMax",
  "rejected",
  "bans",
] as const satisfies readonly (keyof ChaosOutcome)[];

export function readChainReport(reader: JsonReader): ChaosReport {
  return readReport(reader, { readOutcome, readFaults: readChainFaults });
}

/** With the keys in the order in which a run has them: fingerprints are over text. */
function readOutcome(reader: JsonReader): ChaosOutcome {
  const first = ["network", "seed", "failure", "tip", "height", "faults", "struck"];
  const fields = reader.object([...first, ...countNames, "elapsedMs", "steps"]);
  const counts = countNames.map((name) => [name, readCount(fields.get(name))] as const);
  return {
    network: fields.get("network").word(chaosNetworks),
    seed: readCount(fields.get("seed")),
    failure: readFailure(fields),
    tip: readTip(fields.find("tip")),
    height: readCount(fields.get("height")),
    faults: readCount(fields.get("faults")),
    struck: readStruck(fields.get("struck")),
    ...(Object.fromEntries(counts) as Record<(typeof countNames)[number], number>),
    elapsedMs: fields.get("elapsedMs").number({ min: 0 }),
    steps: readCount(fields.get("steps")),
  };
}

function readTip(reader: JsonReader | undefined): BlockHash | undefined {
  const text = reader?.text();
  if (text !== undefined && !/^[0-9a-f]{64}$/.test(text)) reader?.refuse("must be a block's hash");
  return text as BlockHash | undefined;
}

function readStruck(reader: JsonReader): ChaosOutcome["struck"] {
  const struck = reader.map(readCount);
  const unknown = Object.keys(struck).find((verb) => !chainVerbs.some((each) => each === verb));
  return unknown === undefined ? struck : reader.refuse(`has no verb "${unknown}"`);
}
