/** What a browser offers to a source: requests, event streams and a clock. */

import type { Milliseconds } from "../../primitives/brand.ts";
import type { OpenStream, Reach, StreamListener } from "./source.ts";

export const browserReach: Reach = {
  async read(path) {
    const response = await fetch(path, { cache: "no-store" });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return response.text();
  },
  openStream,
  wait: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
  now: () => Date.now() as Milliseconds,
};

function openStream(path: string, listener: StreamListener): OpenStream {
  const stream = new EventSource(path);
  stream.addEventListener("open", () => listener.opened());
  stream.addEventListener("message", ({ lastEventId, data }: MessageEvent<string>) => {
    listener.heard(Number(lastEventId), data);
  });
  stream.addEventListener("missed", () => listener.missed());
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) listener.closed();
    else listener.broke();
  });
  return stream;
}
