/**
 * The core's hashing on node:crypto, as fast as it goes: a message in one call, and the digits of
 * many hashes at once.
 */

import { hash } from "node:crypto";
import {
  chooseHashing,
  currentHashing,
  type Hashing,
  hashSizeBytes,
  headerSizeBytes,
} from "../../src/primitives/hashing.ts";
import type { Load } from "./measure.ts";

/** Lets a load hash with node:crypto, and all others as before. */
export function onNodeCrypto(load: Load): Load {
  return () => {
    const ours = currentHashing();
    chooseHashing(cryptoHashing);
    try {
      return load();
    } finally {
      chooseHashing(ours);
    }
  };
}

/** The faster of node:crypto's two ways, by a third. */
export function sha256(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}

export const cryptoHashing: Hashing = {
  hashMessages(method, { bytes, pieces, pieceCounts }) {
    const hashes = Buffer.allocUnsafe(pieceCounts.length * hashSizeBytes);
    let next = 0;
    for (const [message, pieceCount] of pieceCounts.entries()) {
      const parts = typeof method === "object" ? [method.tag, method.tag] : [];
      for (const end = next + 2 * pieceCount; next < end; next += 2) {
        parts.push(view(bytes, pieces[next] ?? 0, pieces[next + 1] ?? 0));
      }
      const [only] = parts;
      const isWhole = only !== undefined && parts.length === 1;
      const first = sha256(isWhole ? only : Buffer.concat(parts));
      hashes.set(method === "twice" ? sha256(first) : first, message * hashSizeBytes);
    }
    return hashes;
  },

  hashHeaders(headers) {
    const hashes = Buffer.allocUnsafe((headers.length / headerSizeBytes) * hashSizeBytes);
    for (let at = 0, to = 0; at < headers.length; at += headerSizeBytes, to += hashSizeBytes) {
      hashes.set(sha256(sha256(headers.subarray(at, at + headerSizeBytes))), to);
    }
    return hashes;
  },

  showHashes({ bytes, start, stride, count }) {
    const shown = Buffer.allocUnsafe(count * hashSizeBytes);
    for (let at = start, to = 0; to < shown.length; at += stride, to += hashSizeBytes) {
      for (let i = 0; i < hashSizeBytes; i++)
        shown[to + i] = bytes[at + hashSizeBytes - 1 - i] ?? 0;
    }
    return shown.toString("hex");
  },

  merkleRoot(ids) {
    const level = Buffer.concat(ids.map((id) => Buffer.from(id, "hex").reverse()));
    let isMutated = false;
    for (let count = level.length / hashSizeBytes; count > 1; count = Math.ceil(count / 2)) {
      for (let i = 0; i < count; i += 2) {
        const at = i * hashSizeBytes;
        const [middle, end] = [at + hashSizeBytes, at + 2 * hashSizeBytes];
        const pair = i + 1 < count ? level.subarray(at, end) : twice(level.subarray(at, middle));
        if (i + 1 < count && level.compare(level, at, middle, middle, end) === 0) isMutated = true;
        level.set(sha256(sha256(pair)), at / 2);
      }
    }
    return { root: level.subarray(0, hashSizeBytes).reverse().toString("hex"), isMutated };
  },
};

/** A Buffer's own `subarray` takes longer. */
function view({ buffer, byteOffset }: Uint8Array, start: number, length: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + start, length);
}

function twice(hash: Uint8Array): Buffer {
  return Buffer.concat([hash, hash]);
}
