/** Checks how the page is served: what it may do, what it is told, and what stays in its folder. */

import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import supertest from "supertest";
import { beforeEach, expect, test } from "vitest";
import type { PageFacts } from "../../../../src/contract/page-facts.ts";
import { createApp } from "../../../../src/io/http/app.ts";
import { pageRoutes } from "../../../../src/io/http/page/page.ts";
import { serve } from "../../../../src/io/http/server.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const html = `<!doctype html>
<html><head lang="en"><title>powlab</title></head><body></body></html>
`;
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("powlab-page");
  const page = join(folder, "dashboard");
  mkdirSync(join(page, "assets"), { recursive: true });
  writeFileSync(join(page, "index.html"), html);
  writeFileSync(join(page, "protocols.html"), html);
  writeFileSync(join(page, "assets", "index-1a2b.js"), "start();\n");
  writeFileSync(join(page, "notes.txt"), "not for the page\n");
  writeFileSync(join(folder, "token"), "secret");
});

function appWith(facts: PageFacts = { kind: "node" }) {
  return createApp({ routes: { "/": pageRoutes(facts, join(folder, "dashboard")) } });
}

test("the page may load only what is beside it, and is never kept", async () => {
  const { headers, type } = await supertest(appWith()).get("/?view=board").expect(200);
  expect(type).toBe("text/html");
  expect(headers["content-security-policy"]).toBe(policy);
  expect(headers["cache-control"]).toBe("no-store");
  expect(headers["x-content-type-options"]).toBe("nosniff");
});

test("the page of a node is told that it is one, and no token", async () => {
  const { text } = await supertest(appWith()).get("/");
  expect(text).toBe(
    html.replace(
      '<head lang="en">',
      '<head lang="en"><meta name="powlab" content="{&quot;kind&quot;:&quot;node&quot;}">',
    ),
  );
});

test("the page for protocols is under the same policy, and bears no token", async () => {
  const app = appWith({ kind: "lab", token: "secret" });
  const { headers, text } = await supertest(app).get("/protocols").expect(200);
  expect(headers["content-security-policy"]).toBe(policy);
  expect(headers["cache-control"]).toBe("no-store");
  expect(text).toContain("{&quot;beside&quot;:&quot;lab&quot;}");
  expect(text).not.toContain("secret");
});

test("what a lab's page is told cannot break out of its attribute", async () => {
  const facts = { kind: "lab", token: `"><script>alert('$&')</script>&quot;` } as const;
  const { text } = await supertest(appWith(facts)).get("/");
  const [, content = ""] = /<meta name="powlab" content="([^"]*)">/.exec(text) ?? [];
  expect(text).not.toContain("<script>");
  const signs = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" } as const;
  const read = content.replace(
    /&(?:lt|gt|quot|amp);/g,
    (name) => signs[name as keyof typeof signs],
  );
  expect(JSON.parse(read)).toEqual(facts);
});

test("a page of another machine gets neither page nor token", async () => {
  const app = appWith({ kind: "lab", token: "secret" });
  await supertest(app).get("/").set("Host", "evil.example").expect(403);
  await supertest(app).get("/").set("Origin", "http://evil.example").expect(403);
  const { headers } = await supertest(app).get("/").set("Origin", "http://localhost:5173");
  expect(headers["access-control-allow-origin"]).toBeUndefined();
});

test("assets have hashes in their names, so they may be kept for ever", async () => {
  const answer = await supertest(appWith()).get("/assets/index-1a2b.js").expect(200);
  expect(answer.type).toBe("text/javascript");
  expect(answer.text).toBe("start();\n");
  expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(answer.headers["content-security-policy"]).toBe(policy);
});

test("who asks for the headers only gets no body", async () => {
  for (const path of ["/", "/assets/index-1a2b.js"]) {
    const { headers, text } = await supertest(appWith()).head(path).expect(200);
    expect(Number(headers["content-length"])).toBeGreaterThan(0);
    expect(text ?? "").toBe("");
  }
});

test.each([
  "/assets/",
  "/assets",
  "/assets/index-gone.js",
  "/notes.txt",
  "/token",
  "/assets/../notes.txt",
  "/assets/../../token",
  "/assets/..%2f..%2ftoken",
  "/assets/%2e%2e/%2e%2e/token",
  "/assets/..\\..\\token",
  "/..%2ftoken",
  "/assets/%00",
])("%s is not served", async (path) => {
  const server = await serve(appWith(), { port: 0 });
  // Not fetch, which would tidy the path up before it asks.
  const request = get({ port: Number(new URL(server.url).port), host: "127.0.0.1", path });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
  expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(text).not.toMatch(/secret|not for the page/);
  await server.close();
});

test("a page that was never built says how to build it", async () => {
  rmSync(join(folder, "dashboard"), { recursive: true });
  const answer = await supertest(appWith()).get("/").expect(503);
  expect(answer.type).toBe("text/plain");
  expect(answer.text).toBe("The page was never built: `npm run build` makes it.\n");
});
