/** The fee rate below which a full mempool takes nothing; it falls again when blocks come. */

import type { Elapsed } from "../primitives/brand.ts";
import type { MempoolPolicy } from "./policy.ts";

/** @see Bitcoin Core, CTxMemPool::ROLLING_FEE_HALFLIFE */
const halfLifeMs = 12 * 3_600_000;

/** @see Bitcoin Core, CTxMemPool::GetMinFee, whose minimum this is */
export class FeeFloor {
  readonly #policy: MempoolPolicy;
  #feeRate = 0;
  #since = 0 as Elapsed;
  /** It stays up until a block has made room. */
  #isFalling = false;

  constructor(policy: MempoolPolicy) {
    this.#policy = policy;
  }

  /** Something of this fee rate had to go: what comes now must be better than that. */
  raise(evictedFeeRate: number, now: Elapsed): void {
    const feeRate = evictedFeeRate + this.#policy.incrementalFeeRatePerKvb;
    if (feeRate <= this.#feeRate) return;
    this.#feeRate = feeRate;
    this.#since = now;
    this.#isFalling = false;
  }

  /** A block has come: from now on the floor falls. */
  release(now: Elapsed): void {
    if (this.#isFalling) return;
    this.#since = now;
    this.#isFalling = true;
  }

  /** Satoshis for 1,000 virtual bytes, when so many bytes wait. It falls faster with more room. */
  feeRateAt(now: Elapsed, virtualSizeBytes: number): number {
    const {
      feeRateMinPerKvb: feeRateMinPerKvb,
      incrementalFeeRatePerKvb: incrementalFeeRatePerKvb,
    } = this.#policy;
    const rolling = this.#isFalling ? this.#fallen(now, virtualSizeBytes) : this.#feeRate;
    if (rolling < incrementalFeeRatePerKvb / 2) return feeRateMinPerKvb;
    return Math.max(rolling, incrementalFeeRatePerKvb, feeRateMinPerKvb);
  }

  #fallen(now: Elapsed, virtualSizeBytes: number): number {
    const share = virtualSizeBytes / this.#policy.virtualSizeBytesMax;
    const speed = share < 1 / 4 ? 4 : share < 1 / 2 ? 2 : 1;
    return this.#feeRate / 2 ** (((now - this.#since) * speed) / halfLifeMs);
  }
}
