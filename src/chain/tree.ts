/** All headers that are known, as a tree from genesis, with what is known of their bodies. */

import { type Ancestor, medianTimeOf } from "../consensus/ancestor.ts";
import type { Params } from "../consensus/params.ts";
import { type BlockMeasures, measuresOfBlock } from "../primitives/block.ts";
import type { BlockHash } from "../primitives/brand.ts";
import { HashIndex } from "../primitives/hash-index.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import { workOfBits } from "../primitives/target.ts";

/** A header in its place. */
export type TreeEntry = Ancestor & {
  readonly hash: BlockHash;
  readonly parent: TreeEntry | undefined;
  /** Expected hashes to make this branch, from genesis to here. */
  readonly work: bigint;
  readonly hasBody: boolean;
  /** True if this body and those of all ancestors are there: the branch could be connected. */
  readonly isLinked: boolean;
  /** True if this block or an ancestor broke a rule, or was invalidated by command. */
  readonly isInvalid: boolean;
  /** True if it is invalid only because a command says so: other nodes may hold it valid. */
  readonly isInvalidByCommand: boolean;
  /**
   * The order in which entries became linked, so in which their bodies came: the first wins among
   * equals. A header alone does not count: its sender could hold the body back. Those that were
   * preferred by command have numbers below zero.
   */
  readonly sequence: number;
  /** Of its body, where one is kept. */
  readonly measures?: BlockMeasures | undefined;
};

/** A checked header after its parent, which does not know it before a tree adds it. */
export type PlacedHeader = Readonly<Entry>;

/** The way from one entry to another: down to where the branches part, then up. */
export type Path = {
  /** From the old tip downwards. */
  readonly back: readonly TreeEntry[];
  readonly fork: TreeEntry;
  /** Upwards to the new tip. */
  readonly forth: readonly TreeEntry[];
};

export class Tree {
  readonly genesis: TreeEntry;
  readonly #entries = new HashIndex<Entry>();
  readonly #leaves = new Set<Entry>();
  #sequence = 0;
  #preferred = 0;

  constructor(params: Params) {
    const genesis = new Entry(params.genesis.header, undefined);
    genesis.hasBody = true;
    genesis.isLinked = true;
    genesis.measures = measuresOfBlock(params.genesis);
    this.genesis = genesis;
    this.#entries.add(genesis);
    this.#leaves.add(genesis);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(hash: BlockHash): TreeEntry | undefined {
    return this.#entries.get(hash);
  }

  /** Entries that have no children: where every branch ends. */
  leaves(): Iterable<TreeEntry> {
    return this.#leaves;
  }

