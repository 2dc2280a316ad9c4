/** Esplora's routes for what waits, and for what one should pay. */

import type { Router } from "express";
import { esploraRoutes as routes } from "../../../contract/node-api.ts";
import { feeEstimates } from "../../queries/fee-estimates.ts";
import { newestWaiting } from "../../queries/newest-waiting.ts";
import type { Queries } from "../../queries/queries.ts";
import { keepFor } from "./answer-age.ts";
import { feeEstimatesJson, mempoolJson, recentJson } from "./shapes.ts";

const recentMax = 10;
/** Numbers of blocks that one may be ready to wait. @see electrs, CONF_TARGETS */
const targets = [...Array.from({ length: 25 }, (_, i) => i + 1), 144, 504, 1008];

export function addMempoolRoutes(router: Router, { served }: Queries): void {
  const { mempool } = served.node;

  router.get(routes.mempool.path, (_request, response) => {
    response.json(mempoolJson(mempool));
  });
  router.get(routes.mempoolTxids.path, (_request, response) => {
    response.json(Array.from(mempool.entries(), ({ txid }) => txid));
  });
  router.get(routes.mempoolRecent.path, (_request, response) => {
    keepFor(response, "recent").json(newestWaiting(mempool, recentMax).map(recentJson));
  });
  router.get(routes.feeEstimates.path, (_request, response) => {
    response.json(feeEstimatesJson(feeEstimates(mempool, targets)));
  });
}
