import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { signal } from "@preact/signals";
import express from "express";
import { afterEach, expect, test } from "vitest";
import type { Connection, Moment } from "../../../src/dashboard/state/dashboard.ts";
import { labLevers, type LeverContext } from "../../../src/dashboard/state/levers.ts";
import { Tale } from "../story/tale.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that keeps what it is asked, and answers with this. */
async function serverThatAnswers(status: number, answer: unknown) {
  const asked: { method: string; url: string; token: string | undefined; body: unknown }[] = [];
  const app = express();
  app.use(express.json());
  app.use((request, response) => {
    const { method, url, body } = request;
    asked.push({ method, url, token: request.get("Authorization"), body });
    response.status(status).send(answer);
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  closing.push(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, base };
}

function circumstances(kind: LeverContext["kind"] = "lab") {
  const { story, now: at } = new Tale();
  return {
    kind,
    connection: signal<Connection>({ state: "open" }),
    moment: signal<Moment>({ story, at, isLive: true }),
  };
}

test("a lever is pulled with the token, and answers with what came of it", async () => {
  const { asked, base } = await serverThatAnswers(200, { agreement: true });
  const levers = labLevers(circumstances(), "secret", base);
  const answer = await levers.changeLink(["alice", "bob"], { state: "open", delayMs: 300 });
  expect(answer).toEqual({ ok: true, value: { agreement: true } });
  expect(asked).toEqual([
    {
      method: "POST",
      url: "/lab/links",
      token: "Bearer secret",
      body: { between: ["alice", "bob"], state: "open", delayMs: 300 },
    },
  ]);
});

test("a problem is told by its sentence", async () => {
  const detail = "These groups part nobody.";
  const { base } = await serverThatAnswers(409, { title: "Conflict", code: "x", detail });
  const levers = labLevers(circumstances(), "secret", base);
  expect(await levers.partition([["alice"]])).toEqual({ ok: false, problem: detail });
});

test("a lab that does not answer is told as a problem", async () => {
  const levers = labLevers(circumstances(), "secret", "http://127.0.0.1:1");
  expect(await levers.heal()).toEqual({ ok: false, problem: "The lab does not answer." });
});

test("no lever works in a recording, with one node alone, in the past or without a lab", async () => {
  const { asked, base } = await serverThatAnswers(200, {});
  expect(labLevers(circumstances("replay"), null, base).refusal.value).toMatch(/recording/);
  expect(labLevers(circumstances("node"), null, base).refusal.value).toMatch(/single node/);
  const now = circumstances();
  const levers = labLevers(now, "secret", base);
  expect(levers.refusal.value).toBeNull();
  now.moment.value = { ...now.moment.value, isLive: false };
  expect(levers.refusal.value).toMatch(/return to LIVE/);
  now.connection.value = { state: "lost", since: now.moment.value.at };
  expect(levers.refusal.value).toBe("The lab does not answer.");
  expect(await levers.heal()).toEqual({ ok: false, problem: levers.refusal.value });
  expect(asked).toEqual([]);
});
