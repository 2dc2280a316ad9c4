/** The headers of a whole crowd: each is made and checked once, and all nodes share the verdict. */

import { checkHeaders } from "../../chain/headers.ts";
import { Tree, type TreeEntry } from "../../chain/tree.ts";
import { nextBits } from "../../consensus/difficulty.ts";
import { earliestTime } from "../../consensus/header.ts";
import type { Params } from "../../consensus/params.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import type { Header } from "../../primitives/header.ts";
import { solveHeader } from "../../primitives/proof.ts";
import { decodeCompact } from "../../primitives/target.ts";

/** The number of genesis: blocks are numbered in the order in which they are found. */
export const genesisNumber = 0;

const headerVersion = 0x2000_0000;

export class Ledger {
  readonly params: Params;
  readonly tree: Tree;
  readonly #entries: TreeEntry[];
  readonly #parents: number[] = [genesisNumber];
  readonly #children: number[][] = [[]];

  /** @param params of a network whose target is easy: every header gets a real proof of work. */
  constructor(params: Params) {
    this.params = params;
    this.tree = new Tree(params);
    this.#entries = [this.tree.genesis];
  }

  /** Blocks, with genesis. */
  get size(): number {
    return this.#entries.length;
  }

  entryOf(block: number): TreeEntry {
    const entry = this.#entries[block];
    if (entry === undefined) throw new RangeError(`there is no block number ${block}`);
    return entry;
  }

  parentOf(block: number): number {
    return this.#parents[block] as number;
  }

  childrenOf(block: number): readonly number[] {
    return this.#children[block] as readonly number[];
  }

  /**
   * Mines a header, and checks it on behalf of all nodes.
   *
   * @param elapsedMs since genesis.
   * @returns its number.
   */
  mine(parent: number, elapsedMs: number): number {
    const owner = this.entryOf(parent);
    const block = this.size;
    const now = (this.params.genesis.header.time * 1000 + elapsedMs) as Milliseconds;
    const header = this.#solve(owner, block, now);
    const verdict = checkHeaders([header], this.tree, this.params, now);
    if (!verdict.ok) throw new Error(`our own header is refused: ${verdict.problem.rule}`);
    const entry = this.tree.add(header, owner);
    this.tree.addBody(entry);
    this.#entries.push(entry);
    this.#parents.push(parent);
    this.#children.push([]);
    this.#children[parent]?.push(block);
    return block;
  }

  #solve(parent: TreeEntry, block: number, now: Milliseconds): Header {
    const bits = nextBits(parent, this.params);
    const header: Header = {
      version: headerVersion,
      previous: parent.hash,
      // There are no transactions; the number makes rivals on one parent differ.
      merkleRoot: block.toString(16).padStart(64, "0"),
      time: Math.max(earliestTime(parent, this.params), Math.floor(now / 1000)),
      bits,
      nonce: 0,
    };
    return solveHeader(header, decodeCompact(bits).target);
  }

  /** How many blocks are not on the branch that ends in `tip`. */
  staleCount(tip: number): number {
    return this.size - 1 - this.entryOf(tip).height;
  }
}
