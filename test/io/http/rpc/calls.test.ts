import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JsonObject, readJson, writeJson } from "../../../../src/io/http/rpc/call/json.ts";
import { batchMax } from "../../../../src/io/http/rpc/exchange.ts";
import { RecordedNode } from "./recording.ts";

let node: RecordedNode;
beforeAll(async () => {
  node = await RecordedNode.start();
});
afterAll(() => node.stop());

async function post(body: string, headers: Record<string, string> = {}, path = "/api/rpc") {
  const authorised = { Authorization: node.authorization, ...headers };
  const answer = await fetch(`${node.url}${path}`, { method: "POST", headers: authorised, body });
  return { status: answer.status, text: await answer.text() };
}

const count = '{"id":1,"method":"getblockcount"}';
const counted = '{"result":132,"error":null,"id":1}\n';

describe("who may call", () => {
  test("the cookie is in the node's folder, for its owner alone, and gone when it has stopped", async () => {
    const other = await RecordedNode.start();
    const file = join(other.full.folder, ".cookie");
    expect(readFileSync(file, "utf8")).toBe(other.full.cookie);
    expect(other.full.cookie).toMatch(/^__cookie__:[0-9a-f]{64}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await other.stop();
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    ["the token as Bearer", () => `Bearer ${node.full.token}`],
    ["the token as any user's password", () => basic(`me:${node.full.token}`)],
  ])("%s is as good as the cookie", async (_name, header) => {
    expect(await post(count, { Authorization: header() })).toEqual({ status: 200, text: counted });
  });

  test.each([
    ["a cut cookie", () => basic(node.full.cookie.slice(0, -1))],
    ["the token without a user", () => basic(node.full.token)],
    ["nothing", () => ""],
  ])("%s is refused before the body is read", async (_name, header) => {
    const refused = await post("{", { Authorization: header() });
    expect(refused).toEqual({ status: 401, text: "" });
  });

  test("a page of another origin is refused, whatever it knows", async () => {
    const answer = await post(count, { Origin: "https://elsewhere.example" });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("foreign-origin");
  });
});

describe("requests that are wrong", () => {
  test("a batch may hold a thousand calls and no more", async () => {
    const calls = (size: number) => `[${new Array<string>(size).fill(count).join(",")}]`;
    const most = await post(calls(batchMax));
    expect(most.text.match(/"result":132/g)).toHaveLength(batchMax);
    const more = await post(calls(batchMax + 1));
    expect(more.status).toBe(400);
    expect(more.text).toContain(`A batch may hold ${batchMax} calls, this has ${batchMax + 1}`);
  });

  test("brackets without end and a body of 32 MB do no harm", async () => {
    expect((await post("[".repeat(100_000))).text).toContain("Parse error");
    expect((await post(" ".repeat(0x02000000 + 1))).status).toBe(413);
    expect((await post(count)).text).toBe(counted);
  });

  test("an id is sent back with its digits, a text with its signs", async () => {
    const id = '{"a":[1.0,1e3,"\\u00e9\\"\\\\"],"a":null}';
    const answer = await post(`{"id":${id},"method":"getblockcount"}`);
    expect(answer.text).toBe(`{"result":132,"error":null,"id":${id.replace("\\u00e9", "é")}}\n`);
  });
});

describe("numbers are written as Core writes them", () => {
  test.each([
    [1, "1"],
    [0.1, "0.1"],
    [1e15, "1000000000000000"],
    [1e16, "1e+16"],
    [0.0001, "0.0001"],
    [0.00001234, "1.234e-05"],
    [2 / 3, "0.6666666666666666"],
    [-1.5, "-1.5"],
  ])("%d", (value, text) => {
    expect(writeJson(value)).toBe(text);
  });
});

const tpub =
  "tpubD6NzVbkrYhZ4XgiXtGrdW5XDAPFCL9h7we1vwNCpn8tGbBcgfVYjXyhWo4E1xkh56hjod1RhGjxbaTLV3X4FyWuejifB9jusQ46QzG87VKp";
const regtestAddress = "bcrt1px55c5arf57zrqsuzg05u6uml2nxfl80z7dhg8ces53zumjlrm8rsd97vut";

describe("answers that no recording has", () => {
  test("a range of keys is looked for, by the descriptor of an account", async () => {
    const object = { desc: `tr(${tpub}/0/*)`, range: [0, 2] };
    const found = await ask("scantxoutset", ["start", [object]]);
    expect(found).toMatchObject({ success: true, txouts: 164, unspents: [] });
    const info = await ask("getdescriptorinfo", [object.desc]);
    expect(info).toMatchObject({ isrange: true, issolvable: true, hasprivatekeys: false });
  });

  test("two scans at once are one too many, and one can be aborted", async () => {
    const scan = () => ask("scantxoutset", ["start", ["raw(6a)"]]);
    const both = await Promise.all([scan(), scan()]);
    const refusals = both.filter((each) => JSON.stringify(each).includes("already in progress"));
    expect(refusals).toHaveLength(1);
    expect(await scan()).toMatchObject({ success: true });
  });

  test("waitfornewblock answers when the tip moves", async () => {
    await ask("setmocktime", [0]);
    const waiting = ask("waitfornewblock", []);
    let active = "";
    while (!active.includes("waitfornewblock")) {
      active = JSON.stringify(await ask("getrpcinfo", []));
    }
    const block = await node.mine();
    expect(await waiting).toEqual({ hash: node.entryOf(block).hash, height: 133 });
  });

  test.each([
    ["waitfornewblock", []],
    ["waitforblockheight", [1_000_000]],
    ["getblocktemplate", [{ rules: ["segwit"], longpollid: 0 }]],
    ["generatetoaddress", [1_000_000, regtestAddress, 2 ** 31 - 1]],
  ])("%s %j ends when its caller has gone", async (method, params) => {
    const active = async () => JSON.stringify(await ask("getrpcinfo", []));
    await ask("setmocktime", [0]);
    const caller = new AbortController();
    const body = JSON.stringify({ method, params });
    const cut = fetch(`${node.url}/api/rpc`, {
      ...{ method: "POST", body, signal: caller.signal },
      headers: { Authorization: node.authorization },
    }).catch((error: unknown) => error);
    await expect.poll(active).toContain(method);
    caller.abort();
    await cut;
    await expect.poll(active).not.toContain(method);
  });

  test("others are answered between two calls of a long batch", async () => {
    const call = { method: "getdescriptorinfo", params: [`raw(${"00".repeat(5_000)})`] };
    let isOver = false;
    const batch = post(JSON.stringify(new Array(300).fill(call))).then(() => (isOver = true));
    let answers = 0;
    while (!isOver) {
      await post(count);
      if (!isOver) answers += 1;
    }
    await batch;
    expect(answers).toBeGreaterThan(3); // without slices, at most those before it begins
  });

  test("a step of a path that no public key has is no failure of ours", async () => {
    for (const step of ["2147483648", "4294967296", "9".repeat(30)]) {
      const found = await ask("scantxoutset", ["start", [`tr(${tpub}/${step})`]]);
      expect(found).toMatchObject({ code: -5 });
    }
    expect(node.failures).toEqual([]);
  });

  test.each(["constructor", "toString", "__proto__", "nothing"])("no index is %s", async (name) => {
    expect(await ask("getindexinfo", [name])).toEqual({});
  });

  test("an amount of many digits is refused unread", async () => {
    const refusal = { code: -3, message: "Invalid amount" };
    expect(await ask("sendrawtransaction", ["00", "9".repeat(19)])).toEqual(refusal);
  });

  test("a peer is banned by its id and let in again; an IP address is explained", async () => {
    const peer = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    expect(await ask("setban", [peer, "add", 60])).toBeNull();
    expect(await ask("listbanned", [])).toMatchObject([{ address: peer }]);
    expect(await ask("setban", [peer, "add"])).toMatchObject({ code: -23 });
    expect(await ask("setban", [peer, "remove"])).toBeNull();
    expect(await ask("listbanned", [])).toEqual([]);
    expect(await ask("setban", ["10.0.0.1", "add"])).toMatchObject({ code: -30 });
  });

  test("nodes that cannot be reached, or are not there, are errors", async () => {
    expect(await ask("addnode", ["127.0.0.1:1", "onetry"])).toMatchObject({ code: -1 });
    expect(await ask("addnode", ["127.0.0.1:1", "remove"])).toMatchObject({ code: -24 });
    expect(await ask("disconnectnode", ["nobody"])).toMatchObject({ code: -29 });
    expect(await ask("disconnectnode", [])).toMatchObject({ code: -32602 });
  });

  test("help names every method once and shows how one is called", async () => {
    const list = String(await ask("help", []));
    for (const name of ["getblock", "sendrawtransaction", "stop", "setmocktime"]) {
      expect(list.match(new RegExp(`^${name}\\b`, "gm"))).toHaveLength(1);
    }
    expect(await ask("help", ["addnode"])).toMatch(/^addnode "node" "command" \( v2transport \)\n/);
  });
});

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

/** The result, or the error, as plain data. */
async function ask(method: string, params: readonly unknown[]): Promise<unknown> {
  const outcome = await node.call(method, readJson(JSON.stringify(params)) as JsonObject);
  return JSON.parse(writeJson("result" in outcome ? outcome.result : outcome.error));
}
