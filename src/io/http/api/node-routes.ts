/** The API of one node: Esplora's at its root, ours and mempool.space's under /v1, JSON-RPC at /rpc. */

import { Router } from "express";
import { queriesOf } from "../../queries/queries.ts";
import type { ServedNode } from "../../queries/served-node.ts";
import { esploraRouter } from "../esplora/router.ts";
import { EventLog } from "../events/event-log.ts";
import { mempoolSpaceRouter } from "../mempool-space/router.ts";
import { metricsRoutes } from "../metrics/metrics.ts";
import { RpcNode, type RpcNodeOptions } from "../rpc/call/rpc-node.ts";
import { rpcRoutes } from "../rpc/door.ts";
import { nodeMethods } from "../rpc/methods.ts";
import { eventJson } from "../v1/event-json.ts";
import { ownRouter } from "../v1/router.ts";

/** Ids of events begin at the start's time, so they also grow from one run to the next. */
const idsPerMillisecond = 1_000;

export type NodeRoutesOptions = Omit<RpcNodeOptions, "queries">;

/** Make it once for each node, before it has news: event streams and histories begin here. */
export function nodeRoutes(served: ServedNode, options: NodeRoutesOptions = {}): Router {
  const queries = queriesOf(served);
  const log = new EventLog(served.startedAt * idsPerMillisecond + 1);
  served.runner.onNews((news, at) => log.add(JSON.stringify(eventJson(news, log.nextId, at))));

  const router = Router();
  router.use((_request, response, next) => {
    response.set("Cache-Control", "no-store"); // unless a route of Esplora's says otherwise
    next();
  });
  router.use(metricsRoutes(served)); // before all that it measures
  router.use("/rpc", rpcRoutes(nodeMethods, new RpcNode({ ...options, queries })));
  router.use(mempoolSpaceRouter(queries));
  router.use(ownRouter(queries, log));
  router.use(esploraRouter(queries));
  return router;
}
