/** Every scenario of `powlab simulate` that a golden file keeps, and worlds with faults beside them. */

import { warpRules, warpStamps, warpTime } from "../../src/attacks/time-warp.ts";
import { regtest } from "../../src/consensus/params.ts";
import { allChecks } from "../../src/sim/chain-world/checks/all-checks.ts";
import { runChaos } from "../../src/sim/chaos/chaos.ts";
import { planChaos, setUpChaos } from "../../src/sim/chaos/plan.ts";
import { type ChaosNetwork, labFromEasyGenesis } from "../../src/sim/chaos/rules.ts";
import type { Topology } from "../../src/sim/engine/topology.ts";
import { type DoubleSpendRun, runDoubleSpend } from "../../src/sim/scenarios/double-spend.ts";
import { runEclipse } from "../../src/sim/scenarios/eclipse.ts";
import { runFullNodes } from "../../src/sim/scenarios/full-nodes.ts";
import { runPartition } from "../../src/sim/scenarios/partition.ts";
import { runSelfishMining, type SelfishMiningRun } from "../../src/sim/scenarios/selfish-mining.ts";
import { runSybil } from "../../src/sim/scenarios/sybil.ts";
import { runSimblock } from "../../src/sim/simblock.ts";
import { runStale } from "../../src/sim/stale.ts";
import { transcribeFaultyWorld } from "./faulty-world.ts";
import { figureScenarios } from "./figures.ts";
import { Observer } from "./observer.ts";
import { protocolScenarios } from "./protocols.ts";
import { type Scenario, verifier, type Write, writeOutcome } from "./scenario.ts";

/** Two rings that share a node: `--topology` with a file. */
const graph: Topology = {
  type: "drawn",
  count: 5,
  edges: [
    [0, 1],
    [1, 2],
    [2, 0],
    [2, 3],
    [3, 4],
    [4, 2],
  ],
};

/** The schedules of the three seeds have every kind of fault. */
const chaosScenarios: readonly Scenario[] = [
  {
    name: "chaos-seed-1",
    command: "powlab simulate chaos --seed 1 --network regtest",
    shows: ["fork", "reorganisation", "crash with restart"],
    transcribe: (write) => transcribeChaos({ seed: 1, network: "regtest" }, write),
  },
  {
    name: "chaos-seed-4",
    command: "powlab simulate chaos --seed 4 --network regtest",
    shows: ["fork", "reorganisation", "crash with restart"],
    transcribe: (write) => transcribeChaos({ seed: 4, network: "regtest" }, write),
  },
  {
    name: "chaos-seed-25",
    command: "powlab simulate chaos --seed 25 --network regtest",
    shows: ["fork", "reorganisation", "crash with restart"],
    transcribe: (write) => transcribeChaos({ seed: 25, network: "regtest" }, write),
  },
  {
    name: "chaos-on-lab",
    command: "powlab simulate chaos --seed 4 --network lab",
    shows: ["fork", "reorganisation", "crash with restart"],
    transcribe: (write) => transcribeChaos({ seed: 4, network: "lab" }, write),
  },
  {
    name: "chaos-graph-file",
    command: `powlab simulate chaos --seed 2 --network regtest --topology FILE with the links ${JSON.stringify(graph.edges)}`,
    shows: ["fork", "reorganisation", "crash with restart"],
    transcribe: (write) => transcribeChaos({ seed: 2, network: "regtest", topology: graph }, write),
  },
];

const attackScenarios: readonly Scenario[] = [
  {
    name: "double-spend-reversed",
    command: "powlab simulate double-spend --seed 7 --share 0.6 --give-up 4",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => transcribeDoubleSpend({ seed: 7, share: 0.6, giveUpBehind: 4 }, write),
  },
  {
    name: "double-spend-given-up",
    command: "powlab simulate double-spend --seed 6 --share 0.3 --give-up 4",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => transcribeDoubleSpend({ seed: 6, share: 0.3, giveUpBehind: 4 }, write),
  },
  {
    name: "double-spend-premined",
    command: "powlab simulate double-spend --seed 3 --share 0.45 --give-up 6 --premine 1",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => {
      transcribeDoubleSpend({ seed: 3, share: 0.45, giveUpBehind: 6, premine: 1 }, write);
    },
  },
  {
    name: "selfish-mining",
    command: "powlab simulate selfish-mining --seed 1 --blocks 100",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => transcribeSelfishMining({ links: "equal" }, write),
  },
  {
    name: "selfish-mining-stubborn",
    command:
      "powlab simulate selfish-mining --seed 1 --blocks 100 --fast --stubborn lead,equal-fork,trail-1",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => {
      const stubborn = { lead: true, equalFork: true, trail: 1 };
      transcribeSelfishMining({ links: "fast", stubborn }, write);
    },
  },
  {
    name: "eclipse",
    command: "powlab simulate eclipse --seed 1 --confirmations 3",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => {
      const run = { seed: 1, share: 0.2, confirmations: 3, verifier, onLine: write };
      writeOutcome(write, runEclipse(run));
    },
  },
  {
    name: "sybil",
    command: "powlab simulate sybil --seed 8 --identities 6 --blocks 60",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => {
      const run = { seed: 8, share: 0.2, identities: 6, blocks: 60, verifier, onLine: write };
      writeOutcome(write, runSybil(run));
    },
  },
  {
    name: "time-warp",
    command: "powlab simulate time-warp --periods 2",
    shows: [],
    transcribe: transcribeTimeWarp,
  },
];

