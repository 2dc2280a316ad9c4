/** Replays random block trees beside Bitcoin Core v28.1: same verdict, same tip, same coins. */

import { expect, test } from "vitest";
import { Chain } from "../../src/chain/chain.ts";
import { regtest } from "../../src/consensus/params.ts";
import { branchTips } from "../../src/indexes/tips.ts";
import { type Block, decodeBlock } from "../../src/primitives/block.ts";
import type { BlockHash, Milliseconds } from "../../src/primitives/brand.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { MemoryStore } from "../../src/sim/engine/memory-store.ts";
import { nobleVerifier } from "../builders.ts";
import { describeVectors } from "../vectors/suite.ts";
import { coreWordOf } from "./core-words.ts";
import { utxoSummary } from "./utxo-summary.ts";

type Step = {
  readonly hex: string;
  readonly verdict: string;
  /** Core's tip after it. */
  readonly best: BlockHash;
};

type Trace = {
  readonly steps: readonly Step[];
  readonly tips: readonly {
    readonly height: number;
    readonly hash: BlockHash;
    readonly branchlen: number;
    readonly status: string;
  }[];
  readonly utxo: {
    readonly hash_serialized_3: string;
    readonly height: number;
    readonly txouts: number;
  };
};

/** Later than every block of the traces. */
const now = 1_800_000_000_000 as Milliseconds;

/** Chains are started again from their store after so many steps. */
const restarts = [
  ["without a restart", Infinity],
  ["started again every 50 steps", 50],
  ["started again after every step", 1],
] as const;

for (const name of ["core-reorg-trace-1.json.gz", "core-reorg-trace-2.json.gz"]) {
  describeVectors(`Bitcoin Core's random tree ${name}`, name, (bytes) => {
    const trace = JSON.parse(bytes.toString()) as Trace;
    const steps = trace.steps.map((step) => ({ ...step, block: blockOf(step.hex) }));

    test.each(restarts)("%s: every verdict and tip is Core's", (_, interval) => {
      const store = new MemoryStore();
      let chain = chainOn(store);
      const seen = steps.map(({ block }, position) => {
        if (position % interval === interval - 1) chain = chainOn(store);
        const verdict = coreWordOf(chain.accept(block, now));
        return { position, verdict, best: chain.tip.hash };
      });
      expect(seen).toEqual(
        steps.map(({ verdict, best }, position) => ({ position, verdict, best })),
      );

      const tips = branchTips(chain).map(({ height, hash, branchLength, status }) => {
        return { height, hash, branchlen: branchLength, status };
      });
      expect(inOrder(tips)).toEqual(inOrder(trace.tips));

      const { height, hash_serialized_3, txouts } = trace.utxo;
      expect(chain.tip.height).toBe(height);
      expect(utxoSummary(store)).toMatchObject({ hash: hash_serialized_3, coins: txouts });
    });
  });
}

function chainOn(store: MemoryStore): Chain {
  return new Chain({ params: regtest, store, verifier: nobleVerifier, companions: [] });
}

function blockOf(hex: string): Block {
  const block = decodeBlock(parseHex(hex));
  if (!block.ok) throw new Error(block.problem.reason);
  return block.value;
}

function inOrder<T extends { readonly hash: BlockHash }>(tips: readonly T[]): T[] {
  return tips.toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
}
