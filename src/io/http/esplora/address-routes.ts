/** Esplora's routes for addresses. */

import type { Router } from "express";
import { esploraRoutes as routes } from "../../../contract/node-api.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { transactionJson } from "./shapes.ts";
import { hashFrom, keyFrom } from "./values.ts";
import { KeyHistory } from "../../queries/key-history.ts";
import type { FoundTransaction, Ledger } from "../../queries/transactions.ts";
import type { ServedNode } from "../../queries/served-node.ts";

export function addAddressRoutes(router: Router, served: ServedNode, ledger: Ledger): void {
  const history = new KeyHistory(served, ledger);
  const { addressPrefix } = served.node.params;
  const keyOf = (address: string) => keyFrom(address, addressPrefix);
  const toJson = (found: FoundTransaction) => transactionJson(found, addressPrefix);

  router.get(routes.address.path, ({ params: { address } }, response) => {
    response.json({ address, ...history.stats(keyOf(address)) });
  });
  router.get(routes.addressHistory.path, async ({ params }, response) => {
    const all = await history.all(keyOf(params.address));
    response.json(all.map(toJson));
  });
  router.get(routes.addressChain.path, async ({ params }, response) => {
    const page = await history.confirmed(keyOf(params.address));
    response.json(page.map(toJson));
  });
  router.get(routes.addressChainAfter.path, async ({ params }, response) => {
    const after = hashFrom<Txid>(params.last_seen_txid);
    const page = await history.confirmed(keyOf(params.address), after);
    response.json(page.map(toJson));
  });
  router.get(routes.addressMempool.path, ({ params }, response) => {
    response.json(history.waiting(keyOf(params.address)).map(toJson));
  });
  router.get(routes.addressCoins.path, async ({ params }, response) => {
    response.json(await history.coins(keyOf(params.address)));
  });
}
