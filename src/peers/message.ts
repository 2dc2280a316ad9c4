/** The messages between nodes, and their bytes: Bitcoin's serialisation behind one byte of type. */

import { type Block, encodeBlock, readBlock, totalSizeOfBlock } from "../primitives/block.ts";
import type { BlockHash, Brand } from "../primitives/brand.ts";
import { type ByteReader, ByteWriter, decodeWhole, type Malformed } from "../primitives/bytes.ts";
import { hashSizeBytes, headerSizeBytes } from "../primitives/hashing.ts";
import { encodeHeader, type Header, readHeader, readHeaders } from "../primitives/header.ts";
import {
  encodeTransaction,
  readTransactions,
  type Transaction,
  transactionSizeMin,
} from "../primitives/transaction.ts";
import { unreachable, type Verdict } from "../primitives/verdict.ts";
import { limits } from "./limits.ts";
import { locatorLengthMax } from "./locator.ts";
import { readShortTxid, type ShortTxid, shortTxidSizeBytes, writeShortTxid } from "./short-txid.ts";

/** Identifies a request between two nodes; the requester chooses it, unique among its own. */
export type RequestId = Brand<number, "RequestId">;

/** What a node claims about itself. */
export type Status = {
  readonly genesis: BlockHash;
  readonly tip: BlockHash;
  readonly height: number;
  /** Expected hashes from genesis to the tip. */
  readonly work: bigint;
};

/** A question to one peer. Every request gets its response, or the stream fails. */
export type Request =
  | { readonly type: "get-status"; readonly status: Status }
  | { readonly type: "get-headers"; readonly locator: readonly BlockHash[] }
  | { readonly type: "get-blocks"; readonly hashes: readonly BlockHash[] }
  /** What waits and is not among these. */
  | { readonly type: "get-mempool"; readonly known: readonly ShortTxid[] };

export type BlocksRequest = Request & { readonly type: "get-blocks" };

export type Response =
  | { readonly type: "status"; readonly status: Status }
  | { readonly type: "headers"; readonly headers: readonly Header[] }
  /** Those that were asked for and are there, in the order they were asked for. */
  | { readonly type: "blocks"; readonly blocks: readonly Block[] }
  | { readonly type: "transactions"; readonly transactions: readonly Transaction[] };

/** A message to all peers. */
export type Gossip =
  | { readonly type: "block"; readonly block: Block }
  /**
   * In place of a block that is too large for gossip, and only from nodes that have the body: fetch
   * it from the peer that sent this. It is not passed on; a node that has fetched the body announces it
   * anew, with another number, because gossip carries nothing twice.
   */
  | { readonly type: "header"; readonly header: Header; readonly announcer: number }
  | { readonly type: "transactions"; readonly transactions: readonly Transaction[] };

export type Message = Request | Response | Gossip;

/**
 * The announcement of a block: itself if it is small.
 *
 * @param announcer a number of 32 bits, of each node another one; 0 of who made the block.
 */
export function announce(block: Block, announcer = 0): Gossip {
  const isSmall = totalSizeOfBlock(block) <= limits.gossipBlockSizeBytesMax;
  return isSmall ? { type: "block", block } : { type: "header", header: block.header, announcer };
}

const codes = {
  "get-status": 1,
  "get-headers": 2,
  "get-blocks": 3,
  "get-mempool": 4,
  status: 17,
  headers: 18,
  blocks: 19,
  transactions: 20,
  block: 33,
  header: 34,
} as const satisfies Record<Message["type"], number>;

const types = new Map<number, Message["type"]>(
  Object.entries(codes).map(([type, code]) => [code, type as Message["type"]]),
);

export function encodeMessage(message: Message): Uint8Array {
  const writer = new ByteWriter().uint8(codes[message.type]);
  writeBody(writer, message);
  return writer.finish();
}

function writeBody(writer: ByteWriter, message: Message): void {
  switch (message.type) {
    case "get-status":
    case "status":
      writeStatus(writer, message.status);
      return;
    case "get-headers":
      writer.list(message.locator, (hash) => writer.hash(hash));
      return;
    case "get-blocks":
      writer.list(message.hashes, (hash) => writer.hash(hash));
      return;
    case "get-mempool":
      writer.list(message.known, (id) => writeShortTxid(writer, id));
      return;
    case "headers":
      writer.list(message.headers, (header) => writer.bytes(encodeHeader(header)));
      return;
    case "blocks":
      writer.list(message.blocks, (block) => writer.bytes(encodeBlock(block)));
      return;
    case "transactions":
      writer.list(message.transactions, (transaction) =>
        writer.bytes(encodeTransaction(transaction)),
      );
      return;
    case "block":
      writer.bytes(encodeBlock(message.block));
      return;
    case "header":
      writer.bytes(encodeHeader(message.header)).uint32(message.announcer);
      return;
    default:
      unreachable(message);
  }
}

const workSizeBytes = 32;

function writeStatus(writer: ByteWriter, status: Status): void {
  writer.hash(status.genesis).hash(status.tip).uint32(status.height);
  const digits = status.work.toString(16).padStart(2 * workSizeBytes, "0");
  writer.hash(digits);
}

function readStatus(reader: ByteReader): Status {
  return {
    genesis: reader.hash(),
    tip: reader.hash(),
    height: reader.uint32(),
    work: BigInt(`0x${reader.hash()}`),
  };
}

/** Reads a message; one that is longer than its limits is malformed. */
export function decodeMessage(bytes: Uint8Array): Verdict<Message, Malformed> {
  return decodeWhole(bytes, (reader) => {
    const code = reader.uint8();
    const type = types.get(code);
    if (type === undefined) return reader.fail(`no message has type ${code}`);
    return readBody(reader, type);
  });
}

function readBody(reader: ByteReader, type: Message["type"]): Message {
  switch (type) {
    case "get-status":
    case "status":
      return { type, status: readStatus(reader) };
    case "get-headers":
      return { type, locator: readHashes(reader, locatorLengthMax) };
    case "get-blocks":
      return { type, hashes: readHashes(reader, limits.blocksPerMessageMax) };
    case "get-mempool": {
      const count = readCount(reader, shortTxidSizeBytes, limits.knownTxidsMax);
      return { type, known: Array.from({ length: count }, () => readShortTxid(reader)) };
    }
    case "headers": {
      const count = readCount(reader, headerSizeBytes, limits.headersPerMessageMax);
      return { type, headers: readHeaders(reader, count) };
    }
    case "blocks": {
      const count = readCount(reader, headerSizeBytes, limits.blocksPerMessageMax);
      return { type, blocks: Array.from({ length: count }, () => readBlock(reader)) };
    }
    case "transactions": {
      const count = readCount(reader, transactionSizeMin, limits.transactionsPerMessageMax);
      return { type, transactions: readTransactions(reader, count) };
    }
    case "block":
      return { type, block: readBlock(reader) };
    case "header":
      return { type, header: readHeader(reader), announcer: reader.uint32() };
    default:
      return unreachable(type);
  }
}

function readHashes(reader: ByteReader, countMax: number): readonly BlockHash[] {
  const count = readCount(reader, hashSizeBytes, countMax);
  return Array.from({ length: count }, () => reader.hash<BlockHash>());
}

/** How many items follow, of at least `sizeMin` bytes each. */
function readCount(reader: ByteReader, sizeMin: number, countMax: number): number {
  const count = reader.count(sizeMin);
  if (count > countMax) reader.fail(`${count} items where ${countMax} may be`);
  return count;
}
