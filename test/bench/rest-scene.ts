/** A node's API over full blocks, for `powlab bench rest`: its store is on disk, its network is not. */

import "../../src/io/platform/polyfill.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { regtest } from "../../src/consensus/params.ts";
import { lookupIndex } from "../../src/indexes/lookup-index.ts";
import { type LevelStore, openLevelStore } from "../../src/io/disk/level-store.ts";
import { nodeRoutes } from "../../src/io/http/api/node-routes.ts";
import { createApp } from "../../src/io/http/app.ts";
import { type RunningServer, serve } from "../../src/io/http/server.ts";
import { Gate } from "../../src/io/p2p/gate.ts";
import { NodeRunner } from "../../src/io/runner.ts";
import { Node } from "../../src/node/node.ts";
import { encodeWitnessAddress } from "../../src/primitives/address.ts";
import { type Block, decodeBlock, encodeBlock } from "../../src/primitives/block.ts";
import type { PeerId, Satoshi } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { taprootKey } from "../../src/primitives/script.ts";
import { type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import {
  blankPayment,
  keyOf,
  output,
  type Spendable,
  spendable,
  trustingVerifier,
} from "../builders.ts";
import { benchNow, mineNext } from "./chain-of-blocks.ts";

const miner = keyOf("miner");
/** Has 500 coins. */
export const saver = addressOf("saver");
/** Has thousands of transactions in one full block. */
export const shop = addressOf("shop");
/** Has large transactions in a full block. */
export const bulk = addressOf("bulk");

const splitCount = 4;
const coinsOfSplit = 2_000;
const coinCount = 500;
const paymentCount = 6_300;
const smallCount = 120;
const bulkCount = 90;
const outputsOfBulk = 230;
const emptyCount = 5;

export type RestScene = {
  readonly url: string;
  /** Of 121 transactions; about 6,300 small ones; about 90 large ones. */
  readonly small: Block;
  readonly full: Block;
  readonly large: Block;
  readonly close: () => Promise<void>;
};

export async function openRestScene(): Promise<RestScene> {
  const folder = await mkdtemp(join(tmpdir(), "powlab-bench-"));
  const store = await openLevelStore(join(folder, "chain"));
  const node = new Node({
    params: regtest,
    store,
    verifier: trustingVerifier,
    random: createRandom("bench", "rest"),
    companions: [lookupIndex],
  });
  const blocks = await fillChain(node, store);
  const server = await serveNode(node, store, folder);
  const close = async () => {
    await server.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: server.url, ...blocks, close };
}

function serveNode(node: Node, store: LevelStore, folder: string): Promise<RunningServer> {
  const runner = new NodeRunner({ node, store });
  const network = {
    ...{ peerId: "bench" as PeerId, addresses: () => [], peers: () => [] },
    ...{ dial: () => Promise.resolve(), disconnect: () => Promise.resolve(), gate: new Gate() },
  };
  const startedAt = benchNow;
  const secrets = { token: "bench", cookie: "bench" };
  const waiting = { path: "", isRestored: true, write: () => Promise.resolve() };
  const facts = { name: "bench", pool: undefined, folder, startedAt, ...secrets };
  const routes = nodeRoutes({ ...facts, node, store, runner, network, waiting });
  return serve(createApp({ routes: { "/api": routes } }), { port: 0 });
}

async function fillChain({ chain }: Node, store: LevelStore) {
  const extend = async (transactions: readonly Transaction[] = []): Promise<Block> => {
    const solved = mineNext(chain, { transactions, fees: 0 as Satoshi });
    const block = decoded(solved);
    const acceptance = chain.accept(block, benchNow);
    if (acceptance.status !== "tip")
      throw new Error(`a block of the scene is ${acceptance.status}`);
    await store.persist(acceptance.batch);
    return block;
  };
  const coinbases: Transaction[] = [];
  for (let height = 1; height <= 100 + splitCount + 1; height++) {
    coinbases.push((await extend()).transactions[0] as Transaction);
  }
  const splits = coinbases.slice(0, splitCount).map(splitOf);
  await extend(splits);
  const coins = splits.flatMap((split) => {
    return split.outputs.map((_, index) => spendable(split, index, miner));
  });
  const next = () => coins.pop() as Spendable;
  const payments = (count: number, receiver: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => paid(next(), keyOf(receiver(at)).script));
  const full = await extend(payments(paymentCount, (at) => (at < coinCount ? "saver" : "shop")));
  const small = await extend(payments(smallCount, () => "walk-in"));
  const large = await extend(Array.from({ length: bulkCount }, () => bulkOf(next())));
  for (let i = 0; i < emptyCount; i++) await extend();
  return { full, small, large };
}

/** As they come from peers: their measures are known. */
function decoded(block: Block): Block {
  const again = decodeBlock(encodeBlock(block));
  if (!again.ok) throw new Error(again.problem.reason);
  return again.value;
}

function splitOf(coinbase: Transaction): Transaction {
  const share = Math.floor((coinbase.outputs[0]?.value ?? 0) / coinsOfSplit);
  const to = Array.from({ length: coinsOfSplit }, () => output(share, miner.script));
  return blankPayment({ from: [spendable(coinbase, 0, miner)], to });
}

function paid(coin: Spendable, receiver: Uint8Array): Transaction {
  const rest = coin.output.value - 10_000;
  return blankPayment({ from: [coin], to: [output(10_000, receiver), output(rest, miner.script)] });
}

function bulkOf(coin: Spendable): Transaction {
  const share = Math.floor(coin.output.value / outputsOfBulk);
  const to = Array.from({ length: outputsOfBulk }, () => output(share, keyOf("bulk").script));
  return blankPayment({ from: [coin], to });
}

function addressOf(name: string): string {
  const program = taprootKey(keyOf(name).script);
  if (program === undefined) throw new Error("keys pay to taproot");
  return encodeWitnessAddress({ prefix: regtest.addressPrefix, version: 1, program });
}

/** Of at most so many, spread over the block. */
export function txidsOf({ transactions }: Block, countMax: number): string[] {
  const step = Math.max(1, Math.floor(transactions.length / countMax));
  return transactions.filter((_, at) => at % step === 0).map(txidOf);
}
