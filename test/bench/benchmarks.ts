/** The benchmarks by name. */

import { benchHash } from "./hash.ts";
import type { Row } from "./measure.ts";
import { benchSimblock } from "./simblock.ts";
import { benchSimulator } from "./simulator.ts";
import { benchStart } from "./start.ts";
import { benchConnect, benchHeaders, benchMempool, benchSignatures } from "./validation.ts";

export type Benchmark = {
  readonly name: string;
  readonly summary: string;
  readonly run: () => Promise<readonly Row[]>;
};

export const benchmarks: readonly Benchmark[] = [
  { name: "hash", summary: "the search for a nonce", run: benchHash },
  { name: "signatures", summary: "BIP340 verification", run: benchSignatures },
  { name: "headers", summary: "headers fully checked", run: benchHeaders },
  { name: "connect", summary: "a block connected, with its signatures", run: benchConnect },
  { name: "mempool", summary: "transactions admitted", run: benchMempool },
  { name: "simulator", summary: "blocks in a simulated network", run: benchSimulator },
  { name: "simblock", summary: "SimBlock's model of 6,000 nodes", run: benchSimblock },
  { name: "start", summary: "a node from start to ready", run: benchStart },
];
