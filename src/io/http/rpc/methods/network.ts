/** Methods about the peers. Addresses are multiaddrs; peers are banned by their ids. */

import type { PeerId } from "../../../../primitives/brand.ts";
import { messageOf } from "../../../../primitives/error-message.ts";
import { readVersion } from "../../../platform/version.ts";
import { type ConnectedPeer, connectedPeers } from "../../../queries/connected-peers.ts";
import { coins } from "../call/figures.ts";
import type { Writable } from "../call/json.ts";
import { helpOf, type Method, method } from "../call/method.ts";
import { flag, integer, longInteger, optional, text } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";

/** Clients choose their calls by it: these methods are those of Core 28.1. */
const coreVersion = 280_100;
const coreProtocolVersion = 70_016;
/** NETWORK and WITNESS. */
const services = "0000000000000009";
const banSecondsDefault = 86_400;

export const networkMethods: readonly Method[] = [
  method("getnetworkinfo", {
    about: "What this node is, and how many peers it has.",
    category: "Network",
    parameters: {},
    answer: (_values, node) => networkInfo(node),
  }),
  method("getconnectioncount", {
    about: "How many peers are connected.",
    category: "Network",
    parameters: {},
    answer: (_values, { served }) => served.network.peers().length,
  }),
  method("getpeerinfo", {
    about: "What is known of each peer.",
    category: "Network",
    parameters: {},
    answer: (_values, node) => peersOf(node).map((each) => peerJson(node, each)),
  }),
  method("addnode", {
    about: "Connects with a node for as long as both run (add, or onetry), or no longer (remove).",
    category: "Network",
    parameters: { node: text, command: text, v2transport: optional(flag) },
    answer: ({ node: address, command }, node) => changeNode(node, address, command),
  }),
  method("getaddednodeinfo", {
    about: "The nodes that addnode added.",
    category: "Network",
    parameters: { node: optional(text) },
    answer: ({ node: wanted }, node) => addedJson(node, wanted),
  }),
  method("disconnectnode", {
    about: "Ends the connection with a peer, by its address or by its number in getpeerinfo.",
    category: "Network",
    parameters: { address: optional(text), nodeid: optional(integer) },
    answer: async ({ address, nodeid }, node) => {
      if ((address === undefined || address === "") === (nodeid === undefined)) {
        const problem = "Only one of address and nodeid should be provided.";
        throw new RpcError(rpcCodes.invalidParams, problem);
      }
      const found = peersOf(node).find(({ summary, connection }) => {
        if (nodeid !== undefined) return node.peerNumbers.of(summary.peer) === nodeid;
        return summary.peer === address || connection?.address === address;
      });
      if (found === undefined) {
        throw new RpcError(rpcCodes.nodeNotConnected, "Node not found in connected nodes");
      }
      await node.served.network.disconnect(found.summary.peer);
      return null;
    },
  }),
  method("setban", {
    about: "Keeps a peer out for a time (add), or lets it in again (remove). A peer is its id.",
    category: "Network",
    parameters: {
      subnet: text,
      command: text,
      bantime: optional(longInteger, 0),
      absolute: optional(flag, false),
    },
    answer: ({ subnet, command, bantime, absolute }, node) => {
      const until = { seconds: bantime, isAbsolute: absolute };
      changeBan(node, subnet, command, until);
      return null;
    },
  }),
  method("listbanned", {
    about: "The peers that are kept out.",
    category: "Network",
    parameters: {},
    answer: (_values, { served }) => {
      const now = served.runner.clock.read().wall;
      return served.network.gate.bans().map(({ peer, remainingMs }) => ({
        address: peer,
        banned_until: Math.floor((now + remainingMs) / 1000),
        time_remaining: Math.floor(remainingMs / 1000),
      }));
    },
  }),
  method("clearbanned", {
    about: "Lets all peers in again.",
    category: "Network",
    parameters: {},
    answer: (_values, { served }) => {
      const { gate } = served.network;
      for (const { peer } of gate.bans()) gate.unban(peer);
      return null;
    },
  }),
];

function networkInfo({ served }: RpcNode): Writable {
  const peers = served.network.peers();
  const inbound = peers.filter(({ direction }) => direction === "inbound").length;
  const { policy } = served.node.mempool;
  const reachable = ["ipv4", "ipv6"];
  return {
    version: coreVersion,
    subversion: `/powlab:${readVersion()}/`,
    protocolversion: coreProtocolVersion,
    localservices: services,
    localservicesnames: ["NETWORK", "WITNESS"],
    localrelay: true,
    timeoffset: 0,
    networkactive: true,
    connections: peers.length,
    connections_in: inbound,
    connections_out: peers.length - inbound,
    networks: ["ipv4", "ipv6", "onion", "i2p", "cjdns"].map((name) => ({
      name,
      limited: !reachable.includes(name),
      reachable: reachable.includes(name),
      proxy: "",
      proxy_randomize_credentials: false,
    })),
    relayfee: coins(policy.feeRateMinPerKvb),
    incrementalfee: coins(policy.incrementalFeeRatePerKvb),
    localaddresses: [],
    warnings: [],
  };
}

function peersOf({ served }: RpcNode): ConnectedPeer[] {
  return connectedPeers(served, served.runner.clock.read().elapsed);
}

