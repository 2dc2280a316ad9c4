/** Two figures of the paper, played by hand: logs that are repaired, and what may be committed. */

import { choiceParameter, wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly } from "../engine/finding.ts";
import { keptAll } from "./faults.ts";
import { repairFigure7, termsOf } from "./given-logs.ts";
import { brokenBy, brokenByHonest } from "./mutants.ts";

const ofRepair = {
  batchBytes: wholeParameter("about how many bytes of entries go into one message", {
    ...{ min: 1, max: 1_000_000, initial: 1 },
  }),
};

const repaired = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8].join(" ");

export const logRepair = defineExact<typeof ofRepair>({
  id: "log-repair",
  code: "R9",
  group: "Raft",
  title: "Six logs are repaired",
  claim: "If a follower's log conflicts, the leader makes it match.",
  lines: "L98",
  source: "Ongaro and Ousterhout, 2014, Figure 7; the leader's term is 8",
  parameters: ofRepair,
  examples: [["--batch-bytes 65536", "many entries in one message"]],
  examine: ({ batchBytes }) => {
    const cluster = repairFigure7(batchBytes);
    const logs = cluster.names.map((name) => cluster.log(name).join());
    return [
      exactly("terms in the leader's log", termsOf(cluster.log("n1")).join(" "), repaired),
      exactly("different logs among the seven", new Set(logs).size, 1),
      keptAll(cluster),
    ];
  },
});

const ofFigure8 = {
  rule: choiceParameter(
    "what a leader may commit: own (entries of its term by counting) or any, as well",
    ["both", "own", "any"],
    "both",
  ),
};

export const figure8 = defineExact<typeof ofFigure8>({
  id: "figure-8",
  code: "R8",
  group: "Raft",
  title: "Figure 8",
  claim: "A leader that counts replicas of earlier terms' entries may lose what it committed.",
  lines: "L147",
  source: "Ongaro and Ousterhout, 2014, Figure 8; found in LogCabin (logcabin#44)",
  parameters: ofFigure8,
  examples: [["--rule any", "only with the mistake"]],
  examine: ({ rule }) => [
    ...(rule === "any"
      ? []
      : [exactly("own term only: broken", brokenByHonest("counts-earlier-terms"), "nothing")]),
    ...(rule === "own"
      ? []
      : [
          exactly(
            "any term: a committed entry is overwritten",
            brokenBy("counts-earlier-terms").includes("leader-completeness"),
            true,
          ),
        ]),
  ],
});
