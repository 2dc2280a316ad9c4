/** Replicas in virtual time, with clients that ask all of them, as clients of this protocol do. */

import type { PbftMessage } from "../../../src/protocols/pbft/message.ts";
import type { PbftNews } from "../../../src/protocols/pbft/news.ts";
import type { Pbft } from "../../../src/protocols/pbft/pbft.ts";
import type { PbftState } from "../../../src/protocols/pbft/state.ts";
import type { Command, RequestId } from "../../../src/protocols/process/key-value.ts";
import { type NetworkOptions, ProcessNetwork } from "../process-network.ts";

export type Replicas = ProcessNetwork<PbftState, PbftMessage, PbftNews>;

/** One way over a link. */
export const delayMs = 50;

export function replicasOf(
  protocol: Pbft,
  count: number,
  options: Omit<NetworkOptions<PbftMessage>, "count"> = {},
): Replicas {
  return new ProcessNetwork(protocol, { count, latencyMs: () => delayMs, ...options });
}

export function idOf(client: string, number = 1): RequestId {
  return { client, number };
}

export function writeOf(key: string, value: number): Command {
  return { type: "write", key, value };
}

/** The request reaches all replicas that are up at once. */
export function askAll(replicas: Replicas, id: RequestId, command: Command): void {
  for (const name of replicas.names) replicas.request(name, id, command);
}

/** What a replica has carried out, in order: in the present life. */
export function logOf(replicas: Replicas, name: Replicas["names"][number]): readonly string[] {
  return replicas.news.flatMap(({ by, news }) => {
    return by === name && news.type === "committed" ? [`${news.number} ${news.command}`] : [];
  });
}
