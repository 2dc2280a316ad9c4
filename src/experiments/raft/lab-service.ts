/** The scenarios of lab 3 of a course: a key-value service on Raft, judged by what its clients saw. */

import { createRandom, type Random } from "../../primitives/random.ts";
import { raft } from "../../protocols/raft/raft.ts";
import type { Fault } from "../../sim/engine/faults.ts";
import { runProtocol } from "../../sim/process-world/protocol-run.ts";
import { complete } from "../../theory/graph.ts";
import { delayMs } from "./lab-world.ts";

export type ServiceScenario = {
  readonly name: string;
  readonly clients: number;
  readonly servers?: number;
  /** Messages are lost, come twice and overtake each other. */
  readonly hasBadLinks?: true;
  /** The servers are parted, any way, again and again. */
  readonly isSplit?: true;
  /** All servers crash together, again and again. */
  readonly crashes?: true;
  readonly takesSnapshots?: true;
};

const [badLinks, parted] = [{ hasBadLinks: true }, { isSplit: true }] as const;
const [restarts, compact] = [{ crashes: true }, { takesSnapshots: true }] as const;

/** Named as the course names what each combines. */
export const serviceScenarios: readonly ServiceScenario[] = [
  { name: "one client", clients: 1 },
  { name: "many clients", clients: 5 },
  { name: "bad links, many clients", clients: 5, ...badLinks },
  { name: "bad links, many clients, five servers", clients: 15, servers: 5, ...badLinks },
  { name: "partitions, one client", clients: 1, ...parted },
  { name: "partitions, many clients", clients: 5, ...parted },
  { name: "restarts, one client", clients: 1, ...restarts },
  { name: "restarts, many clients", clients: 5, ...restarts },
  { name: "bad links, restarts", clients: 5, ...badLinks, ...restarts },
  { name: "restarts, partitions", clients: 5, ...restarts, ...parted },
  { name: "bad links, restarts, partitions", clients: 5, ...badLinks, ...restarts, ...parted },
  {
    ...{ name: "bad links, restarts, partitions, seven servers", clients: 15, servers: 7 },
    ...{ ...badLinks, ...restarts, ...parted },
  },
  { name: "snapshots, restarts, one client", clients: 1, ...compact, ...restarts },
  { name: "snapshots, restarts, many clients", clients: 20, ...compact, ...restarts },
  { name: "snapshots, bad links", clients: 5, ...compact, ...badLinks },
  { name: "snapshots, bad links, restarts", clients: 5, ...compact, ...badLinks, ...restarts },
  {
    ...{ name: "snapshots, bad links, restarts, partitions", clients: 5, ...compact },
    ...{ ...badLinks, ...restarts, ...parted },
  },
  {
    ...{ name: "snapshots and all else, seven servers", clients: 15, servers: 7, ...compact },
    ...{ ...badLinks, ...restarts, ...parted },
  },
];

const requestsEach = 8;
const [firstMs, everyMs, lastMs, durationMs] = [3_000, 4_000, 40_000, 120_000];

/** @returns what is broken, or "passes". */
export function runService(scenario: ServiceScenario, seed: string): string {
  const { name, clients, servers = 5, takesSnapshots } = scenario;
  const names = Array.from({ length: servers }, (_, at) => `n${at + 1}`);
  const { edges } = complete(servers);
  const compacting = takesSnapshots ? { snapshotEvery: 10, entriesKept: 2 } : {};
  const { failure, availability } = runProtocol({
    protocol: raft(compacting),
    workload: "key-value",
    network: {
      ...{ names, edges },
      conditions: edges.map(() => ({ latencyMinMs: delayMs, jitterMs: 0, loss: 0 })),
    },
    seed,
    faults: faultsOf(scenario, names, createRandom(seed).fork(name)),
    clients,
    requestsMax: clients * requestsEach,
    durationMs,
  });
  if (failure !== undefined) return failure.message;
  const { answered, asked } = availability;
  return answered >= asked / 2 ? "passes" : `only ${answered} of ${asked} requests are answered`;
}

function faultsOf(
  { hasBadLinks, isSplit, crashes }: ServiceScenario,
  names: readonly string[],
  random: Random,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (hasBadLinks) {
    const whole = { atMs: 0, lastsMs: lastMs, share: 0.05 };
    faults.push(...names.map((node): Fault => ({ verb: "scramble", node, ...whole })));
  }
  for (let atMs = firstMs; atMs < lastMs; atMs += everyMs) {
    const side = names.filter(() => random.nextBelow(2) === 0);
    const groups = [side, names.filter((name) => !side.includes(name))];
    const hasTwo = groups.every((group) => group.length > 0);
    if (isSplit && hasTwo) faults.push({ verb: "split", groups, atMs, lastsMs: everyMs / 2 });
    if (!crashes) continue;
    const crash = { atMs: atMs + everyMs / 2, lastsMs: 500, moment: "at-once" } as const;
    faults.push(...names.map((node): Fault => ({ verb: "crash", node, ...crash })));
  }
  return faults;
}
