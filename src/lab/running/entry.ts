/** The entry by which commands find what runs on this machine: a lab, a node of its own, a cluster. */

import { z } from "zod";

const common = {
  pid: z.int().positive(),
  /** Tells the process from a later one of the same number; absent where the system has none. */
  birth: z.string().exactOptional(),
  name: z.string(),
  /** Where its page or its levers are, without a slash at the end. */
  url: z.url(),
  /** In milliseconds since 1970. */
  startedAt: z.int(),
  /** Of a lab that starts, not all nodes answer yet. */
  state: z.enum(["starting", "ready"]),
  /** Its folder. */
  data: z.string(),
};

const labShape = z.object({
  kind: z.literal("lab"),
  ...common,
  network: z.string(),
  /** Who can read this file may use the lab's levers. */
  tokenFile: z.string(),
  timeline: z.string(),
  /** Where the REST API of each node is, by the node's name. */
  nodes: z.record(z.string(), z.url()),
});

const nodeShape = z.object({
  kind: z.literal("node"),
  ...common,
  network: z.string(),
  /** Where its REST API is. */
  api: z.url(),
  peerId: z.string(),
  /** Multiaddrs. */
  addresses: z.array(z.string()).readonly(),
});

/** Processes of a protocol, with their clients. */
const clusterShape = z.object({
  kind: z.literal("cluster"),
  ...common,
  protocol: z.string(),
  tokenFile: z.string(),
  timeline: z.string(),
  /** Where each process answers clients, by its name. */
  nodes: z.record(z.string(), z.url()),
});

const entryShape = z.discriminatedUnion("kind", [labShape, nodeShape, clusterShape]);

export type RunningLab = Readonly<z.infer<typeof labShape>>;
export type RunningNode = Readonly<z.infer<typeof nodeShape>>;
export type RunningCluster = Readonly<z.infer<typeof clusterShape>>;
export type Running = RunningLab | RunningNode | RunningCluster;

/** Undefined for what no powlab of this version wrote. */
export function decodeEntry(text: string): Running | undefined {
  try {
    return entryShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
