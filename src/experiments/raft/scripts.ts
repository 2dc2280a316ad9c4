/** Random scripts of elections, writes, partitions and restarts, each step played to its end. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { raftMutants } from "../../protocols/raft/mutants.ts";
import type { RaftOptions } from "../../protocols/raft/options.ts";
import { raftRules } from "../../protocols/raft/rules.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly } from "../engine/finding.ts";
import { Cluster } from "./cluster.ts";

const parameters = {
  scripts: wholeParameter("how many scripts", { min: 20, max: 5_000, initial: 150 }),
  steps: wholeParameter("steps of each", { min: 10, max: 200, initial: 40 }),
};

export const scripts = defineExact<typeof parameters>({
  id: "raft-scripts",
  code: "R18",
  group: "Raft",
  title: "Random scripts",
  claim: "Whatever elections, partitions and restarts come, promises hold and logs end alike.",
  lines: "L116-149",
  source: "Raft's five promises; the comparison with etcd's raft is a test, not run here",
  parameters,
  quick: { scripts: 40 },
  examples: [["--scripts 20 --steps 200", "a few long ones"]],
  examine: ({ scripts: count, steps }, seed) => {
    const all = Array.from({ length: count }, (_, at) => {
      return drawScript(steps, createRandom(seed).fork(`script ${at}`));
    });
    const batched = all.map((script) => play(script, { batchBytesMax: 65_536 }));
    const single = all.map((script) => play(script, { batchBytesMax: 1 }));
    const careless = all.map((script) => play(script, mistaken("no-election-restriction")));
    const honest = [...batched, ...single];
    const broken = honest.flatMap((played) => played.broken);
    return [
      exactly("promises broken", [...new Set(broken)].join() || "none", "none"),
      exactly(
        "scripts after which all logs are alike, entries sent together or one by one",
        honest.filter(({ isAlike }) => isAlike).length,
        2 * count,
      ),
      atLeast("leaders elected", sumOf(batched, "elections"), 2 * count),
      atLeast("entries committed", sumOf(batched, "committed"), 2 * count),
      atLeast("logs cut back to fit a leader's", sumOf(batched, "cuts"), count / 10),
      atLeast(
        "scripts that break a promise if anyone may be elected",
        careless.filter((played) => played.broken.length > 0).length,
        1,
      ),
    ];
  },
});

type Step =
  | { readonly type: "campaign" | "restart" | "heartbeat"; readonly at: number }
  | { readonly type: "write"; readonly at: number; readonly value: number }
  | { readonly type: "split"; readonly side: readonly number[] }
  | { readonly type: "heal" };

type Script = { readonly nodes: number; readonly steps: readonly Step[] };

function drawScript(count: number, random: Random): Script {
  const nodes = 3 + random.nextBelow(5);
  const steps = Array.from({ length: count }, (_, number): Step => {
    const at = random.nextBelow(nodes);
    const kind = random.nextBelow(20);
    if (kind < 4) return { type: "campaign", at };
    if (kind < 12) return { type: "write", at, value: number };
    if (kind < 14) return { type: "restart", at };
    if (kind < 16) return { type: "heartbeat", at };
    if (kind < 18) return { type: "heal" };
    const side = Array.from({ length: nodes }, (_, node) => node);
    return { type: "split", side: side.filter(() => random.nextBelow(2) === 0) };
  });
  return { nodes, steps };
}

type Played = {
  readonly broken: readonly string[];
  /** In the end all links are mended and one leads: whether all logs, and what is committed, agree. */
  readonly isAlike: boolean;
  readonly elections: number;
  readonly committed: number;
  readonly cuts: number;
};

function sumOf(all: readonly Played[], figure: "elections" | "committed" | "cuts"): number {
  return all.reduce((sum, played) => sum + played[figure], 0);
}

function mistaken(name: string): Partial<RaftOptions> {
  const mutant = raftMutants.find((each) => each.name === name);
  return { ...mutant?.options, rules: { ...raftRules, ...mutant?.rules } };
}

/** No process campaigns or sends a heartbeat, and no message is lost, unless the script says so. */
function play({ nodes, steps }: Script, options: Partial<RaftOptions>): Played {
  const byHand = { preVote: false, checkQuorum: false, commitNotice: "at-once" } as const;
  const cluster = new Cluster({ ...byHand, ...options, count: nodes });
  for (const step of steps) {
    carryOut(cluster, step);
    cluster.deliver();
  }
  const isAlike = endsAlike(cluster);
  const countOf = (isSo: (news: Cluster["news"][number]["news"]) => boolean): number => {
    return cluster.news.filter(({ news }) => isSo(news)).length;
  };
  return {
    broken: [...cluster.promises.broken],
    isAlike,
    elections: countOf((news) => news.type === "role-changed" && news.role === "leader"),
    committed: Math.max(...cluster.names.map((name) => cluster.state(name).committed)),
    cuts: countOf((news) => news.type === "log-cut"),
  };
}

function carryOut(cluster: Cluster, step: Step): void {
  const nameAt = (at: number) => cluster.names[at] as PeerId;
  switch (step.type) {
    case "campaign":
      if (cluster.state(nameAt(step.at)).role !== "leader") cluster.campaign(nameAt(step.at));
      return;
    case "write":
      cluster.write(leaderAt(cluster, step.at), step.value);
      return;
    case "restart":
      cluster.crash(nameAt(step.at));
      cluster.restart(nameAt(step.at));
      return;
    case "heartbeat":
      cluster.beat(nameAt(step.at));
      return;
    case "split": {
      const side = step.side.map(nameAt);
      cluster.split(
        side,
        cluster.names.filter((name) => !side.includes(name)),
      );
      return;
    }
    case "heal":
      cluster.heal();
  }
}

/** One of those that think that they lead, old ones too; anyone if none does. */
function leaderAt(cluster: Cluster, at: number): PeerId {
  const leaders = cluster.names.filter((name) => cluster.state(name).role === "leader");
  return (leaders[at % leaders.length] ?? cluster.names[at]) as PeerId;
}

/** Each campaigns in turn, so that one whose log allows it leads all others in the end. */
function endsAlike(cluster: Cluster): boolean {
  cluster.heal();
  for (const name of cluster.names) {
    if (cluster.leader === name) continue;
    cluster.campaign(name);
    cluster.deliver();
  }
  for (let round = 0; round < 2; round++) {
    if (cluster.leader !== undefined) cluster.beat(cluster.leader);
    cluster.deliver();
  }
  const ends = cluster.names.map((name) => {
    const { term, committed, log } = cluster.state(name);
    return `${term} ${committed === log.last.index} ${cluster.log(name).join()}`;
  });
  return cluster.leader !== undefined && new Set(ends).size === 1;
}
