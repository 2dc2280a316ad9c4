/** Figures 7 and 8 of the Raft paper, played message by message: what each process does, and its log. */

import type { Cluster } from "../../src/experiments/raft/cluster.ts";
import { repairFigure7 } from "../../src/experiments/raft/given-logs.ts";
import { playFigure8 } from "../../src/experiments/raft/mutant-scenes.ts";
import { raftMutants } from "../../src/protocols/raft/mutants.ts";
import { tellNews } from "../../src/protocols/raft/news.ts";
import { raftRules } from "../../src/protocols/raft/rules.ts";
import type { Scenario, Write } from "./scenario.ts";

export const figureScenarios: readonly Scenario[] = [
  {
    name: "raft-figure-7",
    command: "powlab experiment log-repair",
    shows: [],
    transcribe: (write) => writeCluster(write, repairFigure7(1)),
  },
  {
    name: "raft-figure-8",
    command: "powlab experiment figure-8 --rule own",
    shows: [],
    transcribe: (write) => writeCluster(write, playFigure8({})),
  },
  {
    name: "raft-figure-8-any-term",
    command: "powlab experiment figure-8 --rule any",
    shows: [],
    transcribe: (write) => {
      const mutant = raftMutants.find(({ name }) => name === "counts-earlier-terms");
      writeCluster(write, playFigure8({ rules: { ...raftRules, ...mutant?.rules } }));
    },
  },
];

function writeCluster(write: Write, cluster: Cluster): void {
  for (const { name, news } of cluster.news) write(`${name}  ${tellNews(news)}`);
  write("");
  for (const name of cluster.names) {
    const { role, term, committed } = cluster.state(name);
    const state = cluster.isRunning(name) ? `${role} of term ${term}` : `down, term ${term}`;
    write(`${name}  ${state}, knows ${committed} committed: ${cluster.log(name).join(" | ")}`);
  }
  write(`broken: ${[...cluster.promises.broken].join(", ") || "nothing"}`);
}
