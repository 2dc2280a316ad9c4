/** What a lab tells and takes over HTTP, and the lines of its timeline. The part of the nodes is in node-api.ts. */

import type { EventJson } from "./node-api.ts";
import type {
  BlockHash,
  CompactTarget,
  Milliseconds,
  PeerId,
  Satoshi,
  Txid,
} from "../primitives/brand.ts";

export type { BlockHash, CompactTarget, Milliseconds, PeerId, Satoshi, Txid };

/** A lab's own routes; a node's are below /<name>/api. All but the reading ones need the token. */
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
  /** Each node's own lever is below: /lab/nodes/<name>/crash and /lab/nodes/<name>/restart. */
  nodes: "/lab/nodes",
  attack: "/lab/attack",
  probability: "/lab/probability",
  trials: "/lab/trials",
} as const;

/** Where `powlab replay` serves a timeline to which nothing is added any more. */
export const recordingPath = "/timeline";

export type Role = "miner" | "shop" | "observer";

export type Participant = { readonly name: string; readonly role: Role };

/** Parts of the hash power by miner; they add up to 1. */
export type Shares = Readonly<Record<string, number>>;

/** Of a partition: those in different groups cannot reach each other. */
export type Groups = readonly (readonly string[])[];

/** `from` dials, `to` answers. */
export type Link = { readonly from: string; readonly to: string };

// --- What it is ------------------------------------------------------------------------------

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

// --- What happens ----------------------------------------------------------------------------

export type NodeCard = Participant & {
  /** Where its REST API is. */
  readonly url: string;
  readonly peerId: PeerId;
  /** Multiaddrs. */
  readonly listen: readonly string[];
  readonly address: string;
  /** They restore the wallet of that address; everybody knows them. */
  readonly words: string;
};

