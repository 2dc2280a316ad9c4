/** The networks: frozen records of everything in which their rules differ. */

import { type Block, decodeBlock, hashOfBlock } from "../primitives/block.ts";
import type { BlockHash } from "../primitives/brand.ts";
import { parseHex } from "../primitives/bytes.ts";
import { zeroHash } from "../primitives/hash.ts";

export const networkNames = ["lab", "regtest", "main"] as const;
export type NetworkName = (typeof networkNames)[number];

export type DifficultyRule =
  /** Every block has the genesis block's target. */
  | { readonly type: "fixed" }
  /**
   * aserti3-2d's formula with the previous block as anchor; a block's solve time is how far it moved
   * the median time, and no more than `solveTimeMaxSeconds` of that counts.
   */
  | {
      readonly type: "relative-asert";
      readonly halfLifeSeconds: number;
      readonly solveTimeMaxSeconds: number;
    }
  /** Bitcoin's: a new target every `interval` blocks. */
  | { readonly type: "interval"; readonly interval: number };

export type Params = {
  readonly name: NetworkName;
  /** What its addresses begin with, before the digit 1. */
  readonly addressPrefix: string;
  readonly genesis: Block;
  readonly genesisHash: BlockHash;
  /** The networks that had this name under former rules: nodes of this one read none of theirs. */
  readonly formerGenesisHashes: readonly string[];
  /** The easiest target. */
  readonly targetMax: bigint;
  readonly difficulty: DifficultyRule;
  /** The time that blocks should be apart, in seconds. */
  readonly spacingSeconds: number;
  readonly halvingInterval: number;
  /** A coinbase at height h may be spent in a block at height h + maturity. */
  readonly coinbaseMaturity: number;
  /** How far ahead of the clock a block's time may be, in seconds. */
  readonly futureTimeMaxSeconds: number;
  /** BIP94: the first block of each such period may be at most 600 s older than its parent. */
  readonly timewarpPeriod: number | undefined;
};

/** Bitcoin's first coinbase, whose output is not in any coin set. */
const bitcoinGenesisTransaction =
  "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000";

const bitcoinGenesisRoot = "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a";

/** @see Bitcoin Core, CRegTestParams */
const regtestGenesis =
  `01000000${zeroHash}${bitcoinGenesisRoot}dae5494dffff7f200200000001` + bitcoinGenesisTransaction;

/** @see Bitcoin Core, CMainParams */
const mainGenesis =
  `01000000${zeroHash}${bitcoinGenesisRoot}29ab5f49ffff001d1dac2b7c01` + bitcoinGenesisTransaction;

/**
 * Made for powlab: a coinbase without a payee, with 2^16 hashes of work. When the rules of the lab
 * change, its nonce goes on to the next one that proves the work: nodes of the old rules and of the
 * new have different genesis blocks then, and so do not meet. This is the second nonce.
 */
const labGenesis =
  "000000200000000000000000000000000000000000000000000000000000000000000000073ef5d3f10e777737eb7232728d6a5ab0bdc56fff2164b8d67c5d406bc8fd5700b955690000011f282e01000102000000010000000000000000000000000000000000000000000000000000000000000000ffffffff3a0038706f776c61623a206e6f7468696e67206865726520697320776f72746820616e797468696e672c20736f2074616b65206974206170617274ffffffff010000000000000000086a06706f776c616200000000";

export const lab: Params = network({
  name: "lab",
  addressPrefix: "pow",
  genesisHex: labGenesis,
  formerGenesisHashes: ["00001badcae0c6c92fda02fb3018e4dab0974fbd779203535f930a4014e4c9e9"],
  targetMax: 2n ** 248n - 1n,
  difficulty: { type: "relative-asert", halfLifeSeconds: 60, solveTimeMaxSeconds: 60 },
  spacingSeconds: 2,
  halvingInterval: 210_000,
  coinbaseMaturity: 10,
  futureTimeMaxSeconds: 10,
  timewarpPeriod: undefined,
});

export const regtest: Params = network({
  name: "regtest",
  addressPrefix: "bcrt",
  genesisHex: regtestGenesis,
  formerGenesisHashes: [],
  targetMax: 2n ** 255n - 1n,
  difficulty: { type: "fixed" },
  spacingSeconds: 600,
  halvingInterval: 150,
  coinbaseMaturity: 100,
  futureTimeMaxSeconds: 7200,
  timewarpPeriod: 144,
});

/** For headers and codecs only: Bitcoin's scripts are outside the subset. */
export const main: Params = network({
  name: "main",
  addressPrefix: "bc",
  genesisHex: mainGenesis,
  formerGenesisHashes: [],
  targetMax: 2n ** 224n - 1n,
  difficulty: { type: "interval", interval: 2016 },
  spacingSeconds: 600,
  halvingInterval: 210_000,
  coinbaseMaturity: 100,
  futureTimeMaxSeconds: 7200,
  timewarpPeriod: undefined,
});

const networks: Readonly<Record<NetworkName, Params>> = { lab, regtest, main };

export function paramsOf(name: NetworkName): Params {
  return networks[name];
}

type Given = Omit<Params, "genesis" | "genesisHash"> & { readonly genesisHex: string };

function network({ genesisHex, ...rest }: Given): Params {
  const genesis = decodeBlock(parseHex(genesisHex));
  if (!genesis.ok) throw new Error(`genesis of ${rest.name}: ${genesis.problem.reason}`);
  const params = { ...rest, genesis: genesis.value, genesisHash: hashOfBlock(genesis.value) };
  return Object.freeze(params);
}
