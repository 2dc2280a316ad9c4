/** The entry by which commands find what runs on this machine: a lab, or a node of its own. */

import { z } from "zod";

const common = {
  pid: z.int().positive(),
  /** Tells the process from a later one of the same number; absent where the system has none. */
  birth: z.string().exactOptional(),
  name: z.string(),
  network: z.string(),
  /** Where its page is, without a slash at the end. */
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
  /** Who can read this file may use the lab's levers. */
  tokenFile: z.string(),
  timeline: z.string(),
  /** Where the REST API of each node is, by the node's name. */
  nodes: z.record(z.string(), z.url()),
});

const nodeShape = z.object({
  kind: z.literal("node"),
  ...common,
  /** Where its REST API is. */
  api: z.url(),
  peerId: z.string(),
  /** Multiaddrs. */
  addresses: z.array(z.string()).readonly(),
});

const entryShape = z.discriminatedUnion("kind", [labShape, nodeShape]);

export type RunningLab = Readonly<z.infer<typeof labShape>>;
export type RunningNode = Readonly<z.infer<typeof nodeShape>>;
export type Running = RunningLab | RunningNode;

/** Undefined for what no powlab of this version wrote. */
export function decodeEntry(text: string): Running | undefined {
  try {
    return entryShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
