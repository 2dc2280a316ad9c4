/** A cluster over HTTP: what it is, what happened, and the levers that break and mend it. */

import express, { type Request, Router } from "express";
import { z } from "zod";
import {
  type ClusterFacts,
  type ClusterJson,
  clusterRoutes as routes,
} from "../../contract/cluster.ts";
import { requireToken } from "../../io/http/guard.ts";
import { answerProblem, noSuchRoute } from "../../io/http/problem.ts";
import { answering, read } from "../lever-routes.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { timelineRoutes } from "../timeline/timeline-routes.ts";
import type { Cluster } from "./cluster.ts";
import type { Impairment } from "./link-book.ts";

export type ClusterRoutesOptions = {
  readonly cluster: Cluster;
  readonly token: string;
  readonly tokenFile: string;
  readonly timeline: Pick<Timeline, "path" | "log" | "flush">;
  readonly describe: () => Promise<ClusterJson>;
  readonly record: (facts: ClusterFacts) => void;
};

const bodySizeBytesMax = 10_000;
const nodesMax = 31;
/** A slower link than this is better shown by a partition. */
const delayMsMax = 10_000;

const nodeName = z.string().min(1).max(32);
const nodeBody = z.strictObject({ node: nodeName });
const partitionBody = z.strictObject({
  groups: z.array(z.array(nodeName).min(1)).min(1).max(nodesMax),
});
const delayMs = z.int().min(0).max(delayMsMax);
const delayBody = z.union([
  z.strictObject({ node: nodeName, delayMs }),
  z.strictObject({ between: z.tuple([nodeName, nodeName]), delayMs }),
]);

/** Mounted at /. */
export function clusterRoutes(options: ClusterRoutesOptions): Router {
  const router = Router();
  router.get(routes.cluster, answering(options.describe));
  router.use(timelineRoutes(options.timeline));
  addLevers(router, options);
  router.use(noSuchRoute);
  router.use(answerProblem);
  return router;
}

function addLevers(router: Router, options: ClusterRoutesOptions): void {
  const { cluster, describe, record, token, tokenFile } = options;
  const mayPull = [requireToken(token, tokenFile), express.json({ limit: bodySizeBytesMax })];
  const delays = new Delays(cluster);
  const lever = (path: string, pull: (request: Request) => Promise<string>): void => {
    const verb = path.split("/").at(-1) ?? path;
    const pulled = async (request: Request): Promise<ClusterJson> => {
      record({ type: "fault", verb, text: await pull(request) });
      return describe();
    };
    router.post(path, mayPull, answering(pulled));
  };
  lever(routes.partition, async ({ body }) => {
    const { groups } = read(partitionBody, body);
    await cluster.split(groups);
    return `split ${(cluster.partition ?? []).map((group) => group.join(" ")).join(" | ")}`;
  });
  lever(routes.heal, async () => {
    await cluster.heal();
    delays.forget();
    return "all links are healed";
  });
  lever(routes.delay, async ({ body }) => {
    const order = read(delayBody, body);
    const nodes = "node" in order ? [order.node] : order.between;
    await delays.set(nodes, order.delayMs);
    return `slow ${nodes.join(" – ")} by ${order.delayMs} ms each way`;
  });
  lever(routes.kill, async ({ body }) => {
    const { node } = read(nodeBody, body);
    await cluster.kill(node);
    return `kill ${node}`;
  });
  lever(routes.restart, async ({ body }) => {
    const { node } = read(nodeBody, body);
    await cluster.restart(node);
    return `restart ${node}`;
  });
}

/** Of one node or one link each; a new one takes the place of the earlier one. */
class Delays {
  readonly #cluster: Cluster;
  readonly #set = new Map<string, Impairment>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** @throws LeverError if there are no such nodes. */
  async set(nodes: readonly string[], byMs: number): Promise<void> {
    for (const node of nodes) this.#cluster.requireNode(node);
    if (new Set(nodes).size < nodes.length) throw new LeverError("A link is between two nodes.");
    const place = nodes.toSorted().join(" ");
    const before = this.#set.get(place);
    this.#set.delete(place);
    if (before) await this.#cluster.lift(before);
    if (byMs === 0) return;
    const delay: Impairment = { type: "slow", nodes, byMs };
    this.#set.set(place, delay);
    await this.#cluster.impair(delay);
  }

  /** All links were healed. */
  forget(): void {
    this.#set.clear();
  }
}
