/** Esplora's HTTP API: all its routes together, and the answer to any other path. */

import { Router } from "express";
import type { Queries } from "../../queries/queries.ts";
import { addAddressRoutes } from "./address-routes.ts";
import { keepShortly } from "./answer-age.ts";
import { addBlockRoutes } from "./block-routes.ts";
import { addMempoolRoutes } from "./mempool-routes.ts";
import { addPackageRoutes } from "./package-routes.ts";
import { answerPlainText, PlainError } from "./plain-text.ts";
import { addTransactionRoutes } from "./transaction-routes.ts";

export function esploraRouter(queries: Queries): Router {
  const router = Router();
  router.use(keepShortly);
  addTransactionRoutes(router, queries);
  addPackageRoutes(router, queries);
  addMempoolRoutes(router, queries);
  addAddressRoutes(router, queries);
  addBlockRoutes(router, queries);
  router.use(({ path }) => {
    throw new PlainError(404, `endpoint does not exist ${JSON.stringify(path)}`);
  });
  router.use(answerPlainText);
  return router;
}
