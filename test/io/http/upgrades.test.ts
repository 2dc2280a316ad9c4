/** Checks how a server answers requests to go on in another protocol. */

import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import express, { Router } from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createApp } from "../../../src/io/http/app.ts";
import { relayTo } from "../../../src/io/http/relay.ts";
import { type RunningServer, serve } from "../../../src/io/http/server.ts";
import { upgradeOf } from "../../../src/io/http/upgrades.ts";

let behind: RunningServer;
let front: RunningServer;

beforeEach(async () => {
  const echoes = new WebSocketServer({ noServer: true });
  echoes.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  const router = Router();
  router.post("/echo", express.text(), ({ body }, response) => void response.send(body));
  router.get("/ws", (request, response) => {
    const upgrade = upgradeOf(request);
    if (upgrade === undefined) {
      response.status(426).end();
      return;
    }
    const { socket, head } = upgrade;
    echoes.handleUpgrade(request, socket, head, (made) => echoes.emit("connection", made, request));
  });
  behind = await serve(createApp({ routes: { "/api": router } }), { port: 0 });
  const relay = Router().use("/bob/api", relayTo(`${behind.url}/api`));
  front = await serve(createApp({ routes: { "/": relay } }), { port: 0 });
});

afterEach(async () => {
  await front.close();
  await behind.close();
});

async function opened(url: string, headers = {}): Promise<WebSocket> {
  const socket = new WebSocket(url.replace("http", "ws"), { headers });
  await once(socket, "open");
  return socket;
}

async function echoed(socket: WebSocket, message: string): Promise<string> {
  const answer = once(socket, "message");
  socket.send(message);
  return String((await answer)[0]);
}

/** The whole answer to what is sent as it stands. */
async function raw(lines: readonly string[], body = ""): Promise<string> {
  const { hostname, port, host } = new URL(behind.url);
  const socket = connect(Number(port), hostname);
  const close = "X-Test: 1";
  socket.write(
    `${[lines[0], `Host: ${host}`, ...lines.slice(1), close].join("\r\n")}\r\n\r\n${body}`,
  );
  return text(socket);
}

describe("a WebSocket", () => {
  test("opens straight and through a relay, and passes messages of any size", async () => {
    const large = "x".repeat(300_000);
    for (const url of [`${behind.url}/api/ws`, `${front.url}/bob/api/ws`]) {
      const socket = await opened(url);
      expect(await echoed(socket, "hello")).toBe("hello");
      expect(await echoed(socket, large)).toBe(large);
      socket.close();
      await once(socket, "close");
    }
  });

  test("ends when the server behind a relay ends", async () => {
    const socket = await opened(`${front.url}/bob/api/ws`);
    const closed = once(socket, "close");
    await behind.close();
    await closed;
  });

  test.each([
    ["/api/none", {}, 404],
    ["/api/ws", { Origin: "https://elsewhere.example" }, 403],
    ["/api/ws", { Host: "elsewhere.example" }, 403],
  ])("is refused at %s with %j", async (path, headers, status) => {
    await expect(opened(behind.url + path, headers)).rejects.toThrow(String(status));
    await expect(opened(`${front.url}/bob${path}`, headers)).rejects.toThrow(String(status));
  });

  test("that is no proper one is answered, and the connection ends", async () => {
    const upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
    expect(await raw(["GET /api/ws HTTP/1.1", ...upgrade])).toMatch(/^HTTP\/1.1 400 /);
  });
});

test("who asks for HTTP/2 without encryption gets the usual answer, body and all", async () => {
  const hopes = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"];
  const type = ["Content-Type: text/plain", "Content-Length: 5"];
  const answer = await raw(
    ["POST /api/echo HTTP/1.1", ...hopes, ...type],
    "helloGET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
  expect(answer).toContain("\r\n\r\nhelloHTTP/1.1 200 OK");
});
