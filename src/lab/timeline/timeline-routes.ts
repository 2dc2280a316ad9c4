/** The timeline over HTTP: what happened so far, and events as they come. No event is left out. */

import { Router } from "express";
import { eventStream } from "../../io/http/events/event-stream.ts";
import type { Timeline } from "./timeline.ts";

/** Sends the file also from a hidden folder, and never from a cache. */
const asItIs = { dotfiles: "allow", cacheControl: false, lastModified: false } as const;

/** Mounted at /lab, or where a cluster has its levers. Who has read so many lines goes on with `/events?after=` this number. */
export function timelineRoutes(timeline: Pick<Timeline, "path" | "log" | "flush">): Router {
  const router = Router();
  router.get("/timeline", async (_request, response) => {
    const sizeBytes = await timeline.flush();
    response.type("application/x-ndjson").set("Cache-Control", "no-store");
    if (sizeBytes === 0) response.end();
    else response.sendFile(timeline.path, { ...asItIs, end: sizeBytes - 1 }); // whole lines only
  });
  router.get("/events", eventStream(timeline.log));
  return router;
}
