/** Esplora's routes for addresses. */

import type { Router } from "express";
import { esploraRoutes as routes } from "../../../contract/node-api.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { unreachable, type Verdict } from "../../../primitives/verdict.ts";
import type { HistoryProblem } from "../../queries/key-history.ts";
import type { Queries } from "../../queries/queries.ts";
import type { FoundTransaction } from "../../queries/transactions.ts";
import { PlainError } from "./plain-text.ts";
import { addressJson, coinJson, transactionJson } from "./shapes.ts";
import { hashFrom, keyFrom } from "./values.ts";

/** @see Esplora, API.md */
const confirmedMax = 25;
const waitingMax = 50;
/** Our own route has more, a page at a time. @see Blockstream/electrs, --utxos-limit */
const coinsMax = 500;

export function addAddressRoutes(router: Router, { served, keyHistory }: Queries): void {
  const { addressPrefix } = served.node.params;
  const keyOf = (address: string) => keyFrom(address, addressPrefix);
  const toJson = (found: FoundTransaction) => transactionJson(found, addressPrefix);

  router.get(routes.address.path, ({ params: { address } }, response) => {
    response.json(addressJson(address, keyHistory.totals(keyOf(address))));
  });
  router.get(routes.addressHistory.path, async ({ params }, response) => {
    const page = { countMax: confirmedMax };
    const all = await keyHistory.all(keyOf(params.address), waitingMax, page);
    response.json(answered(all).map(toJson));
  });
  router.get(routes.addressChain.path, async ({ params }, response) => {
    const page = await keyHistory.confirmed(keyOf(params.address), { countMax: confirmedMax });
    response.json(answered(page).map(toJson));
  });
  router.get(routes.addressChainAfter.path, async ({ params }, response) => {
    const page = { countMax: confirmedMax, after: hashFrom<Txid>(params.last_seen_txid) };
    const found = await keyHistory.confirmed(keyOf(params.address), page);
    response.json(answered(found).map(toJson));
  });
  router.get(routes.addressMempool.path, ({ params }, response) => {
    response.json(keyHistory.waiting(keyOf(params.address), waitingMax).map(toJson));
  });
  router.get(routes.addressCoins.path, async ({ params }, response) => {
    const coins = await keyHistory.coins(keyOf(params.address), coinsMax);
    response.json(answered(coins).map(coinJson));
  });
}

/** @throws PlainError in place of a problem. */
function answered<T>(history: Verdict<T, HistoryProblem>): T {
  if (history.ok) return history.value;
  const { problem } = history;
  switch (problem.rule) {
    case "too-many-coins":
      // Its words for a history or a list of coins that is too long. @see ErrorKind::TooPopular
      throw new PlainError(400, "Too many history entries");
    case "tip-moves":
      throw new PlainError(503, "The tip moves faster than this can be read: try again");
    default:
      return unreachable(problem);
  }
}
