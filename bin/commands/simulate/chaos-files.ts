/** The files that `powlab simulate chaos` reads: a graph of nodes, a schedule of faults. */

import type { ChainFault } from "../../../src/sim/chain-world/chain-faults.ts";
import { parseChainFaultFile } from "../../../src/sim/chaos/chain-fault-file.ts";
import { isInOnePiece, type Topology, topologyNames } from "../../../src/sim/engine/topology.ts";
import { parseGraphFile } from "../../../src/sim/files/graph-file.ts";
import { accept, readText, refusal } from "../text-file.ts";

const nodesMax = 30;

/** A name of a graph, or a file with one. */
export async function readTopology(text: string): Promise<Topology> {
  const type = topologyNames.find((name) => name === text);
  if (type !== undefined) return { type };
  const hint = `is none of ${topologyNames.join(", ")}, and no file that can be read`;
  const graph = accept(text, parseGraphFile(await readText(text, hint), nodesMax));
  if (isInOnePiece(graph.count, graph.edges)) return graph;
  // In the end all honest nodes must agree.
  throw refusal(text, "every node must reach every other by links");
}

/** A list of faults, as a failure prints it. @param names of the nodes that there are. */
export async function readFaults(
  path: string,
  names: readonly string[],
): Promise<readonly ChainFault[]> {
  return accept(path, parseChainFaultFile(await readText(path, "cannot be read"), names));
}
