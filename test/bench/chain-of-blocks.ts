/** Blocks to measure with: a regtest chain, and one block full of signed payments above it. */

import { Chain } from "../../src/chain/chain.ts";
import { checkProofOfWork } from "../../src/consensus/header.ts";
import { regtest } from "../../src/consensus/params.ts";
import { lookupIndex } from "../../src/indexes/lookup-index.ts";
import type { Store } from "../../src/machine/store.ts";
import { makeTemplate, type Selection } from "../../src/mempool/template.ts";
import type { Block } from "../../src/primitives/block.ts";
import type { Milliseconds, Satoshi } from "../../src/primitives/brand.ts";
import type { SignatureVerifier } from "../../src/primitives/signature.ts";
import type { Transaction } from "../../src/primitives/transaction.ts";
import { keyOf, output, payment, spendable, trustingVerifier } from "../builders.ts";

/** After every block of the chain. */
export const benchNow = 1_800_000_000_000 as Milliseconds;

export function mapStore(): Store {
  const records = new Map<string, Uint8Array>();
  return {
    get: (key) => records.get(key),
    commit: (batch) => {
      for (const write of batch) {
        if (write.type === "put") records.set(write.key, write.value);
        else records.delete(write.key);
      }
    },
  };
}

export function newChain(verifier: SignatureVerifier): Chain {
  return new Chain({
    params: regtest,
    store: mapStore(),
    verifier,
    companions: [lookupIndex],
  });
}

const nothing: Selection = { transactions: [], fees: 0 as Satoshi };
const miner = keyOf("miner");

/** Finds the block that comes next on a chain; regtest needs two hashes for it. */
export function mineNext(chain: Chain, selection: Selection = nothing): Block {
  const parent = chain.tip;
  const now = ((parent.header.time + 600) * 1000) as Milliseconds;
  const payTo = miner.script;
  const { params } = chain;
  const { block } = makeTemplate({ ...selection, params, parent, payTo, now, extraNonce: 0 });
  for (let nonce = 0; ; nonce++) {
    const header = { ...block.header, nonce };
    if (checkProofOfWork(header, params).ok) return { ...block, header };
  }
}

/** What the benchmarks need. */
export type Scene = {
  /** Blocks 1 to n; the coinbases of the first are mature, and one splits into many coins. */
  readonly base: readonly Block[];
  /** One input, two outputs and a real signature each; any order, no conflicts. */
  readonly payments: readonly Transaction[];
  readonly fees: Satoshi;
  /** The block after `base` that holds them all. */
  readonly full: Block;
};

const fee = 1_000;

/** @param count of payments; at most 2,000 fit into one block with room to spare. */
export function prepareScene(count: number): Scene {
  const chain = newChain(trustingVerifier);
  const base: Block[] = [];
  const extend = (selection?: Selection): void => {
    const block = mineNext(chain, selection);
    const { status } = chain.accept(block, benchNow);
    if (status !== "tip") throw new Error(`a block of the scene is ${status}`);
    base.push(block);
  };
  for (let height = 1; height <= 101; height++) extend();
  const coinbase = base[0]?.transactions[0];
  if (coinbase === undefined) throw new Error("a block has a coinbase");
  const share = Math.floor((coinbase.outputs[0]?.value ?? 0) / (count + 1));
  const split = payment({
    from: [spendable(coinbase, 0, miner)],
    to: Array.from({ length: count }, () => output(share, miner.script)),
  });
  extend({ transactions: [split], fees: 0 as Satoshi });
  const receiver = keyOf("receiver").script;
  const payments = Array.from({ length: count }, (_, i) =>
    payment({
      from: [spendable(split, i, miner)],
      to: [output(10_000, receiver), output(share - 10_000 - fee, miner.script)],
    }),
  );
  const fees = (fee * count) as Satoshi;
  return { base, payments, fees, full: mineNext(chain, { transactions: payments, fees }) };
}

/** A chain that has taken the base of a scene. */
export function chainAt(scene: Scene, verifier: SignatureVerifier): Chain {
  const chain = newChain(verifier);
  for (const block of scene.base) chain.accept(block, benchNow);
  return chain;
}
