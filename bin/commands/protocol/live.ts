/** `powlab protocol --live`: the protocol in processes of this machine, with clients and faults. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ClusterEvent } from "../../../src/contract/cluster.ts";
import { tokenName } from "../../../src/io/disk/token.ts";
import type { ClosedCluster } from "../../../src/lab/cluster/open-cluster.ts";
import type { ProtocolEntry } from "../../../src/protocols/catalogue.ts";
import { isCommonFault } from "../../../src/sim/engine/faults.ts";
import { openedOrInterrupted } from "../lab.ts";
import {
  CliError,
  exitCodes,
  say,
  sayProblem,
  untilInterrupted,
  write,
  writeJson,
} from "../output.ts";
import { readSchedule } from "./files.ts";
import type { ProtocolFlags } from "./flags.ts";

/** Ends with the verdict, or as soon as it is interrupted. */
export async function runLive(
  entry: ProtocolEntry,
  mutant: string | undefined,
  flags: ProtocolFlags,
): Promise<ClosedCluster> {
  const interrupted = untilInterrupted();
  const opened = await openedOrInterrupted(open(entry, mutant, flags), interrupted);
  if (opened === undefined) throw new CliError("Interrupted before all processes were up.");
  const { duration } = flags;
  const over = duration === undefined ? [] : [pause(duration * 1000, "over", { ref: false })];
  const early = interrupted.then(() => "interrupted" as const);
  const end = await Promise.race([opened.finished, early, ...over]);
  return opened.close(end === "interrupted");
}

async function open(entry: ProtocolEntry, mutant: string | undefined, flags: ProtocolFlags) {
  const { openCluster } = await import("../../../src/lab/cluster/open-cluster.ts");
  const count = flags.nodes ?? entry.usualNodes;
  const names = Array.from({ length: count }, (_, at) => `n${at + 1}`);
  const faults = flags.faults === undefined ? [] : await readFaults(flags.faults, names, entry);
  return openCluster({
    ...{ names, protocol: entry.name, workload: entry.workload, mutant: mutant ?? null, faults },
    seed: flags.seed,
    clients: flags.clients,
    ...(flags.requests !== undefined && { requestsMax: flags.requests }),
    ...(flags.values && { values: flags.values }),
    onEvent: flags.json ? showerOfJson() : await showerOfLines(),
    onWarning: ({ message }) => sayProblem(message),
  });
}

async function readFaults(text: string, names: readonly string[], entry: ProtocolEntry) {
  const { findObstacle } = await import("../../../src/lab/cluster/live-faults.ts");
  const schedule = await readSchedule(text, names, entry);
  const faults = schedule.filter(isCommonFault);
  const isAllCommon = faults.length === schedule.length;
  const obstacle = isAllCommon ? findObstacle(faults) : "turn-byzantine is of virtual time only";
  if (obstacle === undefined) return faults;
  throw new CliError(`${text}: ${obstacle}.`, exitCodes.usage);
}

/** The first line names every address, and the token of the levers; the last one is the verdict. */
function showerOfJson(): (event: ClusterEvent) => void {
  let early: ClusterEvent[] | undefined = [];
  return (event) => {
    // What processes tell of themselves is in the timeline only.
    if (event.type === "opening" || event.type === "news") return;
    if (event.type !== "started") {
      if (early === undefined) writeJson(event);
      else early.push(event);
      return;
    }
    const token = readFileSync(join(event.data, tokenName), "utf8").trim();
    writeJson({ ...event, token });
    early?.forEach(writeJson);
    early = undefined;
  };
}

async function showerOfLines(): Promise<(event: ClusterEvent) => void> {
  const { ClusterLines } = await import("../../../src/lab/cluster/cluster-lines.ts");
  const lines = new ClusterLines();
  return (event) => {
    if (event.type === "started") introduce(event);
    lines.linesOf(event).forEach(write);
  };
}

function introduce({ nodes, control, data }: ClusterEvent & { readonly type: "started" }): void {
  for (const { name, url, peer } of nodes) say(`  ➜  ${name.padEnd(4)} ${url}/kv   ${peer}`);
  say(`  ➜  levers at ${control}; the token is in ${join(data, tokenName)}`);
  say("  Ctrl-C ends it, with a verdict");
}
