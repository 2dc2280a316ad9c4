/** A state as whole numbers of 32 bits, written one after the other; and their fingerprint. */

const initialLength = 64;

/** Two halves of 32 bits each. */
export type Fingerprint = { readonly low: number; readonly high: number };

/**
 * A buffer that is filled anew for every state. A model must write the same numbers for equal
 * states, and other numbers for all others: a list goes behind its length.
 */
export class Words {
  #words = new Int32Array(initialLength);
  #length = 0;
  /** Of what was written when `seal` was called last. */
  low = 0;
  high = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** @param word a whole number of at most 32 bits; of larger ones the upper bits are lost. */
  push(word: number): void {
    if (this.#length === this.#words.length) this.#grow();
    this.#words[this.#length++] = word;
  }

  /** Writes the length first, so that two lists one after the other cannot be mixed up. */
  pushList(list: readonly number[]): void {
    this.push(list.length);
    for (let i = 0; i < list.length; i++) this.push(list[i] as number);
  }

  /** What was written, for tests and for exact comparisons. */
  toArray(): number[] {
    return [...this.#words.subarray(0, this.#length)];
  }

  /**
   * Computes `low` and `high`: 64 bits over all words. Each word goes through two lanes that mix
   * each other, with the constants and the last steps of MurmurHash3 (Austin Appleby, public
   * domain; `MurmurHash3_x86_128` and `fmix32`).
   */
  seal(): void {
    const words = this.#words;
    const length = this.#length;
    let low = 0x9e3779b9 ^ length;
    let high = 0x85ebca6b ^ length;
    for (let i = 0; i < length; i++) {
      const word = words[i] as number;
      const first = Math.imul(word, 0x239b961b);
      low ^= Math.imul((first << 15) | (first >>> 17), 0xab0e9789);
      low = (((low << 19) | (low >>> 13)) + high) | 0;
      low = (Math.imul(low, 5) + 0x561ccd1b) | 0;
      const second = Math.imul(word, 0x38b34ae5);
      high ^= Math.imul((second << 16) | (second >>> 16), 0xa1e38b93);
      high = (((high << 17) | (high >>> 15)) + low) | 0;
      high = (Math.imul(high, 5) + 0x0bcaa747) | 0;
    }
    low = (low + high) | 0;
    high = (high + low) | 0;
    low = finalMix(low);
    high = finalMix(high);
    this.low = (low + high) | 0;
    this.high = (high + this.low) | 0;
  }

  #grow(): void {
    const larger = new Int32Array(this.#words.length * 2);
    larger.set(this.#words);
    this.#words = larger;
  }
}

function finalMix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
