/** The hash functions that all else uses: the implementation can be chosen, the result cannot. */

import { sha256 } from "@noble/hashes/sha2.js";
import { ByteWriter, reversedHex } from "./bytes.ts";

/** Who can hash, the fastest first. */
export const hasherNames = ["wasm-simd", "wasm", "js"] as const;

export type HasherName = (typeof hasherNames)[number];

/** SHA-256, the same of its own result, or BIP340's tagged hash; `tag` is SHA-256 of its name. */
export type HashMethod = "once" | "twice" | { readonly tag: Uint8Array };

/** Messages that are put together from pieces of the same bytes. */
export type Messages = {
  readonly bytes: Uint8Array;
  /** Of one piece after the other: where it begins, and how long it is. */
  readonly pieces: readonly number[];
  /** How many of the pieces each message has. */
  readonly pieceCounts: readonly number[];
};

export type MerkleRoot = {
  /** In display order. */
  readonly root: string;
  /** True if two neighbours below one node were equal: another list has this root too. */
  readonly isMutated: boolean;
};

/** Hashes that lie in some bytes: the first at `start`, each next one `stride` bytes later. */
export type HashRow = {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly stride: number;
  readonly count: number;
};

/** Many hashes at a time: 32 bytes each in hashing order, one after the other. */
export interface Hashing {
  hashMessages(method: HashMethod, messages: Messages): Uint8Array;
  /** @param headers 80 bytes each; the hashes are SHA-256 twice. */
  hashHeaders(headers: Uint8Array): Uint8Array;
  /** 64 digits for each hash in display order, all in one text. */
  showHashes(row: HashRow): string;
  /** @param ids at least one, in display order. */
  merkleRoot(ids: readonly string[]): MerkleRoot;
}

export const hashSizeBytes = 32;
/** Here and not with the header, which is hashed by what is chosen here. */
export const headerSizeBytes = 80;

/** The twin of every other implementation, on `@noble/hashes`. */
export const javaScriptHashing: Hashing = {
  hashMessages(method, { bytes, pieces, pieceCounts }) {
    const fresh = sha256.create();
    if (typeof method === "object") fresh.update(method.tag).update(method.tag);
    const hashes = new Uint8Array(pieceCounts.length * hashSizeBytes);
    let next = 0;
    for (const [message, pieceCount] of pieceCounts.entries()) {
      const hasher = fresh.clone();
      for (const end = next + 2 * pieceCount; next < end; next += 2) {
        const [start, length] = [pieces[next] as number, pieces[next + 1] as number];
        hasher.update(bytes.subarray(start, start + length));
      }
      const hash = hasher.digest();
      hashes.set(method === "twice" ? sha256(hash) : hash, message * hashSizeBytes);
    }
    return hashes;
  },

  hashHeaders(headers) {
    const hashes = new Uint8Array((headers.length / headerSizeBytes) * hashSizeBytes);
    for (let at = 0, to = 0; at < headers.length; at += headerSizeBytes, to += hashSizeBytes) {
      hashes.set(sha256(sha256(headers.subarray(at, at + headerSizeBytes))), to);
    }
    return hashes;
  },

  showHashes({ bytes, start, stride, count }) {
    return Array.from({ length: count }, (_, i) => reversedHex(bytes, start + i * stride)).join("");
  },

  merkleRoot(ids) {
    const writer = new ByteWriter();
    for (const id of ids) writer.hash(id);
    const level = writer.finish();
    let isMutated = false;
    for (let count = level.length / hashSizeBytes; count > 1; count = Math.ceil(count / 2)) {
      for (let i = 0; i < count; i += 2) {
        const left = hashAt(level, i);
        const right = hashAt(level, Math.min(i + 1, count - 1));
        if (i + 1 < count && left.every((byte, k) => byte === right[k])) isMutated = true;
        const above = sha256(sha256.create().update(left).update(right).digest());
        level.set(above, (i / 2) * hashSizeBytes);
      }
    }
    return { root: reversedHex(level, 0), isMutated };
  },
};

/** One of many hashes: a view of 32 bytes. */
export function hashAt(hashes: Uint8Array, position: number): Uint8Array {
  return hashes.subarray(position * hashSizeBytes, (position + 1) * hashSizeBytes);
}

/** A variable, since to hand it through every function that hashes would name it in hundreds. */
let current = javaScriptHashing;

/**
 * Lets the whole program hash with this implementation from now on; called where a program is put
 * together. This does not make pure code less pure: the chosen implementation was tested to give
 * the same bytes, so only the time it takes differs.
 */
export function chooseHashing(hashing: Hashing): void {
  current = hashing;
}

export function currentHashing(): Hashing {
  return current;
}

/** Lengths around everything that SHA-256 treats differently, and more counts than there are lanes. */
const provenLengths = [0, 1, 31, 32, 55, 56, 63, 64, 65, 80, 119, 120, 175, 300];
const provenCountMax = 9;

/** Whether an implementation agrees with its twin on data of every shape. */
export function proveHashing(hashing: Hashing): boolean {
  const bytes = Uint8Array.from({ length: 1024 }, (_, i) => (i * i * 31 + i) >>> 3);
  const tag = bytes.slice(0, hashSizeBytes);
  const messages: Messages = {
    bytes,
    pieces: provenLengths.flatMap((length) => [1, length >> 1, 200, length - (length >> 1)]),
    pieceCounts: provenLengths.map(() => 2),
  };
  const ids = Array.from({ length: provenCountMax }, (_, i) => reversedHex(bytes, i * 5));
  const answers = (by: Hashing): unknown[] => [
    ...(["once", "twice", { tag }] as const).map((method) => by.hashMessages(method, messages)),
    ...Array.from({ length: provenCountMax }, (_, i) => [
      by.hashHeaders(bytes.subarray(0, (i + 1) * headerSizeBytes)),
      by.merkleRoot(ids.slice(i)),
    ]),
    by.merkleRoot([...ids, ...ids.slice(-1)]),
    by.showHashes({ bytes, start: 7, stride: 80, count: 11 }),
  ];
  return JSON.stringify(answers(hashing)) === JSON.stringify(answers(javaScriptHashing));
}
