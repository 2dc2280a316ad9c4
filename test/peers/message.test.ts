/** Checks that messages arrive as they were sent, and that their limits hold. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requestBytesMax } from "../../src/io/p2p/exchange.ts";
import { limits } from "../../src/peers/limits.ts";
import { locatorLengthMax } from "../../src/peers/locator.ts";
import { announce, decodeMessage, encodeMessage, type Message } from "../../src/peers/message.ts";
import { shortTxidOf } from "../../src/peers/short-txid.ts";
import { type Block, totalSizeOfBlock } from "../../src/primitives/block.ts";
import type { BlockHash, Txid } from "../../src/primitives/brand.ts";
import { displayHash } from "../../src/primitives/hash.ts";
import { dataScript } from "../../src/primitives/script.ts";
import { blankPayment, keyOf, output } from "../builders.ts";
import { Forest, grow, practice, rootOf } from "../chain/forest.ts";
import { coinNamed, headerOf, ruleOf } from "../consensus/samples.ts";

const forest = new Forest().plant("a1 a2").pay("pay", "a1").plant("a2 a3:pay");
const { transactions: someTransactions } = forest.block("a3");

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => displayHash<BlockHash>(bytes));
const status = fc.record({
  genesis: hash,
  tip: hash,
  height: fc.nat(0xffff_ffff),
  work: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
});
const shortIdOf = (digits: string) => shortTxidOf(digits as Txid);
const header = fc.record({ time: fc.nat(0xffff_ffff), nonce: fc.nat(0xffff_ffff) }).map(headerOf);
const block = fc.constantFrom(...forest.blocks("a1", "a2", "a3"));
const transaction = fc.constantFrom(...someTransactions);

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constantFrom("get-status", "status"), status }),
  fc.record({
    type: fc.constant("get-headers"),
    locator: fc.array(hash, { maxLength: locatorLengthMax }),
  }),
  fc.record({
    type: fc.constant("get-blocks"),
    hashes: fc.array(hash, { maxLength: limits.blocksPerMessageMax }),
  }),
  fc.record({ type: fc.constant("get-mempool"), known: fc.array(hash.map(shortIdOf)) }),
  fc.record({ type: fc.constant("headers"), headers: fc.array(header) }),
  fc.record({
    type: fc.constant("blocks"),
    blocks: fc.array(block, { maxLength: limits.blocksPerMessageMax }),
  }),
  fc.record({ type: fc.constant("transactions"), transactions: fc.array(transaction) }),
  fc.record({ type: fc.constant("block"), block }),
  fc.record({ type: fc.constant("header"), header, announcer: fc.nat(0xffff_ffff) }),
);

test("every message arrives as it was sent", () => {
  fc.assert(
    fc.property(message, (each) => {
      expect(decodeMessage(encodeMessage(each))).toEqual({ ok: true, value: each });
    }),
  );
});

test("a message cut short or with a byte too many is malformed, and nothing throws", () => {
  fc.assert(
    fc.property(message, fc.nat(), (each, cut) => {
      const bytes = encodeMessage(each);
      expect(ruleOf(decodeMessage(bytes.subarray(0, cut % bytes.length)))).toBe("malformed");
      expect(ruleOf(decodeMessage(Uint8Array.of(...bytes, 0)))).toBe("malformed");
    }),
  );
});

test("any bytes are a message or malformed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoded = decodeMessage(bytes);
      if (decoded.ok) expect(encodeMessage(decoded.value)).toEqual(bytes);
      else expect(decoded.problem.rule).toBe("malformed");
    }),
    { numRuns: 1000 },
  );
});

describe("a list may be as long as its limit, and not longer:", () => {
  const someHash = forest.hash("a1");
  const [someBlock] = forest.blocks("a1");
  const [someTransaction] = someTransactions;

  test.each<[string, number, (length: number) => Message]>([
    [
      "a locator",
      locatorLengthMax,
      (length) => ({ type: "get-headers", locator: Array<BlockHash>(length).fill(someHash) }),
    ],
    [
      "blocks asked for",
      limits.blocksPerMessageMax,
      (length) => ({ type: "get-blocks", hashes: Array<BlockHash>(length).fill(someHash) }),
    ],
    [
      "headers",
      limits.headersPerMessageMax,
      (length) => ({ type: "headers", headers: Array(length).fill(someBlock!.header) }),
    ],
    [
      "blocks",
      limits.blocksPerMessageMax,
      (length) => ({ type: "blocks", blocks: Array(length).fill(someBlock) }),
    ],
    [
      "transactions",
      limits.transactionsPerMessageMax,
      (length) => ({ type: "transactions", transactions: Array(length).fill(someTransaction) }),
    ],
  ])("%s", (_, countMax, messageOf) => {
    expect(ruleOf(decodeMessage(encodeMessage(messageOf(countMax))))).toBe("valid");
    const decoded = decodeMessage(encodeMessage(messageOf(countMax + 1)));
    expect(decoded).toMatchObject({
      ok: false,
      problem: { reason: `${countMax + 1} items where ${countMax} may be` },
    });
  });
});

test("no message has an unknown type", () => {
  expect(decodeMessage(Uint8Array.of(99))).toMatchObject({
    ok: false,
    problem: { reason: "no message has type 99" },
  });
});

describe("a block is announced", () => {
  /** A block of exactly this size. */
  function blockOfSize(sizeBytes: number): Block {
    const from = [{ point: coinNamed(0), output: output(1, keyOf("a").script), key: keyOf("a") }];
    const build = (fill: number): Block => {
      const script = dataScript(
        ...Array<Uint8Array>(Math.floor(fill / 76)).fill(new Uint8Array(75)),
      );
      const rest = output(0, Uint8Array.of(...script, ...Array<number>(fill % 76).fill(0)));
      const payment = blankPayment({ from, to: [rest] });
      return grow(rootOf(practice), practice, { payments: [payment] });
    };
    const rough = sizeBytes - 1000;
    return build(rough + sizeBytes - totalSizeOfBlock(build(rough)));
  }

  test("whole while it is small enough for gossip", () => {
    const small = blockOfSize(limits.gossipBlockSizeBytesMax);
    expect(totalSizeOfBlock(small)).toBe(limits.gossipBlockSizeBytesMax);
    expect(announce(small)).toEqual({ type: "block", block: small });
  });

  test("by its header from one byte more on", () => {
    const large = blockOfSize(limits.gossipBlockSizeBytesMax + 1);
    expect(totalSizeOfBlock(large)).toBe(limits.gossipBlockSizeBytesMax + 1);
    expect(announce(large, 7)).toEqual({ type: "header", header: large.header, announcer: 7 });
    expect(encodeMessage(announce(large, 7))).not.toEqual(encodeMessage(announce(large, 8)));
  });
});

test("the longest question about a mempool is no larger than the network lets a request be", () => {
  const known = Array.from({ length: limits.knownTxidsMax }, () => shortIdOf("f".repeat(64)));
  const sizeBytes = encodeMessage({ type: "get-mempool", known }).length;
  expect(sizeBytes).toBeLessThanOrEqual(requestBytesMax);
});
