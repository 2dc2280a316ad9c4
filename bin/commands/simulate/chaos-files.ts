/** The files that `powlab simulate chaos` reads: a graph of nodes, a schedule of faults. */

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { byzantineNames } from "../../../src/attacks/byzantine/byzantine.ts";
import type { Fault } from "../../../src/sim/faults.ts";
import { parseTopology, topologyNames, type Topology } from "../../../src/sim/topology.ts";
import { CliError, exitCodes } from "../output.ts";

const nodesMax = 30;

/** A name of a graph, or a file with one. */
export async function readTopology(text: string): Promise<Topology> {
  const type = topologyNames.find((name) => name === text);
  if (type !== undefined) return { type };
  const hint = `It is none of ${topologyNames.join(", ")}, and no file that can be read.`;
  const topology = parseTopology(await readJson(text, hint), nodesMax);
  if (topology.ok) return topology.value;
  throw new CliError(`In ${text}: ${topology.problem}.`, exitCodes.usage);
}

const node = z.string();
const at = { atMs: z.number().min(0), lastsMs: z.number().min(0) };

const faultSchema = z.discriminatedUnion("verb", [
  z.strictObject({ ...at, verb: z.literal("split"), groups: z.array(z.array(node)) }),
  z.strictObject({ ...at, verb: z.literal("isolate"), node }),
  z.strictObject({ ...at, verb: z.literal("cut"), from: node, to: node }),
  z.strictObject({ ...at, verb: z.literal("slow"), node, byMs: z.number().min(0) }),
  z.strictObject({ ...at, verb: z.literal("clog"), node, bytesPerSecond: z.number().positive() }),
  z.strictObject({ ...at, verb: z.literal("muddle"), node, share: z.number().min(0).max(1) }),
  z.strictObject({
    ...at,
    verb: z.literal("crash"),
    node,
    moment: z.enum(["at-once", "while-writing"]),
  }),
  z.strictObject({ ...at, verb: z.literal("restart"), node }),
  z.strictObject({ ...at, verb: z.literal("corrupt"), node, pick: z.number().min(0).lt(1) }),
  z.strictObject({ ...at, verb: z.literal("skew"), node, byMs: z.number() }),
  z.strictObject({ ...at, verb: z.literal("betray"), node, by: z.enum(byzantineNames) }),
]);

/** A list of faults, as a failure prints it. @param names of the nodes that there are. */
export async function readFaults(path: string, names: readonly string[]): Promise<Fault[]> {
  const parsed = z.array(faultSchema).safeParse(await readJson(path, "It cannot be read."));
  if (!parsed.success) {
    throw new CliError(`In ${path}: ${z.prettifyError(parsed.error)}`, exitCodes.usage);
  }
  const problem = problemOf(parsed.data, names);
  if (problem === undefined) return parsed.data;
  throw new CliError(`In ${path}: ${problem}.`, exitCodes.usage);
}

function problemOf(faults: readonly Fault[], names: readonly string[]): string | undefined {
  const stranger = faults.flatMap(nodesIn).find((name) => !names.includes(name));
  if (stranger !== undefined) return `there is no node ${stranger}, only ${names.join(", ")}`;
  const traitors = faults.filter(({ verb }) => verb === "betray").flatMap(nodesIn);
  const isNobodyHonest = names.every((name) => traitors.includes(name));
  return isNobodyHonest ? "somebody must stay honest" : undefined;
}

function nodesIn(fault: Fault): readonly string[] {
  if (fault.verb === "split") return fault.groups.flat();
  return fault.verb === "cut" ? [fault.from, fault.to] : [fault.node];
}

async function readJson(path: string, hint: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`${path}: ${hint} (${reason})`, exitCodes.usage, { cause: error });
  }
}
