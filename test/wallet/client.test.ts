/** What a node's refusals say to people, and what happens to a connection that was closed. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type RequestHandler, Router } from "express";
import { afterEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/io/http/app.ts";
import { answerPlainText, PlainError } from "../../src/io/http/esplora/plain-text.ts";
import { rejectReason } from "../../src/io/http/esplora/reject-reason.ts";
import { serve } from "../../src/io/http/server.ts";
import type { Txid } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { encodeTransaction, txidOf } from "../../src/primitives/transaction.ts";
import { NodeClient, NodeUnreachableError, reasonIn } from "../../src/wallet/client.ts";
import { keyOf, output, payment } from "../builders.ts";

const paid = payment({
  from: [
    {
      point: { txid: "ab".repeat(32) as Txid, index: 0 },
      output: output(2_000, keyOf("miner").script),
      key: keyOf("miner"),
    },
  ],
  to: [output(1_000, keyOf("shop").script)],
});
const hex = bytesToHex(encodeTransaction(paid));

test("the reason is taken out of Esplora's wrapping", () => {
  const wrapped = rejectReason({ rule: "txn-already-known" });
  expect(wrapped).toContain("RPC error");
  expect(reasonIn(wrapped)).toBe("Transaction outputs already in utxo set");
});

test.each(["too busy", "sendrawtransaction RPC error: {broken}"])(
  "%j, which is no such wrapping, is told as it is",
  (text) => {
    expect(reasonIn(text)).toBe(text);
  },
);

test("what Esplora's short text leaves out is read from the header", async () => {
  const refuse: RequestHandler = () => {
    throw new PlainError(400, "Invalid address", "“x” is 100% no address.");
  };
  const routes = { "/api": Router().use(refuse).use(answerPlainText) };
  const server = await serve(createApp({ routes }), { port: 0 });
  try {
    const asked = new NodeClient(`${server.url}/api`).address("x");
    await expect(asked).rejects.toThrow("“x” is 100% no address.");
  } finally {
    await server.close();
  }
});

describe("a connection that is closed before the answer comes", () => {
  let server: Server;
  let requests: string[];

  /** Closes the first so many connections without an answer; what it is sent counts as received. */
  async function nodeThatCloses(count: number, later: { status: number; text: string }) {
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      request.resume().once("end", () => {
        if (requests.length <= count) request.socket.destroy();
        else response.writeHead(later.status).end(later.text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return new NodeClient(`http://127.0.0.1:${port}`);
  }

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const txid = txidOf(paid);

  test("has the transaction sent again", async () => {
    const client = await nodeThatCloses(1, { status: 200, text: txid });
    expect(await client.sendTransaction(hex)).toBe(txid);
    expect(requests).toEqual(["POST /tx", "POST /tx"]);
  });

  test("may have brought the transaction: that it waits already is no error then", async () => {
    const text = rejectReason({ rule: "txn-already-in-mempool" });
    const client = await nodeThatCloses(1, { status: 400, text });
    expect(await client.sendTransaction(hex)).toBe(txid);
  });

  test("has a question asked again, and no more than once", async () => {
    const client = await nodeThatCloses(2, { status: 200, text: "{}" });
    await expect(client.feeEstimates()).rejects.toBeInstanceOf(NodeUnreachableError);
    expect(requests).toHaveLength(2);
    expect(await client.feeEstimates()).toEqual({});
  });

  test("has no change of the node asked for again", async () => {
    const client = await nodeThatCloses(1, { status: 200, text: "{}" });
    await expect(client.setMining({ address: null })).rejects.toBeInstanceOf(NodeUnreachableError);
    expect(requests).toHaveLength(1);
  });
});
