/** A wallet's page on a port of its own, in a real browser: it reads, pays and listens. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, openBrowser } from "../e2e/chromium.ts";
import { ClientLab, payment, shop } from "./client-lab.ts";

describe.skipIf(chromiumPath === undefined)("a page of another origin", () => {
  let scene: ClientLab;
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    scene = await ClientLab.open({ nodes: 1, seed: "page" });
    server = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html").end("<!doctype html><title>Wallet</title>");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    browser = await openBrowser();
    page = await browser.newPage();
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`);
  }, 120_000); // a lab and a browser, on a busy machine

  afterAll(async () => {
    await browser.close();
    server.close();
    await scene.lab.close();
  });

  function ask(path: string, request: RequestInit = {}) {
    return page.evaluate(
      async ([url, options]) => {
        const response = await fetch(url, options);
        return [response.status, await response.text()] as const;
      },
      [scene.api + path, request] as const,
    );
  }

  test("reads answers and errors", async () => {
    expect(await ask("/blocks/tip/hash")).toEqual([200, await scene.text("/blocks/tip/hash")]);
    expect(await ask("/tx/zz")).toEqual([400, "Invalid hex string"]);
    expect((await ask("/v1/fees/recommended"))[0]).toBe(200);
  });

  test("pays, also with a type that needs a preflight", async () => {
    const order = { key: scene.payer, from: [await scene.coin()], to: { [shop]: 5_000 } };
    for (const [fee, type] of [
      [1_000, "text/plain"],
      [2_000, "application/json"],
    ] as const) {
      const { hex, id } = payment({ ...order, fee });
      const headers = { "Content-Type": type };
      expect(await ask("/tx", { method: "POST", body: hex, headers })).toEqual([200, id]);
    }
  });

  test("hears of a block by server-sent events and by a WebSocket", async () => {
    const heard = await page.evaluateHandle(async (api) => {
      const events = new EventSource(`${api}/v1/events`);
      const socket = new WebSocket(`${api.replace("http", "ws")}/v1/ws`);
      const opened = (target: EventTarget): Promise<unknown> =>
        new Promise((resolve) => target.addEventListener("open", resolve, { once: true }));
      await Promise.all([opened(events), opened(socket)]);
      const messages = (target: EventTarget, pick: (data: never) => unknown): Promise<unknown> =>
        new Promise((resolve) => {
          target.addEventListener("message", (message) => {
            const picked = pick(JSON.parse((message as MessageEvent<string>).data) as never);
            if (picked !== undefined) resolve(picked);
          });
        });
      socket.send(JSON.stringify({ action: "want", data: ["blocks"] }));
      const wanted = messages(socket, ({ blocks }: { blocks?: unknown }) => blocks);
      await wanted;
      return {
        both: Promise.all([
          messages(events, ({ type, tip }: { type: string; tip: string }) =>
            type === "tip-extended" ? tip : undefined,
          ),
          messages(socket, ({ block }: { block?: { id: string } }) => block?.id),
        ]),
      };
    }, scene.api);
    const [hash] = await scene.lab.mine();
    expect(await heard.evaluate(({ both }) => both)).toEqual([hash, hash]);
  });

  test("cannot change the node: a request with the token does not pass the preflight", async () => {
    const { token } = scene.lab.nodes[0]!;
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const change = { method: "POST", headers, body: '{"payTo":null}' };
    await expect(ask("/v1/mining", change)).rejects.toThrow("Failed to fetch");
  });
});
