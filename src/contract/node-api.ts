/** The REST contract: routes and JSON shapes. Paths begin after the node's `/api`. */

import type {
  BlockHash,
  CompactTarget,
  Milliseconds,
  PeerId,
  Satoshi,
  Txid,
} from "../primitives/brand.ts";
import type { ForcedRestJson } from "./mining.ts";

/** Where a node's API is by default. */
export const defaultPort = 8477;
export const defaultBaseUrl = `http://127.0.0.1:${defaultPort}/api`;

export type Route = {
  readonly method: "GET" | "POST";
  /** Words that begin with a colon stand for a value. */
  readonly path: string;
  /** The response body that goes to the client. */
  readonly answer: string;
};

/** Esplora's own, as its API.md and electrs have them; errors are plain text. */
export const esploraRoutes = {
  transaction: get("/tx/:txid", "a transaction"),
  transactionStatus: get("/tx/:txid/status", "whether it is confirmed, and where"),
  transactionHex: get("/tx/:txid/hex", "its bytes as hex text"),
  transactionRaw: get("/tx/:txid/raw", "its bytes"),
  merkleProof: get("/tx/:txid/merkle-proof", "the hashes that prove it is in its block"),
  merkleBlockProof: get("/tx/:txid/merkleblock-proof", "the same as BIP37's merkle block in hex"),
  outspend: get("/tx/:txid/outspend/:vout", "who spent one of its outputs"),
  outspends: get("/tx/:txid/outspends", "who spent each of its outputs"),
  sendTransaction: post("/tx", "the id of the transaction whose hex is the body"),
  broadcast: get("/broadcast", "the same for the hex in the query's tx"),
  sendPackage: post("/txs/package", "what became of the parents and child in a list of hex"),
  address: get("/address/:address", "sums over what an address received and spent"),
  addressHistory: get("/address/:address/txs", "its transactions, the newest first"),
  addressChain: get("/address/:address/txs/chain", "25 confirmed ones"),
  addressChainAfter: get("/address/:address/txs/chain/:last_seen_txid", "the next 25"),
  addressMempool: get("/address/:address/txs/mempool", "at most 50 that wait"),
  addressCoins: get("/address/:address/utxo", "its unspent outputs"),
  script: get("/scripthash/:hash", "the same sums of a script, by its SHA-256"),
  scriptHistory: get("/scripthash/:hash/txs", "its transactions, the newest first"),
  scriptChain: get("/scripthash/:hash/txs/chain", "25 confirmed ones"),
  scriptChainAfter: get("/scripthash/:hash/txs/chain/:last_seen_txid", "the next 25"),
  scriptMempool: get("/scripthash/:hash/txs/mempool", "at most 50 that wait"),
  scriptCoins: get("/scripthash/:hash/utxo", "its unspent outputs"),
  addressSearch: get("/address-prefix/:prefix", "at most 10 addresses on the chain that begin so"),
  block: get("/block/:hash", "a block without its transactions"),
  blockHeader: get("/block/:hash/header", "its 80 bytes as hex text"),
  blockRaw: get("/block/:hash/raw", "its bytes"),
  blockStatus: get("/block/:hash/status", "whether it is on the active branch"),
  blockTransactions: get("/block/:hash/txs", "its first 25 transactions"),
  blockTransactionsFrom: get("/block/:hash/txs/:start_index", "25 more"),
  blockTxids: get("/block/:hash/txids", "the ids of all its transactions"),
  blockTxid: get("/block/:hash/txid/:index", "one of these ids as text"),
  blockAtHeight: get("/block-height/:height", "the hash of the active block at a height"),
  blocks: get("/blocks", "the newest 10 blocks"),
  blocksFrom: get("/blocks/:start_height", "10 blocks downwards from a height"),
  tipHeight: get("/blocks/tip/height", "the tip's height as text"),
  tipHash: get("/blocks/tip/hash", "the tip's hash as text"),
  mempool: get("/mempool", "how much waits, and what it pays"),
  mempoolTxids: get("/mempool/txids", "the ids of all that waits"),
  mempoolRecent: get("/mempool/recent", "the last 10 that came"),
  blockTemplate: get("/block-template", "the next block, as getblocktemplate has it"),
  feeEstimates: get("/fee-estimates", "satoshis a virtual byte by blocks to wait"),
} as const satisfies Record<string, Route>;