const networkScenarios: readonly Scenario[] = [
  {
    name: "partition",
    command: "powlab simulate partition --seed 7",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => writeOutcome(write, runPartition({ seed: 7, verifier, onLine: write })),
  },
  {
    name: "world",
    command: "powlab simulate world --seed 14 --nodes 20 --blocks 15",
    shows: ["fork", "reorganisation"],
    transcribe: (write) => {
      const run = { seed: 14, nodes: 20, blocks: 15, verifier, onLine: write };
      writeOutcome(write, runFullNodes(run));
    },
  },
  {
    name: "simblock",
    command: "powlab simulate simblock --seed 1 --nodes 100 --blocks 60",
    shows: [],
    transcribe: (write) => {
      writeOutcome(write, runSimblock({ seed: 1, nodes: 100, blocks: 60, onLine: write }));
    },
  },
  {
    name: "stale",
    command:
      "ten equal miners find 2000 blocks at each of three delays: stale blocks by the crowd model",
    shows: [],
    transcribe: (write) => {
      const delays = [0.1, 0.5, 1];
      const rows = delays.map((x) => ({
        x,
        ...runStale({ seed: "1", miners: 10, x, blocks: 2_000 }),
      }));
      writeOutcome(write, { rows });
    },
  },
];

/** What the attacks lack: crashes in a world with forks, on the rules of both networks. */
const faultyScenarios: readonly Scenario[] = [
  {
    name: "faults-on-regtest",
    command: "five nodes on the rules of regtest, with the faults that faulty-world.ts lists",
    shows: ["fork", "reorganisation", "crash with restart"],
    transcribe: (write) => {
      const times = { intervalMs: 2_000, durationMs: 60_000, paymentsMeanMs: 2_000 };
      transcribeFaultyWorld({ seed: 1, params: regtest, ...times }, write);
    },
  },
  {
    name: "faults-on-lab",
    command:
      "five nodes on the rules of the lab network, with the same faults and changing difficulty",
    shows: ["fork", "reorganisation", "crash with restart"],
    transcribe: (write) => {
      const times = { intervalMs: 1_000, durationMs: 60_000, paymentsMeanMs: 2_000 };
      transcribeFaultyWorld({ seed: 1, params: labFromEasyGenesis, ...times }, write);
    },
  },
];

export const scenarios: readonly Scenario[] = [
  ...attackScenarios,
  ...networkScenarios,
  ...chaosScenarios,
  ...faultyScenarios,
  ...protocolScenarios,
  ...figureScenarios,
];

type Chaos = {
  readonly seed: number;
  readonly network: ChaosNetwork;
  readonly topology?: Topology;
};

function transcribeChaos({ seed, network, topology }: Chaos, write: Write): void {
  const observer = new Observer(write);
  const outcome = runChaos({
    plan: planChaos(seed, topology),
    setup: setUpChaos(network),
    makeChecks: () => [...allChecks(), observer],
    onLine: write,
  });
  writeOutcome(write, outcome);
  observer.writeNodes();
}

type DoubleSpend = Pick<DoubleSpendRun, "seed" | "share" | "giveUpBehind" | "premine">;

function transcribeDoubleSpend(race: DoubleSpend, write: Write): void {
  const observer = new Observer(write);
  const checks = [...allChecks(), observer];
  const run = { ...race, confirmations: 2, verifier, checks, onLine: write };
  writeOutcome(write, runDoubleSpend(run));
  observer.writeNodes();
}

function transcribeSelfishMining(
  choice: Pick<SelfishMiningRun, "links" | "stubborn">,
  write: Write,
): void {
  const run = { seed: 1, share: 0.4, blocks: 100, verifier, onLine: write, ...choice };
  writeOutcome(write, runSelfishMining(run));
}

function transcribeTimeWarp(write: Write): void {
  const runs = warpRules.flatMap((rule) => {
    return warpStamps.map((stamp) => ({ rule, stamp, periods: warpTime(rule, stamp, 2) }));
  });
  writeOutcome(write, { runs });
}
