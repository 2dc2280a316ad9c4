/** A large random graph in typed arrays: which nodes are linked. */

import type { Random } from "../../primitives/random.ts";

export class Graph {
  readonly size: number;
  readonly linkCount: number;
  /** Where the neighbours of each node begin in `neighbours`; one more marks the end. */
  readonly offsets: Int32Array;
  readonly neighbours: Int32Array;

  private constructor(lists: readonly (readonly number[])[]) {
    this.size = lists.length;
    this.offsets = new Int32Array(lists.length + 1);
    for (const [node, list] of lists.entries()) {
      this.offsets[node + 1] = (this.offsets[node] as number) + list.length;
    }
    this.neighbours = Int32Array.from(lists.flat());
    this.linkCount = this.neighbours.length / 2;
  }

  /**
   * Each node in turn calls others, drawn at random, until it has called as many as it may; those
   * that have called it before are its neighbours already.
   *
   * @param calls how many others each node calls.
   */
  static byCalls(calls: readonly number[], random: Random): Graph {
    const lists: number[][] = calls.map(() => []);
    const order = Int32Array.from(calls.keys());
    for (const [caller, count] of calls.entries()) {
      const own = lists[caller] as number[];
      let missing = count;
      for (let drawn = 0; drawn < order.length && missing > 0; drawn++) {
        const called = drawAt(order, drawn, random);
        if (called === caller || own.includes(called)) continue;
        own.push(called);
        lists[called]?.push(caller);
        missing -= 1;
      }
    }
    return new Graph(lists);
  }

  /** Each link once, from the smaller number to the larger. */
  *links(): Generator<readonly [number, number]> {
    for (let node = 0; node < this.size; node++) {
      for (const other of this.neighboursOf(node)) if (node < other) yield [node, other];
    }
  }

  neighboursOf(node: number): Int32Array {
    return this.neighbours.subarray(this.offsets[node], this.offsets[node + 1]);
  }

  /** True if every node reaches every other. */
  get isConnected(): boolean {
    const isReached = new Uint8Array(this.size);
    isReached[0] = 1;
    const reached = [0];
    for (const node of reached) {
      for (const next of this.neighboursOf(node)) {
        if (isReached[next] === 1) continue;
        isReached[next] = 1;
        reached.push(next);
      }
    }
    return reached.length === this.size;
  }
}

/** One step of a shuffle: any item that was not drawn yet comes to this position. */
function drawAt(order: Int32Array, position: number, random: Random): number {
  const other = position + random.nextBelow(order.length - position);
  const drawn = order[other] as number;
  order[other] = order[position] as number;
  order[position] = drawn;
  return drawn;
}
