/** Keeps the pieces of stored blocks that were read last: those of a hash never change. */

import type { Key, Store } from "../../machine/store.ts";

/** Some full blocks with their coins. */
const sizeBytesMax = 16_000_000;

export class PieceCache implements Pick<Store, "get"> {
  readonly #store: Pick<Store, "get">;
  readonly #sizeBytesMax: number;
  /** The one that was read longest ago first. */
  readonly #pieces = new Map<Key, Uint8Array>();
  #sizeBytes = 0;

  constructor(store: Pick<Store, "get">, limitBytes = sizeBytesMax) {
    this.#store = store;
    this.#sizeBytesMax = limitBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get(key: Key): Uint8Array | undefined {
    const known = this.#pieces.get(key);
    if (known !== undefined) {
      this.#pieces.delete(key);
      this.#pieces.set(key, known);
      return known;
    }
    const piece = this.#store.get(key);
    if (piece !== undefined) this.#keep(key, piece);
    return piece;
  }

  #keep(key: Key, piece: Uint8Array): void {
    this.#pieces.set(key, piece);
    this.#sizeBytes += piece.length;
    for (const [oldest, { length }] of this.#pieces) {
      if (this.#sizeBytes <= this.#sizeBytesMax) return;
      this.#pieces.delete(oldest);
      this.#sizeBytes -= length;
    }
  }
}
