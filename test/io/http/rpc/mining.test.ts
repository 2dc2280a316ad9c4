/** Checks the methods that mine, move the tip and take packages, beyond what was recorded of Core. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeBlocks } from "../../../../src/lab/nodes/block-maker.ts";
import { decodeBlock, encodeBlock, hashOfBlock } from "../../../../src/primitives/block.ts";
import { bytesToHex, parseHex } from "../../../../src/primitives/bytes.ts";
import {
  encodeTransaction,
  hasWitness,
  type Transaction,
  txidOf,
  wtxidOf,
} from "../../../../src/primitives/transaction.ts";
import { output, payment, type Spendable, spendable } from "../../../builders.ts";
import { addressOf, miner, shop } from "../../full-node-scene.ts";
import { ApiScene } from "../api-scene.ts";
import { mined, type Template } from "./gbt-miner.ts";

let scene: ApiScene;
let coins: Spendable[];

beforeAll(async () => {
  scene = await ApiScene.start();
  coins = await scene.fund(6);
});

afterAll(() => scene.stop());

type Answer = {
  readonly result: unknown;
  readonly error: { readonly code: number; readonly message: string } | null;
};

async function ask(method: string, ...params: unknown[]): Promise<Answer> {
  const { body } = await scene.api
    .post("/api/rpc")
    .set("Authorization", `Basic ${Buffer.from(scene.full.cookie).toString("base64")}`)
    .send({ id: 1, method, params });
  return body as Answer;
}

async function call<Result>(method: string, ...params: unknown[]): Promise<Result> {
  const { result, error } = await ask(method, ...params);
  if (error !== null) throw new Error(`${method}: ${error.code} ${error.message}`);
  return result as Result;
}

function tipHash(): string {
  return scene.tip.hash;
}

function hexOf(transaction: Transaction): string {
  return bytesToHex(encodeTransaction(transaction));
}

/** Pays the shop all but the fee of a coin. */
function spend(coin: Spendable, fee: number): Transaction {
  return payment({ from: [coin], to: [output(coin.output.value - fee, shop.script)] });
}

const segwit = { rules: ["segwit"] };
const paysShop = addressOf(shop.script);

