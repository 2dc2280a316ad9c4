/** Which peers have joined: connected, identified, and speaking our protocol. */

import type { Connection, IdentifyResult, Libp2p, PeerId as Libp2pPeerId } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import type { Milliseconds, PeerId } from "../../primitives/brand.ts";
import type { Gate } from "./gate.ts";
import { peerNamed } from "./identity.ts";

/** A joined peer and its oldest open connection. */
export type PeerConnection = {
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  /** A multiaddr; of an inbound connection it has the port the peer dialled from. */
  readonly address: string;
  readonly openedAt: Milliseconds;
  /** More than one after both sides dialled at the same moment. */
  readonly connections: number;
};

export type MembersOptions = {
  readonly host: Libp2p;
  readonly gate: Gate;
  readonly syncProtocol: string;
  readonly joined: (peer: PeerConnection) => void;
  readonly left: (peer: PeerId) => void;
};

/** How long something a peer sends may wait for us to identify it: the first of both is a race. */
const identifyWaitMs = 3_000;

/**
 * Follows libp2p's events. Until `open` no peer joins, so that no handler runs before its owner
 * holds the network; what peers send waits for them to join, so that joining always comes first.
 */
export class Members {
  readonly #options: MembersOptions;
  readonly #joined = new Set<PeerId>();
  readonly #waiting = new Map<PeerId, Set<() => void>>();
  readonly #identified = new Map<PeerId, IdentifyResult>();
  #isOpen = false;

  constructor(options: MembersOptions) {
    this.#options = options;
    const { host } = options;
    host.addEventListener("connection:open", this.#onOpen);
    host.addEventListener("peer:identify", this.#onIdentify);
    host.addEventListener("peer:disconnect", this.#onDisconnect);
  }

  /** From now on peers join, first of all those that were identified meanwhile. */
  open(): void {
    this.#isOpen = true;
    const early = [...this.#identified.values()];
    this.#identified.clear();
    for (const result of early) this.#admit(result);
  }

  /** The owner is notified of nothing any more. */
  close(): void {
    const { host } = this.#options;
    host.removeEventListener("connection:open", this.#onOpen);
    host.removeEventListener("peer:identify", this.#onIdentify);
    host.removeEventListener("peer:disconnect", this.#onDisconnect);
    this.#joined.clear();
    for (const peer of [...this.#waiting.keys()]) this.#wake(peer);
  }

  has(peer: PeerId): boolean {
    return this.#joined.has(peer);
  }

  names(): PeerId[] {
    return [...this.#joined];
  }

  all(): PeerConnection[] {
    return this.names().flatMap((peer) => {
      const [oldest, ...younger] = this.#connectionsOf(peer).sort(byAge);
      return oldest === undefined ? [] : [described(peer, [oldest, ...younger])];
    });
  }

  /** Resolves with whether the peer has joined, after a moment's patience if it has not yet. */
  async whenJoined(peer: PeerId, waitMs = identifyWaitMs): Promise<boolean> {
    if (this.#joined.has(peer)) return true;
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(peer) ?? new Set();
      this.#waiting.set(peer, waiting);
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(peer);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      waiting.add(wake);
    });
    return this.#joined.has(peer);
  }

  /** Removes members whose connections are gone without an event from libp2p. */
  reconcile(): void {
    for (const peer of this.names()) {
      if (this.#connectionsOf(peer).length === 0) this.#release(peer);
    }
  }

  /** A cut or ban may have come between the gate's last question and the open connection. */
  readonly #onOpen = ({ detail: connection }: CustomEvent<Connection>): void => {
    if (this.#options.gate.isDenied(peerNamed(connection.remotePeer))) {
      connection.abort(new Error("the gate is closed for this peer"));
    }
  };

  readonly #onIdentify = ({ detail: result }: CustomEvent<IdentifyResult>): void => {
    if (this.#isOpen) this.#admit(result);
    else this.#identified.set(peerNamed(result.peerId), result);
  };

  readonly #onDisconnect = ({ detail: peer }: CustomEvent<Libp2pPeerId>): void => {
    this.#release(peerNamed(peer));
    this.#wake(peerNamed(peer));
  };

  #admit({ peerId, protocols, connection }: IdentifyResult): void {
    const { gate, syncProtocol, joined } = this.#options;
    const peer = peerNamed(peerId);
    if (connection.status !== "open" || this.#joined.has(peer)) return;
    if (gate.isDenied(peer) || !protocols.includes(syncProtocol)) {
      connection.abort(new Error(`the peer is denied or does not speak ${syncProtocol}`));
      this.#wake(peer);
      return;
    }
    this.#joined.add(peer);
    joined(described(peer, [connection]));
    this.#wake(peer);
  }

  #release(peer: PeerId): void {
    if (this.#joined.delete(peer)) this.#options.left(peer);
  }

  #wake(peer: PeerId): void {
    for (const wake of [...(this.#waiting.get(peer) ?? [])]) wake();
  }

  #connectionsOf(peer: PeerId): Connection[] {
    const connections = this.#options.host.getConnections(peerIdFromString(peer));
    return connections.filter(({ status }) => status === "open");
  }
}

function byAge(first: Connection, second: Connection): number {
  return first.timeline.open - second.timeline.open;
}

function described(
  peer: PeerId,
  connections: readonly [Connection, ...Connection[]],
): PeerConnection {
  const [oldest] = connections;
  return {
    peer,
    direction: oldest.direction,
    address: oldest.remoteAddr.toString(),
    openedAt: oldest.timeline.open as Milliseconds,
    connections: connections.length,
  };
}
