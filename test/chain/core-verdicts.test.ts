/** Checks that the chain judges 287 good blocks and 70 faulty ones as Bitcoin Core v28.1 did. */

import { expect, test } from "vitest";
import { Chain } from "../../src/chain/chain.ts";
import { regtest } from "../../src/consensus/params.ts";
import { lookupIndex } from "../../src/indexes/lookup-index.ts";
import { decodeBlock } from "../../src/primitives/block.ts";
import type { Milliseconds } from "../../src/primitives/brand.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { MemoryStore, type Records } from "../../src/sim/engine/memory-store.ts";
import { nobleVerifier } from "../builders.ts";
import { describeVectors } from "../vectors/suite.ts";
import { coreWordOf } from "./core-words.ts";
import { utxoSummary } from "./utxo-summary.ts";

type Case = {
  readonly name: string;
  readonly parentHeight: number;
  readonly hex: string;
  /** What `submitblock` said. */
  readonly verdict: string;
  /** What a template proposal said, which leaves out nothing. */
  readonly proposal?: string;
};

type CoreVerdicts = {
  readonly base: readonly string[];
  readonly utxoHash: {
    readonly height: number;
    readonly hash_serialized_3: string;
    readonly txouts: number;
    /** In coins. */
    readonly total_amount: number;
  };
  readonly generatedAtUnix: number;
  readonly cases: readonly Case[];
};

const notOurs = "output-not-taproot-or-data";

/** Blocks that Core accepts and powlab does not. */
const stricter: Readonly<Record<string, string>> = {
  // Bytes after the commitment are no push.
  "commitment output with trailing bytes (allowed)": notOurs,
  // The same: without raw bytes no signature operation can be hidden.
  "OP_RETURN followed by 20000 OP_CHECKSIG (allowed)": notOurs,
  // BIP54; the first of the two would also break the rule for outputs.
  "witness v16 output (allowed by Core, outside the subset)": "bad-txns-64-bytes",
  "tx of exactly 64 stripped bytes (allowed by Core 28, rejected by BIP54)": "bad-txns-64-bytes",
};

/** Blocks that both refuse, each in its own words. */
const otherWords: Readonly<Record<string, string>> = {
  // A proposal has no proof of work yet and must build on the tip; submitted, they are named so.
  "nBits overflow": "high-hash",
  "unknown parent": "prev-blk-not-found",
  "OP_RETURN followed by 20001 OP_CHECKSIG (sigops)": notOurs,
  // There is no script path whose control block could be wrong.
  "two witness elements (script path, bad control block)":
    "mandatory-script-verify-flag-failed (script path is not allowed)",
  // Core's proposal knows the hash from the mutated block; its submission accepts.
  "...then the genuine block of the same hash must still be accepted": "accepted",
};

const atReorgs = "reorg:";
const afterTheOneBefore = "...then";

describeVectors("Bitcoin Core's verdicts", "core-verdicts.json.gz", (bytes) => {
  const core = JSON.parse(bytes.toString()) as CoreVerdicts;
  const now = (core.generatedAtUnix * 1000) as Milliseconds;
  /** What is on disk when the tip is at a height that a test begins with. */
  const recordsAt = new Map<number, Records>();

  function chainOn(store: MemoryStore): Chain {
    return new Chain({
      params: regtest,
      store,
      verifier: nobleVerifier,
      companions: [lookupIndex],
    });
  }

  function submit(hex: string, chain: Chain): string {
    const block = decodeBlock(parseHex(hex));
    return block.ok ? coreWordOf(chain.accept(block.value, now)) : "malformed";
  }

  const heights = new Set(core.cases.map(({ parentHeight }) => parentHeight));
  const store = new MemoryStore();
  const whole = chainOn(store);
  const baseVerdicts = core.base.map((hex) => {
    const { height } = whole.tip;
    if (heights.has(height)) recordsAt.set(height, new Map(store.scan("")));
    return submit(hex, whole);
  });
  recordsAt.set(whole.tip.height, new Map(store.scan("")));

  test(`${core.base.length} blocks of a reference miner all become the tip`, () => {
    expect(core.base).toHaveLength(287);
    expect(new Set(baseVerdicts)).toEqual(new Set(["accepted"]));
    expect(whole.tip.height).toBe(287);
  });

  test("the coins are Core's", () => {
    const { height, hash_serialized_3, txouts, total_amount } = core.utxoHash;
    expect(utxoSummary(new MemoryStore(recordsAt.get(height)))).toEqual({
      hash: hash_serialized_3,
      coins: txouts,
      total: total_amount * 100_000_000,
    });
  });

  test("both tables name cases that exist, and there are 70 cases", () => {
    const names = core.cases.map(({ name }) => name);
    expect(names).toHaveLength(70);
    expect(names).toEqual(
      expect.arrayContaining([...Object.keys(stricter), ...Object.keys(otherWords)]),
    );
  });

  const independent = core.cases.filter(({ name }) => !name.startsWith(atReorgs));
  test.each(independent.map((each, position) => [each.name, position] as const))(
    "%s",
    (name, position) => {
      const { parentHeight, hex } = independent[position]!;
      const chain = chainOn(new MemoryStore(recordsAt.get(parentHeight)));
      const before = chain.tip;
      if (name.startsWith(afterTheOneBefore)) submit(independent[position - 1]!.hex, chain);
      const verdict = submit(hex, chain);
      expect(verdict).toBe(expectedOf(independent[position]!));
      if (verdict !== "accepted") expect(chain.tip).toBe(before);
    },
  );

  const chain = chainOn(new MemoryStore(recordsAt.get(287)));
  const { tip: baseTip } = chain;
  const reorgs = core.cases.filter(({ name }) => name.startsWith(atReorgs));
  test.each(reorgs)("$name", (each) => {
    expect(submit(each.hex, chain)).toBe(expectedOf(each));
    if (each.verdict !== "accepted") expect(chain.tip).toBe(baseTip);
  });
});

function expectedOf({ name, verdict, proposal }: Case): string {
  const core = proposal ?? verdict;
  if (core.endsWith("Block decode failed")) return "malformed";
  return stricter[name] ?? otherWords[name] ?? core;
}
