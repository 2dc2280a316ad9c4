/** No coin from nothing: all coins together are what the blocks made, and none made too much. */

import { coinPrefix, decodeCoin } from "../../../chain/records.ts";
import { subsidyAt } from "../../../consensus/money.ts";
import type { BlockHash } from "../../../primitives/brand.ts";
import { isUnspendable } from "../../../primitives/script.ts";
import type { Output } from "../../../primitives/transaction.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

/** It reads every coin. */
const everySteps = 500;

export class NoCoinFromNothing implements ChainStepCheck {
  readonly name = "no coin from nothing";
  readonly everySteps = everySteps;
  /** What each block added to all coins, in satoshis: outputs that can be spent less inputs. */
  readonly #minted = new Map<BlockHash, number>();

  findViolation({ chain, store }: Subject): string | undefined {
    let expected = 0;
    for (let height = 1; height <= chain.tip.height; height++) {
      const minted = this.#mintedAt(height, chain);
      const subsidy = subsidyAt(height, chain.params);
      if (minted > subsidy) return `block ${height} made ${minted} of at most ${subsidy} satoshis`;
      expected += minted;
    }
    const found = valueOf(store.scan(coinPrefix).map(([, record]) => decodeCoin(record).output));
    if (found === expected) return undefined;
    return `the coins are worth ${found} satoshis, the blocks made ${expected}`;
  }

  #mintedAt(height: number, chain: Subject["chain"]): number {
    const hash = chain.entryAt(height)?.hash;
    const known = hash && this.#minted.get(hash);
    if (known !== undefined) return known;
    const block = hash && chain.blockOf(hash);
    const spent = hash && chain.spentBy(hash);
    if (!block || !spent) throw new Error(`the active block ${height} is not complete`);
    const made = block.transactions
      .flatMap(({ outputs }) => outputs)
      .filter(({ script }) => !isUnspendable(script));
    const minted = valueOf(made) - valueOf(spent.map(({ output }) => output));
    this.#minted.set(hash, minted);
    return minted;
  }
}

function valueOf(outputs: readonly Output[]): number {
  return outputs.reduce((sum, { value }) => sum + value, 0);
}