/** What Esplora lacks; errors are problem details (RFC 9457). */
export const ownRoutes = {
  node: get("/v1/node", "who this node is"),
  chainTips: get("/v1/chain-tips", "where all branches end"),
  peers: get("/v1/peers", "the connected nodes"),
  sendBlock: post("/v1/blocks", "what became of the block whose hex is the body"),
  utxoHash: get("/v1/utxo-hash", "one hash over all coins"),
  mining: get("/v1/mining", "for whom and how fast this node mines"),
  setMining: post("/v1/mining", "the same after the change; needs the token"),
  events: get("/v1/events", "what happens, as a stream of server-sent events"),
  transactionOutcome: get("/v1/tx/:txid", "what became of a transaction"),
  addressCoins: get("/v1/address/:address/coins", "its unspent outputs, 1,000 at a time"),
  reorgs: get("/v1/reorgs", "the latest reorganisations, the newest first"),
} as const satisfies Record<string, Route>;

export function get<Path extends string>(path: Path, answer: string) {
  return { method: "GET", path, answer } as const;
}

function post<Path extends string>(path: Path, answer: string) {
  return { method: "POST", path, answer } as const;
}

/** The values that a path asks for, by their names. */
export type PathValues<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Readonly<Record<Name, string | number>> & PathValues<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Readonly<Record<Name, string | number>>
    : unknown;

/** The path with these values in the places of its words. */
export function pathOf<Path extends string>(path: Path, values: PathValues<Path>): string {
  const known = values as Readonly<Record<string, string | number>>;
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(known[name])));
}

export type TransactionStatus =
  | {
      readonly confirmed: true;
      readonly block_height: number;
      readonly block_hash: BlockHash;
      /** Seconds since 1970, as the block's header says. */
      readonly block_time: number;
    }
  | { readonly confirmed: false };

export type OutputJson = {
  readonly scriptpubkey: string;
  readonly scriptpubkey_asm: string;
  readonly scriptpubkey_type: "v1_p2tr" | "op_return" | "p2pk" | "unknown";
  readonly scriptpubkey_address?: string;
  readonly value: Satoshi;
};

export type InputJson = {
  readonly txid: Txid;
  readonly vout: number;
  /** Null for a coinbase, and on a branch that never was active. */
  readonly prevout: OutputJson | null;
  readonly scriptsig: string;
  readonly scriptsig_asm: string;
  readonly witness?: readonly string[];
  readonly is_coinbase: boolean;
  readonly sequence: number;
};

export type TransactionJson = {
  readonly txid: Txid;
  readonly version: number;
  readonly locktime: number;
  readonly vin: readonly InputJson[];
  readonly vout: readonly OutputJson[];
  /** Bytes, with witnesses. */
  readonly size: number;
  readonly weight: number;
  /** Zero for a coinbase, and where a prevout is unknown. */
  readonly fee: Satoshi;
  readonly status: TransactionStatus;
};

export type OutspendJson =
  | { readonly spent: false }
  | {
      readonly spent: true;
      readonly txid: Txid;
      readonly vin: number;
      readonly status: TransactionStatus;
    };

export type MerkleProofJson = {
  readonly block_height: number;
  /** The lowest first. */
  readonly merkle: readonly string[];
  readonly pos: number;
};

export type AddressStats = {
  readonly tx_count: number;
  readonly funded_txo_count: number;
  readonly funded_txo_sum: number;
  readonly spent_txo_count: number;
  readonly spent_txo_sum: number;
};

