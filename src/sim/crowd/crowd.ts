/** A crowd of nodes that keep headers only: what each knows, and which tip it has chosen. */

import { outweighs } from "../../chain/fork-choice.ts";
import { genesisNumber, type Ledger } from "./ledger.ts";

/** What a node has of a block. */
const unknown = 0;
/** It has asked for it. */
const expected = 1;
/** It has it, but not all of its ancestors. */
const orphan = 2;
/** It has it and all of its ancestors. */
const linked = 3;

/** Called for each block that a node takes into its tree, parents before children. */
export type Linked = (node: number, block: number) => void;

/**
 * A node is a tip and a row of bytes, one for each block; the headers are the ledger's. The tip
 * moves by the same rule as a full node's.
 */
export class Crowd {
  readonly size: number;
  readonly ledger: Ledger;
  /** Of the row of a node. */
  readonly #width: number;
  readonly #onLinked: Linked;
  readonly #tips: Int32Array;
  readonly #states: Uint8Array;

  /** @param blocksMax how many blocks there may be besides genesis. */
  constructor(size: number, blocksMax: number, ledger: Ledger, onLinked: Linked) {
    this.size = size;
    this.ledger = ledger;
    this.#width = blocksMax + 1;
    this.#onLinked = onLinked;
    this.#tips = new Int32Array(size).fill(genesisNumber);
    this.#states = new Uint8Array(size * this.#width);
    for (let node = 0; node < size; node++) this.#setState(node, genesisNumber, linked);
  }

  tipOf(node: number): number {
    return this.#tips[node] as number;
  }

  /** Notes that a node will ask for a block; false if it has it or has asked for it before. */
  expect(node: number, block: number): boolean {
    const cell = this.#cellOf(node, block);
    if (this.#states[cell] !== unknown) return false;
    this.#states[cell] = expected;
    return true;
  }

  /** Gives a node a block. If its parent is not there yet, it waits for it. */
  accept(node: number, block: number): void {
    if (this.#stageOf(node, block) >= orphan) return;
    this.#setState(node, block, orphan);
    if (this.#stageOf(node, this.ledger.parentOf(block)) === linked) this.#link(node, block);
  }

  #link(node: number, block: number): void {
    this.#setState(node, block, linked);
    const { ledger } = this;
    const tip = ledger.entryOf(this.tipOf(node));
    if (outweighs(ledger.entryOf(block), tip)) this.#tips[node] = block;
    this.#onLinked(node, block);
    for (const child of ledger.childrenOf(block)) {
      if (this.#stageOf(node, child) === orphan) this.#link(node, child);
    }
  }

  #stageOf(node: number, block: number): number {
    return this.#states[this.#cellOf(node, block)] as number;
  }

  #setState(node: number, block: number, state: number): void {
    this.#states[this.#cellOf(node, block)] = state;
  }

  #cellOf(node: number, block: number): number {
    if (block >= this.#width) throw new RangeError(`there is no room for block ${block}`);
    return node * this.#width + block;
  }
}
