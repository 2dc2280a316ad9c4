/** The states that were met: a fingerprint and a parent each, in typed arrays. */

const initialStates = 1 << 12;
/** The table of slots is at most half full: probes stay short. */
const slotsPerState = 2;

/** Of a state that has none, because the search began with it. */
export const noParent = -1;

/**
 * An open-addressing table from fingerprints to the numbers of states, in the order in which they
 * were met. A state costs 12 bytes, and 8 to 16 for its slots.
 *
 * Two states with one fingerprint would be taken for one. With 64 bits the probability that this
 * happens anywhere among n states is about n² / 2^65: 3e-8 for a million, 3e-4 for a hundred
 * million. TLC's fingerprints have the same width.
 */
export class StateTable {
  #low = new Int32Array(initialStates);
  #high = new Int32Array(initialStates);
  #parents = new Int32Array(initialStates);
  /** The number of a state plus 1, or 0 for a free slot. */
  #slots = new Int32Array(initialStates * slotsPerState);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get sizeBytes(): number {
    return 3 * this.#low.byteLength + this.#slots.byteLength;
  }

  /** The number of a known state, or -1. */
  find(low: number, high: number): number {
    return (this.#slots[this.#slotOf(low, high)] as number) - 1;
  }

  /**
   * Adds a state unless it is known.
   *
   * @param parent the number of the state before it, or `noParent`.
   * @returns whether it is new; its number is `size - 1` then.
   */
  add(low: number, high: number, parent: number): boolean {
    let slot = this.#slotOf(low, high);
    if (this.#slots[slot] !== 0) return false;
    if (this.#size === this.#low.length) {
      this.#grow();
      slot = this.#slotOf(low, high);
    }
    const state = this.#size++;
    this.#low[state] = low;
    this.#high[state] = high;
    this.#parents[state] = parent;
    this.#slots[slot] = state + 1;
    return true;
  }

  parentOf(state: number): number {
    return this.#parents[state] ?? noParent;
  }

  hasFingerprint(state: number, low: number, high: number): boolean {
    return this.#low[state] === low && this.#high[state] === high;
  }

  /** The slot that holds this fingerprint, or the free one that it would take. */
  #slotOf(low: number, high: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = low & mask;
    for (;;) {
      const state = (slots[slot] as number) - 1;
      if (state < 0 || (this.#low[state] === low && this.#high[state] === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const length = this.#low.length * 2;
    this.#low = enlarged(this.#low, length);
    this.#high = enlarged(this.#high, length);
    this.#parents = enlarged(this.#parents, length);
    this.#slots = new Int32Array(length * slotsPerState);
    const mask = this.#slots.length - 1;
    for (let state = 0; state < this.#size; state++) {
      let slot = (this.#low[state] as number) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = state + 1;
    }
  }
}

function enlarged(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
