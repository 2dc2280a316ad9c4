/** Which nodes turn byzantine in a drawn schedule, when, and how. */

import { byzantineNames } from "../../attacks/byzantine/byzantine.ts";
import type { ChainFault } from "../chain-world/chain-faults.ts";
import type { DrawOptions } from "../engine/faults-draw.ts";
import { isConnected } from "../engine/topology.ts";

const turnsMax = 2;

/** The nodes that stay honest can always reach each other without the others. */
export function drawTurns(options: DrawOptions): readonly ChainFault[] {
  const { random, names, edges, durationMs } = options;
  const honest = new Set(names.keys());
  const turns: ChainFault[] = [];
  const count = random.nextBelow(turnsMax + 1);
  for (let attempt = 0; attempt < count; attempt++) {
    const position = random.nextBelow(names.length);
    const by = random.pick(byzantineNames);
    const atMs = Math.floor((random.nextFloat() * durationMs) / 2);
    const others = [...honest].filter((each) => each !== position);
    if (!honest.has(position) || others.length < 2 || !isConnected(others, edges)) continue;
    honest.delete(position);
    turns.push({ atMs, lastsMs: 0, verb: "turn-byzantine", node: names[position] as string, by });
  }
  return turns;
}
