/** Random faults over a cluster, clients that write and read one key, and how fresh reads are. */

import { Cluster, type ClusterOptions } from "../../../src/experiments/raft/cluster.ts";
import type { PeerId } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import type { RequestId } from "../../../src/protocols/process/key-value.ts";

type Operation = {
  readonly id: RequestId;
  readonly value: number | undefined;
  readonly at: number;
};

export type ChaosResult = {
  readonly cluster: Cluster;
  readonly broken: readonly string[];
  readonly answered: number;
};

const spanMs = 20_000;

/** Faults for 20 s of virtual time, then all is well, and a last write must be answered. */
export function runChaos(options: ClusterOptions & { readonly seed: number }): ChaosResult {
  const random = createRandom(options.seed, "chaos");
  const cluster = new Cluster({ latencyMs: [5, 60], loss: 0.02, duplication: 0.02, ...options });
  const operations: Operation[] = [];
  let value = 0;
  while (cluster.now < spanMs) {
    cluster.run(random.nextBelow(400));
    strike(cluster, random.nextBelow(12), () => random.pick(cluster.names));
    for (let count = random.nextBelow(4); count > 0; count--) {
      const target = random.nextBelow(3) === 0 ? random.pick(cluster.names) : cluster.leader;
      if (target === undefined || !cluster.isRunning(target)) continue;
      const isWrite = random.nextBelow(2) === 0;
      const id = isWrite ? cluster.write(target, ++value) : cluster.read(target);
      operations.push({ id, value: isWrite ? value : undefined, at: cluster.now });
    }
  }
  cluster.heal();
  for (const name of cluster.names) if (!cluster.isRunning(name)) cluster.restart(name);
  const broken: string[] = [];
  if (!writesInTheEnd(cluster)) broken.push("liveness");
  if (hasStaleRead(cluster, operations)) broken.push("linearizability");
  return {
    cluster,
    broken: [...cluster.promises.broken, ...broken],
    answered: cluster.answers.filter(({ answer }) => answer.type !== "redirected").length,
  };
}

function strike(cluster: Cluster, fault: number, pick: () => PeerId): void {
  const name = fault % 2 === 0 ? (cluster.leader ?? pick()) : pick();
  if (fault <= 1 && cluster.isRunning(name)) cluster.crash(name);
  if (fault === 2 || fault === 3)
    cluster.split(
      [name],
      cluster.names.filter((n) => n !== name),
    );
  if (fault === 4) cluster.split(cluster.names.slice(0, 2), cluster.names.slice(2));
  if (fault === 5 || fault === 6) cluster.heal();
  if (fault < 7) return;
  for (const other of cluster.names) if (!cluster.isRunning(other)) cluster.restart(other);
}

function writesInTheEnd(cluster: Cluster): boolean {
  for (let attempt = 0; attempt < 20; attempt++) {
    cluster.run(1000);
    if (cluster.leader === undefined) continue;
    const id = cluster.write(cluster.leader, -1, "last");
    if (cluster.run(2000, () => cluster.answerTo(id)?.type === "written")) return true;
  }
  return false;
}

/**
 * Writes are ordered by where they stand in the log. A read that gives one, although a later one
 * had been answered before the read began, is stale.
 */
function hasStaleRead(cluster: Cluster, operations: readonly Operation[]): boolean {
  const indices = new Map<unknown, number>([[null, 0]]);
  for (const { news } of cluster.news) {
    if (news.type !== "applied") continue;
    const [, value] = / write x (\d+)$/.exec(news.command) ?? [];
    if (value !== undefined) indices.set(Number(value), news.index);
  }
  const answers = new Map(cluster.answers.map((answer) => [answer.id.client, answer]));
  const written = operations.flatMap(({ id, value }) => {
    const answer = answers.get(id.client);
    if (value === undefined || answer?.answer.type !== "written") return [];
    return [{ index: indices.get(value) ?? 0, at: answer.at }];
  });
  return operations.some(({ id, value, at }) => {
    const answer = answers.get(id.client)?.answer;
    if (value !== undefined || answer?.type !== "read") return false;
    const index = indices.get(answer.value) ?? -1;
    return written.some((write) => write.at < at && write.index > index);
  });
}
