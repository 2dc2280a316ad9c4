/** Labs that never were, for the page: a usual one, and two in which blocks come without end. */

import type { LabEvent, Measurement } from "../../src/contract/timeline.ts";
import type { Milliseconds, Satoshi } from "../../src/primitives/brand.ts";
import { Tale } from "../dashboard/story/tale.ts";

const miners = ["alice", "bob", "carol", "mallory"] as const;
const six = [...miners, "shop", "observer"] as const;
const forkEveryBlocks = 20;
/** A block and its payments take two seconds, as in a usual lab. */
const paymentsPerBlock = 4;
const afterPaymentMs = 105;

/**
 * Six nodes, two payments a second, a block each two seconds and a fork now and then: about 21 lines
 * a second, as a real lab writes.
 */
export function usualLab(durationMs: number): readonly LabEvent[] {
  const start = Date.now() - durationMs;
  const tale = new Tale(six, start);
  for (let height = 1; tale.now < start + durationMs; height += 1) {
    const payments = Array.from({ length: paymentsPerBlock }, (_, i) => `coin ${height} ${i}`);
    for (const payment of payments) {
      tale.pay(payment, "alice", "shop", 1_000, six).wait(afterPaymentMs);
    }
    if (height % forkEveryBlocks === 0) mineRival(tale, height);
    mine(tale, height, payments);
    tale.tell({ type: "measured", nodes: Object.fromEntries(six.map((name) => [name, measured])) });
  }
  return tale.events;
}

const measured: Measurement = {
  hashesPerSecond: 8_000,
  hashes: 250_000,
  mempool: { count: 4, virtualSizeBytes: 600, fees: 600 as Satoshi, histogram: [[1, 600]] },
  nextBlock: { transactions: 4, fees: 600 as Satoshi },
  peers: six,
};

/** A lab that finds one block after the other, as often as it is asked. */
export class RestlessLab {
  readonly #tale: Tale;
  readonly #blocks: Iterator<void>;

  private constructor(tale: Tale, blocks: Iterator<void>) {
    this.#tale = tale;
    this.#blocks = blocks;
  }

  /** Six nodes on one branch, with a fork now and then. */
  static joined(): RestlessLab {
    const tale = new Tale(six, Date.now());
    return new RestlessLab(tale, joinedBlocks(tale));
  }

  /** Sixteen nodes, each cut off from all others: as many branches. */
  static parted(): RestlessLab {
    const names = Array.from({ length: 16 }, (_, i) => `miner ${i + 1}`);
    const tale = new Tale(names, Date.now()).part(...names.map((name) => [name]));
    return new RestlessLab(tale, partedBlocks(tale));
  }

  /** What was told since the last call, and of so many blocks more; all of it happens now. */
  find(blocks: number): readonly LabEvent[] {
    for (let i = 0; i < blocks; i += 1) this.#blocks.next();
    const now = Date.now() as Milliseconds;
    return this.#tale.events.splice(0).map((event) => movedTo(event, now));
  }
}

function* joinedBlocks(tale: Tale): Generator<void> {
  for (let height = 1; ; height += 1) {
    if (height % forkEveryBlocks === 0) {
      mineRival(tale, height);
      yield;
    }
    mine(tale, height, []);
    yield;
  }
}

function* partedBlocks(tale: Tale): Generator<void> {
  for (let height = 1; ; height += 1) {
    for (const [i, name] of tale.names.entries()) {
      tale.mine(i.toString(16) + height, name);
      yield;
    }
  }
}

/** All get the block; if it has a rival, those who have that stay with it until the next block. */
function mine(tale: Tale, height: number, payments: readonly string[]): void {
  const miner = miners[height % miners.length] ?? miners[0];
  const isRivalled = height % forkEveryBlocks === 0;
  const held = payments.length === 0 ? "" : `:${payments.join(",")}`;
  const others = six.filter((name) => name !== miner);
  const to = isRivalled ? others.filter((name) => !rivals.includes(name)) : others;
  tale.mine(`a${height}${held}`, miner, { to });
}

const rivals: readonly string[] = ["bob", "shop"];

function mineRival(tale: Tale, height: number): void {
  tale.mine(`b${height}`, "bob", { on: height === 1 ? "ground" : `a${height - 1}`, to: ["shop"] });
}

function movedTo(event: LabEvent, at: Milliseconds): LabEvent {
  return event.type === "news" ? { ...event, at, news: { ...event.news, at } } : { ...event, at };
}
