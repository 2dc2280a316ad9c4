/**
 * The calls and returns of the tasks that are not placed yet, in the order of time, as a doubly linked
 * list: taking one out and putting it back, last out first in, touches its neighbours only.
 *
 * @see Lowe, Testing for linearizability, 2016
 */

import { isOpen, type Task } from "./task.ts";

/** Before the first and behind the last. */
const head = 0;

export class Remaining {
  /** By node, as all of these; node 0 is the head of the list. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #taskAt: Int32Array;
  readonly #isReturn: Uint8Array;
  /** How many calls stand before a node. */
  readonly #callsBefore: Int32Array;
  /** By task. */
  readonly #callNode: Int32Array;
  readonly #returnNode: Int32Array;
  #count: number;

  /** @param tasks in the order of their calls; open ones are no part of the list. */
  constructor(tasks: readonly Task[]) {
    const nodes = tasks.flatMap((task, index) => {
      if (isOpen(task)) return [];
      const call = { at: task.called, index, isReturn: 0 };
      return [call, { at: task.returned, index, isReturn: 1 }];
    });
    nodes.sort((a, b) => a.at - b.at);
    const size = nodes.length + 1;
    this.#next = Int32Array.from({ length: size }, (_, node) => (node + 1) % size);
    this.#previous = Int32Array.from({ length: size }, (_, node) => (node + size - 1) % size);
    this.#taskAt = Int32Array.from([-1, ...nodes.map(({ index }) => index)]);
    this.#isReturn = Uint8Array.from([0, ...nodes.map(({ isReturn }) => isReturn)]);
    this.#callsBefore = new Int32Array(size);
    this.#callNode = new Int32Array(tasks.length);
    this.#returnNode = new Int32Array(tasks.length);
    for (let node = 1; node < size; node++) {
      const isCallBefore = node > 1 && this.#isReturn[node - 1] === 0 ? 1 : 0;
      this.#callsBefore[node] = (this.#callsBefore[node - 1] as number) + isCallBefore;
      const nodeOf = this.#isReturn[node] === 0 ? this.#callNode : this.#returnNode;
      nodeOf[this.#taskAt[node] as number] = node;
    }
    this.#count = nodes.length / 2;
  }

  get count(): number {
    return this.#count;
  }

  /** The first node; it is a call. */
  get first(): number {
    return this.#next[head] as number;
  }

  /** The node behind one, or before the first if it is the head. */
  after(node: number): number {
    return this.#next[node] as number;
  }

  before(node: number): number {
    return this.#previous[node] as number;
  }

  isReturn(node: number): boolean {
    return this.#isReturn[node] === 1;
  }

  taskAt(node: number): number {
    return this.#taskAt[node] as number;
  }

  callsBefore(node: number): number {
    return this.#callsBefore[node] as number;
  }

  /** The first return: what is called before it may be placed next. */
  firstReturn(): number {
    let node = this.first;
    while (this.#isReturn[node] === 0) node = this.#next[node] as number;
    return node;
  }

  take(task: number): void {
    this.#unlink(this.#callNode[task] as number);
    this.#unlink(this.#returnNode[task] as number);
    this.#count--;
  }

  /** Puts back what was taken last. */
  putBack(task: number): void {
    this.#link(this.#returnNode[task] as number);
    this.#link(this.#callNode[task] as number);
    this.#count++;
  }

  #unlink(node: number): void {
    const [previous, next] = [this.#previous[node] as number, this.#next[node] as number];
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #link(node: number): void {
    this.#next[this.#previous[node] as number] = node;
    this.#previous[this.#next[node] as number] = node;
  }
}
