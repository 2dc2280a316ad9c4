/** Finds taproot keys by other names: the hash of their script, or the beginning of their digits. */

import type { Chain } from "../../chain/chain.ts";
import type { TreeEntry } from "../../chain/tree.ts";
import { bytesToHex, parseHex } from "../../primitives/bytes.ts";
import { taprootKey } from "../../primitives/script.ts";
import type { IndexRecords } from "./index-records.ts";
import { scriptHashOf, type WaitingByKey } from "./waiting-by-key.ts";

/** Beyond so many new blocks, all records are read anew in place of the blocks. */
const blocksFollowedMax = 100;

/**
 * The indexes name keys, not scripts. So the hashes of all scripts on the chain are computed when
 * they are first asked for, and then kept: about 200 bytes of memory for each key, and as many keys
 * as the chain has ever paid to.
 */
export class KnownKeys {
  readonly #chain: Chain;
  readonly #records: IndexRecords;
  readonly #waiting: WaitingByKey;
  /** Digits of keys. A key that only an abandoned branch touched stays, and has no records. */
  readonly #keysByScript = new Map<string, string>();
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
  async keyOfScript(scriptHash: string): Promise<Uint8Array | undefined> {
    await this.#follow();
    const key = this.#keysByScript.get(scriptHash);
    return key === undefined ? this.#waiting.keyOfScript(scriptHash) : parseHex(key);
  }

  /** Keys on the active branch, in the order of their digits, which begin with these. */
  beginningWith(digits: string): AsyncIterable<Uint8Array> {
    return this.#records.keys(digits);
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
        for (const { script } of outputs) {
          const key = taprootKey(script);
          if (key !== undefined) this.#keep(key);
        }
      }
    }
    this.#seen = tip;
    return true;
  }

  async #readRecords(): Promise<void> {
    const { tip } = this.#chain;
    for await (const key of this.#records.keys()) this.#keep(key);
    this.#seen = tip;
  }

  #keep(key: Uint8Array): void {
    this.#keysByScript.set(scriptHashOf(key), bytesToHex(key));
  }
}
