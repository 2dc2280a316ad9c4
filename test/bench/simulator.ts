/** The simulator: blocks that a whole network finds, relays and checks. */

import { createTinyVerifier } from "../../src/io/verifying/signature-verifier.ts";
import { ChainWorld, hashrateOf } from "../../src/sim/chain-world/chain-world.ts";
import { keyOf, trustingVerifier } from "../builders.ts";
import { benchNow, mineNext, newChain } from "./chain-of-blocks.ts";
import { compare, type Row, rowOfRates } from "./measure.ts";

const nodeCount = 8;
const blockCount = 200;
const intervalMs = 20_000;

export async function benchSimulator(): Promise<Row[]> {
  const source = newChain(trustingVerifier);
  const blocks = Array.from({ length: blockCount }, () => {
    const block = mineNext(source);
    source.accept(block, benchNow);
    return block;
  });
  const rates = compare(simulate, () => {
    for (let node = 0; node < nodeCount; node++) {
      const chain = newChain(trustingVerifier);
      for (const block of blocks) chain.accept(block, benchNow);
    }
    return blockCount;
  });
  const versus = `${nodeCount} chains given ${blockCount} blocks by hand`;
  return [rowOfRates(`simulator, ${nodeCount} nodes`, "blocks/s", versus, rates)];
}

/** Runs a complete network until some node has the blocks. */
function simulate(): number {
  const world = new ChainWorld({ seed: 1, verifier: createTinyVerifier() });
  const hashrate = hashrateOf(1 / nodeCount, intervalMs, world.params);
  for (let i = 0; i < nodeCount; i++) {
    world.add(`miner-${i}`, { hashrate, payTo: keyOf(`miner-${i}`).script });
  }
  world.connectAll();
  const [first = ""] = world.names;
  const isDone = (): boolean => world.node(first).chain.tip.height >= blockCount;
  if (!world.runUntil(isDone, blockCount * intervalMs * 10)) throw new Error("no blocks came");
  return world.node(first).chain.tip.height;
}
