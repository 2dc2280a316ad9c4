/** The networks by whose rules chaos is played, a little changed so that more happens in a short run. */

import { lab, type Params, regtest } from "../../consensus/params.ts";

export const chaosNetworks = ["regtest", "lab"] as const;
export type ChaosNetwork = (typeof chaosNetworks)[number];

export type ChaosRules = {
  readonly params: Params;
  /** The mean time between blocks at the genesis block's difficulty, which only the lab's changes. */
  readonly intervalMs: number;
};

/**
 * The lab's rules above regtest's genesis block, which is easy: miners of the simulator search their
 * nonces for real, and at the lab's own first difficulty that takes seconds.
 */
export const labFromEasyGenesis: Params = {
  ...lab,
  genesis: regtest.genesis,
  genesisHash: regtest.genesisHash,
  targetMax: regtest.targetMax,
};

/** So early that reorganisations reach below it. */
const coinbaseMaturity = 5;

export const chaosRules: Readonly<Record<ChaosNetwork, ChaosRules>> = {
  // Blocks are so near that delays and faults make many branches, and clocks may differ so little
  // that a wrong one matters.
  regtest: {
    params: { ...regtest, coinbaseMaturity, futureTimeMaxSeconds: 10 },
    intervalMs: 3_000,
  },
  // Twice as fast as they should be: the difficulty has to rise.
  lab: { params: { ...labFromEasyGenesis, coinbaseMaturity }, intervalMs: 1_000 },
};