export type AddressStatsJson = {
  readonly chain_stats: AddressStats;
  readonly mempool_stats: AddressStats;
};

export type AddressJson = AddressStatsJson & { readonly address: string };

/** The hash is as it was asked for. */
export type ScriptJson = AddressStatsJson & { readonly scripthash: string };

export type CoinJson = {
  readonly txid: Txid;
  readonly vout: number;
  readonly status: TransactionStatus;
  readonly value: Satoshi;
};

export type BlockJson = {
  readonly id: BlockHash;
  readonly height: number;
  readonly version: number;
  readonly timestamp: number;
  readonly tx_count: number;
  readonly size: number;
  readonly weight: number;
  readonly merkle_root: string;
  readonly previousblockhash: BlockHash | null;
  readonly mediantime: number;
  readonly nonce: number;
  readonly bits: CompactTarget;
  readonly difficulty: number;
};

export type BlockStatusJson = {
  readonly in_best_chain: boolean;
  readonly height: number | null;
  readonly next_best: BlockHash | null;
};

export type MempoolJson = {
  readonly count: number;
  readonly vsize: number;
  readonly total_fee: Satoshi;
  /** Fee rates, the highest first, each with the virtual bytes that pay at least this. */
  readonly fee_histogram: readonly (readonly [feeRate: number, virtualSizeBytes: number])[];
};

export type RecentTransactionJson = {
  readonly txid: Txid;
  readonly fee: Satoshi;
  readonly vsize: number;
  readonly value: Satoshi;
};

/** Satoshis a virtual byte, by the number of blocks one is ready to wait. */
export type FeeEstimatesJson = Readonly<Record<string, number>>;

/** A node's clock and the times in the blocks that its peers relay. */
export type ClockDifferenceJson = {
  /** Where the node's clock is. */
  readonly direction: "behind" | "ahead";
  readonly seconds: number;
  /** How many peers' blocks say so. */
  readonly peers: number;
};

export type NodeJson = {
  readonly name: string;
  readonly network: string;
  readonly genesis: BlockHash;
  readonly address_prefix: string;
  readonly coinbase_maturity: number;
  readonly peer_id: PeerId;
  /** Multiaddrs at which others reach it. */
  readonly addresses: readonly string[];
  readonly version: string;
  readonly started_at: Milliseconds;
  /** Null while its clock agrees with its peers' blocks, or they have sent too few. */
  readonly clock: ClockDifferenceJson | null;
  readonly height: number;
  readonly tip: BlockHash;
  /** Expected hashes from genesis to the tip: 64 hex digits, as Bitcoin Core's `chainwork`. */
  readonly work: string;
  readonly peers: number;
};

/** @see Bitcoin Core, getchaintips */
export type ChainTipJson = {
  readonly height: number;
  readonly hash: BlockHash;
  readonly branchlen: number;
  readonly status: "active" | "valid-fork" | "valid-headers" | "headers-only" | "invalid";
  /** 64 hex digits. */
  readonly work: string;
};

export type PeerJson = {
  readonly peer: PeerId;
  /** Null while the connection is being made or lost. */
  readonly direction: "inbound" | "outbound" | null;
  readonly address: string | null;
  readonly connected_at: Milliseconds;
  /** Whether it has sent its genesis and tip, and they fit ours. */
  readonly ready: boolean;
  readonly height: number;
  readonly tip: BlockHash | null;
  /** 64 hex digits. */
  readonly work: string;
  /** Penalty points; at 100 it is banned. */
  readonly penalty: number;
};

export type BlockVerdictJson =
  | { readonly status: "tip" | "side" | "known" | "orphan"; readonly hash: BlockHash }
  | {
      readonly status: "rejected";
      readonly hash: BlockHash;
      readonly rule: string;
      /** What the rule was broken with. */
      readonly facts: Readonly<Record<string, unknown>>;
    };

