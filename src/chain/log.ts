/** The tree on disk: a header record for each entry, in the order of arrival. */

import type { Store, Write } from "../machine/store.ts";
import type { BlockHash } from "../primitives/brand.ts";
import {
  chainKey,
  decodeChainRecord,
  decodeHeaderRecord,
  encodeChainRecord,
  encodeHeaderRecord,
  headerKey,
} from "./records.ts";
import type { Tree, TreeEntry } from "./tree.ts";

/** The store holds the chain of another network. */
export class WrongChainError extends Error {
  readonly found: BlockHash;
  readonly expected: BlockHash;

  constructor(found: BlockHash, expected: BlockHash) {
    super(`the stored chain begins with block ${found}, this network's with ${expected}`);
    this.found = found;
    this.expected = expected;
  }
}

/** Writes what changes in the tree, and grows the tree again from that. */
export class HeaderLog {
  readonly #store: Store;
  readonly #tree: Tree;
  /** Where each entry's record stands; entries known by header only may have none. */
  readonly #positions = new Map<TreeEntry, number>();

  constructor(store: Store, tree: Tree) {
    this.#store = store;
    this.#tree = tree;
    this.#positions.set(tree.genesis, 0);
  }

  /** Grows the tree from the records and answers the tip. */
  load(): TreeEntry {
    const record = this.#store.get(chainKey);
    if (record === undefined) return this.#tree.genesis;
    const { genesis, tip, headers } = decodeChainRecord(record);
    if (genesis !== this.#tree.genesis.hash) {
      throw new WrongChainError(genesis, this.#tree.genesis.hash);
    }
    for (let position = 1; position < headers; position++) this.#loadHeader(position);
    return this.#entry(tip);
  }

  #loadHeader(position: number): void {
    const bytes = this.#store.get(headerKey(position));
    if (bytes === undefined) throw new Error(`header record ${position} is missing`);
    const { header, hasBody, isInvalid, isInvalidByCommand, measures } = decodeHeaderRecord(bytes);
    const entry = this.#tree.add(header, this.#entry(header.previous));
    this.#positions.set(entry, position);
    if (hasBody) this.#tree.addBody(entry, measures);
    if (isInvalidByCommand) this.#tree.invalidateByCommand(entry);
    else if (isInvalid) this.#tree.invalidate(entry);
  }

  /** Writes that keep these entries, the ancestors that have no record yet, and the tip. */
  record(entries: readonly TreeEntry[], tip: TreeEntry): Write[] {
    const ordered = new Set<TreeEntry>();
    for (const entry of entries) {
      for (const ancestor of this.#unrecorded(entry)) ordered.add(ancestor);
      ordered.add(entry);
    }
    const writes = Array.from(ordered, (entry): Write => {
      const position = this.#positions.get(entry) ?? this.#positions.size;
      this.#positions.set(entry, position);
      return { type: "put", key: headerKey(position), value: encodeHeaderRecord(entry) };
    });
    const genesis = this.#tree.genesis.hash;
    const value = encodeChainRecord({ genesis, tip: tip.hash, headers: this.#positions.size });
    return [...writes, { type: "put", key: chainKey, value }];
  }

  /** From the oldest ancestor without a record up to the entry. */
  #unrecorded(entry: TreeEntry): TreeEntry[] {
    const found: TreeEntry[] = [];
    for (let at = entry.parent; at && !this.#positions.has(at); at = at.parent) found.push(at);
    return found.reverse();
  }

  #entry(hash: BlockHash): TreeEntry {
    const entry = this.#tree.get(hash);
    if (entry === undefined) throw new Error(`the record of block ${hash} is missing`);
    return entry;
  }
}
