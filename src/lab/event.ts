/** What happens in a lab: the lines of its timeline, of which people see all but the nodes' own news. */

import type { EventJson } from "../api.ts";
import type { BlockHash, CompactTarget, Milliseconds, PeerId, Txid } from "../primitives/brand.ts";
import type { AttackStep, AttackVerdict } from "./attack-report.ts";
import type { Groups } from "./partition.ts";
import type { Role } from "./roster.ts";
import type { Shares } from "./shares.ts";
import type { Link } from "./topology.ts";

export type NodeCard = {
  readonly name: string;
  readonly role: Role;
  /** Where its REST API is. */
  readonly url: string;
  readonly peerId: PeerId;
  /** Multiaddrs. */
  readonly listen: readonly string[];
  readonly address: string;
  /** They restore the wallet of that address; everybody knows them. */
  readonly words: string;
};

export type Summary = {
  readonly type: "summary";
  readonly height: number;
  /** True if all honest nodes have one tip. */
  readonly agreement: boolean;
  readonly nodes: number;
  /** Found since the lab opened, on all branches. */
  readonly blocks: number;
  readonly forks: number;
  readonly reorgs: number;
  /** Payments on the branch of the tip, without what funded the lab. */
  readonly transactionsConfirmed: number;
  readonly durationSeconds: number;
  readonly data: string;
  readonly timeline: string;
};

export type LabFacts =
  | {
      readonly type: "started";
      readonly version: string;
      readonly network: string;
      readonly seed: string;
      readonly url: string;
      readonly hashrate: number;
      readonly shares: Shares;
      readonly nodes: readonly NodeCard[];
      readonly links: readonly Link[];
      readonly height: number;
      readonly data: string;
      readonly timeline: string;
    }
  /** One node's own view; only in the timeline, because there is much of it. */
  | { readonly type: "news"; readonly node: string; readonly news: EventJson }
  | {
      readonly type: "block";
      readonly hash: BlockHash;
      readonly height: number;
      readonly previous: BlockHash;
      readonly bits: CompactTarget;
      /** Null until the one who mined it has told. */
      readonly miner: string | null;
      /** Without the coinbase. */
      readonly transactions: number;
      /** Only its miner knows it. */
      readonly isSecret: boolean;
      /** Honest nodes whose tip it is, of so many, as it stood when this was written. */
      readonly agree: number;
      readonly honest: number;
    }
  | {
      readonly type: "fork";
      readonly height: number;
      readonly branches: readonly Branch[];
    }
  | {
      readonly type: "reorganised";
      readonly tip: BlockHash;
      readonly height: number;
      readonly forkHeight: number;
      readonly depth: number;
      /** Transactions that wait again. */
      readonly returned: number;
      /** Who changed sides. */
      readonly nodes: readonly string[];
    }
  | {
      readonly type: "payment";
      readonly txid: Txid;
      readonly from: string;
      readonly to: string;
      readonly value: number;
      readonly fee: number;
      readonly via: string;
    }
  | {
      readonly type: "payment-failed";
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    }
  | { readonly type: "partitioned"; readonly groups: Groups }
  | { readonly type: "healed" }
  | { readonly type: "shares"; readonly shares: Shares }
  | { readonly type: "attack"; readonly step: AttackStep }
  | AttackVerdict
  | { readonly type: "node-failed"; readonly node: string; readonly reason: string }
  | Summary;

/** Two blocks at one height, and who follows which. */
export type Branch = {
  readonly hash: BlockHash;
  readonly miner: string | null;
  readonly nodes: readonly string[];
};

export type LabEvent = LabFacts & { readonly at: Milliseconds };