export type UtxoHashJson = {
  readonly height: number;
  readonly best_block: BlockHash;
  /** As Bitcoin Core's `hash_serialized_3`. */
  readonly hash: string;
  readonly coins: number;
  readonly total: number;
};

export type ReorgJson = {
  readonly at: Milliseconds;
  readonly tip: BlockHash;
  readonly height: number;
  readonly fork: BlockHash;
  readonly fork_height: number;
  /** How many blocks were left behind. */
  readonly depth: number;
  /** The old tip first. */
  readonly back: readonly BlockHash[];
  /** The new tip last. */
  readonly forth: readonly BlockHash[];
  readonly readmitted: readonly Txid[];
};

export type RemovalReason = "replaced" | "conflicted" | "evicted" | "expired" | "invalid";

/** The outcome of a transaction, as far as this node saw it since it started. */
export type TransactionOutcomeJson = {
  readonly txid: Txid;
  /** `gone`: it was seen here, and is neither in the chain nor waiting. */
  readonly state: "confirmed" | "waiting" | "gone";
  readonly confirmations: number;
  readonly status: TransactionStatus;
  /** The transaction that took its place. */
  readonly replaced_by?: Txid;
  readonly removed_because?: RemovalReason;
  /** The last block that held it and was left behind. */
  readonly orphaned_at?: {
    readonly at: Milliseconds;
    readonly block_hash: BlockHash;
    readonly block_height: number;
  };
  /** Null if its bytes are not kept. */
  readonly transaction: TransactionJson | null;
};

type EventFacts =
  | {
      readonly type: "block-accepted";
      readonly hash: BlockHash;
      readonly height: number;
      readonly previous: BlockHash;
      /** As its header says, in seconds since 1970. */
      readonly time: number;
      readonly bits: CompactTarget;
      readonly tx_count: number;
      readonly size: number;
      readonly origin: "mined" | "gossiped" | "synced" | "submitted";
      readonly is_tip: boolean;
      /** From genesis to this block: 64 hex digits. */
      readonly work: string;
      /** Of at most its first 200 transactions, without the coinbase; `tx_count` counts all. */
      readonly txids: readonly Txid[];
      /** Null if it was mined or submitted here. */
      readonly from: PeerId | null;
    }
  | {
      readonly type: "block-rejected";
      readonly hash: BlockHash;
      readonly origin: "mined" | "gossiped" | "synced" | "submitted";
      readonly rule: string;
      readonly facts: Readonly<Record<string, unknown>>;
      readonly from: PeerId | null;
    }
  | { readonly type: "tip-extended"; readonly tip: BlockHash; readonly height: number }
  | ({ readonly type: "reorganised" } & ReorgJson)
  | {
      readonly type: "transaction-admitted";
      readonly txid: Txid;
      readonly fee: Satoshi;
      readonly vsize: number;
      /** Null if it was submitted here, or waited here for its parents. */
      readonly from: PeerId | null;
    }
  | {
      readonly type: "transaction-removed";
      readonly txid: Txid;
      readonly reason: RemovalReason;
      readonly by: Txid | null;
    }
  | { readonly type: "peer-ready"; readonly peer: PeerId; readonly height: number }
  | { readonly type: "peer-left"; readonly peer: PeerId }
  | { readonly type: "peer-banned"; readonly peer: PeerId; readonly reason: string }
  | ({ readonly type: "miners-rest" } & ForcedRestJson)
  | ({ readonly type: "clock-disagrees" } & ClockDifferenceJson)
  | { readonly type: "miners-resume" };

/** One thing that happened; `id` grows, also over a restart of the node. */
export type EventJson = EventFacts & { readonly id: number; readonly at: Milliseconds };

/** Sent as the event `missed` in place of those after `after` that are no longer kept. */
export type MissedJson = { readonly after: number; readonly next: number };
