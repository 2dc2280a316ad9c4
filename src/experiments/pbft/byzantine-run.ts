/** A short run of PBFT with clients and byzantine processes: what it breaks. */

import { behavioursOf, protocolNamed } from "../../protocols/catalogue.ts";
import { pbft } from "../../protocols/pbft/pbft.ts";
import type { PbftRules } from "../../protocols/pbft/rules.ts";
import { findFailure } from "../../sim/engine/promise.ts";
import type { ProcessTurn } from "../../sim/process-world/byzantine.ts";
import { Cluster } from "../../sim/process-world/cluster.ts";
import { createProcessChecks } from "../../sim/process-world/process-checks.ts";
import { judgeAnswers } from "../../sim/process-world/verdicts.ts";
import { complete } from "../../theory/graph.ts";
import { namesOf } from "../processes/constant-world.ts";

const times = { thinkMeanMs: 100, retryMs: 500, timeoutMs: 3_000 };
const durationMs = 10_000;
const conditions = { latencyMinMs: 10, jitterMs: 0, loss: 0 };

export type SceneOutcome = {
  /** The promises that the protocol breaks. */
  readonly broken: readonly string[];
  /** What happened, in words. */
  readonly steps: readonly string[];
  /** True for a run in which clients go on. */
  readonly isRun: boolean;
};

/**
 * @param byzantine behaviours by the names of the processes that have them from the start.
 * @returns the promises that are broken: liveness is if no client was answered at all.
 */
export function runByzantine(
  rules: PbftRules,
  nodes: number,
  byzantine: Readonly<Record<string, string>>,
): SceneOutcome {
  const { edges } = complete(nodes);
  const faults = Object.entries(byzantine).map(([node, by]): ProcessTurn => {
    return { verb: "turn-byzantine", node, by, atMs: 0, lastsMs: 0 };
  });
  const steps: string[] = [];
  const cluster = new Cluster({
    protocol: pbft({}, rules),
    workload: "key-value",
    network: { names: namesOf(nodes), edges, conditions: edges.map(() => conditions) },
    ...{ faults, times, seed: 1, clients: 3 },
    behaviours: behavioursOf(protocolNamed("pbft") ?? {}),
    checks: createProcessChecks("pbft"),
    onLine: (line) => steps.push(line),
  });
  const failure = findFailure(() => {
    cluster.begin();
    cluster.world.runFor(durationMs);
    judgeAnswers(cluster.workload);
  });
  const isRun = true;
  if (failure) return { broken: [failure.promise], steps, isRun };
  const isAnswered = cluster.clients.ended.some(({ answer }) => answer !== undefined);
  return { broken: isAnswered ? [] : ["liveness"], steps, isRun };
}
