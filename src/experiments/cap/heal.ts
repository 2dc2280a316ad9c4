/** What the heal of a split network costs proof of work, with full nodes and answered writes. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { ChainSystem } from "../../sim/cap/chain-system.ts";
import type { Held } from "../../sim/cap/system.ts";
import { partitionDepthMean } from "../../theory/isolation.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, exactly, type Finding } from "../engine/finding.ts";
import { completeNetworkOf } from "./shared-run.ts";

const parameters = {
  runs: wholeParameter("how many partitions", { min: 2, max: 1_000, initial: 60 }),
  spacings: wholeParameter("how long the halves are apart, in mean block spacings", {
    ...{ min: 1, max: 100, initial: 10 },
  }),
};

export const healCost = defineExact<typeof parameters>({
  id: "heal-cost",
  code: "C7b",
  group: "CAP",
  title: "What a heal costs proof of work",
  claim:
    "When equal halves meet again, the lighter one loses its blocks, and every answer in them.",
  lines: "L49,380",
  source:
    "the mean of the smaller of two Poisson numbers; the answers of the lighter half, counted",
  parameters,
  quick: { runs: 12 },
  examples: [["--spacings 30", "apart for longer"]],
  examine: ({ runs, spacings }, seed) => findingsOf(runs, spacings, seed),
});

type Healed = {
  readonly depth: number;
  readonly takenBack: number;
  /** Writes that the lighter half had answered from blocks that it found alone. */
  readonly answeredInVain: number;
};

function findingsOf(runs: number, spacings: number, seed: string): readonly Finding[] {
  const healed = Array.from({ length: runs }, (_, run) => splitAndHeal(`${seed} ${run}`, spacings));
  const depths = healed.map(({ depth }) => depth);
  const mean = sum(depths) / runs;
  const variance = sum(depths.map((depth) => (depth - mean) ** 2)) / (runs - 1);
  const expected = partitionDepthMean(0.5, spacings);
  const z = Math.abs(mean - expected) / Math.sqrt(variance / runs);
  const shown = `blocks taken back, ${mean.toFixed(2)} in the mean for ${expected.toFixed(2)}: z`;
  const [taken, inVain] = [
    sum(healed.map(({ takenBack }) => takenBack)),
    sum(healed.map(({ answeredInVain }) => answeredInVain)),
  ];
  return [atMost(shown, z, 3), exactly("answered writes that were taken back", taken, inVain)];
}

const agreementMsMax = 600_000;
const writesEachSpacing = 2;

/** Two nodes with half of the hash power each; both have writes to mine all the time. */
function splitAndHeal(seed: string, spacings: number): Healed {
  const system = new ChainSystem(seed, completeNetworkOf(2), ["c1", "c2"]);
  const [n1, n2] = system.names as [PeerId, PeerId];
  const answeredAt = new Map<PeerId, number>();
  let isCounted = false;
  system.onAnswer((_, __, at) => {
    if (isCounted) answeredAt.set(at, (answeredAt.get(at) ?? 0) + 1);
  });
  system.begin();
  system.runFor(2 * system.spacingMs);
  // What waits now could be mined on both sides; from here on each write is known to one.
  system.schedule(
    [
      {
        verb: "split",
        groups: [[n1], [n2]],
        atMs: system.clock.elapsedMs,
        lastsMs: spacings * system.spacingMs,
      },
    ],
    () => undefined,
  );
  system.runFor(1);
  isCounted = true;
  for (let step = 0; step < spacings * writesEachSpacing; step++) {
    write(system, n1, "c1", step + 1);
    write(system, n2, "c2", step + 1);
    system.runFor((system.spacingMs - 1) / writesEachSpacing);
  }
  isCounted = false;
  const tips = [n1, n2].map((name) => tipOf(system.heldBy(name)));
  const haveMet = () => tipOf(system.heldBy(n1)) === tipOf(system.heldBy(n2));
  // A tie is over with the next block.
  if (tips[0] === tips[1] || !system.runUntil(haveMet, agreementMsMax)) {
    return { depth: 0, takenBack: system.takenBack.writes.length, answeredInVain: 0 };
  }
  const held = system.heldBy(n1);
  const cells = held?.type === "prefix" ? held.cells : [];
  const lighter = cells.includes(tips[0] ?? "") ? n2 : n1;
  const { depth, writes } = system.takenBack;
  return { depth, takenBack: writes.length, answeredInVain: answeredAt.get(lighter) ?? 0 };
}

function write(system: ChainSystem, beside: PeerId, client: string, number: number): void {
  const value = `${client} ${number}`;
  system.request(beside, { client, number }, { type: "write", key: "k", value });
}

function tipOf(held: Held | undefined): string | undefined {
  return held?.type === "prefix" ? held.cells.at(-1) : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
