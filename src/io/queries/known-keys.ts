/** Finds taproot keys by other names: the hash of their script, or the beginning of their digits. */

import type { Chain } from "../../chain/chain.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import { bytesToHex, parseHex } from "../../primitives/bytes.ts";
import { payToTaproot, taprootKey } from "../../primitives/script.ts";
import { type IndexRecords, type ScriptHash, scriptHashOf } from "./index-records.ts";
import type { WaitingByKey } from "./waiting-by-key.ts";

/** Beyond so many new blocks, all records are read anew in place of the blocks. */
const blocksFollowedMax = 100;
/** Digits by which keys are kept apart, so that never many have to be sorted at once. */
const digitsOfShelf = 3;

/**
 * Records are ordered by the hashes of scripts, not by keys. So all keys on the chain are read
 * with the first search for addresses, and then kept: about 100 bytes of memory for each.
 */
export class KnownKeys {
  readonly #chain: Chain;
  readonly #records: IndexRecords;
  readonly #waiting: WaitingByKey;
  /** Digits of keys by their first ones. A key may stay that only an abandoned branch touched. */
  readonly #shelves = new Map<string, Set<string>>();
  /** The tip up to which the keys are read. */
  #seen: TreeEntry | undefined;
  #reading: Promise<void> | undefined;

  constructor(chain: Chain, records: IndexRecords, waiting: WaitingByKey) {
    this.#chain = chain;
    this.#records = records;
    this.#waiting = waiting;
  }

  /**
   * The key to which a script pays, if the active branch or something that waits touched it.
   *
   * @param scriptHash the SHA-256 of the script, in hex digits as they are computed.
   */
  keyOfScript(scriptHash: string): Uint8Array | undefined {
    const script = this.#records.scriptOf(scriptHash as ScriptHash);
    return script === undefined ? this.#waiting.keyOfScript(scriptHash) : taprootKey(script);
  }

  /** Keys on the active branch, in the order of their digits, which begin with these. */
  async *beginningWith(digits: string): AsyncGenerator<Uint8Array> {
    await this.#follow();
    const first = digits.slice(0, digitsOfShelf);
    const shelves = [...this.#shelves].filter(([name]) => name.startsWith(first));
    for (const [, keys] of shelves.sort(([a], [b]) => (a < b ? -1 : 1))) {
      for (const key of [...keys].sort()) {
        if (key.startsWith(digits) && this.#isOnBranch(key)) yield parseHex(key);
      }
    }
  }

  #isOnBranch(digits: string): boolean {
    const script = scriptHashOf(payToTaproot(parseHex(digits)));
    return this.#records.totalsOf(script).transactionCount > 0;
  }

  async #follow(): Promise<void> {
    while (this.#seen !== this.#chain.tip) {
      if (this.#reading === undefined && this.#readBlocks()) return;
      this.#reading ??= this.#readRecords().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
  }

  /** Reads what came since. Answers false if that is too much. */
  #readBlocks(): boolean {
    const { tip, tree } = this.#chain;
    if (this.#seen === undefined) return false;
    const { forth } = tree.path(this.#seen, tip);
    if (forth.length > blocksFollowedMax) return false;
    for (const { hash } of forth) {
      for (const { outputs } of this.#chain.blockOf(hash)?.transactions ?? []) {
        for (const { script } of outputs) this.#keep(script);
      }
    }
    this.#seen = tip;
    return true;
  }

  async #readRecords(): Promise<void> {
    const { tip } = this.#chain;
    for await (const script of this.#records.scripts()) this.#keep(script);
    this.#seen = tip;
  }

  #keep(script: Uint8Array): void {
    const key = taprootKey(script);
    if (key === undefined) return;
    const digits = bytesToHex(key);
    const name = digits.slice(0, digitsOfShelf);
    const shelf = this.#shelves.get(name) ?? new Set<string>();
    this.#shelves.set(name, shelf.add(digits));
  }
}
