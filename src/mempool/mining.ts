/** Which template the miners get, and when they get a newer one. */

import type { Chain } from "../chain/chain.ts";
import { earliestMoment } from "../consensus/header.ts";
import { weightMax } from "../consensus/limits.ts";
import { describeProblem } from "../consensus/problem.ts";
import type { Now } from "../machine/now.ts";
import type { BlockHash, Elapsed, Milliseconds } from "../primitives/brand.ts";
import type { Mempool } from "./mempool.ts";
import { type BlockTemplate, makeTemplate, selectTransactions } from "./template.ts";
import type { NextBlockView } from "./view.ts";

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

/** Why miners rest though they should mine. */
export type ForcedRest = {
  /** The median time of the chain is so far ahead of the clock that no time is allowed in a block. */
  readonly reason: "clock-behind-chain";
  /** By how much it was when the rest began, in seconds. */
  readonly medianAheadSeconds: number;
  readonly until: Milliseconds;
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
  #madeAt = 0 as Elapsed;
  #template: BlockTemplate | undefined;
  #isResting = true;
  #forcedRest: ForcedRest | undefined;

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

  /** The latest one; undefined while the miners are idle. */
  get template(): BlockTemplate | undefined {
    return this.#payTo === undefined ? undefined : this.#template;
  }

  /** Undefined while miners may mine, or were not asked to. */
  get forcedRest(): ForcedRest | undefined {
    return this.#payTo === undefined ? undefined : this.#forcedRest;
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
  get renewAt(): Elapsed | undefined {
    if (this.#payTo === undefined) return undefined;
    const isBehind = this.#mempool.revision !== this.#revision;
    const ageMs = isBehind ? Math.min(freshenMs, this.#renewalMs) : this.#renewalMs;
    return (this.#madeAt + ageMs) as Elapsed;
  }

  /** A template in place of the miners' one, or an order to stop; undefined if nothing changes. */
  renew(view: NextBlockView, now: Now): BlockTemplate | "rest" | undefined {
    const next = this.#next(view, now);
    if (next === "rest" && this.#isResting) return undefined;
    if (next !== undefined) this.#isResting = next === "rest";
    return next;
  }

  #next(view: NextBlockView, now: Now): BlockTemplate | "rest" | undefined {
    const payTo = this.#payTo;
    const { tip: parent, params } = this.#chain;
    if (payTo === undefined) {
      this.#forcedRest = undefined;
      return "rest";
    }
    const isSameChain = this.#parent === parent.hash;
    if (isSameChain && now.elapsed < (this.renewAt ?? 0)) return undefined;
    const until = earliestMoment(parent, params);
    if (now.wall < until) {
      this.#parent = undefined;
      this.#madeAt = now.elapsed;
      this.#template = undefined;
      const medianAheadSeconds =
        this.#forcedRest?.medianAheadSeconds ?? parent.medianTime - Math.floor(now.wall / 1000);
      this.#forcedRest = { reason: "clock-behind-chain", medianAheadSeconds, until };
      return "rest"; // one clock is or was wrong: ours must reach the chain's times first
    }
    this.#forcedRest = undefined;
    const isSame = isSameChain && this.#revision === this.#mempool.revision;
    const selection = selectTransactions(this.#mempool, view, weightMax);
    this.#parent = parent.hash;
    this.#revision = this.#mempool.revision;
    this.#madeAt = now.elapsed;
    const extraNonce = this.#extraNonce++;
    const tag = this.#tag;
    const template = makeTemplate({
      ...selection,
      params,
      parent,
      payTo,
      now: now.wall,
      extraNonce,
      tag,
    });
    if (!isSame) this.#proveTemplate(template, now.wall);
    this.#template = template;
    return template;
  }

  /**
   * Work on a block that all nodes refuse would be lost. Between two templates of the same
   * transactions only the time and the extra nonce differ, so one check serves both.
   *
   * @throws Error if the block would be invalid: then the mempool or the template is wrong.
   */
  #proveTemplate({ block }: BlockTemplate, now: Milliseconds): void {
    const problem = this.#chain.findTemplateProblem(block, now);
    if (problem === undefined) return;
    throw new Error(`our own template would be refused: ${describeProblem(problem)}`);
  }
}
