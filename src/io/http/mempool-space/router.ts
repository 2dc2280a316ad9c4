/** mempool.space's routes: views of what a node knows, beside Esplora's and our own under /v1. */

import { Router } from "express";
import { mempoolSpaceRoutes as routes } from "../../../contract/mempool-space.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import type { Queries } from "../../queries/queries.ts";
import { keepShortly } from "../esplora/answer-age.ts";
import { answerPlainText, PlainError } from "../esplora/plain-text.ts";
import { hashFrom, numberIn } from "../esplora/values.ts";
import { LiveFeed } from "./live-feed.ts";
import { MempoolSpaceView } from "./view.ts";
import { webSocketRoute } from "./web-socket.ts";

/** @see mempool.space, blocks.$getBlocks */
const blocksPerPage = 15;

/** Make it once for each node: clients of its WebSocket are told what happens from then on. */
export function mempoolSpaceRouter(queries: Queries): Router {
  const view = new MempoolSpaceView(queries.served);
  const router = Router();
  const { chain } = view.node;
  const blocksDown = (from: number) => {
    const countMax = blocksPerPage - Math.max(0, from - chain.tip.height);
    const first = chain.entryAt(Math.min(from, chain.tip.height)) ?? chain.tip;
    return view.extendedBlocks.down(first, countMax);
  };

  for (const { path } of Object.values(routes)) router.get(path, keepShortly);
  router.get(routes.recommendedFees.path, (_request, response) => {
    response.json(view.waitingOrder.fees);
  });
  router.get(routes.projectedBlocks.path, (_request, response) => {
    response.json(view.waitingOrder.blocks);
  });
  router.get(routes.extendedBlocks.path, async (_request, response) => {
    response.json(await blocksDown(chain.tip.height));
  });
  router.get(routes.extendedBlocksFrom.path, async ({ params }, response) => {
    response.json(await blocksDown(numberIn(params.start_height) ?? chain.tip.height));
  });
  router.get(routes.extendedBlock.path, ({ params }, response) => {
    const entry = chain.tree.get(hashFrom<BlockHash>(params.hash));
    const block = entry && view.extendedBlocks.get(entry);
    if (block === undefined) throw new PlainError(404, "Block not found");
    response.json(block);
  });
  router.get(routes.difficultyAdjustment.path, (_request, response) => {
    response.json(view.difficultyAdjustment());
  });
  router.get(routes.relatives.path, ({ params }, response) => {
    response.json(view.waitingOrder.relativesOf(hashFrom<Txid>(params.txid)));
  });
  router.get(routes.webSocket.path, webSocketRoute(new LiveFeed(queries, view)));
  router.use(answerPlainText);
  return router;
}
