import express, { type RequestHandler, Router } from "express";
import supertest from "supertest";
import { expect, test } from "vitest";
import { rpcAtRoot } from "../../../../src/io/http/rpc/root.ts";

/** Says which node's API a request came to, and below it where. */
function answering(name: string): RequestHandler {
  return ({ method, url }, response) => void response.send(`${method} ${name} ${url}`);
}

const lab = supertest(
  express().use(
    Router().use(rpcAtRoot("/alice/api"), rpcAtRoot("/bob/api", "/bob")),
    Router().get("/", (_request, response) => void response.send("page")),
    Router().use("/alice/api", answering("alice")).use("/bob/api", answering("bob")),
  ),
);

test.each([
  ["/", "POST alice /rpc/"],
  ["/wallet/mine", "POST alice /rpc/wallet/mine"],
  ["/bob/", "POST bob /rpc/"],
  ["/bob", "POST bob /rpc"],
  ["/bob/wallet/mine", "POST bob /rpc/wallet/mine"],
  ["/bob/api/rpc", "POST bob /rpc"],
  ["/bob/api/tx", "POST bob /tx"],
])("POST %s comes to the right node of a lab", async (path, text) => {
  expect((await lab.post(path)).text).toBe(text);
});

test("the page is still read at the same path, and other names are unknown", async () => {
  expect((await lab.get("/")).text).toBe("page");
  expect((await lab.post("/bobby/")).status).toBe(404);
});
