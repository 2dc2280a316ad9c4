/** Types for strings and numbers that must not be mixed up. They exist only at compile time. */

declare const brand: unique symbol;

export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** 64 lower-case hex digits in display order, as block explorers show it (bytes reversed). */
export type BlockHash = Brand<string, "BlockHash">;
/** 64 lower-case hex digits in display order; the witness is not hashed. */
export type Txid = Brand<string, "Txid">;
/** 64 lower-case hex digits in display order; the witness is hashed too. */
export type Wtxid = Brand<string, "Wtxid">;
/** A whole number of satoshis; at most 2.1e15, so always a safe integer. */
export type Satoshi = Brand<number, "Satoshi">;
/** A difficulty target in Bitcoin's compact form: an unsigned 32-bit integer. */
export type CompactTarget = Brand<number, "CompactTarget">;
/** Milliseconds since 1970 as a wall clock shows them, which people set; or of virtual time. */
export type Milliseconds = Brand<number, "Milliseconds">;
/** Milliseconds since some start by a clock that is never set: only differences mean anything. */
export type Elapsed = Brand<number, "Elapsed">;
/** Names another node: the text form of its libp2p PeerId, or any name in the simulator. */
export type PeerId = Brand<string, "PeerId">;
