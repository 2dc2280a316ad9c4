/** The door to the live feed: a WebSocket for each client. */

import type { RequestHandler } from "express";
import { type WebSocket, WebSocketServer } from "ws";
import type { LiveJson } from "../../../contract/mempool-space.ts";
import { PlainError } from "../esplora/plain-text.ts";
import { upgradeOf } from "../upgrades.ts";
import type { LiveFeed } from "./live-feed.ts";

/** Clients of one node at once. */
export const webSocketsMax = 64;
/** Of a message from a client. */
const messageSizeBytesMax = 10_000;
/** A client that reads so slowly is let go. */
const unreadSizeBytesMax = 8_000_000;
/** How often a client must show that it is there. */
const heartbeatIntervalMs = 30_000;

export function webSocketRoute(feed: LiveFeed): RequestHandler {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: messageSizeBytesMax,
  });
  return (request, response) => {
    const upgrade = upgradeOf(request);
    if (upgrade === undefined) {
      response.set({ Connection: "Upgrade", Upgrade: "websocket" });
      throw new PlainError(426, "Upgrade Required", "This is a WebSocket: open it with ws://.");
    }
    if (feed.clientCount >= webSocketsMax) {
      const reason = `${webSocketsMax} programs watch already: close one of them and try again.`;
      throw new PlainError(503, "Too many WebSockets", reason);
    }
    server.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => attend(feed, socket));
  };
}

function attend(feed: LiveFeed, socket: WebSocket): void {
  const send = (json: LiveJson): void => {
    if (socket.bufferedAmount > unreadSizeBytesMax) socket.terminate();
    else socket.send(JSON.stringify(json));
  };
  const client = feed.add(send);
  let isThere = true;
  const heartbeat = setInterval(() => {
    if (!isThere) socket.terminate();
    isThere = false;
    socket.ping();
  }, heartbeatIntervalMs);
  socket.on("pong", () => (isThere = true));
  socket.on("message", (data, isBinary) => {
    isThere = true;
    if (isBinary || !Buffer.isBuffer(data)) send({ error: "The message is no text." });
    else void feed.receive(client, data.toString());
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    clearInterval(heartbeat);
    feed.remove(client);
  });
}
