/** Hashing for validation: headers, merkle trees, transaction ids, each against node:crypto. */

import { createHash } from "node:crypto";
import { regtest } from "../../src/consensus/params.ts";
import { decodeBlock, encodeBlock } from "../../src/primitives/block.ts";
import { ByteReader } from "../../src/primitives/bytes.ts";
import { digitsAt, displayHash, displayHashes } from "../../src/primitives/hash.ts";
import {
  currentHashing,
  hashSizeBytes,
  headerSizeBytes,
  type Messages,
} from "../../src/primitives/hashing.ts";
import { encodeHeader, readHeaders } from "../../src/primitives/header.ts";
import { merkleRoot } from "../../src/primitives/merkle.ts";
import { targetBytes } from "../../src/primitives/target.ts";
import {
  encodeStripped,
  encodeTransaction,
  type Transaction,
  txidOf,
} from "../../src/primitives/transaction.ts";
import { blankPayment, keyOf, output, trustingVerifier } from "../builders.ts";
import { benchNow, mineNext, newChain } from "./chain-of-blocks.ts";
import { onNodeCrypto, sha256 } from "./crypto-hashing.ts";
import { compare, ratesOf, type Row, rowOfRates, shortTurns } from "./measure.ts";

/** As many as one message has. */
const headerCount = 2_000;
const leafCount = 4_000;
const transactionCount = 1_000;

/**
 * What a node does with a message of headers: it hashes and decodes them, compares links, hashes,
 * targets, times and versions, adds up work, and puts them into the tree of a new chain. Beside
 * that: the same with node:crypto's hashes, and node:crypto that hashes the headers and does
 * nothing else. A garbage collection falls into few turns, so the medians leave it out for all.
 */
export async function benchHeaders(): Promise<Row[]> {
  const bytes = encodedHeaders();
  const prove = (): number => countProven(bytes, currentHashing().hashHeaders(bytes));
  const proven = compare(prove, onNodeCrypto(prove), shortTurns);
  const check = (): number => {
    const headers = readHeaders(new ByteReader(bytes), headerCount);
    const verdict = newChain(trustingVerifier).acceptHeaders(headers, benchNow);
    if (!verdict.ok) throw new Error(verdict.problem.rule);
    return headerCount;
  };
  const [checked = 0, same = 0, oneShot = 0, streamed = 0] = ratesOf(
    [
      check,
      onNodeCrypto(check),
      () => hashAll(bytes, (header) => sha256(sha256(header))),
      () =>
        hashAll(bytes, (header) =>
          createHash("sha256").update(createHash("sha256").update(header).digest()).digest(),
        ),
    ],
    shortTurns,
  );
  const rowOf = (versus: string, rate: number): Row => {
    return rowOfRates("headers fully checked", "headers/s", versus, {
      subject: checked,
      peer: rate,
    });
  };
  const versus = "node:crypto, the same";
  return [
    rowOfRates("headers hashed and compared with their targets", "headers/s", versus, proven),
    rowOf("the same code on node:crypto", same),
    rowOf("node:crypto's hash, only hashing them", oneShot),
    rowOf("node:crypto's createHash, only hashing them", streamed),
  ];
}

/** One after the other, as in a message. */
function encodedHeaders(): Uint8Array {
  const source = newChain(trustingVerifier);
  const bytes = new Uint8Array(headerCount * headerSizeBytes);
  for (let i = 0; i < headerCount; i++) {
    const block = mineNext(source);
    source.accept(block, benchNow);
    bytes.set(encodeHeader(block.header), i * headerSizeBytes);
  }
  return bytes;
}

/** Compares each hash with the target, from the greatest byte on. */
function countProven(headers: Uint8Array, hashes: Uint8Array): number {
  const target = targetBytes(regtest.targetMax).reverse();
  for (let start = 0; start < hashes.length; start += hashSizeBytes) {
    let i = hashSizeBytes - 1;
    while (i > 0 && hashes[start + i] === target[i]) i -= 1;
    if ((hashes[start + i] ?? 0) > (target[i] ?? 0)) throw new Error("a header is not proven");
  }
  return headers.length / headerSizeBytes;
}

function hashAll(headers: Uint8Array, hash: (header: Uint8Array) => Uint8Array): number {
  for (let at = 0; at < headers.length; at += headerSizeBytes) {
    hash(headers.subarray(at, at + headerSizeBytes));
  }
  return headerCount;
}

export async function benchMerkle(): Promise<Row[]> {
  const ids = Array.from({ length: leafCount }, (_, i) => displayHash<never>(sha256(Buffer.of(i))));
  const load = (): number => {
    if (merkleRoot(ids).root.length !== 64) throw new Error("a root has 64 digits");
    return 1;
  };
  const rates = compare(load, onNodeCrypto(load));
  const name = `merkle root of ${leafCount} transaction ids`;
  return [rowOfRates(name, "roots/s", "node:crypto, the same", rates)];
}

/**
 * First from bytes to the digits of ids: ours takes the bytes of all transactions in one array, as
 * they come, and node:crypto takes an array for each, made before. Then all that a node does to
 * read a block, where node:crypto has our code around it.
 */
export async function benchTxid(): Promise<Row[]> {
  const transactions = somePayments();
  const messages = transactions.flatMap((each) => [encodeStripped(each), encodeTransaction(each)]);
  const joined = join(messages);
  const named = compare(
    () => {
      displayHashes(currentHashing().hashMessages("twice", joined));
      return transactionCount;
    },
    () => {
      nameAll(messages);
      return transactionCount;
    },
    shortTurns,
  );
  const block = encodeBlock({ header: regtest.genesis.header, transactions });
  const decode = (): number => {
    const decoded = decodeBlock(block);
    if (!decoded.ok) throw new Error(decoded.problem.reason);
    for (const transaction of decoded.value.transactions) txidOf(transaction);
    return transactionCount;
  };
  const decoded = compare(decode, onNodeCrypto(decode), shortTurns);
  const unit = "transactions/s";
  return [
    rowOfRates("txid and wtxid from bytes", unit, "node:crypto, the same", named),
    rowOfRates("block decoded, with all ids", unit, "the same code on node:crypto", decoded),
  ];
}

/** With node:crypto's hash, and the digits of all ids at once. */
function nameAll(messages: readonly Uint8Array[]): string[] {
  const hashes = Buffer.allocUnsafe(messages.length * hashSizeBytes);
  for (const [position, message] of messages.entries()) {
    hashes.set(sha256(sha256(message)).reverse(), position * hashSizeBytes);
  }
  const digits = hashes.toString("hex");
  return messages.map((_, position) => digitsAt(digits, position));
}

/** One input and two outputs each, as most payments have. */
function somePayments(): Transaction[] {
  const key = keyOf("miner");
  return Array.from({ length: transactionCount }, (_, i) => {
    const point = { txid: displayHash<never>(sha256(Buffer.of(i, i >> 8))), index: i };
    const from = [{ point, output: output(1_000, key.script), key }];
    return blankPayment({ from, to: [output(300 + i, key.script), output(600, key.script)] });
  });
}

/** All messages in one array of bytes, as they would be in a block. */
function join(messages: readonly Uint8Array[]): Messages {
  const bytes = Buffer.concat(messages);
  const pieces: number[] = [];
  let start = 0;
  for (const { length } of messages) {
    pieces.push(start, length);
    start += length;
  }
  return { bytes, pieces, pieceCounts: messages.map(() => 1) };
}
