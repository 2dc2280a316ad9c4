/** The coins of an address, a page at a time: a wallet may have more than one answer should hold. */

import type { RequestHandler } from "express";
import type { CoinPageJson, PagedCoinJson } from "../../../contract/coin-page.ts";
import { describeAddressProblem, scriptOfAddress } from "../../../primitives/address.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { parseHash } from "../../../primitives/hash.ts";
import { taprootKey } from "../../../primitives/script.ts";
import { type OutPoint, outPointName } from "../../../primitives/transaction.ts";
import type { CoinPage, OwnedCoin } from "../../queries/key-history.ts";
import type { Queries } from "../../queries/queries.ts";
import { ProblemError } from "../problem.ts";

const countMax = 1_000;
/** An output's index has four bytes. */
const indexMax = 0xffff_ffff;
const cursorPattern = /^([0-9a-f]{64}):(\d{1,10})$/;

export function addressCoins({ served, keyHistory }: Queries): RequestHandler<{ address: string }> {
  return async ({ params, query }, response) => {
    const key = keyFrom(params.address, served.node.params.addressPrefix);
    const after = cursorFrom(query["after"]);
    const page = await keyHistory.coinPage(key, { countMax, ...(after && { after }) });
    if (!page.ok) {
      const detail = "The tip moves faster than this can be read: try again.";
      throw new ProblemError(503, "tip-moves", detail);
    }
    const { confirmed, waiting } = keyHistory.totals(key);
    const made = confirmed.fundedCount + waiting.fundedCount;
    const json: CoinPageJson = {
      ...pageJson(page.value),
      tx_count: confirmed.transactionCount + waiting.transactionCount,
      coin_count: made - confirmed.spentCount - waiting.spentCount,
    };
    response.json(json);
  };
}

function pageJson({ tip, coins, hasMore }: CoinPage) {
  const last = coins.at(-1);
  return {
    tip: tip.hash,
    height: tip.height,
    coins: coins.map(coinJson),
    next: hasMore && last !== undefined ? outPointName(last.point) : null,
  };
}

function coinJson({ point, output, confirmedBy, isCoinbase }: OwnedCoin): PagedCoinJson {
  return {
    txid: point.txid,
    vout: point.index,
    value: output.value,
    height: confirmedBy?.height ?? null,
    coinbase: isCoinbase,
  };
}

function keyFrom(address: string, prefix: string): Uint8Array {
  const script = scriptOfAddress(address, prefix);
  if (!script.ok) {
    const detail = describeAddressProblem(address, script.problem);
    throw new ProblemError(400, "address-invalid", detail);
  }
  const key = taprootKey(script.value);
  if (key === undefined) throw new Error("an address stands for a taproot script");
  return key;
}

function cursorFrom(after: unknown): OutPoint | undefined {
  if (after === undefined) return undefined;
  const [, hash = "", index = ""] =
    cursorPattern.exec(typeof after === "string" ? after : "") ?? [];
  const txid = parseHash<Txid>(hash);
  if (txid.ok && Number(index) <= indexMax) return { txid: txid.value, index: Number(index) };
  const detail = "after is no TXID:OUTPUT: take what the page before has as next.";
  throw new ProblemError(400, "cursor-invalid", detail);
}
