/**
 * `/metrics` of one node. The library is loaded, and durations are measured, from the first time it is
 * asked for: a node that is not watched pays nothing for it.
 */

import { type Request, type RequestHandler, Router } from "express";
import type { ServedNode } from "../../queries/served-node.ts";
import { NewsCounts } from "./news-counts.ts";
import type { NodeRegistry } from "./node-registry.ts";

/** Make it once for each node, before it has news; mount it before all routes that are measured. */
export function metricsRoutes(served: ServedNode): Router {
  const counts = new NewsCounts();
  served.runner.onNews((news) => counts.add(news));
  let registry: NodeRegistry | undefined;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    const { NodeRegistry } = await import("./node-registry.ts");
    registry = new NodeRegistry(served, counts);
  }

  const router = Router();
  router.use((request, response, next) => {
    const [watching, startedAt] = [registry, performance.now()];
    const { baseUrl } = request;
    if (watching === undefined) return next();
    response.once("finish", () => {
      if (String(response.get("Content-Type")).startsWith("text/event-stream")) return;
      const labels = {
        method: request.method,
        route: routeOf(request, baseUrl),
        code: response.statusCode,
      };
      watching.addRequest(labels, (performance.now() - startedAt) / 1_000);
    });
    next();
  });
  router.get("/metrics", async (_request, response) => {
    loading ??= load();
    await loading;
    if (registry === undefined) throw new Error("the registry is loaded");
    response.set("Content-Type", registry.contentType).send(await registry.text());
  });
  return router;
}

/** The path of the route that answered, such as `/tx/:txid`. @param base where the API is mounted. */
function routeOf(request: Request, base: string): string {
  const route: unknown = request.route;
  const hasPath = typeof route === "object" && route !== null && "path" in route;
  if (!hasPath || typeof route.path !== "string") return "none";
  return request.baseUrl.slice(base.length) + route.path;
}

/**
 * Leads `GET <root>/metrics` to a node's API: that is where Prometheus asks if it is told nothing else.
 *
 * @param base the API, such as `/api`.
 * @param root without a slash at the end.
 */
export function metricsAtRoot(base: string, root = ""): RequestHandler {
  return (request, _response, next) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (isRead && request.path === `${root}/metrics`) request.url = `${base}/metrics`;
    next();
  };
}
