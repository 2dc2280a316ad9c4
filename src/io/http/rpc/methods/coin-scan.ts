/** A search for coins of some scripts among all coins. A node has one at a time. */

import type { TreeEntry } from "../../../../chain/tree.ts";
import { bytesToHex } from "../../../../primitives/bytes.ts";
import { allCoins, type SetCoin } from "../../../queries/coin-set.ts";
import { coins } from "../call/figures.ts";
import type { Json, Writable } from "../call/json.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { type DescribedScript, describedScripts } from "../shapes/scan-descriptor.ts";

const scans = new WeakMap<RpcNode, CoinScan>();

export class CoinScan {
  readonly #node: RpcNode;
  /** Of all coins by the first bytes of their names; undefined while none is searched. */
  #percent: number | undefined;
  #isAborted = false;

  static of(node: RpcNode): CoinScan {
    const scan = scans.get(node) ?? new CoinScan(node);
    scans.set(node, scan);
    return scan;
  }

  private constructor(node: RpcNode) {
    this.#node = node;
  }

  get isUnderWay(): boolean {
    return this.#percent !== undefined;
  }

  /** Null while there is none, as in Core. */
  get progress(): Writable {
    return this.#percent === undefined ? null : { progress: this.#percent };
  }

  /** False if there is none. */
  abort(): boolean {
    this.#isAborted ||= this.isUnderWay;
    return this.isUnderWay;
  }

  /** @throws RpcError if it is aborted, or a descriptor is wrong. */
  async run(descriptors: readonly Json[], prefix: string): Promise<Writable> {
    this.#percent = 0;
    this.#isAborted = false;
    try {
      const wanted: DescribedScript[] = [];
      for (const each of descriptors) {
        this.#checkGoesOn();
        wanted.push(...(await describedScripts(each, prefix)));
      }
      return await this.#node.walks.run(() => this.#search(wanted));
    } finally {
      this.#percent = undefined;
    }
  }

  async #search(wanted: readonly DescribedScript[]): Promise<Writable> {
    const { served } = this.#node;
    const { tip } = served.node.chain;
    const descriptors = new Map(
      wanted.map(({ script, descriptor }) => [bytesToHex(script), descriptor]),
    );
    const unspents: Writable[] = [];
    let [count, total] = [0, 0];
    for await (const each of allCoins(served)) {
      this.#checkGoesOn();
      count += 1;
      this.#percent = progressAt(each);
      const script = bytesToHex(each.coin.output.script);
      const descriptor = descriptors.get(script);
      if (descriptor === undefined) continue;
      total += each.coin.output.value;
      unspents.push(this.#coinJson(each, script, descriptor, tip));
    }
    return {
      success: true,
      txouts: count,
      height: tip.height,
      bestblock: tip.hash,
      unspents,
      total_amount: coins(total),
    };
  }

  #checkGoesOn(): void {
    if (this.#isAborted) throw new RpcError(rpcCodes.misc, "Scan was aborted");
  }

  #coinJson({ point, coin }: SetCoin, script: string, desc: string, tip: TreeEntry): Writable {
    const { chain } = this.#node.served.node;
    return {
      txid: point.txid,
      vout: point.index,
      scriptPubKey: script,
      desc,
      amount: coins(coin.output.value),
      coinbase: coin.isCoinbase,
      height: coin.height,
      blockhash: chain.entryAt(coin.height)?.hash,
      confirmations: tip.height - coin.height + 1,
    };
  }
}

/** Coins come in the order of their transactions' ids in hashing order. */
function progressAt({ point }: SetCoin): number {
  const first = Number.parseInt(point.txid.slice(-4).replace(/(..)(..)/, "$2$1"), 16);
  return Math.floor((first * 100) / 0x10000);
}