function peerJson({ peerNumbers }: RpcNode, { summary, connection }: ConnectedPeer): Writable {
  const isInbound = connection?.direction === "inbound";
  return {
    id: peerNumbers.of(summary.peer),
    addr: connection?.address ?? "",
    network: "not_publicly_routable",
    services,
    servicesnames: ["NETWORK", "WITNESS"],
    relaytxes: true,
    conntime: Math.floor(summary.joinedAt / 1000),
    timeoffset: 0,
    version: coreProtocolVersion,
    subver: "",
    inbound: isInbound,
    startingheight: summary.height,
    synced_headers: summary.isReady ? summary.height : -1,
    synced_blocks: summary.isReady ? summary.height : -1,
    connection_type: isInbound ? "inbound" : "outbound-full-relay",
    peer_id: summary.peer,
  };
}

// --- Nodes to connect with -----------------------------------------------------------------------

async function changeNode(node: RpcNode, text: string, command: string): Promise<Writable> {
  const address = multiaddrOf(text);
  const { network } = node.served;
  const { addedNodes } = node;
  switch (command) {
    case "onetry":
      await dial(node, address);
      return null;
    case "add":
      if (addedNodes.has(address)) {
        throw new RpcError(rpcCodes.nodeAlreadyAdded, "Error: Node already added");
      }
      await dial(node, address);
      addedNodes.add(address);
      return null;
    case "remove": {
      if (!addedNodes.delete(address)) {
        const problem = "Error: Node could not be removed. It has not been added previously.";
        throw new RpcError(rpcCodes.nodeNotAdded, problem);
      }
      const peer = network.peers().find((each) => isAt(each.address, address))?.peer;
      if (peer !== undefined) await network.disconnect(peer);
      return null;
    }
    default: {
      const self = networkMethods.find(({ name }) => name === "addnode");
      throw new RpcError(rpcCodes.misc, self === undefined ? "" : helpOf(self));
    }
  }
}

/** Core's call answers before it has tried; here it says what is wrong, and then tries no more. */
async function dial({ served }: RpcNode, address: string): Promise<void> {
  try {
    await served.network.dial(address);
  } catch (error) {
    throw new RpcError(rpcCodes.misc, `Error: ${messageOf(error)}`);
  }
}

/** `127.0.0.1:8478` as a multiaddr, and a multiaddr as it is. */
function multiaddrOf(text: string): string {
  const [, ip4, ip6, host, port] =
    /^(?:([\d.]+)|\[([0-9a-f:]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i.exec(text) ?? [];
  if (ip4 !== undefined) return `/ip4/${ip4}/tcp/${port}`;
  if (ip6 !== undefined) return `/ip6/${ip6}/tcp/${port}`;
  return host === undefined ? text : `/dns/${host}/tcp/${port}`;
}

/** Whether a connection is to this address, which need not name the peer. */
function isAt(connected: string, address: string): boolean {
  return connected === address || connected.startsWith(`${address}/p2p/`);
}

function addedJson({ addedNodes, served }: RpcNode, wanted: string | undefined): Writable {
  const named = wanted === undefined ? undefined : multiaddrOf(wanted);
  if (named !== undefined && !addedNodes.has(named)) {
    throw new RpcError(rpcCodes.nodeNotAdded, "Error: Node has not been added.");
  }
  return [...addedNodes]
    .filter((address) => named === undefined || address === named)
    .map((address) => {
      const links = served.network.peers().filter((each) => isAt(each.address, address));
      const addresses = links.map((each) => ({ address: each.address, connected: each.direction }));
      return { addednode: address, connected: links.length > 0, addresses };
    });
}

// --- Bans ----------------------------------------------------------------------------------------

/** Of libp2p, in base58: `12D3KooW…` of an Ed25519 key, `Qm…` of others. */
const peerPattern = /^(?:.*\/p2p\/)?((?:12D3KooW|16Uiu2HA|Qm)[1-9A-HJ-NP-Za-km-z]{38,50})$/;

type BanTime = { readonly seconds: number; readonly isAbsolute: boolean };

function changeBan(
  { served }: RpcNode,
  text: string,
  command: string,
  { seconds, isAbsolute }: BanTime,
): void {
  const peer = peerPattern.exec(text)?.[1] as PeerId | undefined;
  if (peer === undefined) {
    const problem =
      "Error: Invalid IP/Subnet: powlab bans a peer by its id (peer_id in getpeerinfo)";
    throw new RpcError(rpcCodes.ipOrSubnet, problem);
  }
  const { gate } = served.network;
  if (command === "remove") {
    if (gate.unban(peer)) return;
    const problem =
      "Error: Unban failed. Requested address/subnet was not previously manually banned.";
    throw new RpcError(rpcCodes.ipOrSubnet, problem);
  }
  if (command !== "add") {
    const self = networkMethods.find(({ name }) => name === "setban");
    throw new RpcError(rpcCodes.misc, self === undefined ? "" : helpOf(self));
  }
  if (gate.bans().some((ban) => ban.peer === peer)) {
    throw new RpcError(rpcCodes.nodeAlreadyAdded, "Error: IP/Subnet already banned");
  }
  const now = served.runner.clock.read().wall / 1000;
  if (isAbsolute && seconds < now) {
    throw new RpcError(rpcCodes.parameter, "Error: Absolute timestamp is in the past");
  }
  const relative = seconds > 0 ? seconds : banSecondsDefault;
  gate.ban(peer, (isAbsolute ? seconds - now : relative) * 1000);
}
