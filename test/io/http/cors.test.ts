/** Checks what a web page of another origin may read, as a browser asks for it. */

import { Router } from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../src/io/http/app.ts";
import { EventLog } from "../../../src/io/http/events/event-log.ts";
import { eventStream } from "../../../src/io/http/events/event-stream.ts";
import { relayTo } from "../../../src/io/http/relay.ts";
import { type RunningServer, serve } from "../../../src/io/http/server.ts";

const wallet = "https://wallet.example";
const development = "http://localhost:5173";
const access = { origins: [wallet], hosts: ["host.docker.internal"] };

let behind: RunningServer;
let front: RunningServer;

beforeAll(async () => {
  const router = Router();
  router.get("/word", (_request, response) => void response.send("hello"));
  router.get("/bug", () => {
    throw new Error("a record has a wrong checksum");
  });
  router.get("/events", eventStream(new EventLog(1)));
  behind = await serve(createApp({ routes: { "/api": router } }), { port: 0 });
  const page = Router().get("/", (_request, response) => void response.send("the token"));
  const relay = Router().use(relayTo(`${behind.url}/api`));
  const routes = { "/api": router, "/bob/api": relay, "/": page };
  front = await serve(createApp({ routes, access }), { port: 0 });
});
afterAll(async () => {
  await front.close();
  await behind.close();
});

function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<Response> {
  return fetch(`${front.url}${path}`, { method, headers });
}

function allowed({ headers }: Response): string | null {
  return headers.get("access-control-allow-origin");
}

describe.each([development, wallet])("a page of %s", (origin) => {
  test.each([
    ["/api/word", 200],
    ["/api/nothing", 404],
    ["/api/bug", 500],
    ["/bob/api/word", 200],
    ["/bob/api/nothing", 404],
  ])("may read %s, which is answered %i", async (path, status) => {
    const answer = await ask(path, { origin });
    expect(answer.status).toBe(status);
    expect(allowed(answer)).toBe(origin);
    expect(answer.headers.get("vary")).toContain("Origin");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });

  test.each(["/api/events", "/bob/api/events"])("may watch %s", async (path) => {
    const answer = await ask(path, { origin, accept: "text/event-stream" });
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    expect(allowed(answer)).toBe(origin);
    await answer.body?.cancel();
  });

  test("learns beforehand what it may send, and that the token is not for it", async () => {
    const headers = { origin, "access-control-request-method": "POST" };
    const answer = await ask("/bob/api/tx", headers, "OPTIONS");
    expect(answer.status).toBe(204);
    expect(allowed(answer)).toBe(origin);
    expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
    expect(answer.headers.get("access-control-allow-headers")).toContain("Content-Type");
    expect(answer.headers.get("access-control-allow-headers")).not.toMatch(/authorization/i);
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });

  test("may not read the page, which bears the token", async () => {
    const answer = await ask("/", { origin });
    expect(await answer.text()).toBe("the token");
    expect(allowed(answer)).toBeNull();
  });
});

test.each(["https://evil.example", `${wallet}.evil.example`, "http://wallet.example", "null"])(
  "a page of %s may neither ask nor read",
  async (origin) => {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { origin, "access-control-request-method": "POST" };
      const answer = await ask("/api/word", headers, method);
      expect(answer.status).toBe(403);
      expect(allowed(answer)).toBeNull();
    }
  },
);

test("answers that depend on the origin say so also to who has none", async () => {
  expect((await ask("/api/word", {})).headers.get("vary")).toContain("Origin");
});

test("a page of a network further out may ask a machine further in, if it asks whether it may", async () => {
  const headers = {
    origin: wallet,
    "access-control-request-method": "GET",
    "access-control-request-private-network": "true",
  };
  const answer = await ask("/api/word", headers, "OPTIONS");
  expect(answer.headers.get("access-control-allow-private-network")).toBe("true");
});
