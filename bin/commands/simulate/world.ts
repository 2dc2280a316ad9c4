/** `powlab simulate world`: hundreds of full nodes with real blocks, and what that costs. */

import type { Command } from "commander";
import { fullNodesLimits } from "../../../src/sim/crowd/limits.ts";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { formatFacts } from "../table.ts";
import {
  createVerifier,
  describeCost,
  measure,
  type SimulateOptions,
  withSimulateOptions,
} from "./simulation.ts";

type ChainWorldOptions = SimulateOptions & { readonly nodes: number; readonly blocks: number };

export function registerWorld(simulate: Command): void {
  const { nodesMin, nodesMax, blocksMax } = fullNodesLimits;
  const world = withSimulateOptions(
    simulate.command("world").description("hundreds of full nodes that mine, pay and relay"),
  )
    .option("--nodes <count>", "how many nodes", wholeNumber({ min: nodesMin, max: nodesMax }), 50)
    .option(
      "--blocks <count>",
      "how high the chain grows",
      wholeNumber({ min: 1, max: blocksMax }),
      20,
    )
    .action(simulateWorld);
  withExamples(world, [
    ["powlab simulate world --nodes 20 --blocks 5", "a small one"],
    ["powlab simulate world --nodes 200 --blocks 50 --seed 7", "a large one"],
  ]);
}

async function simulateWorld(options: ChainWorldOptions): Promise<void> {
  const { runFullNodes } = await import("../../../src/sim/scenarios/full-nodes.ts");
  const { seed, nodes, blocks, json } = options;
  const verifier = await createVerifier();
  const onLine = json ? say : write;
  const run = { seed, nodes, blocks, verifier, onLine };
  const { outcome, cost } = measure(() => runFullNodes(run));
  if (json) writeJson({ ...outcome, cost });
  else {
    const { links, staleBlocks, payments, confirmedPayments, elapsedMs, events } = outcome;
    const minutes = (elapsedMs / 60_000).toFixed(1);
    const facts = {
      nodes: `${nodes} with ${links} links`,
      blocks: `${outcome.blocks} in ${minutes} minutes, and ${staleBlocks} stale`,
      payments: `${payments}, of which ${confirmedPayments} are confirmed`,
      events,
    };
    write(`\n${formatFacts(facts)}`);
    say(`\n${describeCost(events, cost)}`);
  }
  if (outcome.outcome === "disagreed") {
    const message = `The nodes should have agreed: ${outcome.disagreement}.`;
    throw new CliError(message, exitCodes.unexpected);
  }
  if (!json) say("Next: powlab simulate simblock --nodes 6000, with headers only");
}
