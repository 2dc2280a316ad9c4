/** SimBlock's default model: thousands of nodes, millions of messages. */

import { runSimblock } from "../../src/sim/simblock.ts";
import { median, round, type Row } from "./measure.ts";

const rounds = 3;

/**
 * SimBlock itself is a Java program and cannot run here: these are its best figures for the same
 * model, on a machine with two cores.
 */
const simblock = { nodes: 6_000, blocks: 100, events: 12_000_000, wallMs: 23_400 } as const;

export async function benchSimblock(): Promise<Row[]> {
  const { nodes, blocks } = simblock;
  const rates = Array.from({ length: rounds }, (_, seed) => {
    const startedAt = performance.now();
    const { events } = runSimblock({ seed, nodes, blocks });
    return (events * 1000) / (performance.now() - startedAt);
  });
  const value = median(rates);
  const theirs = (simblock.events * 1000) / simblock.wallMs;
  const versus = "SimBlock's 12.0 M events in 23.4 s, measured elsewhere";
  const name = `simulator, ${nodes} nodes of headers`;
  return [{ name, value: round(value), unit: "events/s", versus, ratio: round(value / theirs) }];
}
