/** Checks mempool.space's routes where mempool.js asks nothing: errors, other branches, limits. */

import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ExtendedBlockJson } from "../../../../src/contract/mempool-space.ts";
import { webSocketsMax } from "../../../../src/io/http/mempool-space/web-socket.ts";
import { type RunningServer, serve } from "../../../../src/io/http/server.ts";
import { hashOfBlock } from "../../../../src/primitives/block.ts";
import { ApiScene } from "../api-scene.ts";

let scene: ApiScene;
let server: RunningServer;

beforeAll(async () => {
  scene = await ApiScene.start();
  server = await serve(scene.app, { port: 0 });
  await scene.mine();
});

afterAll(async () => {
  await server.close();
  await scene.stop();
});

async function blockOf(hash: string): Promise<ExtendedBlockJson> {
  const { body } = await scene.api.get(`/api/v1/block/${hash}`).expect(200);
  return body as ExtendedBlockJson;
}

test("genesis, and a block of its coinbase alone, have fees of zero", async () => {
  const { body } = await scene.api.get("/api/v1/blocks").expect(200);
  const [tip, genesis] = body as [ExtendedBlockJson, ExtendedBlockJson];
  expect(genesis.extras).toMatchObject({ totalFees: 0, reward: 50e8, avgTxSize: 0 });
  expect(tip.extras).toMatchObject({ totalFees: 0, medianFee: 0, totalInputs: 0, totalOutputs: 2 });
});

test("the fees of a side block are unknown until it is active", async () => {
  const rival = await scene.mine([], scene.tip.parent);
  const side = hashOfBlock(rival);
  expect((await blockOf(side)).extras).toMatchObject({ totalFees: null, feeRange: null });
  await scene.mine([], scene.entryOf(rival));
  expect((await blockOf(side)).extras).toMatchObject({ totalFees: 0, avgFee: 0 });
});

test.each([
  ["/v1/block/zz", 400, "Invalid hex string"],
  [`/v1/block/${"ab".repeat(32)}`, 404, "Block not found"],
  ["/v1/cpfp/zz", 400, "Invalid hex string"],
  ["/v1/ws", 426, "Upgrade Required"],
])("%s answers %i %s", async (path, status, text) => {
  const answer = await scene.api.get(`/api${path}`).expect(status).expect("Content-Type", /plain/);
  expect(answer.text).toBe(text);
});

test("heights that are none, or are above the tip, begin at the tip", async () => {
  const all = await scene.api.get("/api/v1/blocks").expect(200);
  const wrong = await scene.api.get("/api/v1/blocks/undefined").expect(200);
  expect(wrong.body).toEqual(all.body);
  const above = await scene.api.get("/api/v1/blocks/1000").expect(200);
  expect(above.body).toEqual([]);
});

test("our own routes below the same path answer as before", async () => {
  await scene.api.get("/api/v1/mining").expect(200).expect("Cache-Control", "no-store");
  const refused = await scene.post("/api/v1/blocks", "zz").expect(400);
  expect(refused.body).toMatchObject({ code: "block-malformed" });
  const unknown = await scene.api.get("/api/v1/prices").expect(404);
  expect(unknown.body).toMatchObject({ code: "route-unknown" });
});

test("one WebSocket too many is refused with a reason, until another one is closed", async () => {
  const url = `${server.url.replace("http", "ws")}/api/v1/ws`;
  const sockets = Array.from({ length: webSocketsMax }, () => new WebSocket(url));
  await Promise.all(sockets.map((socket) => once(socket, "open")));
  const late = new WebSocket(url);
  const [, answer] = await once(late, "unexpected-response");
  expect(answer.statusCode).toBe(503);
  expect(answer.headers["x-powlab-reason"]).toContain("64 programs watch already");
  answer.resume();
  const [first, ...rest] = sockets;
  first!.close();
  await expect.poll(() => answerTo(url)).toBe(101);
  for (const socket of rest) socket.terminate();
});

/** The status of a request for a WebSocket, which is closed again. */
async function answerTo(url: string): Promise<number> {
  const socket = new WebSocket(url);
  const [answer] = await Promise.race([
    once(socket, "upgrade"),
    once(socket, "unexpected-response").then(([, refusal]) => [refusal]),
  ]);
  answer.resume();
  socket.on("open", () => socket.terminate());
  return answer.statusCode;
}

test.each(["bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"])(
  "%s, which nothing here pays, may be tracked",
  async (address) => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/v1/ws`);
    await once(socket, "open");
    socket.send(JSON.stringify({ "track-address": address, action: "ping" }));
    const [data] = await once(socket, "message");
    expect(JSON.parse(String(data))).toEqual({ pong: true });
    socket.terminate();
  },
);

test("a message that is too long ends its connection, and no other", async () => {
  const url = `${server.url.replace("http", "ws")}/api/v1/ws`;
  const [loud, other] = [new WebSocket(url), new WebSocket(url)];
  await Promise.all([once(loud, "open"), once(other, "open")]);
  loud.send("x".repeat(20_000));
  const [code] = await once(loud, "close");
  expect(code).toBe(1009);
  other.send('{"action":"ping"}');
  const [data] = await once(other, "message");
  expect(JSON.parse(String(data))).toEqual({ pong: true });
  other.terminate();
});
