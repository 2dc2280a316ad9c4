/** The files that `powlab protocol` reads: a graph, a schedule of faults. */

import { createRandom } from "../../../src/primitives/random.ts";
import type { Verdict } from "../../../src/primitives/verdict.ts";
import { behavioursOf, type ProtocolEntry } from "../../../src/protocols/catalogue.ts";
import { defaultConditions } from "../../../src/sim/engine/link.ts";
import { edgesOf, isInOnePiece, topologyNames } from "../../../src/sim/engine/topology.ts";
import { parseGraphFile } from "../../../src/sim/files/graph-file.ts";
import type { ProcessFault } from "../../../src/sim/process-world/byzantine.ts";
import { parseProcessFaultFile } from "../../../src/sim/process-world/process-fault-file.ts";
import type { ProcessNetwork } from "../../../src/sim/process-world/process-world.ts";
import { guessOf } from "../closest-name.ts";
import { CliError, exitCodes } from "../output.ts";
import { accept, readText, refusal } from "../text-file.ts";
import { nodesMax } from "./limits.ts";
import { presetNames, presetPath } from "./presets.ts";

/** One way over a link, if no graph says otherwise: exact counts of delays need it constant. */
const oneWayMs = 10;
const usualConditions = { ...defaultConditions, latencyMinMs: oneWayMs, jitterMs: 0 };

/** All linked with all. */
export function completeNetwork(count: number): ProcessNetwork {
  return networkOf("complete", count);
}

function networkOf(type: (typeof topologyNames)[number], count: number): ProcessNetwork {
  const edges = edgesOf({ type }, count, createRandom("graph"));
  const names = Array.from({ length: count }, (_, at) => `n${at + 1}`);
  return { names, edges, conditions: edges.map(() => usualConditions) };
}

/** @param text a graph's name, or a file with one. @param count of nodes, if the name says none. */
export async function readNetwork(text: string, count: number): Promise<ProcessNetwork> {
  const type = topologyNames.find((name) => name === text);
  if (type !== undefined) return networkOf(type, count);
  const known = `${topologyNames.join(", ")}${guessOf(text, topologyNames)}`;
  const hint = `is none of ${known}, and no file that can be read`;
  const graph = accept(text, parseGraphFile(await readText(text, hint), nodesMax));
  if (!isInOnePiece(graph.count, graph.edges)) {
    throw refusal(text, "every node must reach every other by links");
  }
  const names = graph.names ?? Array.from({ length: graph.count }, (_, at) => `n${at + 1}`);
  const conditions = graph.edges.map((_, at) => graph.conditions?.[at] ?? usualConditions);
  return { names, edges: graph.edges, conditions };
}

/**
 * @param text the name of a preset, or a file. @param names of the nodes that there are.
 * @param entry the protocol, whose processes may turn byzantine.
 */
export function readSchedule(
  text: string,
  names: readonly string[],
  entry: ProtocolEntry,
): Promise<readonly ProcessFault[]> {
  if (text === presetWithLie) {
    const message = `The preset ${text} has a node that lies, which powlab cap knows: run that, or take another one.`;
    throw new CliError(message, exitCodes.usage);
  }
  const behaviours = behavioursOf(entry).map(({ name }) => name);
  return readFaultFile(text, (read) => parseProcessFaultFile(read, { names, behaviours }));
}

/** The one that is for all protocols at once. */
const presetWithLie = "cap";

/** @param text the name of a preset, or a file. @param parse its text. */
export async function readFaultFile<F>(
  text: string,
  parse: (read: string) => Verdict<readonly F[], string>,
): Promise<readonly F[]> {
  const presets = presetNames();
  const path = presetPath(text) ?? text;
  const known = `${presets.join(", ")}${guessOf(text, presets)}`;
  const hint = `is no preset (there are ${known}), and no file that can be read`;
  const read = await readText(path, hint);
  return accept(path === text ? text : `the preset ${text}`, parse(read));
}
