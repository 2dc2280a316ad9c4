/** Requests to go on as a WebSocket: they take the same way through the app as all others. */

import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** What a handler needs to answer in the new protocol. */
export type Upgrade = {
  readonly socket: Duplex;
  /** The first bytes in the new protocol, if they have come already. */
  readonly head: Buffer;
};

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Undefined if the request does not ask for a WebSocket. */
export function upgradeOf(request: IncomingMessage): Upgrade | undefined {
  return upgrades.get(request);
}

/**
 * Gives requests for WebSockets to the app: it refuses them as it refuses others, or a handler
 * takes the socket and does not answer. Other protocols are not offered, so requests for them are
 * answered as if they had not asked.
 *
 * @returns a function that closes the sockets, which the server no longer counts as its own.
 */
export function passUpgrades(server: Server, app: RequestListener): () => void {
  const sockets = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      readAgain(server, request, socket, head);
      return;
    }
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).once("close", () => sockets.delete(socket));
    upgrades.set(request, { socket, head });
    app(request, responseOn(request, socket));
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** For those that do not get a WebSocket; its end is the end of the connection. */
function responseOn(
  request: IncomingMessage,
  socket: Duplex,
): ServerResponse<IncomingMessage> & { req: IncomingMessage } {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  response.once("finish", () => socket.end());
  return response;
}

/** Such as HTTP/2 without encryption, which some clients ask for each time. */
function readAgain(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = "", value = ""] = rawHeaders.slice(i, i + 2);
    if (!/^(?:connection|upgrade)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("connection", socket);
}