/** What a node measured of itself. */
export type Measurement = {
  readonly hashesPerSecond: number;
  /** Since it started. */
  readonly hashes: number;
  readonly mempool: {
    readonly count: number;
    readonly virtualSizeBytes: number;
    readonly fees: Satoshi;
    /** Fee rates, the highest first, each with the virtual bytes that pay at least this. */
    readonly histogram: readonly (readonly [feeRate: number, virtualSizeBytes: number])[];
  };
  /** What it would mine now, without the coinbase; null if it does not mine. */
  readonly nextBlock: { readonly transactions: number; readonly fees: Satoshi } | null;
  readonly peers: readonly string[];
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

/** Two blocks at one height, and who follows which. */
export type Branch = {
  readonly hash: BlockHash;
  readonly miner: string | null;
  readonly nodes: readonly string[];
};

export type LabFacts =
  /** The first line, before any node is up. */
  | {
      readonly type: "opening";
      readonly version: string;
      readonly network: string;
      readonly seed: string;
      readonly url: string;
      /** Of all miners together, per second. */
      readonly hashrate: number;
      /** What every link takes, each way. */
      readonly latencyMs: number;
      /** How far apart blocks are meant to be. */
      readonly blockIntervalSeconds: number;
      readonly nodes: readonly Participant[];
    }
  /** A node runs and has its first blocks; also after a crash. */
  | {
      readonly type: "node-up";
      readonly node: string;
      readonly peerId: PeerId;
      readonly height: number;
      readonly tip: BlockHash;
      /** From genesis to its tip: 64 hex digits. */
      readonly work: string;
    }
  /** It was crashed on purpose; `node-failed` is told if it fails by itself. */
  | { readonly type: "node-down"; readonly node: string }
  /** All nodes are up and linked, and mining begins. */
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
  /** Every two seconds, by the names of the nodes that are up; only in the timeline, too. */
  | { readonly type: "measured"; readonly nodes: Readonly<Record<string, Measurement>> }
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
  | { readonly type: "fork"; readonly height: number; readonly branches: readonly Branch[] }
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
  /** One link was cut, slowed or mended; `delayMs` is what it takes each way. */
  | ({ readonly type: "link" } & LinkChange)
  | { readonly type: "shares"; readonly shares: Shares }
  | { readonly type: "attack"; readonly step: AttackStep }
  | AttackVerdict
  | { readonly type: "node-failed"; readonly node: string; readonly reason: string }
  | Summary;

export type LabEvent = LabFacts & { readonly at: Milliseconds };

/** An event with its place in the timeline: the number of its line, from 1. */
export type NumberedEvent = { readonly id: number; readonly event: LabEvent };

// --- Its levers ------------------------------------------------------------------------------

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

export type AttackOptions = DoubleSpendOptions | SelfishMiningOptions | EclipseOptions;

export type DoubleSpendOptions = {
  readonly type: "double-spend";
  /** What the shop waits for before it delivers. */
  readonly confirmations: number;
  /** The attacker gives up when its branch is so many blocks behind. */
  readonly giveUpBehind: number;
  /** Secret blocks to have before the payment is made. */
  readonly premine: 0 | 1;
  /** Of the hash power; it stays as it is if absent. */
  readonly share?: number;
};

export type SelfishMiningOptions = {
  readonly type: "selfish-mining";
  /** How many blocks, of all miners, are found before it is judged. */
  readonly blocks: number;
  /** Of the hash power; it stays as it is if absent. */
  readonly share?: number;
  /** As Eyal and Sirer's miner if absent, who does nothing of this. */
  readonly stubborn?: Stubbornness;
};

/** Where a selfish miner goes on though it had better not. */
export type Stubbornness = {
  /** With its lead down to one it still reveals just enough for a tie. */
  readonly lead: boolean;
  /** Having found the block that decides a tie, it keeps it back. */
  readonly equalFork: boolean;
  /** It goes on with its own branch while that is so many blocks behind. */
  readonly trail: number;
};

export type EclipseOptions = {
  readonly type: "eclipse";
  /** What the shop waits for before it delivers. */
  readonly confirmations: number;
  /** Of the hash power; it stays as it is if absent. */
  readonly share?: number;
};

// --- An attack, and its end ------------------------------------------------------------------

export type AttackReport = {
  readonly state: "none" | "running" | "ended" | "broken-off";
  readonly steps: readonly AttackStep[];
  readonly verdict: AttackVerdict | null;
  /** Why it was broken off. */
  readonly reason: string | null;
};

/** Each `shop` step is a change of what the shop's own node tells it. */
export type AttackStep =
  | {
      readonly type: "scene";
      readonly attack: "double-spend";
      readonly attacker: string;
      readonly share: number;
      readonly shares: Shares;
      readonly confirmations: number;
      readonly giveUpBehind: number;
      readonly premine: 0 | 1;
      readonly theory: Theory;
      readonly curve: Curve;
    }
  | {
      readonly type: "scene";
      readonly attack: "selfish-mining";
      readonly attacker: string;
      readonly share: number;
      readonly shares: Shares;
      readonly blocks: number;
      readonly stubborn?: Stubbornness;
      /** Null if it is stubborn: nobody has a closed form for that. */
      readonly theory: SelfishTheory | null;
      /** Empty without a theory. */
      readonly curve: Curve;
    }
  | {
      readonly type: "scene";
      readonly attack: "eclipse";
      readonly attacker: string;
      readonly share: number;
      readonly shares: Shares;
      readonly confirmations: number;
      readonly theory: EclipseTheory;
      readonly curve: Curve;
    }
  | {
      readonly type: "paid";
      readonly payment: Txid;
      readonly conflict: Txid;
      readonly value: number;
      readonly via: string;
      /** To whom the conflict is given at the same time; it stays with the attacker if absent. */
      readonly conflictVia?: string;
    }
  | { readonly type: "shop"; readonly seen: ShopView }
  | { readonly type: "delivered"; readonly confirmations: number }
  | {
      readonly type: "race";
      readonly secretBlocks: number;
      readonly publicBlocks: number;
      readonly lead: number;
    }
  | { readonly type: "published"; readonly secretBlocks: number; readonly publicBlocks: number }
  | { readonly type: "given-up"; readonly secretBlocks: number; readonly publicBlocks: number }
  /** Of an eclipse: the shop has honest peers again. `secretBlocks` only it and the attacker had. */
  | { readonly type: "mended"; readonly secretBlocks: number; readonly publicBlocks: number }
  /** Of selfish mining: how the blocks since its beginning are divided, as the observer sees it. */
  | ({ readonly type: "tally" } & SelfishTally)
  | { readonly type: "out-of-time"; readonly seconds: number }
  | { readonly type: "broken-off"; readonly reason: string };

/** What became of a transaction, as the shop's node has it. */
export type FinalState = {
  readonly txid: Txid;
  /** `unknown`: it never came to the shop's node. */
  readonly state: "confirmed" | "waiting" | "gone" | "unknown";
  readonly confirmations: number;
};

export type ShopView = {
  readonly at: Milliseconds;
  readonly height: number;
  readonly state: FinalState["state"];
  readonly confirmations: number;
};

export type Theory = {
  /** That the payment is reversed before the attacker gives up. */
  readonly probability: number;
  /** The same for an attacker who never gives up. */
  readonly strictProbability: number;
  readonly source: string;
};

export type SelfishTheory = {
  /** The attacker's part of all blocks that stay, if nobody else mines on its branch in a tie. */
  readonly revenue: number;
  /** Below this share it does not pay. */
  readonly threshold: number;
  readonly source: string;
};

export type EclipseTheory = {
  /** That the payment is reversed when the shop has honest peers again. */
  readonly probability: number;
  readonly source: string;
};

export type SelfishTally = {
  /** Blocks on the active branch since the attack began. */
  readonly attackerBlocks: number;
  readonly honestBlocks: number;
  /** Blocks that were found and left behind. */
  readonly staleBlocks: number;
};

export type AttackVerdict = PaymentVerdict | SelfishMiningVerdict;

/** Of attacks that take a payment back. */
export type PaymentVerdict = DoubleSpendVerdict | EclipseVerdict;

export type DoubleSpendVerdict = PaymentFacts & {
  readonly attack: "double-spend";
  readonly giveUpBehind: number;
  readonly premine: 0 | 1;
  readonly ending: "published" | "given-up" | "out-of-time";
  readonly theory: Theory;
};

export type EclipseVerdict = PaymentFacts & {
  readonly attack: "eclipse";
  /** `out-of-time`: the links were mended before the shop delivered. */
  readonly ending: "mended" | "out-of-time";
  readonly theory: EclipseTheory;
};

type PaymentFacts = {
  readonly type: "verdict";
  readonly outcome: Outcome;
  readonly share: number;
  readonly confirmations: number;
  readonly value: number;
  /** The number of confirmations at which the shop delivered; null if it never did. */
  readonly deliveredAt: number | null;
  readonly payment: FinalState;
  readonly conflict: FinalState;
  /** Blocks that the shop's node left behind together with the payment; 0 if it kept it. */
  readonly reorganisationDepth: number;
  readonly secretBlocks: number;
  readonly publicBlocks: number;
  readonly shop: readonly ShopView[];
  readonly durationSeconds: number;
  readonly timeline: string;
};

/** `undecided`: neither of the two transactions is confirmed, or the network does not agree. */
export type Outcome = "reversed" | "failed" | "undecided";

export type SelfishMiningVerdict = {
  readonly type: "verdict";
  readonly attack: "selfish-mining";
  /** Whether its part of the blocks that stay is more than its part of the hash power. */
  readonly outcome: "gained" | "lost";
  readonly share: number;
  /** The attacker's part of the blocks that stay, with its 95 % interval (Wilson). */
  readonly revenue: number;
  readonly interval: Interval;
  readonly tally: SelfishTally;
  readonly stubborn?: Stubbornness;
  /** Null if it is stubborn: nobody has a closed form for that. */
  readonly theory: SelfishTheory | null;
  readonly durationSeconds: number;
  readonly timeline: string;
};

// --- Theory and trials -----------------------------------------------------------------------

export type Interval = readonly [low: number, high: number];

/** What theory says for each share, in rising order. */
export type Curve = readonly (readonly [share: number, value: number])[];

/** `GET /lab/probability`, with the attack's options as its query; `value` is what theory says of `share`. */
export type ProbabilityJson = {
  readonly attack: AttackOptions["type"];
  readonly share: number;
  readonly value: number;
  readonly curve: Curve;
  readonly source: string;
};

/** `POST /lab/trials`: many attacks in the simulator, beside the closed form. */
export type TrialsOrder = {
  readonly type: "double-spend";
  readonly share: number;
  readonly confirmations: number;
  readonly giveUpBehind: number;
  readonly premine: 0 | 1;
  readonly runs: number;
  readonly seed: string;
};

export type TrialsJson = {
  readonly estimate: number;
  /** 95 %. */
  readonly interval: Interval;
  readonly theory: number;
  /** Standard errors between the two. */
  readonly z: number;
  readonly runs: number;
  readonly seed: string;
  /** What repeats it on the command line. */
  readonly command: string;
};
