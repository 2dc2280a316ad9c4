/** The nodes with which this one is connected: what it knows of each, and the link to it. */

import type { PeerSummary } from "../../peers/peers.ts";
import type { Elapsed } from "../../primitives/brand.ts";
import type { PeerConnection } from "../p2p/network.ts";
import type { ServedNode } from "./served-node.ts";

export type ConnectedPeer = {
  readonly summary: PeerSummary;
  /** Undefined while the connection is being made or lost. */
  readonly connection: PeerConnection | undefined;
};

export function connectedPeers({ node, network }: ServedNode, now: Elapsed): ConnectedPeer[] {
  const connections = new Map(network.peers().map((each) => [each.peer, each]));
  return node.peers.list(now).map((summary) => {
    return { summary, connection: connections.get(summary.peer) };
  });
}
