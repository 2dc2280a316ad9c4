/** Proof of work at an easy target, found by trying: for simulation and tests. */

import { blockHash, type Header } from "./header.ts";
import { hashNumber } from "./target.ts";

const nonceMax = 0xffff_ffff;

/** The header with the first nonce whose hash is at or below the target. */
export function solveHeader(header: Header, target: bigint): Header {
  for (let nonce = 0; nonce <= nonceMax; nonce++) {
    const tried: Header = { ...header, nonce };
    if (hashNumber(blockHash(tried)) <= target) return tried;
  }
  throw new Error("no nonce meets the target");
}
