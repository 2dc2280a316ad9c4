/** What the miners are given, and when they get something newer. */

import type { Chain } from "../chain/chain.ts";
import { weightMax } from "../consensus/limits.ts";
import type { Mempool } from "../mempool/mempool.ts";
import { makeTemplate, selectTransactions, type BlockTemplate } from "../mempool/template.ts";
import type { NextBlockView } from "../mempool/view.ts";
import type { BlockHash, Milliseconds } from "../primitives/brand.ts";

export type MiningOptions = {
  /** The output script that mined coins go to; nothing is mined if it is undefined. */
  readonly payTo: Uint8Array | undefined;
  /** How long a template is good at most: its time ages. */
  readonly renewalMs: number;
  /** Where this miner's extra nonces begin: no two miners should begin alike. */
  readonly firstExtraNonce: number;
  /** A name to leave in coinbases. */
  readonly tag: string;
};

/** How soon new transactions are in the template; a busy mempool must not make one for each. */
const freshenMs = 200;

export class Mining {
  readonly #chain: Chain;
  readonly #mempool: Mempool;
  readonly #renewalMs: number;
  readonly #tag: string;
  #payTo: Uint8Array | undefined;
  #extraNonce: number;
  /** What the miners' template was made of, and when. */
  #parent: BlockHash | undefined;
  #revision = 0;
  #madeAt = 0 as Milliseconds;

  constructor(chain: Chain, mempool: Mempool, options: MiningOptions) {
    this.#chain = chain;
    this.#mempool = mempool;
    this.#payTo = options.payTo;
    this.#renewalMs = options.renewalMs;
    this.#extraNonce = options.firstExtraNonce;
    this.#tag = options.tag;
  }

  get payTo(): Uint8Array | undefined {
    return this.#payTo;
  }

  /** Mines for another script from now on, or not at all. */
  payToScript(payTo: Uint8Array | undefined): void {
    this.#payTo = payTo;
    this.#parent = undefined;
  }

  /** Asks for a template at the next occasion. */
  outdate(): void {
    this.#parent = undefined;
  }

  /** When the miners' template will be too old; undefined if nothing is mined. */
  get renewAt(): Milliseconds | undefined {
    if (this.#payTo === undefined) return undefined;
    const isBehind = this.#mempool.revision !== this.#revision;
    const ageMs = isBehind ? Math.min(freshenMs, this.#renewalMs) : this.#renewalMs;
    return (this.#madeAt + ageMs) as Milliseconds;
  }

  /** A template in place of the miners' one; undefined if theirs is still good. */
  renew(view: NextBlockView, now: Milliseconds): BlockTemplate | undefined {
    const payTo = this.#payTo;
    const parent = this.#chain.tip;
    if (payTo === undefined) return undefined;
    if (this.#parent === parent.hash && now < (this.renewAt ?? 0)) return undefined;
    const selection = selectTransactions(this.#mempool, view, weightMax);
    this.#parent = parent.hash;
    this.#revision = this.#mempool.revision;
    this.#madeAt = now;
    const { params } = this.#chain;
    const extraNonce = this.#extraNonce++;
    return makeTemplate({ ...selection, params, parent, payTo, now, extraNonce, tag: this.#tag });
  }
}
