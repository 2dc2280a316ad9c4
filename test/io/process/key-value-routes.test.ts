/** The keys of a process over HTTP, and the desk behind them, with a process that a test plays. */

import type { Router } from "express";
import request from "supertest";
import { expect, test } from "vitest";
import { createApp } from "../../../src/io/http/app.ts";
import { decisionRoutes, keyValueRoutes } from "../../../src/io/process/key-value-routes.ts";
import { type Given, RequestDesk, waitingMax } from "../../../src/io/process/request-desk.ts";
import {
  type Answer,
  apply,
  type Command,
  emptyKeyValue,
  type RequestId,
} from "../../../src/protocols/process/key-value.ts";

type Asked = {
  readonly id: RequestId;
  readonly command: Command;
  readonly signature?: string | undefined;
};

/** A process that answers as the test says; by itself it has a store of its own. */
class Scene {
  readonly asked: Asked[] = [];
  #state = emptyKeyValue;
  answer: (asked: Asked) => Answer | undefined = ({ command }) => {
    const { state, answer } = apply(this.#state, command);
    this.#state = state;
    return answer;
  };
  isBusy = false;
  #names = 0;
  readonly desk = new RequestDesk({
    name: "n1",
    answerMs: 200,
    nameClient: () => `client-${++this.#names}`,
    submit: (id, command, signature) => {
      if (this.isBusy) return false;
      this.asked.push({ id, command, ...(signature !== undefined && { signature }) });
      const answer = this.answer({ id, command });
      if (answer) setImmediate(() => this.desk.answer(id, answer));
      return true;
    },
  });

  http(routes: Router = keyValueRoutes({ desk: this.desk, urlOf })) {
    return request(createApp({ routes: { "/": routes } }));
  }
}

function urlOf(name: string): string | undefined {
  return name === "n2" ? "http://127.0.0.1:2" : undefined;
}

test("a key is absent, is written, is read, is compared", async () => {
  const http = new Scene().http();
  const absent = await http.get("/kv/x").expect(404);
  expect(absent.body).toMatchObject({
    code: "key-absent",
    detail: "There is no x: nothing was written there.",
  });
  await http.put("/kv/x").type("text").send("hello").expect(200, { key: "x", value: "hello" });
  await http.get("/kv/x").expect(200, { key: "x", value: "hello" });
  await http.post("/kv/x/cas").send({ from: "hello", to: 0 }).expect(200, { key: "x", value: 0 });
  const differs = await http.post("/kv/x/cas").send({ from: "hello", to: 1 }).expect(409);
  expect(differs.body).toMatchObject({
    code: "value-differs",
    found: 0,
    detail: "The value of x is not the one to replace: it is 0.",
  });
});

test.each([0, "", false, "0", 1.5])("the value %j comes back as it is", async (value) => {
  const http = new Scene().http();
  await http.put("/kv/x").type("json").send(JSON.stringify(value)).expect(200);
  await http.get("/kv/x").expect(200, { key: "x", value });
});

test.each(["null", "[1]", '{"a":1}', "{", ""])("the JSON %j is no value", async (body) => {
  const refused = await new Scene().http().put("/kv/x").type("json").send(body).expect(400);
  expect(refused.body).toMatchObject({ code: "body-invalid" });
});

test.each([{}, { from: 1 }, { from: 1, to: null }, { from: 1, to: 2, key: "x" }])(
  "%j is no change",
  async (body) => {
    const refused = await new Scene().http().post("/kv/x/cas").send(body).expect(400);
    expect(refused.body).toMatchObject({ code: "body-invalid" });
  },
);

test.each(["client=c1", "number=1", "client=c1&number=0", "client=c1&number=x", "a=b"])(
  "?%s is no id",
  async (query) => {
    const refused = await new Scene().http().get(`/kv/x?${query}`).expect(400);
    expect(refused.body).toMatchObject({ code: "request-invalid" });
  },
);

test("a key or a value that is too long is refused", async () => {
  const http = new Scene().http();
  await http.get(`/kv/${"k".repeat(257)}`).expect(400);
  const refused = await http.put("/kv/x").type("text").send("v".repeat(65_537)).expect(413);
  expect(refused.body).toMatchObject({ code: "body-too-large" });
});

test("a client's own id reaches the process, and ids are made up for those who bring none", async () => {
  const scene = new Scene();
  const http = scene.http();
  await http.get("/kv/x?client=c1&number=7").expect(404);
  await http.put("/kv/x").send("1").expect(200);
  await http.put("/kv/x").send("2").expect(200);
  expect(scene.asked.map(({ id }) => id)).toEqual([
    { client: "c1", number: 7 },
    { client: "client-1", number: 1 },
    { client: "client-1", number: 2 },
  ]);
});

test("who asks a follower is sent to the leader with the id of the request, method and body kept", async () => {
  const scene = new Scene();
  scene.answer = () => ({ type: "redirected", leader: "n2" });
  const sent = await scene.http().put("/kv/a%20b").send("1").expect(307);
  expect(sent.headers["location"]).toBe("http://127.0.0.1:2/kv/a%20b?client=client-1&number=1");
  await scene.http().get("/kv/x").expect(307);
  // The first id is in use elsewhere now.
  expect(scene.asked.at(-1)!.id).toEqual({ client: "client-2", number: 1 });
});

test("while no leader is known the process is asked again, under the same id", async () => {
  const scene = new Scene();
  const elections: Answer[] = [
    { type: "redirected", leader: undefined },
    { type: "redirected", leader: "n1" },
    { type: "written" },
  ];
  scene.answer = () => elections.shift();
  await scene.http().put("/kv/x").send("1").expect(200);
  expect(new Set(scene.asked.map(({ id }) => JSON.stringify(id))).size).toBe(1);
  expect(scene.asked).toHaveLength(3);
});

test("without an answer in time the outcome is open, and the sentence says how to ask again", async () => {
  const scene = new Scene();
  scene.answer = () => undefined;
  const late = await scene.http().put("/kv/x").send("1").expect(503);
  expect(late.body).toMatchObject({ code: "no-answer" });
  expect(late.body.detail).toContain("may still be carried out");
  expect(late.body.detail).toContain("?client=client-1&number=1");
  scene.answer = () => ({ type: "written" });
  await scene.http().put("/kv/x").send("2").expect(200);
  // The late one may still be under way: its id must not be used for anything else.
  expect(scene.asked.at(-1)!.id).toEqual({ client: "client-2", number: 1 });
});

test("what was aborted was not done, and a process that is busy takes nothing", async () => {
  const scene = new Scene();
  scene.answer = () => ({ type: "aborted", reason: "the key is locked" });
  const aborted = await scene.http().put("/kv/x").send("1").expect(409);
  expect(aborted.body).toMatchObject({
    code: "not-done",
    detail: "Nothing was done: the key is locked. You may ask again.",
  });
  scene.isBusy = true;
  const busy = await scene.http().put("/kv/x").send("1").expect(503);
  expect(busy.body.detail).toBe("This process is too busy: nothing was done.");
});

test("above the limit of requests under way the next one is refused", async () => {
  const scene = new Scene();
  scene.answer = () => undefined;
  const read = { type: "read", key: "x" } as const;
  const waiting = Array.from({ length: waitingMax }, () => scene.desk.ask(read));
  expect(await scene.desk.ask(read)).toMatchObject({ type: "refused" });
  expect(scene.asked).toHaveLength(waitingMax);
  const ends = await Promise.all(waiting);
  expect(new Set(ends.map(({ type }) => type))).toEqual(new Set(["late"]));
  scene.answer = () => ({ type: "read", value: 1 });
  expect(await scene.desk.ask(read)).toMatchObject({ type: "answered" });
});

test("where clients sign, only what this client has signed is asked", async () => {
  const scene = new Scene();
  const signature = "ab".repeat(64);
  const isSigned = (given: Required<Given>, { type }: Command): boolean => {
    return given.signature === signature && given.id.client === "c1" && type !== "read";
  };
  const http = scene.http(keyValueRoutes({ desk: scene.desk, urlOf, isSigned }));
  const path = `/kv/x?client=c1&number=1`;
  const unsigned = await http.put("/kv/x").type("json").send("1").expect(401);
  expect(unsigned.body).toMatchObject({ code: "signature-missing" });
  expect(unsigned.body.detail).toContain(
    '["request","CLIENT",1,{"type":"write","key":"x","value":1}]',
  );
  await http.put(path).type("json").send("1").expect(401);
  await http
    .put(`${path}&signature=${"ab".repeat(63)}`)
    .type("json")
    .send("1")
    .expect(400);
  await http.get(`${path}&signature=${signature}`).expect(401);
  expect(scene.asked).toEqual([]);
  const signed = `${path}&signature=${signature}`;
  await http.put(signed).type("json").send("1").expect(200, { key: "x", value: 1 });
  expect(scene.asked).toMatchObject([{ id: { client: "c1", number: 1 }, signature }]);
  // The process cannot sign for its client, so it does not read what stands there.
  const cas = `/kv/x/cas?client=c1&number=2&signature=${signature}`;
  const differs = await http.post(cas).send({ from: 0, to: 2 }).expect(409);
  expect(differs.body.code).toBe("value-differs");
  expect(scene.asked).toHaveLength(2);
});

test("a protocol that decides one value has one key", async () => {
  const scene = new Scene();
  let decided: number | undefined;
  const routes = decisionRoutes({ desk: scene.desk, urlOf, decided: () => decided });
  const http = scene.http(routes);
  scene.answer = () => ({ type: "decided", value: (decided = 0) });
  await http.get("/kv/decision").expect(404);
  await http.put("/kv/decision").type("json").send("0").expect(200, { key: "decision", value: 0 });
  await http.get("/kv/decision").expect(200, { key: "decision", value: 0 });
  const other = await http.put("/kv/decision").type("json").send("1").expect(409);
  expect(other.body).toMatchObject({ code: "value-differs", found: 0 });
  const elsewhere = await http.get("/kv/x").expect(404);
  expect(elsewhere.body.detail).toBe("This protocol decides one value: it is at /kv/decision.");
});
