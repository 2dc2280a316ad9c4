/** The gate that everything between two nodes passes: bans, cut links, and faults of a link. */

import type { ConnectionGater, MultiaddrConnection } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";
import type { PeerId } from "../../primitives/brand.ts";
import { peerNamed } from "./identity.ts";

/** What a bad link does to everything that this node sends over it. */
export type LinkFault = {
  readonly delayMs: number;
  /** Probability from 0 to 1 that a message is lost. */
  readonly loss: number;
};

/** The host behind the gate, as far as the gate must command it. */
export interface GuardedHost {
  drop(peer: PeerId): void;
  healed(peers: readonly PeerId[]): void;
  connectionsFrom(ip: string): number;
}

/** More bans than this at once, and the one that ends first is lifted. */
const bansMax = 1_000;
/** A slower link than this is better shown by cutting it. */
export const delayMaxMs = 60_000;
/** Connections from one foreign IP address; loopback is not counted, labs live there. */
const connectionsPerIpMax = 8;

const noFault: LinkFault = { delayMs: 0, loss: 0 };

/**
 * Decides whom this node may be connected with. It works on one side: to part two nodes for good,
 * cut the link at both, because a remote's dial still seems to succeed until it is dropped here.
 */
export class Gate {
  readonly #cut = new Set<PeerId>();
  /** By the clock that is never set: a ban lasts as long as it was meant to. */
  readonly #bannedUntilMs = new Map<PeerId, number>();
  readonly #faults = new Map<PeerId, LinkFault>();
  #host: GuardedHost | undefined;

  /** Puts the gate before a host; until `detach`, cuts and bans drop its connections. */
  attach(host: GuardedHost): void {
    this.#host = host;
  }

  detach(): void {
    this.#host = undefined;
  }

  /** Parts this node from a peer until it is healed. */
  cut(peer: PeerId): void {
    this.#cut.add(peer);
    this.#host?.drop(peer);
  }

  /** Heals one cut link, or all of them; links that were in use are redialled at once. */
  heal(peer?: PeerId): void {
    const healed = (peer === undefined ? this.cuts() : [peer]).filter((one) =>
      this.#cut.delete(one),
    );
    if (healed.length > 0) this.#host?.healed(healed);
  }

  cuts(): PeerId[] {
    return [...this.#cut];
  }

  /** Keeps a peer out for so long. */
  ban(peer: PeerId, banMs: number): void {
    this.#bannedUntilMs.set(peer, performance.now() + banMs);
    if (this.#bannedUntilMs.size > bansMax) this.#liftEarliestBan();
    this.#host?.drop(peer);
  }

  /** Lets a banned peer in again; false if it was not banned. */
  unban(peer: PeerId): boolean {
    const wasBanned = this.bans().some((ban) => ban.peer === peer);
    this.#bannedUntilMs.delete(peer);
    return wasBanned;
  }

  /** Who is banned now, and for how much longer. */
  bans(): readonly { readonly peer: PeerId; readonly remainingMs: number }[] {
    const now = performance.now();
    return Array.from(this.#bannedUntilMs, ([peer, untilMs]) => ({
      peer,
      remainingMs: untilMs - now,
    })).filter(({ remainingMs }) => remainingMs > 0);
  }

  /** Tells whether a peer is cut off or banned now. */
  isDenied(peer: PeerId): boolean {
    if (this.#cut.has(peer)) return true;
    const untilMs = this.#bannedUntilMs.get(peer);
    if (untilMs === undefined) return false;
    if (untilMs > performance.now()) return true;
    this.#bannedUntilMs.delete(peer);
    return false;
  }

  /**
   * Makes the link to a peer slow or lossy for what we send; no delay and no loss repairs it.
   *
   * @throws RangeError if the delay or the probability is out of range.
   */
  setFault(peer: PeerId, fault: LinkFault): void {
    if (!(fault.delayMs >= 0 && fault.delayMs <= delayMaxMs)) {
      throw new RangeError(`a link's delay is 0 to ${delayMaxMs} ms, not ${fault.delayMs}`);
    }
    if (!(fault.loss >= 0 && fault.loss <= 1)) {
      throw new RangeError(`a link's loss is a probability from 0 to 1, not ${fault.loss}`);
    }
    if (fault.delayMs === 0 && fault.loss === 0) this.#faults.delete(peer);
    else this.#faults.set(peer, fault);
  }

  faultOf(peer: PeerId): LinkFault {
    return this.#faults.get(peer) ?? noFault;
  }

  /** Draws at random whether the link loses one message to this peer. */
  isLost(peer: PeerId): boolean {
    const { loss } = this.faultOf(peer);
    return loss > 0 && Math.random() < loss;
  }

  /** The same decisions in the form that libp2p asks for while it sets up a connection. */
  connectionGater(): ConnectionGater {
    return {
      denyDialPeer: (peer) => this.isDenied(peerNamed(peer)),
      denyInboundConnection: (connection) => this.#isCrowded(connection),
      denyInboundEncryptedConnection: (peer) => this.isDenied(peerNamed(peer)),
      denyOutboundEncryptedConnection: (peer) => this.isDenied(peerNamed(peer)),
    };
  }

  #isCrowded(connection: MultiaddrConnection): boolean {
    const ip = ipOf(connection.remoteAddr);
    if (this.#host === undefined || ip === undefined || isLoopback(ip)) return false;
    return this.#host.connectionsFrom(ip) >= connectionsPerIpMax;
  }

  #liftEarliestBan(): void {
    const bans = [...this.#bannedUntilMs].sort(([, first], [, second]) => first - second);
    const earliest = bans[0];
    if (earliest !== undefined) this.#bannedUntilMs.delete(earliest[0]);
  }
}

/** The IP address in a multiaddr, if it starts with one. */
export function ipOf(address: Multiaddr): string | undefined {
  return address.getComponents().find(({ name }) => name === "ip4" || name === "ip6")?.value;
}

function isLoopback(ip: string): boolean {
  return ip.startsWith("127.") || ip === "::1";
}
