/** PBFT with as many byzantine replicas as it tolerates, of each behaviour, while links and processes fail, too. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { behavioursOf, protocolNamed } from "../../protocols/catalogue.ts";
import { byzantineMaxOf } from "../../protocols/process/quorum.ts";
import { type ProcessChaosOutcome, runProcessChaos } from "../../sim/process-chaos/chaos.ts";
import { planProcessChaos } from "../../sim/process-chaos/plan.ts";
import { type ProcessTurn, turnsIn } from "../../sim/process-world/byzantine.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";

const parameters = {
  tolerated: wholeParameter("byzantine replicas at most, of 3f + 1", {
    min: 1,
    max: 3,
    initial: 2,
  }),
  seeds: wholeParameter("schedules of faults for each behaviour", {
    min: 1,
    max: 1_000,
    initial: 5,
  }),
};

export const byzantineAndFaults = defineExact<typeof parameters>({
  id: "byzantine-and-faults",
  code: "B2",
  group: "BFT",
  title: "Safe and live with f byzantine",
  claim: "With f of 3f + 1 byzantine PBFT is never wrong, and in the end answers.",
  lines: "L241,272",
  source: "Castro and Liskov 1999: safe always, live once the network is calm",
  parameters,
  quick: { tolerated: 1, seeds: 1 },
  examples: [["--tolerated 3 --seeds 50", "up to three of ten"]],
  examine: ({ tolerated, seeds }, seed) => {
    const counts = Array.from({ length: tolerated }, (_, at) => 3 * (at + 1) + 1);
    return counts.flatMap((nodes) => {
      return behavioursOf(pbftEntry()).flatMap(({ name }) => findingsOf(nodes, name, seeds, seed));
    });
  },
});

function pbftEntry() {
  const entry = protocolNamed("pbft");
  if (entry === undefined) throw new Error("there is no protocol pbft");
  return entry;
}

function findingsOf(nodes: number, by: string, seeds: number, seed: string): readonly Finding[] {
  const outcomes = Array.from({ length: seeds }, (_, run) => runWith(nodes, by, `${seed} ${run}`));
  const broken = outcomes.flatMap(({ failure }) => failure?.message ?? []);
  const deviations = outcomes.map((outcome) => outcome.deviations[by] ?? 0);
  const what = `${nodes} replicas, ${byzantineMaxOf(nodes)} ${by}`;
  return [
    exactly(`${what}: broken promises`, broken[0] ?? "none", "none"),
    atLeast(`${what}: deviations in each run`, Math.min(...deviations), 1),
  ];
}

/** These are byzantine from the beginning on; links and the other processes fail as the seed says. */
function runWith(nodes: number, by: string, seed: string): ProcessChaosOutcome {
  const plan = planProcessChaos(seed, { protocol: "pbft", nodes });
  const others = plan.faults.filter((fault) => !turnsIn([fault]).length);
  const turns = plan.network.names.slice(0, byzantineMaxOf(nodes)).map((node): ProcessTurn => {
    return { verb: "turn-byzantine", node, by, atMs: 0, lastsMs: 0 };
  });
  const faults = [...turns, ...others];
  return runProcessChaos({ entry: pbftEntry(), plan: { ...plan, faults, downAtLast: [] } });
}
