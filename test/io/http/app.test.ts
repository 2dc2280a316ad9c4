/** Checks who may ask, what is sent with every answer, and how the server listens. */

import { request as httpRequest } from "node:http";
import { Router } from "express";
import supertest from "supertest";
import { afterEach, describe, expect, test } from "vitest";
import { createApp } from "../../../src/io/http/app.ts";
import { type RunningServer, serve } from "../../../src/io/http/server.ts";

const router = Router();
router.get("/word", (_request, response) => void response.send("hello"));
router.get("/bug", () => {
  throw new Error("the record coin/12 has a wrong checksum");
});

function appWith(isReady = true, failures: unknown[] = []) {
  return createApp({
    routes: { "/api": router },
    isReady: () => isReady,
    onFailure: (error) => failures.push(error),
  });
}

describe("who asks", () => {
  test.each(["localhost", "localhost:8477", "127.0.0.1:1", "[::1]:8477", "LOCALHOST"])(
    "may ask for %s",
    async (host) => {
      await supertest(appWith()).get("/api/word").set("Host", host).expect(200, "hello");
    },
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "evil.example:8477",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "192.168.1.7:8477",
    "[::2]",
  ])("may not ask for %s", async (host) => {
    const answer = await supertest(appWith()).get("/api/word").set("Host", host).expect(403);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ code: "foreign-host", status: 403 });
    expect(answer.body.detail).toContain(`The header Host is "${host}"`);
  });

  test.each(["http://localhost:5173", "http://127.0.0.1:8477", "https://[::1]"])(
    "may be a page from %s",
    async (origin) => {
      await supertest(appWith()).get("/api/word").set("Origin", origin).expect(200);
    },
  );

  test.each(["http://evil.example", "https://localhost.evil.example", "null", "file://", ""])(
    "may not be a page from %j",
    async (origin) => {
      const answer = await supertest(appWith()).get("/api/word").set("Origin", origin).expect(403);
      expect(answer.body.code).toBe("foreign-origin");
      expect(answer.body.detail).toContain("The header Origin");
    },
  );

  test.each(["host.docker.internal:8477", "HOST.docker.internal", "172.17.0.1:80"])(
    "may ask for %s if the operator says so",
    async (host) => {
      const access = { hosts: ["host.docker.internal", "172.17.0.1"] };
      const app = createApp({ routes: { "/api": router }, access });
      await supertest(app).get("/api/word").set("Host", host).expect(200);
      const origin = `http://${host}`;
      await supertest(app).get("/api/word").set("Host", host).set("Origin", origin).expect(200);
      await supertest(app).get("/api/word").set("Host", `evil.${host}`).expect(403);
      await supertest(appWith()).get("/api/word").set("Host", host).expect(403);
    },
  );

  test("is refused before anything is looked for", async () => {
    for (const path of ["/livez", "/nothing"]) {
      await supertest(appWith()).get(path).set("Host", "evil.example").expect(403);
    }
  });
});

test("it tells whether it lives and whether it is ready", async () => {
  await supertest(appWith(false)).get("/livez").expect(200, "ok");
  await supertest(appWith(true)).get("/readyz").expect(200, "ok");
  const answer = await supertest(appWith(false)).get("/readyz").expect(503);
  expect(answer.body.code).toBe("not-ready");
});

test("answers forbid frames, guessing of types and foreign scripts, and do not ask for https", async () => {
  const { headers } = await supertest(appWith()).get("/api/word").expect(200);
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["x-frame-options"]).toBe("SAMEORIGIN");
  expect(headers["content-security-policy"]).toContain("script-src 'self'");
  expect(headers["content-security-policy"]).not.toContain("upgrade-insecure-requests");
  expect(headers["strict-transport-security"]).toBeUndefined();
  expect(headers["x-powered-by"]).toBeUndefined();
  expect(headers["access-control-allow-origin"]).toBeUndefined();
});

test("an unknown path is a problem that names it", async () => {
  const answer = await supertest(appWith()).post("/api/nothing").expect(404);
  expect(answer.body).toEqual({
    type: "about:blank",
    title: "Not Found",
    status: 404,
    code: "route-unknown",
    detail: "There is no POST /api/nothing here.",
  });
});

test("a failure of ours is one line to whoever asked, and told to the operator", async () => {
  const failures: unknown[] = [];
  const answer = await supertest(appWith(true, failures)).get("/api/bug").expect(500);
  expect(answer.body).toMatchObject({
    code: "failed",
    detail: "powlab failed: the record coin/12 has a wrong checksum",
  });
  expect(JSON.stringify(answer.body)).not.toContain(".ts:");
  expect(failures).toHaveLength(1);
});

describe("the server", () => {
  const running: RunningServer[] = [];

  afterEach(async () => {
    for (const server of running.splice(0)) await server.close();
  });

  async function start(port = 0): Promise<RunningServer> {
    const server = await serve(appWith(), { port });
    running.push(server);
    return server;
  }

  test("listens on 127.0.0.1 at a free port and says where", async () => {
    const { url } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${url}/api/word`)).text()).toBe("hello");
  });

  test("keeps a connection that rests for more than a minute", async () => {
    const { url } = await start();
    const { headers } = await fetch(`${url}/api/word`);
    const [, seconds] = /timeout=(\d+)/.exec(headers.get("keep-alive") ?? "") ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
  });

  test("says that a port is taken, and what to do", async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await expect(start(port)).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is taken. Stop the program that has it, or ` +
        "choose another port with --api-port (0 takes a free one).",
    );
  });

  test.each(["0.0.0.0", "192.168.1.7", "::"])("does not listen on %s", async (host) => {
    await expect(serve(appWith(), { host, port: 0 })).rejects.toThrow("for this machine only");
  });

  test("closes while a client holds its connection open", async () => {
    const server = await serve(appWith(), { port: 0 });
    const closed = new Promise((resolve) => {
      const asked = httpRequest(`${server.url}/api/word`, { method: "POST" });
      asked.on("error", resolve);
      asked.on("close", resolve);
      asked.write("a body without end", () => void server.close());
    });
    await closed;
    await expect(fetch(`${server.url}/api/word`)).rejects.toThrow();
  });
});
