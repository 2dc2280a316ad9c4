/** Entries of labs, nodes and clusters for tests, as the process that runs the test would write them. */

import type { RunningCluster, RunningLab, RunningNode } from "../../../src/lab/running/entry.ts";

export function labEntry(name: string, changes: Partial<RunningLab> = {}): RunningLab {
  const { pid } = process;
  const place = { url: `http://127.0.0.1:1/${name}`, data: `/tmp/${name}`, network: "lab" };
  const files = { tokenFile: `/tmp/${name}/token`, timeline: `/tmp/${name}/timeline.jsonl` };
  const nodes = { alice: `http://127.0.0.1:1/${name}/alice/api`, bob: "http://127.0.0.1:1/b/api" };
  const states = { startedAt: 1, state: "ready", nodes } as const;
  return { kind: "lab", pid, name, ...place, ...files, ...states, ...changes };
}

export function nodeEntry(name: string, changes: Partial<RunningNode> = {}): RunningNode {
  const { pid } = process;
  const place = { url: "http://127.0.0.1:2", api: "http://127.0.0.1:2/api", data: `/data/${name}` };
  const states = { network: "lab", startedAt: 1, state: "ready", peerId: name } as const;
  return { kind: "node", pid, name, ...place, ...states, addresses: [], ...changes };
}

export function clusterEntry(name: string, changes: Partial<RunningCluster> = {}): RunningCluster {
  const { pid, url, data, tokenFile, timeline } = labEntry(name);
  const states = { startedAt: 1, state: "ready", nodes: { n1: "http://127.0.0.1:3" } } as const;
  const files = { url, data, tokenFile, timeline };
  return { kind: "cluster", pid, name, protocol: "raft", ...files, ...states, ...changes };
}
