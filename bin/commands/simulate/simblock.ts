/** `powlab simulate simblock`: SimBlock's default model, beside what SimBlock itself finds. */

import type { Command } from "commander";
import { simblockLimits } from "../../../src/sim/crowd/limits.ts";
import type { Reference, SimblockOutcome } from "../../../src/sim/simblock.ts";
import { withExamples } from "../examples.ts";
import { interrupted, interruptionSignal, partialOf } from "../interruption.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { Progress } from "../progress.ts";
import { formatTable } from "../table.ts";
import {
  costOf,
  describeCost,
  playStepwise,
  type SimulateOptions,
  withSimulateOptions,
} from "./simulation.ts";

type SimblockOptions = SimulateOptions & {
  readonly nodes: number;
  readonly blocks: number;
  readonly quiet?: true;
};

/** A time of ours beside SimBlock's. */
type Comparison = {
  readonly percent: number;
  readonly ms: number;
  readonly simblockMs: number;
  readonly difference: number;
  readonly tolerance: number;
};

export function registerSimblock(simulate: Command): void {
  const { nodesMin, nodesMax, blocksMax } = simblockLimits;
  withExamples(
    withSimulateOptions(
      simulate
        .command("simblock")
        .description("how fast blocks spread through thousands of nodes: SimBlock's default model"),
    )
      .option(
        "--nodes <count>",
        "how many nodes",
        wholeNumber({ min: nodesMin, max: nodesMax }),
        600,
      )
      .option(
        "--blocks <count>",
        "how many blocks they find",
        wholeNumber({ min: 1, max: blocksMax }),
        100,
      )
      .option("--quiet", "show no progress")
      .action(simulateSimblock),
    [
      ["powlab simulate simblock --nodes 100 --blocks 20", "a small network"],
      ["powlab simulate simblock --nodes 6000", "a large one, beside SimBlock's own times"],
    ],
    [
      "Of 600 and 6,000 nodes with 100 blocks SimBlock's own times are known. The exit code is 5 if ours",
      "differ from them by more than √2 times the tolerance, because theirs are of one run, too.",
    ],
  );
}

async function simulateSimblock(options: SimblockOptions): Promise<void> {
  const { references } = await import("../../../src/sim/simblock.ts");
  const { nodes, blocks, json } = options;
  const startedAtMs = performance.now();
  const { outcome, isInterrupted } = await runSimulation(options);
  const cost = costOf(outcome.events, startedAtMs);
  if (outcome.blocks === 0) throw interrupted([]);
  const reference = references.find((each) => {
    return each.nodes === nodes && each.blocks === blocks && !isInterrupted;
  });
  const comparisons = compare(outcome, reference);
  if (json) writeJson({ ...outcome, comparisons, cost, ...partialOf(isInterrupted) });
  else {
    write(`\n${formatOutcome(outcome, comparisons)}`);
    say(`\n${describeCost(outcome.events, cost)}`);
  }
  if (isInterrupted) throw interrupted([outcome]);
  // SimBlock's times are those of one run too, and two runs differ more than one from the truth.
  const outside = comparisons.filter(({ difference, tolerance }) => {
    return Math.abs(difference) > Math.SQRT2 * tolerance;
  });
  if (outside.length > 0) {
    const names = outside.map(({ percent }) => `${percent} %`).join(", ");
    const limit = "by more than √2 times the tolerance";
    const message = `The times for ${names} of the nodes differ from SimBlock's ${limit}.`;
    throw new CliError(message, exitCodes.unexpected);
  }
  if (!json) say("Next: powlab experiment stale");
}

/** Until its end, or until Ctrl-C. */
async function runSimulation({ seed, nodes, blocks, json, quiet }: SimblockOptions) {
  const { SimblockSimulation } = await import("../../../src/sim/simblock.ts");
  const progress = new Progress("blocks", 1, quiet === true);
  const onLine = (line: string): void => {
    progress.clear();
    (json ? say : write)(line);
  };
  const simulation = new SimblockSimulation({ seed, nodes, blocks, onLine });
  const hasEnded = await playStepwise(simulation, interruptionSignal(), (part) => {
    progress.show(part);
  });
  progress.clear();
  return { outcome: simulation.outcome, isInterrupted: !hasEnded };
}

/** Empty if SimBlock's times for such a network are not known. */
function compare({ spread }: SimblockOutcome, reference: Reference | undefined): Comparison[] {
  return spread.flatMap(({ percent, ms }) => {
    const theirs = reference?.spread.find((each) => each.percent === percent);
    if (theirs === undefined) return [];
    const { ms: simblockMs, tolerance } = theirs;
    return [{ percent, ms, simblockMs, difference: ms / simblockMs - 1, tolerance }];
  });
}

function formatOutcome(outcome: SimblockOutcome, comparisons: readonly Comparison[]): string {
  const right = "right" as const;
  const columns = [
    { title: "nodes that have a block", align: right },
    { title: "after, in ms", align: right },
    { title: "SimBlock", align: right },
    { title: "difference", align: right },
    { title: "tolerated", align: right },
  ];
  const rows = outcome.spread.map(({ percent, ms }) => {
    const theirs = comparisons.find((each) => each.percent === percent);
    if (theirs === undefined) return [`${percent} %`, ms];
    const { simblockMs, difference, tolerance } = theirs;
    return [
      `${percent} %`,
      ms,
      simblockMs,
      signedPercent(difference),
      `${Math.round(tolerance * 100)} %`,
    ];
  });
  const { nodes, links, blocks, staleBlocks, elapsedMs } = outcome;
  const days = (elapsedMs / 86_400_000).toFixed(2);
  return (
    `${nodes} nodes with ${links} links; ${blocks} blocks in ${days} days, ${staleBlocks} stale\n` +
    formatTable(comparisons.length > 0 ? columns : columns.slice(0, 2), rows)
  );
}

function signedPercent(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(1)} %`;
}
