/** Checks every rule for a block that needs no coins, on either side of its boundary. */

import { describe, expect, test } from "vitest";
import type { Ancestor } from "../../src/consensus/ancestor.ts";
import { checkBlock, placeBlock, witnessCommitment } from "../../src/consensus/block.ts";
import { regtest } from "../../src/consensus/params.ts";
import {
  type Block,
  decodeBlock,
  strippedSizeOfBlock,
  weightOfBlock,
} from "../../src/primitives/block.ts";
import type { CompactTarget } from "../../src/primitives/brand.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { commitmentScript, findCommitment } from "../../src/primitives/script.ts";
import { type Transaction, wtxidOf } from "../../src/primitives/transaction.ts";
import { describeVectors } from "../vectors/suite.ts";
import {
  blockOf,
  coinbase,
  committed,
  headerOf,
  inputOf,
  lineOf,
  now,
  outputOf,
  payment,
  ruleOf,
  startTime,
} from "./samples.ts";

const height = 200;
const signature = new Uint8Array(64);

/** Payments of different coins, without witness. */
function payments(count: number): Transaction[] {
  return Array.from({ length: count }, (_, i) => payment({ inputs: [inputOf(i)] }));
}

function withWitness(transaction: Transaction, ...items: Uint8Array[]): Transaction {
  const inputs = transaction.inputs.map((input) => ({ ...input, witness: items }));
  return { ...transaction, inputs };
}

function alone(block: Block): string {
  return ruleOf(checkBlock(block, regtest));
}

/** The first rule that the block breaks, alone or after its parent. */
function placed(block: Block, at: number = height): string {
  const parent: Ancestor = lineOf([startTime - 20, startTime - 10], at - 1);
  const checked = checkBlock(block, regtest);
  return ruleOf(checked.ok ? placeBlock(checked.value, parent, regtest, now) : checked);
}

describe("a block that breaks no rule", () => {
  test.each([
    ["a coinbase alone", [coinbase(height)]],
    ["payments", [coinbase(height), ...payments(4)]],
    ["a commitment", committed([coinbase(height), ...payments(2)])],
    ["witnesses", committed([coinbase(height), withWitness(payment(), signature)])],
  ])("with %s comes back as it is", (_what, transactions) => {
    const block = blockOf(transactions);
    const checked = checkBlock(block, regtest);
    expect(checked).toEqual({ ok: true, value: block });
    expect(placed(block)).toBe("valid");
  });
});

describe("a block alone", () => {
  test("needs proof of work before anything else is looked at", () => {
    const block = { header: headerOf({ bits: 0 as CompactTarget }), transactions: [] };
    expect(alone(block)).toBe("high-hash");
  });

  test("needs transactions", () => {
    const { header } = blockOf([coinbase(height)]);
    expect(alone({ header, transactions: [] })).toBe("bad-blk-length");
  });

  test("has the transactions of its merkle root, in this order", () => {
    const [first, ...others] = [coinbase(height), ...payments(2)] as const;
    const { header } = blockOf([first, ...others]);
    expect(alone({ header, transactions: [first, ...others] })).toBe("valid");
    expect(alone({ header, transactions: [first, ...others.toReversed()] })).toBe(
      "bad-txnmrklroot",
    );
    expect(alone({ header, transactions: [first] })).toBe("bad-txnmrklroot");
  });

  test("with a doubled tail is refused, and the genuine one accepted afterwards", () => {
    //     root        The tree pairs the lone c with itself, so [a, b, c]
    //    /    \       and [a, b, c, c] share root and header (CVE-2012-2459).
    //   ab    cc
    const genuine = blockOf([coinbase(height), ...payments(2)]);
    const tail = genuine.transactions.slice(-1);
    const doubled = { ...genuine, transactions: [...genuine.transactions, ...tail] };
    expect(alone(doubled)).toBe("bad-txns-duplicate");
    expect(alone(genuine)).toBe("valid");
  });

  test("has one coinbase, and it comes first", () => {
    expect(alone(blockOf(payments(2)))).toBe("bad-cb-missing");
    expect(alone(blockOf([...payments(1), coinbase(height)]))).toBe("bad-cb-missing");
    expect(alone(blockOf([coinbase(height), coinbase(height + 1)]))).toBe("bad-cb-multiple");
  });

  test("is refused for any transaction's own fault", () => {
    const faulty = payment({ inputs: [inputOf(0, { scriptSig: Uint8Array.of(0) })] });
    expect(alone(blockOf([coinbase(height), faulty]))).toBe("script-sig-not-empty");
    expect(alone(blockOf([coinbase(height), payment({ outputs: [] })]))).toBe(
      "bad-txns-vout-empty",
    );
  });

  test.each([
    [1_000_000, "valid"],
    [1_000_001, "bad-blk-length"],
  ])("of %d bytes without witnesses: what of it?", (sizeBytes, rule) => {
    const filled = (length: number) =>
      blockOf([coinbase(height), { ...payment(), outputs: [dataOutput(length)] }]);
    const fixed = strippedSizeOfBlock(filled(0x1_0000)) - 0x1_0000;
    const block = filled(sizeBytes - fixed);
    expect(strippedSizeOfBlock(block)).toBe(sizeBytes);
    expect(placed(block)).toBe(rule);
  });
});

