/** The events of a node from now on, over REST, so that no tip is missed, however short-lived. */

import { type EventJson, ownRoutes } from "../../contract/node-api.ts";
import type { NodeClient } from "../../wallet/client.ts";

/** Resolves when the stream is open; no event is missed from then on. */
export async function openEvents(
  { baseUrl }: NodeClient,
  signal: AbortSignal,
): Promise<AsyncIterable<EventJson>> {
  const answer = await fetch(baseUrl + ownRoutes.events.path, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`${baseUrl} has no event stream`);
  return eventsIn(answer.body);
}

/** The events of a stream, without its comments and its other kinds of message. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<EventJson> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const messages = text.split("\n\n");
    text = messages.pop() ?? "";
    for (const message of messages) {
      const [, json] = /^id: \d+\ndata: (.*)$/.exec(message) ?? [];
      if (json !== undefined) yield JSON.parse(json) as EventJson;
    }
  }
}
