/** Hands requests on to another server of this machine: a page may ask its own origin only. */

import { type IncomingMessage, request as ask } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestHandler } from "express";
import { ProblemError } from "./problem.ts";
import { type Upgrade, upgradeOf } from "./upgrades.ts";

/** @param base the URL below which the other server answers, without a slash at the end. */
export function relayTo(base: string): RequestHandler {
  return (request, response, next) => {
    const target = new URL(base + request.url);
    const { method } = request;
    const headers = { ...request.headers, host: target.host };
    delete headers.origin; // it was judged here, and the other server may admit fewer
    const asked = ask(target, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("error", () => response.destroy()).pipe(response);
    });
    asked.on("error", ({ message }) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else next(new ProblemError(503, "not-ready", `${base} does not answer: ${message}.`));
    });
    response.on("close", () => asked.destroy());
    const upgrade = upgradeOf(request);
    if (upgrade === undefined) {
      request.pipe(asked);
      return;
    }
    asked.on("upgrade", (answer, behind, head) => join(upgrade, answer, { socket: behind, head }));
    asked.end();
  };
}

/** Both sides speak with each other from now on; the end of one is the end of the other. */
function join(front: Upgrade, { rawHeaders }: IncomingMessage, behind: Upgrade): void {
  const lines = ["HTTP/1.1 101 Switching Protocols"];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  }
  front.socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  passOn(behind, front.socket);
  passOn(front, behind.socket);
}

function passOn({ socket, head }: Upgrade, other: Duplex): void {
  other.write(head);
  socket.on("error", () => other.destroy()).once("close", () => other.destroy());
  socket.pipe(other);
}