/** An output of `OP_RETURN` and one push of so many bytes, from 65,536 on. */
function dataOutput(length: number) {
  const script = new Uint8Array(6 + length);
  script.set([0x6a, 0x4e, length, length >> 8, length >> 16, length >> 24]);
  return outputOf(0, script);
}

describe("a block in its place", () => {
  test("keeps the rules for its header", () => {
    const transactions = [coinbase(height)];
    expect(placed(blockOf(transactions, { bits: 0x207f_fffe as CompactTarget }))).toBe(
      "bad-diffbits",
    );
    expect(placed(blockOf(transactions, { time: startTime - 10 }))).toBe("time-too-old");
    expect(placed(blockOf(transactions, { time: startTime + 7201 }))).toBe("time-too-new");
    expect(placed(blockOf(transactions, { version: 3 }))).toBe("bad-version");
  });

  test.each([
    ["the height before", height - 1, "valid"],
    ["its own height", height, "bad-txns-nonfinal"],
    ["a second before its parent's median time", startTime - 11, "valid"],
    ["its parent's median time", startTime - 10, "bad-txns-nonfinal"],
  ])("with a payment locked until %s: what of it?", (_what, lockTime, rule) => {
    const locked = payment({ lockTime, inputs: [inputOf(0, { sequence: 0 })] });
    expect(placed(blockOf([coinbase(height), locked]))).toBe(rule);
  });

  test.each([1, 16, 17, 127, 128, 255, 256, 32_767, 32_768, 8_388_607, 8_388_608])(
    "at height %d says so in its coinbase, and is not one higher or lower",
    (at) => {
      expect(placed(blockOf([coinbase(at)]), at)).toBe("valid");
      expect(placed(blockOf([coinbase(at + 1)]), at)).toBe("bad-cb-height");
      expect(placed(blockOf([coinbase(at - 1)]), at)).toBe("bad-cb-height");
    },
  );

  test.each([
    ["a push where an opcode is due", 1, "0101"],
    ["an opcode with a length before it", 16, "0160"],
    ["a number without room for its sign", 128, "0180"],
    ["a number with a zero too many", 127, "027f00"],
    ["the bytes in the other order", 256, "020100"],
    ["the longer push operation", 200, "4c02c800"],
    ["the height after something else", 200, "0002c800"],
    ["a height cut short", 8_388_608, "04000080"],
  ])("is refused with %s", (_what, at, script) => {
    expect(placed(blockOf([coinbase(at, { scriptSig: parseHex(script) })]), at)).toBe(
      "bad-cb-height",
    );
  });
});

