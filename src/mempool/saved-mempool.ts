/** A mempool as bytes, so that what waits outlives its node's process. */

import type { Now } from "../machine/now.ts";
import type { BlockHash, Milliseconds } from "../primitives/brand.ts";
import {
  type ByteReader,
  ByteWriter,
  decodeWhole,
  equalBytes,
  type Malformed,
} from "../primitives/bytes.ts";
import { sha256d } from "../primitives/hash.ts";
import { hashSizeBytes } from "../primitives/hashing.ts";
import {
  encodeTransaction,
  readTransaction,
  type Transaction,
  transactionSizeMin,
} from "../primitives/transaction.ts";
import { broken, unreachable, type Verdict } from "../primitives/verdict.ts";
import type { MempoolEntry } from "./entry.ts";

/** A transaction that waited, and since when by the wall clock: other clocks begin anew. */
export type SavedEntry = { readonly transaction: Transaction; readonly time: Milliseconds };

/** What waits now, to be saved. */
export function savedEntriesOf(entries: Iterable<MempoolEntry>, now: Now): SavedEntry[] {
  return Array.from(entries, ({ transaction, time }) => {
    const since = Math.round(now.wall - (now.elapsed - time));
    return { transaction, time: Math.max(0, since) as Milliseconds };
  });
}

export type SavedMempoolProblem =
  | Malformed
  /** No powlab wrote it. */
  | { readonly rule: "foreign" }
  | { readonly rule: "other-version"; readonly version: number }
  | { readonly rule: "other-network"; readonly genesis: BlockHash };

const magic = new TextEncoder().encode("powlab mempool\n");
const version = 1;
const timeSizeBytes = 8;

/**
 * The magic, the version (4 bytes), the hash of the genesis block, the number of transactions, for
 * each its time (8 bytes) and itself, and the hash of all that.
 *
 * @param entries parents before children.
 */
export function encodeMempool(entries: Iterable<SavedEntry>, genesis: BlockHash): Uint8Array {
  const writer = new ByteWriter().bytes(magic).uint32(version).hash(genesis);
  writer.list([...entries], ({ transaction, time }) => {
    writer.uint64(time).bytes(encodeTransaction(transaction));
  });
  const content = writer.finish();
  return new ByteWriter().bytes(content).bytes(sha256d(content)).finish();
}

/** The transactions of a saved mempool, parents before children; whether they may wait is open. */
export function decodeMempool(
  bytes: Uint8Array,
  genesis: BlockHash,
): Verdict<readonly SavedEntry[], SavedMempoolProblem> {
  if (!equalBytes(bytes.subarray(0, magic.length), magic)) return broken({ rule: "foreign" });
  let problem: SavedMempoolProblem | undefined;
  const entries = decodeWhole(bytes, (reader) => {
    reader.lend(magic.length);
    const written = reader.uint32();
    if (written !== version) {
      problem = { rule: "other-version", version: written };
      reader.fail("another version");
    }
    requireChecksum(bytes, reader);
    const named = reader.hash<BlockHash>();
    if (named !== genesis) {
      problem = { rule: "other-network", genesis: named };
      reader.fail("another network");
    }
    const list = reader.list(timeSizeBytes + transactionSizeMin, () => {
      const time = reader.uint64() as Milliseconds;
      return { time, transaction: readTransaction(reader) };
    });
    reader.lend(hashSizeBytes);
    return list;
  });
  return problem === undefined ? entries : broken(problem);
}

/** Before anything else is read: one flipped bit could name another network or another count. */
function requireChecksum(bytes: Uint8Array, reader: ByteReader): void {
  if (reader.remaining < hashSizeBytes) reader.fail("the data ends too early");
  const end = bytes.length - hashSizeBytes;
  const isWhole = equalBytes(sha256d(bytes.subarray(0, end)), bytes.subarray(end));
  if (!isWhole) reader.fail("its checksum is wrong");
}

/** To be read behind the file's name: "is cut or damaged". */
export function describeSavedMempoolProblem(problem: SavedMempoolProblem): string {
  switch (problem.rule) {
    case "malformed":
      return `is cut or damaged (${problem.reason})`;
    case "foreign":
      return "was not written by powlab";
    case "other-version":
      return `has version ${problem.version}, and this powlab reads version ${version}`;
    case "other-network":
      return `is of another network, whose first block is ${problem.genesis}`;
    default:
      return unreachable(problem);
  }
}
