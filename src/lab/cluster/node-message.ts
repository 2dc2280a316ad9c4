/** What a cluster asks of a process of its own, and what that tells: plain data. */

import type { Standing } from "../../contract/cluster.ts";
import type { Directory } from "../../io/process/live-process.ts";
import type { LinkState, PeerPlace } from "../../io/process/process-links.ts";
import type { PeerId } from "../../primitives/brand.ts";

/** What a process is started with. */
export type NodeOrder = {
  readonly name: string;
  /** All processes, in the same order everywhere. */
  readonly members: readonly string[];
  readonly protocol: string;
  readonly mutant: string | null;
  readonly folder: string;
  /** A multiaddr. */
  readonly listen: string;
  readonly apiPort: number;
};

export type NodeReady = {
  readonly peerId: PeerId;
  /** A multiaddr with the peer id. */
  readonly address: string;
  /** Where it answers clients. */
  readonly url: string;
  /** 64 hex digits. */
  readonly publicKey: string;
};

/** By the names of the other processes. */
export type LinkStates = Readonly<Record<string, LinkState>>;

export interface NodeActions {
  /** Connects with the others, and begins. */
  begin(peers: readonly PeerPlace[], directory: Directory, links: LinkStates): Promise<void>;
  setLinks(links: LinkStates): Promise<void>;
  standing(): Promise<Standing>;
  /** Does nothing for so long, and keeps its memory. */
  pause(forMs: number): Promise<void>;
  /** Ends as `kill -9` does, when it has handed its next write to the disk; false takes that back. */
  killAtNextWrite(isWanted: boolean): Promise<void>;
}

export const actionNames = [
  ...(["begin", "setLinks", "standing", "pause", "killAtNextWrite"] as const),
] satisfies (keyof NodeActions)[];

export type NodeNews =
  | { readonly type: "news"; readonly kind: string; readonly text: string }
  /** After each piece of news that has changed it, and once at the beginning. */
  | { readonly type: "standing"; readonly standing: Standing };
