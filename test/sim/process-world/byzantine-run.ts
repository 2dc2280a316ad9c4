/** A short run with byzantine processes, for tests: what it breaks, and what is known of it. */

import { behavioursOf, protocolNamed } from "../../../src/protocols/catalogue.ts";
import type { Protocol } from "../../../src/protocols/process/protocol.ts";
import { findFailure } from "../../../src/sim/engine/promise.ts";
import type { ProcessFault, ProcessTurn } from "../../../src/sim/process-world/byzantine.ts";
import { Cluster } from "../../../src/sim/process-world/cluster.ts";
import { createProcessChecks } from "../../../src/sim/process-world/process-checks.ts";
import { judgeAnswers } from "../../../src/sim/process-world/verdicts.ts";
import { networkOf } from "./cluster.ts";

const times = { thinkMeanMs: 100, retryMs: 500, timeoutMs: 3_000 };
const durationMs = 10_000;

/** Byzantine from the start, for good. */
export function turn(node: string, by: string): ProcessTurn {
  return { verb: "turn-byzantine", node, by, atMs: 0, lastsMs: 0 };
}

export function clusterOf(
  protocol: Protocol,
  nodes: number,
  faults: readonly ProcessFault[],
): Cluster {
  return new Cluster({
    ...{ protocol, faults, times, seed: 1, clients: 3, network: networkOf(nodes) },
    workload: "key-value",
    checks: createProcessChecks(protocol.name),
    behaviours: behavioursOf(protocolNamed(protocol.name)!),
  });
}

/** @returns the promises that are broken; liveness is if no client was answered at all. */
export function byzantineRun(
  protocol: Protocol,
  nodes: number,
  faults: readonly ProcessFault[],
): readonly string[] {
  const cluster = clusterOf(protocol, nodes, faults);
  const failure = findFailure(() => {
    cluster.begin();
    cluster.world.runFor(durationMs);
    judgeAnswers(cluster.workload);
  });
  if (failure) return [failure.promise];
  const isAnswered = cluster.clients.ended.some(({ answer }) => answer !== undefined);
  return isAnswered ? [] : ["liveness"];
}
