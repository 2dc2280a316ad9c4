/** Mining as `/v1/mining` tells of it, and changes to it. */

import type { CompactTarget, Milliseconds } from "../primitives/brand.ts";
import type { HasherName } from "../primitives/hashing.ts";

/** Why miners rest though they should mine. */
export type ForcedRestJson = {
  /** The chain's median time is so far ahead of the clock that no time is allowed in a block. */
  readonly reason: "clock-behind-chain";
  /** By how much it was when the rest began, in seconds. */
  readonly median_ahead: number;
  readonly until: Milliseconds;
};

export type MiningJson = {
  /** Who is paid; null if this node does not mine. */
  readonly address: string | null;
  /** The most it may hash a second; null for all it can. */
  readonly hashrate: number | null;
  /** As observed in the last seconds. */
  readonly hashes_per_second: number;
  readonly hashes: number;
  /** What its threads search with; null if it has none. */
  readonly hasher: HasherName | null;
  readonly threads: number;
  /** Of the block that is being looked for. */
  readonly height: number;
  readonly bits: CompactTarget;
  readonly difficulty: number;
  /** Null while the miners may mine, or were not asked to. */
  readonly rest: ForcedRestJson | null;
};

/**
 * What is left out stays as it is; one of the two must be there. `address: null` stops mining;
 * `hashrate: null` lifts the limit.
 */
export type MiningChange = {
  readonly address?: string | null;
  readonly hashrate?: number | null;
};