describe("blocks at once", () => {
  test("pay an address, and hold what waits", async () => {
    const waiting = spend(coins[0]!, 500);
    await scene.send(waiting).expect(200);
    const { height } = scene.tip;
    const hashes = await call<string[]>("generatetoaddress", 2, paysShop);
    expect([scene.tip.height, hashes.length, hashes.at(-1)]).toEqual([height + 2, 2, tipHash()]);
    const [first] = hashes.map((hash) => scene.full.node.chain.blockOf(hash as never)!);
    expect(first!.transactions.map(txidOf)[1]).toBe(txidOf(waiting));
    expect(first!.transactions[0]!.outputs[0]!.script).toEqual(shop.script);
    expect(await call("generatetoaddress", 0, paysShop)).toEqual([]);
    expect(await call("generatetoaddress", 5, paysShop, 0)).toEqual([]);
  });

  test("pay what a descriptor names", async () => {
    const { height } = scene.tip;
    const script = bytesToHex(shop.script);
    const key = script.slice(4);
    for (const descriptor of [`addr(${paysShop})`, `raw(${script})`, `rawtr(${key})`]) {
      await call("generatetodescriptor", 1, descriptor);
      const block = scene.full.node.chain.blockOf(scene.tip.hash)!;
      expect(block.transactions[0]!.outputs[0]!.script).toEqual(shop.script);
    }
    expect(scene.tip.height).toBe(height + 3);
  });

  test("hold just what they are told to, and are shown in place of submitted", async () => {
    const [chosen, other] = [spend(coins[1]!, 600), spend(coins[2]!, 900)];
    await scene.send(chosen).expect(200);
    await scene.send(other).expect(200);
    const before = tipHash();
    const shown = await call<{ hash: string; hex: string }>(
      "generateblock",
      paysShop,
      [txidOf(chosen)],
      false,
    );
    expect(tipHash()).toBe(before);
    const block = decodeBlock(parseHex(shown.hex));
    expect(block.ok && block.value.transactions.slice(1).map(txidOf)).toEqual([txidOf(chosen)]);
    expect(await call("submitblock", shown.hex)).toBeNull();
    expect(tipHash()).toBe(shown.hash);
    const raw = await call<{ hash: string }>("generateblock", paysShop, [hexOf(other)]);
    expect(tipHash()).toBe(raw.hash);
    expect(scene.full.node.mempool.count).toBe(0);
  });

  test.each<[string, unknown[], number, string]>([
    ["generatetoaddress", [1, "nonsense"], -5, "Error: Invalid address"],
    [
      "generatetoaddress",
      [1, "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"],
      -5,
      "Error: Invalid address: ",
    ],
    ["generatetodescriptor", [1, "wpkh(00)"], -5, "'wpkh(00)' is not a valid descriptor here"],
    ["generatetodescriptor", [1, "raw(51)"], -5, "'raw(51)' pays a script that is neither"],
    ["generatetodescriptor", [1, "rawtr(00)#abc"], -5, "'rawtr(00)#abc' is not a valid"],
    ["generateblock", [paysShop, ["ab".repeat(32)]], -5, `Transaction ${"ab".repeat(32)} not in`],
    ["generateblock", [paysShop, ["zz"]], -22, "Transaction decode failed for zz."],
    ["generateblock", [paysShop, "x"], -3, "Wrong type passed:"],
    ["invalidateblock", ["00"], -8, "blockhash must be of length 64"],
    ["submitpackage", [["00", "00"]], -22, "TX decode failed: 00 Make sure"],
    ["getblocktemplate", [{ ...segwit, longpollid: "zz" }], -8, "longpollid must be of length 64"],
  ])("%s %j is refused", async (method, params, code, message) => {
    const { error } = await ask(method, ...params);
    expect(error?.code).toBe(code);
    expect(error?.message.slice(0, message.length)).toBe(message);
  });

  test("a checksum that does not belong to its descriptor is refused", async () => {
    const { error } = await ask("generatetodescriptor", 1, `addr(${paysShop})#qqqqqqqq`);
    expect(error).toMatchObject({ code: -5 });
    const right = /checksum '(\w{8})'$/.exec(error!.message)![1]!;
    await call("generatetodescriptor", 1, `addr(${paysShop})#${right}`);
  });

  test("a clock that was set back, or beyond what a header holds, makes no wrong block", async () => {
    await call("setmocktime", 1);
    const { error } = await ask("generatetoaddress", 1, paysShop);
    const refused = "CreateNewBlock: TestBlockValidity failed: time-too-new";
    expect(error).toEqual({ code: -1, message: refused });
    await call("setmocktime", 9_223_372_036);
    expect(await call("getblocktemplate", segwit)).toMatchObject({ curtime: 0xffff_ffff });
    const [hash] = await call<string[]>("generatetoaddress", 1, paysShop);
    expect(await call("getblockheader", hash)).toMatchObject({ time: 0xffff_ffff });
    await call("invalidateblock", hash);
    await call("setmocktime", 0);
  });

  test("a lab makes its blocks by the clock that was set", async () => {
    const time = scene.tip.header.time + 3_600;
    await call("setmocktime", time);
    const [hash] = await makeBlocks(scene.full, { count: 1, payTo: bytesToHex(shop.script) });
    expect(await call("getblockheader", hash)).toMatchObject({ time });
    await call("invalidateblock", hash);
    await call("setmocktime", 0);
  });

  test("a block of what cannot be mined is refused, and nothing is stored", async () => {
    const before = tipHash();
    const { error } = await ask("generateblock", paysShop, [hexOf(spend(coins[0]!, 700))]);
    expect(error).toEqual({
      code: -25,
      message: "TestBlockValidity failed: bad-txns-inputs-missingorspent",
    });
    expect(tipHash()).toBe(before);
  });
});

describe("a miner that knows BIP 22 only", () => {
  test("finds blocks with the node's coinbase, which lacks its witness, one after the other", async () => {
    await scene.full.runner.command({ type: "set-mining", payTo: miner.script });
    const request = { ...segwit, capabilities: ["coinbasetxn", "workid", "coinbase/append"] };
    const waiting = spend(coins[3]!, 800);
    await scene.send(waiting).expect(200);
    for (let found = 0; found < 3; found++) {
      const template = await call<Template>("getblocktemplate", request);
      expect(await call("submitblock", mined(template))).toBeNull();
      const block = scene.full.node.chain.blockOf(scene.tip.hash)!;
      expect(hasWitness(block.transactions[0]!)).toBe(true);
      expect(block.transactions[0]!.outputs[0]!.script).toEqual(miner.script);
      if (found === 0) expect(block.transactions.map(txidOf)).toContain(txidOf(waiting));
    }
    await scene.full.runner.command({ type: "set-mining", payTo: undefined });
    expect(await call("getblocktemplate", request)).not.toHaveProperty("coinbasetxn");
  });

  test("is answered at the next tip if it polls, and at once if it has seen an older one", async () => {
    const { longpollid } = await call<Template>("getblocktemplate", segwit);
    const polling = call<Template>("getblocktemplate", { ...segwit, longpollid });
    const [hash] = await call<string[]>("generatetoaddress", 1, paysShop);
    const next = await polling;
    expect(next.previousblockhash).toBe(hash);
    const again = await call<Template>("getblocktemplate", { ...segwit, longpollid });
    expect(again.previousblockhash).toBe(hash);
  });

  test("may propose a block without proof of work, which is judged and not kept", async () => {
    const block = scene.solve();
    const unproven = { ...block, header: { ...block.header, nonce: block.header.nonce + 1 } };
    const data = bytesToHex(encodeBlock(unproven));
    expect(await call("getblocktemplate", { mode: "proposal", data })).toBeNull();
    expect(scene.full.node.chain.tree.get(hashOfBlock(unproven))).toBeUndefined();
  });
});

