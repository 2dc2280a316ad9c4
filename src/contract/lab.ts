/** What a lab answers and accepts over HTTP; the routes of its nodes are in node-api.ts. */

import type { BlockHash, PeerId, Satoshi } from "../primitives/brand.ts";
import type { AttackReport } from "./attacks.ts";
import type { Groups, Role } from "./network.ts";

/** A lab's own routes; a node's are below /<name>/api. All that change something need the token. */
export const labRoutes = {
  lab: "/lab",
  /** The lines of the timeline as server-sent events; an event's id is the number of its line. */
  events: "/lab/events",
  timeline: "/lab/timeline",
  partition: "/lab/partition",
  heal: "/lab/heal",
  links: "/lab/links",
  shares: "/lab/shares",
  payments: "/lab/payments",
  /** These four are of labs on regtest only; their orders and answers are in regtest.ts. */
  blocks: "/lab/blocks",
  faucet: "/lab/faucet",
  reorg: "/lab/reorg",
  save: "/lab/save",
  /** Each node's own lever is below: /lab/nodes/<name>/crash and /lab/nodes/<name>/restart. */
  nodes: "/lab/nodes",
  attack: "/lab/attack",
  attackEnd: "/lab/attack/end",
  probability: "/lab/probability",
  trials: "/lab/trials",
} as const;

/** Where `powlab replay` serves its recorded timeline. */
export const recordingPath = "/timeline";

export type LabNodeJson = {
  readonly name: string;
  readonly role: Role;
  /** Where its REST API is. */
  readonly url: string;
  readonly peerId: PeerId;
  readonly address: string;
  readonly isUp: boolean;
  /** Null if it does not mine. */
  readonly share: number | null;
  /** What it may hash a second; null if it does not mine. */
  readonly hashrate: number | null;
  /** As observed in the last seconds. */
  readonly hashesPerSecond: number;
  readonly height: number;
  readonly tip: BlockHash;
  readonly peers: readonly string[];
};

export type LabJson = {
  readonly version: string;
  readonly network: string;
  readonly seed: string;
  readonly hashrate: number;
  readonly nodes: readonly LabNodeJson[];
  /** Who cannot reach whom; null if all are one network. */
  readonly partition: Groups | null;
  readonly agreement: boolean;
  readonly attack: AttackReport["state"];
  readonly timeline: string;
};

// --- Levers ----------------------------------------------------------------------------------

export type LinkChange = {
  readonly between: readonly [string, string];
  readonly isCut: boolean;
  readonly delayMs: number;
};

export type PaymentOrder = {
  readonly from: string;
  /** A node's name, or an address. */
  readonly to: string;
  readonly value: Satoshi;
  /** Satoshis a virtual byte. */
  readonly feeRate: number;
};
