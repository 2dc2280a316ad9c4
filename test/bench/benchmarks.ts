/** The benchmarks by name. */

import { benchCalm } from "./calm.ts";
import { benchExplorer } from "./explorer.ts";
import { benchHash } from "./hash.ts";
import { benchHeaders, benchMerkle, benchTxid } from "./hashing.ts";
import type { Row } from "./measure.ts";
import { benchPage } from "./page.ts";
import { benchPool } from "./pool.ts";
import { benchProtocols } from "./protocols.ts";
import { benchRest } from "./rest.ts";
import { benchSimblock } from "./simblock.ts";
import { benchSimulator } from "./simulator.ts";
import { benchStart } from "./start.ts";
import { benchConnect, benchMempool, benchSignatures } from "./validation.ts";

export type Benchmark = {
  readonly name: string;
  readonly summary: string;
  readonly run: () => Promise<readonly Row[]>;
};

export const benchmarks: readonly Benchmark[] = [
  { name: "hash", summary: "the search for a nonce", run: benchHash },
  { name: "signatures", summary: "BIP340 verification", run: benchSignatures },
  { name: "headers", summary: "headers hashed, and fully checked", run: benchHeaders },
  { name: "merkle", summary: "the root of a block's transactions", run: benchMerkle },
  { name: "txid", summary: "the ids of a block's transactions", run: benchTxid },
  { name: "connect", summary: "a block connected, with its signatures", run: benchConnect },
  { name: "mempool", summary: "transactions admitted", run: benchMempool },
  { name: "simulator", summary: "blocks in a simulated network", run: benchSimulator },
  { name: "pool", summary: "mining threads: two against one, and new work", run: benchPool },
  { name: "calm", summary: "a node's answers while all processors mine", run: benchCalm },
  {
    name: "protocols",
    summary: "chaos for Raft, a minute of virtual time a seed",
    run: benchProtocols,
  },
  { name: "simblock", summary: "SimBlock's model of 6,000 nodes", run: benchSimblock },
  { name: "explorer", summary: "states of Lamport's Paxos, visited", run: benchExplorer },
  { name: "rest", summary: "answers of the REST API, over full blocks", run: benchRest },
  { name: "start", summary: "a node from start to ready", run: benchStart },
  { name: "page", summary: "the page: size, first paint, frames, memory", run: benchPage },
];
