/** The search for the nonce of one given header, with a pool of threads of its own. */

import type { HasherName } from "../../primitives/hashing.ts";
import { nonceOffsetBytes, timeOffsetBytes } from "../../primitives/header.ts";
import { nonceCount } from "../hashing/hasher.ts";
import { MinerPool } from "./miner-pool.ts";

export type HeaderSearchOptions = {
  /** 80 bytes. The search begins about its nonce, goes up, and ends when it is around. */
  readonly header: Uint8Array;
  /** 32 bytes, big-endian. */
  readonly target: Uint8Array;
  readonly threads: number;
  readonly hasher: HasherName;
  /** Called for each thread that died; another takes its place. */
  readonly onWarning: (warning: Error) => void;
};

export type HeaderSearch = {
  /** With the nonce that was found; undefined if none of all nonces is one. */
  readonly header: Uint8Array | undefined;
  readonly hashes: number;
  /** Without the time that the threads take to start. */
  readonly seconds: number;
};

const miner = "search";
const lookIntervalMs = 50;

export async function searchHeader(options: HeaderSearchOptions): Promise<HeaderSearch> {
  const { header, target, threads, hasher, onWarning } = options;
  const found = Promise.withResolvers<Uint8Array>();
  const pool = new MinerPool({
    threads,
    hasher,
    onSolved: (solved) => found.resolve(solved.header),
    onError: onWarning,
  });
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  pool.work({
    miner,
    template: miner,
    header,
    target,
    timeMaxSeconds: view.getUint32(timeOffsetBytes, true), // another time would be another header
    firstNonce: view.getUint32(nonceOffsetBytes, true),
  });
  const hashesDone = (): number => pool.statistics()[0]?.hashes ?? 0;
  let startedAtMs: number | undefined;
  const exhausted = Promise.withResolvers<undefined>();
  const looking = setInterval(() => {
    const hashes = hashesDone();
    if (hashes > 0) startedAtMs ??= performance.now() - lookIntervalMs;
    if (hashes >= nonceCount) exhausted.resolve(undefined);
  }, lookIntervalMs);
  try {
    const solved = await Promise.race([found.promise, exhausted.promise]);
    const endedAtMs = performance.now();
    const seconds = (endedAtMs - (startedAtMs ?? endedAtMs - lookIntervalMs)) / 1000;
    return { header: solved, hashes: hashesDone(), seconds };
  } finally {
    clearInterval(looking);
    await pool.stop();
  }
}
