/** What a lab on regtest does for developers of wallets: orders, answers, and the keys that have coins. */

import type { BlockHash, Satoshi, Txid } from "../primitives/brand.ts";

/** When a lab on regtest finds blocks by itself. */
export type RegtestMining =
  | { readonly type: "none" }
  | { readonly type: "interval"; readonly seconds: number }
  /** A block for each transaction that is submitted, as soon as it waits. */
  | { readonly type: "on-transaction" };

export type BlocksOrderJson = {
  readonly count: number;
  /** An address that gets the new coins; the faucet's if it is missing. */
  readonly to?: string;
  /** Who mines; the first that is up if it is missing. */
  readonly node?: string;
};

export type BlocksJson = {
  readonly node: string;
  /** The lowest first. */
  readonly hashes: readonly BlockHash[];
  readonly height: number;
};

export type FaucetOrderJson = {
  readonly address: string;
  /** In satoshis. */
  readonly value: Satoshi;
  /** Mines a block with the payment. */
  readonly confirm?: boolean;
  /** Where it is submitted; the first that is up if it is missing. */
  readonly node?: string;
};

export type FaucetJson = {
  readonly txid: Txid;
  readonly fee: Satoshi;
  /** The block with the payment; null if it waits. */
  readonly block: BlockHash | null;
};

/** At most one of `drop`, `doubleSpend` and `empty`. */
export type ReorgOrderJson = {
  /** How many blocks are left behind; the new branch has one more. */
  readonly depth: number;
  /** Who has the new branch first; the first that is up if it is missing. */
  readonly node?: string;
  /** This transaction, and what spends it, is not on the new branch, and waits again. */
  readonly drop?: string;
  /** Another one that spends a coin of this transaction is on the new branch. */
  readonly doubleSpend?: string;
  /** No transaction is on the new branch: all wait again. */
  readonly empty?: boolean;
};

export type RegtestReorgJson = {
  readonly node: string;
  readonly forkHeight: number;
  /** The last block that both branches share. */
  readonly fork: BlockHash;
  /** The blocks that were left behind, the lowest first. */
  readonly back: readonly BlockHash[];
  /** Those of the new branch, the lowest first. */
  readonly forth: readonly BlockHash[];
  /** What was confirmed in place of the double-spent transaction. */
  readonly conflict: Txid | null;
};

export type SaveOrderJson = {
  readonly name: string;
  /** Replaces an earlier snapshot of that name. */
  readonly replace?: boolean;
};

export type SavedJson = {
  readonly name: string;
  readonly file: string;
  /** Of the highest node. */
  readonly height: number;
};

/** A wallet with coins. It follows from the seed: it is no secret. */
export type FundedKeyJson = {
  /** The node whose wallet it is, or `faucet`. */
  readonly name: string;
  readonly address: string;
  /** BIP39. */
  readonly words: string;
  /** Of the address, as in m/86'/1'/0'/0/0. */
  readonly path: string;
  /** The secret key of the address before the taproot tweak (BIP86), for importers of WIF. */
  readonly wif: string;
  /** BIP380, with the private key: receiving addresses, and change. */
  readonly descriptor: string;
  readonly changeDescriptor: string;
};

/** The first line of a regtest lab's output for programs: all that a test needs. */
export type ReadyJson = {
  readonly type: "ready";
  readonly version: string;
  readonly network: string;
  /** Of the lab: its routes are below /lab. */
  readonly url: string;
  /** For what changes the lab, as `Authorization: Bearer TOKEN`. */
  readonly token: string;
  readonly height: number;
  /** Its folder. */
  readonly data: string;
  readonly nodes: readonly {
    readonly name: string;
    /** The base URL for clients of Esplora. */
    readonly url: string;
    /** For what changes the node itself. */
    readonly token: string;
  }[];
  readonly faucet: FundedKeyJson;
  readonly keys: readonly FundedKeyJson[];
};