describe("the witness commitment", () => {
  const [first, ...others] = committed([coinbase(height), withWitness(payment(), signature)]);
  const reserved = new Uint8Array(32);

  /** The same block with another coinbase. */
  function withCoinbase(given: Partial<Transaction>): string {
    return placed(blockOf([{ ...first!, ...given }, ...others]));
  }

  test("is needed for any witness, be it the coinbase's", () => {
    expect(placed(blockOf([coinbase(height), ...others]))).toBe("unexpected-witness");
    expect(placed(blockOf([coinbase(height, { witness: [reserved] })]))).toBe("unexpected-witness");
  });

  test.each([
    ["no item", []],
    ["an empty item", [new Uint8Array()]],
    ["31 bytes", [new Uint8Array(31)]],
    ["33 bytes", [new Uint8Array(33)]],
    ["two items", [reserved, reserved]],
  ])("does not stand with %s in the coinbase's witness", (_what, witness) => {
    const inputs = first!.inputs.map((input) => ({ ...input, witness }));
    expect(withCoinbase({ inputs })).toBe("bad-witness-nonce-size");
  });

  test("commits to the reserved value and to every witness", () => {
    const inputs = first!.inputs.map((input) => ({ ...input, witness: [reserved.with(0, 1)] }));
    expect(withCoinbase({ inputs })).toBe("bad-witness-merkle-match");
    const changed = withWitness(others[0]!, signature.with(0, 1));
    expect(placed(blockOf([first!, changed]))).toBe("bad-witness-merkle-match");
    expect(placed(blockOf([first!, withWitness(others[0]!)]))).toBe("bad-witness-merkle-match");
  });

  test("is found wrong without a change to the hash, so the genuine block may come later", () => {
    const genuine = blockOf([first!, ...others]);
    const changed = {
      ...genuine,
      transactions: [first!, withWitness(others[0]!, signature.with(0, 1))],
    };
    expect(placed(changed)).toBe("bad-witness-merkle-match");
    expect(placed(genuine)).toBe("valid");
  });

  test("is the last one that looks like it", () => {
    const wrong = outputOf(0, commitmentScript(new Uint8Array(32)));
    expect(withCoinbase({ outputs: [wrong, ...first!.outputs] })).toBe("valid");
    expect(withCoinbase({ outputs: [...first!.outputs, wrong] })).toBe("bad-witness-merkle-match");
  });

  test("may have data after it", () => {
    const outputs = first!.outputs.map(({ value, script }) =>
      outputOf(value, script[0] === 0x6a ? Uint8Array.of(...script, 1, 7) : script),
    );
    expect(withCoinbase({ outputs })).toBe("valid");
  });
});

describe("the weight", () => {
  function blockOfWeight(weight: number): Block {
    const filled = (length: number) =>
      blockOf(committed([coinbase(height), withWitness(payment(), new Uint8Array(length))]));
    const fixed = weightOfBlock(filled(0x1_0000)) - 0x1_0000;
    return filled(weight - fixed);
  }

  test.each([
    [4_000_000, "valid"],
    [4_000_001, "bad-blk-weight"],
  ])("of %d: what of it?", (weight, rule) => {
    const block = blockOfWeight(weight);
    expect(weightOfBlock(block)).toBe(weight);
    expect(placed(block)).toBe(rule);
  });
});

for (const name of ["482683", "1087400"]) {
  describeVectors(`real block ${name}`, `blocks/block${name}.raw`, (file) => {
    test("commits to the witnesses that it has", () => {
      const verdict = decodeBlock(file);
      if (!verdict.ok) throw new Error(verdict.problem.reason);
      const [first, ...others] = verdict.value.transactions;
      const [reserved] = first!.inputs[0]!.witness;
      const commitment = witnessCommitment(others.map(wtxidOf), reserved!);
      expect(commitment).toEqual(findCommitment(first!.outputs));
    });
  });
}
