/** A recording over HTTP: the page, and the timeline that it plays. */

import { Router } from "express";
import { recordingPath } from "../../contract/lab.ts";
import { pageRoutes } from "../../io/http/page/page.ts";

/** Mounted at /. */
export function replayRoutes(timeline: string): Router {
  const router = Router();
  router.use(pageRoutes({ kind: "replay" }));
  router.get(recordingPath, (_request, response) => {
    response.type("application/x-ndjson").set("Cache-Control", "no-store").send(timeline);
  });
  return router;
}
