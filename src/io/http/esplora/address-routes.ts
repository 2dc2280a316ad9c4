/** Esplora's routes for what happened to an address, or to a script that is named by its hash. */

import type { Router } from "express";
import {
  type AddressJson,
  type AddressStatsJson,
  esploraRoutes as routes,
  type Route,
  type ScriptJson,
} from "../../../contract/node-api.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { txidOf } from "../../../primitives/transaction.ts";
import { unreachable, valid, type Verdict } from "../../../primitives/verdict.ts";
import { addressesBeginningWith } from "../../queries/address-search.ts";
import { type HistoryProblem, noKey } from "../../queries/key-history.ts";
import type { Queries } from "../../queries/queries.ts";
import type { FoundTransaction } from "../../queries/transactions.ts";
import { PlainError } from "./plain-text.ts";
import { addressStatsJson, coinJson, transactionJson } from "./shapes.ts";
import { hashIn, keyFrom, scriptHashFrom } from "./values.ts";

/** @see Esplora, API.md */
const confirmedMax = 25;
const waitingMax = 50;
/** Our own route has more, a page at a time. @see Blockstream/electrs, --utxos-limit */
const coinsMax = 500;
/** @see Blockstream/electrs, ADDRESS_SEARCH_LIMIT */
const foundMax = 10;

/** The six routes of one way to name a script, and what they read from a path. */
type Naming = {
  readonly sums: Route;
  readonly history: Route;
  readonly chain: Route;
  readonly chainAfter: Route;
  readonly mempool: Route;
  readonly coins: Route;
  /** @throws PlainError if it is no name. */
  readonly keyOf: (params: Params) => Promise<Uint8Array>;
  readonly describe: (params: Params, stats: AddressStatsJson) => AddressJson | ScriptJson;
};

type Params = Readonly<Record<string, string>>;

export function addAddressRoutes(router: Router, queries: Queries): void {
  const { served, knownKeys } = queries;
  const { addressPrefix } = served.node.params;
  addHistoryRoutes(router, queries, {
    sums: routes.address,
    history: routes.addressHistory,
    chain: routes.addressChain,
    chainAfter: routes.addressChainAfter,
    mempool: routes.addressMempool,
    coins: routes.addressCoins,
    keyOf: async ({ address = "" }) => keyFrom(address, addressPrefix),
    describe: ({ address = "" }, stats) => ({ address, ...stats }),
  });
  addHistoryRoutes(router, queries, {
    sums: routes.script,
    history: routes.scriptHistory,
    chain: routes.scriptChain,
    chainAfter: routes.scriptChainAfter,
    mempool: routes.scriptMempool,
    coins: routes.scriptCoins,
    keyOf: async ({ hash = "" }) => knownKeys.keyOfScript(scriptHashFrom(hash)) ?? noKey,
    describe: ({ hash = "" }, stats) => ({ scripthash: hash, ...stats }),
  });
  router.get(routes.addressSearch.path, async ({ params }, response) => {
    const search = { prefix: params.prefix, network: addressPrefix, countMax: foundMax };
    response.json(await addressesBeginningWith(knownKeys, search));
  });
}

function addHistoryRoutes(router: Router, queries: Queries, naming: Naming): void {
  const { served, keyHistory } = queries;
  const { addressPrefix } = served.node.params;
  const { keyOf } = naming;
  const toJson = (found: FoundTransaction) => transactionJson(found, addressPrefix);

  router.get<string, Params>(naming.sums.path, async ({ params }, response) => {
    const stats = addressStatsJson(keyHistory.totals(await keyOf(params)));
    response.json(naming.describe(params, stats));
  });
  router.get<string, Params>(naming.history.path, async ({ params, query }, response) => {
    const { after_txid: given } = query;
    const after = typeof given === "string" ? hashIn<Txid>(given) : undefined;
    const history = await historyAfter(queries, await keyOf(params), after);
    response.json(answered(history).map(toJson));
  });
  router.get<string, Params>(naming.chain.path, async ({ params }, response) => {
    const page = await keyHistory.confirmed(await keyOf(params), { countMax: confirmedMax });
    response.json(answered(page).map(toJson));
  });
  router.get<string, Params>(naming.chainAfter.path, async ({ params }, response) => {
    const after = hashIn<Txid>(params["last_seen_txid"] ?? ""); // without one: the first page
    const page = { countMax: confirmedMax, ...(after && { after }) };
    const found = await keyHistory.confirmed(await keyOf(params), page);
    response.json(answered(found).map(toJson));
  });
  router.get<string, Params>(naming.mempool.path, async ({ params }, response) => {
    response.json(keyHistory.waiting(await keyOf(params), waitingMax).map(toJson));
  });
  router.get<string, Params>(naming.coins.path, async ({ params }, response) => {
    const coins = await keyHistory.coins(await keyOf(params), coinsMax);
    response.json(answered(coins).map(coinJson));
  });
}

/**
 * What waits and then a page of what is confirmed, or what comes after one of these.
 *
 * @throws PlainError if there is no such transaction: from the start again, a client that asks for
 * page after page would never end.
 * @see mempool/electrs, rest.rs: after_txid
 */
async function historyAfter(
  { keyHistory, transactions }: Queries,
  key: Uint8Array,
  after: Txid | undefined,
) {
  const page = { countMax: confirmedMax };
  if (after === undefined) return keyHistory.all(key, waitingMax, page);
  if (transactions.placeOf(after) !== undefined) {
    return keyHistory.confirmed(key, { ...page, after });
  }
  const waiting = keyHistory.waiting(key, Infinity);
  const place = waiting.findIndex(({ transaction }) => txidOf(transaction) === after);
  if (place < 0) throw new PlainError(422, "after_txid not found");
  const rest = waiting.slice(place + 1, place + 1 + waitingMax);
  const confirmed = await keyHistory.confirmed(key, page);
  return confirmed.ok ? valid([...rest, ...confirmed.value]) : confirmed;
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
