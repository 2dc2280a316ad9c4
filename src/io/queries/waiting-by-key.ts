/** What waits in the mempool, by the taproot keys that it touches. */

import type { MempoolEntry } from "../../mempool/entry.ts";
import type { Node } from "../../node/node.ts";
import type { Txid } from "../../primitives/brand.ts";
import { bytesToHex, parseHex } from "../../primitives/bytes.ts";
import { payToTaproot, taprootKey } from "../../primitives/script.ts";
import type { OutPoint, Output } from "../../primitives/transaction.ts";
import { scriptHashOf } from "./index-records.ts";

export type KeyOutput = { readonly point: OutPoint; readonly output: Output };

/** What one waiting transaction does to one key. */
export type Touch = {
  readonly entry: MempoolEntry;
  readonly funded: readonly KeyOutput[];
  readonly spent: readonly KeyOutput[];
};

/** Follows the mempool when it is asked, and looks only at what is new. */
export class WaitingByKey {
  readonly #node: Node;
  readonly #touches = new Map<string, Map<Txid, Touch>>();
  readonly #keysOf = new Map<Txid, { readonly entry: MempoolEntry; readonly keys: string[] }>();
  /** The keys of what waits, by the hashes of their scripts. */
  readonly #keysByScript = new Map<string, string>();
  #revision = -1;

  constructor(node: Node) {
    this.#node = node;
  }

  /** The newest first. */
  touching(key: Uint8Array): Touch[] {
    this.#refresh();
    const touches = [...(this.#touches.get(bytesToHex(key))?.values() ?? [])];
    return touches.sort((a, b) => b.entry.position - a.entry.position);
  }

  /** The key that something waiting touches, by the SHA-256 of its script in hex. */
  keyOfScript(scriptHash: string): Uint8Array | undefined {
    this.#refresh();
    const key = this.#keysByScript.get(scriptHash);
    return key === undefined ? undefined : parseHex(key);
  }

  #refresh(): void {
    const { mempool } = this.#node;
    if (this.#revision === mempool.revision) return;
    this.#revision = mempool.revision;
    for (const [txid, { entry, keys }] of this.#keysOf) {
      if (mempool.get(txid) !== entry) this.#remove(txid, keys);
    }
    for (const entry of mempool.entries()) if (!this.#keysOf.has(entry.txid)) this.#add(entry);
  }

  #add(entry: MempoolEntry): void {
    const { funded, spent } = this.#outputsOf(entry);
    const keys = new Set([...funded.keys(), ...spent.keys()]);
    for (const key of keys) {
      const touches = this.#touches.get(key) ?? new Map<Txid, Touch>();
      if (touches.size === 0) this.#keysByScript.set(scriptHashOfKey(key), key);
      const touch = { entry, funded: funded.get(key) ?? [], spent: spent.get(key) ?? [] };
      this.#touches.set(key, touches.set(entry.txid, touch));
    }
    this.#keysOf.set(entry.txid, { entry, keys: [...keys] });
  }

  #remove(txid: Txid, keys: readonly string[]): void {
    this.#keysOf.delete(txid);
    for (const key of keys) {
      const touches = this.#touches.get(key);
      touches?.delete(txid);
      if (touches?.size !== 0) continue;
      this.#touches.delete(key);
      this.#keysByScript.delete(scriptHashOfKey(key));
    }
  }

  #outputsOf({ transaction, txid }: MempoolEntry): Record<"funded" | "spent", KeyOutputs> {
    const view = this.#node.nextBlockView();
    const made = transaction.outputs.map((output, index) => ({ point: { txid, index }, output }));
    const taken = transaction.inputs.flatMap(({ previous: point }) => {
      const coin = this.#node.mempool.coinAt(point, view);
      return coin ? [{ point, output: coin.output }] : [];
    });
    return { funded: byKey(made), spent: byKey(taken) };
  }
}

function scriptHashOfKey(digits: string): string {
  return scriptHashOf(payToTaproot(parseHex(digits)));
}

type KeyOutputs = ReadonlyMap<string, readonly KeyOutput[]>;

function byKey(outputs: readonly KeyOutput[]): KeyOutputs {
  const sorted = new Map<string, KeyOutput[]>();
  for (const each of outputs) {
    const key = taprootKey(each.output.script);
    if (key === undefined) continue;
    const name = bytesToHex(key);
    sorted.set(name, [...(sorted.get(name) ?? []), each]);
  }
  return sorted;
}
