/** What of mempool.space's API a node answers beside Esplora's: routes, shapes, and its WebSocket. */

import type { Satoshi, Txid } from "../primitives/brand.ts";
import {
  type BlockJson,
  get,
  type RecentTransactionJson,
  type Route,
  type TransactionJson,
} from "./node-api.ts";

/** @see mempool.space, docs/api/rest */
export const mempoolSpaceRoutes = {
  recommendedFees: get("/v1/fees/recommended", "satoshis a virtual byte by how soon"),
  projectedBlocks: get("/v1/fees/mempool-blocks", "at most 8 blocks that what waits would fill"),
  extendedBlocks: get("/v1/blocks", "the newest 15 blocks with their fees and sums"),
  extendedBlocksFrom: get("/v1/blocks/:start_height", "15 blocks downwards from a height"),
  extendedBlock: get("/v1/block/:hash", "a block with its fees and sums"),
  difficultyAdjustment: get("/v1/difficulty-adjustment", "when the target changes, and how far"),
  relatives: get("/v1/cpfp/:txid", "what waits with a transaction, and its effective fee rate"),
  webSocket: get("/v1/ws", "blocks, transactions and addresses as they change, on a WebSocket"),
} as const satisfies Record<string, Route>;

/** Satoshis a virtual byte. */
export type RecommendedFeesJson = {
  readonly fastestFee: number;
  readonly halfHourFee: number;
  readonly hourFee: number;
  readonly economyFee: number;
  readonly minimumFee: number;
};

/** Fee rates in satoshis a virtual byte: the lowest, at six shares of all bytes, the highest. */
export type FeeRange = readonly number[];

export type ProjectedBlockJson = {
  /** Bytes, with witnesses. */
  readonly blockSize: number;
  readonly blockVSize: number;
  readonly nTx: number;
  readonly totalFees: Satoshi;
  readonly medianFee: number;
  readonly feeRange: FeeRange;
};

export type BlockExtrasJson = {
  /** Null, like all that follows from fees, if the block never was active. */
  readonly totalFees: Satoshi | null;
  readonly medianFee: number | null;
  readonly feeRange: FeeRange | null;
  readonly avgFee: number | null;
  readonly avgFeeRate: number | null;
  readonly totalInputAmt: Satoshi | null;
  /** What its coinbase pays out. */
  readonly reward: Satoshi;
  readonly pool: {
    readonly id: number;
    readonly name: string;
    readonly slug: string;
    readonly minerNames: null;
  };
  readonly coinbaseRaw: string;
  readonly coinbaseAddress: string | null;
  readonly coinbaseAddresses: readonly string[];
  /** The script of its first output, in words. */
  readonly coinbaseSignature: string;
  readonly coinbaseSignatureAscii: string;
  readonly virtualSize: number;
  readonly avgTxSize: number;
  /** Without the coinbase's, as all sums here but the outputs' number. */
  readonly totalInputs: number;
  readonly totalOutputs: number;
  readonly totalOutputAmt: Satoshi;
  readonly segwitTotalTxs: number;
  readonly segwitTotalSize: number;
  readonly segwitTotalWeight: number;
  readonly utxoSetChange: number;
  readonly header: string;
};

export type ExtendedBlockJson = BlockJson & { readonly extras: BlockExtrasJson };

export type DifficultyAdjustmentJson = {
  readonly progressPercent: number;
  /** Percent. */
  readonly difficultyChange: number;
  /** Milliseconds since 1970. */
  readonly estimatedRetargetDate: number;
  readonly remainingBlocks: number;
  /** Milliseconds. */
  readonly remainingTime: number;
  /** Percent. */
  readonly previousRetarget: number;
  /** Seconds since 1970, as the first block with this target says. */
  readonly previousTime: number;
  readonly nextRetargetHeight: number;
  /** Milliseconds a block since then. */
  readonly timeAvg: number;
  readonly adjustedTimeAvg: number;
  readonly timeOffset: 0;
  /** How many there should be since then. */
  readonly expectedBlocks: number;
};

export type RelativeJson = {
  readonly txid: Txid;
  readonly fee: Satoshi;
  readonly weight: number;
};

/** Without more than `ancestors` if the transaction does not wait. */
export type RelativesJson = {
  readonly ancestors: readonly RelativeJson[];
  readonly bestDescendant?: null;
  readonly descendants?: readonly RelativeJson[];
  readonly effectiveFeePerVsize?: number;
  readonly sigops?: 0;
  readonly fee?: Satoshi;
  readonly adjustedVsize?: number;
};

/** Where a waiting transaction would be, if nothing else came. */
export type PositionJson = {
  readonly txid: Txid;
  readonly position: {
    /** Of the projected blocks. */
    readonly block: number;
    /** Virtual bytes before its middle. */
    readonly vsize: number;
  };
};

/** What a client may want. */
export const wantable = ["blocks", "mempool-blocks", "stats"] as const;
export type Wantable = (typeof wantable)[number];

/** A message to a client of the WebSocket has some of these. */
export type LiveJson = {
  /** The newest last. */
  readonly blocks?: readonly ExtendedBlockJson[];
  readonly block?: ExtendedBlockJson;
  readonly "mempool-blocks"?: readonly ProjectedBlockJson[];
  readonly mempoolInfo?: MempoolInfoJson;
  readonly transactions?: readonly RecentTransactionJson[];
  readonly fees?: RecommendedFeesJson;
  readonly da?: DifficultyAdjustmentJson;
  readonly txPosition?: PositionJson;
  /** The id of the transaction that is tracked. */
  readonly txConfirmed?: Txid;
  /** What took its place. */
  readonly rbfTransaction?: { readonly txid: Txid };
  /** Who spends which of its outputs. */
  readonly utxoSpent?: Readonly<Record<number, { readonly vin: number; readonly txid: Txid }>>;
  readonly "address-transactions"?: readonly TransactionJson[];
  readonly "block-transactions"?: readonly TransactionJson[];
  readonly "address-removed-transactions"?: readonly TransactionJson[];
  readonly pong?: true;
  /** What of a message was not understood. */
  readonly error?: string;
};

/** @see Bitcoin Core, getmempoolinfo */
export type MempoolInfoJson = {
  readonly loaded: true;
  readonly size: number;
  readonly bytes: number;
  /** Bitcoins. */
  readonly total_fee: number;
  /** Bitcoins for 1,000 virtual bytes. */
  readonly mempoolminfee: number;
  readonly minrelaytxfee: number;
};
