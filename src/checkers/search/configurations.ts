/**
 * The configurations that a search has met: which operations are placed, and which value they leave.
 *
 * They are kept whole, as words of 32 bits in one array, so that two that hash alike are never mixed
 * up, and without an object each, so that tens of millions fit.
 */

const tableSizeMin = 1 << 8;
const wordsMin = 1 << 10;
/** From here on the array of words grows by half, so that the copy beside it stays small. */
const wordsDoubledMax = 1 << 22;

/** What all searches of one check may use together. */
export class Memory {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Says whether there is room for so many more bytes, and takes them if so. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}

export class Configurations {
  readonly #memory: Memory;
  /** Each is its length, then its words. */
  #words = new Uint32Array(wordsMin);
  /** 0 is given to nothing, so that it can mark a free place. */
  #wordsUsed = 1;
  /** Where in `#words` the configuration with this hash begins, or the next after it; 0 if free. */
  #table = new Uint32Array(tableSizeMin);
  #count = 0;
  #bytes: number;

  /** It takes little memory at first, without asking. */
  constructor(memory: Memory) {
    this.#memory = memory;
    this.#bytes = 0;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds a configuration.
   *
   * @param key its words, of which the first `length` count.
   * @returns `full` if there is no memory for it; it is not added then.
   */
  add(key: Uint32Array, length: number): "new" | "known" | "full" {
    if (!this.#hasRoom(length + 1)) return "full";
    const mask = this.#table.length - 1;
    let slot = hashOf(key, 0, length) & mask;
    for (let at = this.#table[slot] as number; at !== 0; at = this.#table[slot] as number) {
      if (this.#equals(at, key, length)) return "known";
      slot = (slot + 1) & mask;
    }
    this.#table[slot] = this.#wordsUsed;
    this.#words[this.#wordsUsed++] = length;
    for (let i = 0; i < length; i++) this.#words[this.#wordsUsed++] = key[i] as number;
    this.#count++;
    return "new";
  }

  /** Forgets all and gives the memory back. */
  clear(): void {
    this.#memory.release(this.#bytes);
    this.#bytes = 0;
    this.#words = new Uint32Array(wordsMin);
    this.#wordsUsed = 1;
    this.#table = new Uint32Array(tableSizeMin);
    this.#count = 0;
  }

  #equals(at: number, key: Uint32Array, length: number): boolean {
    if (this.#words[at] !== length) return false;
    for (let i = 0; i < length; i++) if (this.#words[at + 1 + i] !== key[i]) return false;
    return true;
  }

  #hasRoom(words: number): boolean {
    if (this.#wordsUsed + words > this.#words.length) {
      const size = this.#words.length;
      const grown = size < wordsDoubledMax ? 2 * size : size + (size >> 1);
      const sizeNew = Math.max(grown, this.#wordsUsed + words);
      if (!this.#take(4 * (sizeNew - size))) return false;
      const wordsNew = new Uint32Array(sizeNew);
      wordsNew.set(this.#words.subarray(0, this.#wordsUsed));
      this.#words = wordsNew;
    }
    // At most five eighths of the table are in use: beyond that neighbours get in each other's way.
    if (8 * this.#count < 5 * this.#table.length) return true;
    if (!this.#take(4 * this.#table.length)) return false;
    this.#rehash(2 * this.#table.length);
    return true;
  }

  #take(bytes: number): boolean {
    if (!this.#memory.take(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  #rehash(size: number): void {
    const table = new Uint32Array(size);
    const mask = size - 1;
    for (let at = 1; at < this.#wordsUsed;) {
      const length = this.#words[at] as number;
      let slot = hashOf(this.#words, at + 1, length) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = at;
      at += length + 1;
    }
    this.#table = table;
  }
}

/** MurmurHash3 over whole words. @see https://github.com/aappleby/smhasher, MurmurHash3_x86_32 */
function hashOf(words: Uint32Array, start: number, length: number): number {
  let hash = length;
  for (let i = start; i < start + length; i++) {
    let word = Math.imul(words[i] as number, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
