/**
 * A node that takes its peers at random from its address table, many times: whether all are the
 * attacker's.
 */

import { shareParameter, type ValuesOf, wholeParameter } from "../../primitives/parameter.ts";
import { dishonestPeersProbability } from "../../theory/isolation.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";
import { drawEclipse } from "./race.ts";

const parameters = {
  share: shareParameter("the attacker's part of the node's address table", {
    min: 0,
    max: 1,
    initial: 0.8,
  }),
  // As many outbound peers as Bitcoin Core keeps for blocks and transactions.
  peers: wholeParameter("how many peers the node takes", { min: 1, max: 1_000, initial: 8 }),
};

export const eclipse = defineExperiment<typeof parameters>({
  id: "eclipse",
  code: "S3",
  group: "sybil",
  title: "Eclipse",
  claim: "An attacker with most of a node's address table is likely to be all of its peers.",
  lines: "L319-371",
  measure: "the part of the nodes that have only the attacker's peers",
  source: "each peer is drawn independently: the share to the power of their number",
  refuses: "an attacker whose chance grows in proportion to its share of the addresses",
  parameters,
  units: { name: "runs", summary: "how many nodes", initial: 14_400, max: 10_000_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [
    ["--share 0.8 --peers 8", "four fifths of the address table"],
    ["table", "from half of the table on"],
  ],
  table: { varies: { share: [0.5, 0.75, 0.9, 0.95] } },
  batchUnits: () => 10_000,
  prepare: () => countEclipses,
  expected: ({ share, peers }) => dishonestPeersProbability(share, peers),
  beside: () => ({}),
});

const countEclipses: RunPortion<ValuesOf<typeof parameters>> = (
  { share, peers },
  { count, random },
) => {
  let successes = 0;
  for (let run = 0; run < count; run++) if (drawEclipse(share, peers, random)) successes += 1;
  return { type: "count", runs: count, successes };
};