  childrenOf(entry: TreeEntry): readonly TreeEntry[] {
    return [...this.#own(entry).children()];
  }

  /** Adds a header that has been checked after its parent. */
  add(header: Header, parent: TreeEntry): TreeEntry {
    return this.addBranch([placeHeader(header, parent)], parent);
  }

  /** Adds checked headers, upwards from a child of `root`; answers the last entry. */
  addBranch(headers: readonly PlacedHeader[], root: TreeEntry): TreeEntry {
    let last = this.#own(root);
    this.#leaves.delete(last);
    for (const entry of headers) {
      last.addChild(entry);
      this.#entries.add(entry);
      last = entry;
    }
    this.#leaves.add(last);
    return last;
  }

  /**
   * Notes that the body of an entry is there; answers all entries that became linked by it, each
   * after its parent.
   */
  addBody(entry: TreeEntry, measures?: BlockMeasures): TreeEntry[] {
    const own = this.#own(entry);
    own.measures ??= measures;
    if (!own.hasBody) own.sequence = ++this.#sequence; // its turn if its parent is still missing
    own.hasBody = true;
    const linked: TreeEntry[] = [];
    const waiting = own.parent?.isLinked === true ? [own] : [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (next.isLinked) continue;
      next.isLinked = true;
      next.sequence = ++this.#sequence;
      linked.push(next);
      waiting.push(...bodiesInTurn(next.children()));
    }
    return linked;
  }

  /** Marks an entry and everything above it; answers all that were not marked before. */
  invalidate(entry: TreeEntry): TreeEntry[] {
    const marked: TreeEntry[] = [];
    for (const each of fromHereUp(this.#own(entry))) {
      each.isInvalidByCommand = false;
      if (each.isInvalid) continue;
      each.isInvalid = true;
      marked.push(each);
    }
    return marked;
  }

  /** The same though no rule is broken. What was invalid before keeps its reason. */
  invalidateByCommand(entry: TreeEntry): TreeEntry[] {
    const marked: TreeEntry[] = [];
    for (const each of fromHereUp(this.#own(entry))) {
      if (each.isInvalid) continue;
      each.isInvalid = true;
      each.isInvalidByCommand = true;
      marked.push(each);
    }
    return marked;
  }

  /**
   * Takes the marks from an entry, from everything above it and from its ancestors, whatever the
   * reason was; answers all that were marked. Other branches above an ancestor keep theirs.
   *
   * @see Bitcoin Core 28, Chainstate::ResetBlockFailureFlags
   */
  revalidate(entry: TreeEntry): TreeEntry[] {
    const own = this.#own(entry);
    const marked: Entry[] = [];
    for (let at = own.parent; at?.isInvalid === true; at = at.parent) marked.push(this.#own(at));
    for (const each of fromHereUp(own)) if (each.isInvalid) marked.push(each);
    for (const each of marked) {
      each.isInvalid = false;
      each.isInvalidByCommand = false;
    }
    return marked;
  }

  /** Puts an entry before all others of the same work. */
  prefer(entry: TreeEntry): void {
    this.#own(entry).sequence = --this.#preferred;
  }

  path(from: TreeEntry, to: TreeEntry): Path {
    const back: TreeEntry[] = [];
    const forth: TreeEntry[] = [];
    let [a, b] = [from, to];
    while (a !== b) {
      if (a.height >= b.height) {
        back.push(a);
        a = parentOf(a);
      } else {
        forth.push(b);
        b = parentOf(b);
      }
    }
    return { back, fork: a, forth: forth.reverse() };
  }

  #own(entry: TreeEntry): Entry {
    const own = this.#entries.get(entry.hash);
    if (own === undefined) throw new Error(`block ${entry.hash} is not in this tree`);
    return own;
  }
}

/** An entry and all above it, each after its parent. */
function* fromHereUp(entry: Entry): Iterable<Entry> {
  const waiting = [entry];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    waiting.push(...next.children());
  }
}

/**
 * Those with a body, the one that came first first.
 *
 * @see Bitcoin Core, ChainstateManager::ReceivedBlockTransactions
 */
function bodiesInTurn(entries: Iterable<Entry>): Entry[] {
  return [...entries].filter(({ hasBody }) => hasBody).sort((a, b) => a.sequence - b.sequence);
}

function parentOf(entry: TreeEntry): TreeEntry {
  if (entry.parent === undefined) throw new Error("two branches have different roots");
  return entry.parent;
}

/** An entry that is in no tree yet: `addBranch` takes it. The header must have been checked. */
export function placeHeader(header: Header, parent: TreeEntry | undefined): PlacedHeader {
  return new Entry(header, parent);
}

/** Only its tree changes an entry. */
class Entry implements TreeEntry {
  readonly hash: BlockHash;
  readonly header: Header;
  readonly parent: TreeEntry | undefined;
  readonly height: number;
  readonly medianTime: number;
  readonly work: bigint;
  hasBody = false;
  isLinked = false;
  isInvalid: boolean;
  isInvalidByCommand: boolean;
  sequence = 0;
  measures: BlockMeasures | undefined = undefined;
  nextOfKey: Entry | undefined = undefined;
  firstChild: Entry | undefined = undefined;
  nextSibling: Entry | undefined = undefined;

  constructor(header: Header, parent: TreeEntry | undefined) {
    const work = workOfBits(header.bits);
    this.hash = blockHash(header);
    this.header = header;
    this.parent = parent;
    this.height = parent === undefined ? 0 : parent.height + 1;
    this.medianTime = medianTimeOf(header, parent);
    this.work = parent === undefined ? work : parent.work + work;
    this.isInvalid = parent?.isInvalid === true;
    this.isInvalidByCommand = parent?.isInvalidByCommand === true;
  }

  /** The first seen first. Each knows the next: lists of mostly one child would take more room. */
  *children(): Iterable<Entry> {
    for (let child = this.firstChild; child !== undefined; child = child.nextSibling) yield child;
  }

  addChild(child: Entry): void {
    let last = this.firstChild;
    if (last === undefined) {
      this.firstChild = child;
      return;
    }
    while (last.nextSibling !== undefined) last = last.nextSibling;
    last.nextSibling = child;
  }
}