describe("the tip moves by command", () => {
  test("down and up again, and the other doors tell of it", async () => {
    const paid = spend(coins[4]!, 1000);
    await scene.send(paid).expect(200);
    const [hash] = await call<string[]>("generatetoaddress", 1, paysShop);
    expect(await call("invalidateblock", hash)).toBeNull();
    expect(tipHash()).not.toBe(hash);
    expect(scene.full.node.mempool.has(txidOf(paid))).toBe(true);
    const { body: status } = await scene.api.get(`/api/tx/${txidOf(paid)}/status`);
    expect(status).toEqual({ confirmed: false });
    const { body: reorgs } = await scene.api.get("/api/v1/reorgs");
    expect((reorgs as unknown[])[0]).toMatchObject({ back: [hash], forth: [], tip: tipHash() });
    // A block that other nodes would take is refused here by its own name.
    const raw = bytesToHex(encodeBlock(scene.full.node.chain.blockOf(hash as never)!));
    expect(await call("submitblock", raw)).toBe("duplicate-invalid");
    expect(await call("reconsiderblock", hash)).toBeNull();
    expect(tipHash()).toBe(hash);
    expect(scene.full.node.mempool.has(txidOf(paid))).toBe(false);
  });

  test("to a rival of the same work", async () => {
    const parent = scene.tip;
    await call("generatetoaddress", 1, paysShop);
    const rival = await scene.mine([], parent);
    expect(tipHash()).not.toBe(hashOfBlock(rival));
    expect(await call("preciousblock", hashOfBlock(rival))).toBeNull();
    expect(tipHash()).toBe(hashOfBlock(rival));
  });
});

describe("a package", () => {
  test("is taken by JSON-RPC and by Esplora, which say the same", async () => {
    const parent = spend(coins[5]!, 300);
    const child = payment({
      from: [spendable(parent, 0, shop)],
      to: [output(parent.outputs[0]!.value - 700, miner.script)],
    });
    const hexes = [hexOf(parent), hexOf(child)];
    const first = await call<Record<string, unknown>>("submitpackage", hexes);
    expect(first).toMatchObject({
      package_msg: "success",
      "tx-results": {
        [wtxidOf(parent)]: { txid: txidOf(parent), vsize: 111, fees: { base: 0.000003 } },
        [wtxidOf(child)]: { txid: txidOf(child), vsize: 111, fees: { base: 0.000007 } },
      },
      "replaced-transactions": [],
    });
    const { body } = await scene.post("/api/txs/package", JSON.stringify(hexes)).expect(200);
    expect(body).toEqual(await call("submitpackage", hexes));
    const { body: waiting } = await scene.api.get("/api/mempool/txids");
    expect(waiting).toEqual(expect.arrayContaining([txidOf(parent), txidOf(child)]));
  });

  const long = "00".repeat(60);
  test.each<[string, string]>([
    ["nonsense", "Invalid JSON"],
    ['{"a":1}', "Invalid JSON"],
    ['["aa"]', "Invalid transaction size for item 0"],
    [`["${long}","zz${long}"]`, "Invalid transaction hex for item 1"],
    [JSON.stringify(Array.from({ length: 26 }, () => "")), "Exceeded maximum of 25 transactions"],
    [
      "[]",
      'submitpackage RPC error: {"code":-8,"message":"Array must contain between 1 and 25 transactions."}',
    ],
  ])("%.20s as the body of POST /txs/package is refused in electrs' words", async (body, text) => {
    const answer = await scene.post("/api/txs/package", body).expect(400);
    expect(answer.text).toBe(text);
  });

  test("is refused for a bound that is no number", async () => {
    const answer = await scene.post("/api/txs/package?maxfeerate=abc", "[]").expect(400);
    expect(answer.text).toBe("Invalid maxfeerate");
  });

  test("the next block is shown by Esplora as by JSON-RPC", async () => {
    const { body } = await scene.api.get("/api/block-template").expect(200);
    const template = await call<Template>("getblocktemplate", segwit);
    expect({ ...(body as Template), curtime: 0 }).toEqual({ ...template, curtime: 0 });
  });
});
