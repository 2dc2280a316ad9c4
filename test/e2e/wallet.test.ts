/** The commands wallet, chain, tx, peers and mine as real processes beside a real node. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import { encodeWitnessAddress, scriptOfAddress } from "../../src/primitives/address.ts";
import { type RegtestNode, startRegtestNode } from "../wallet/regtest-node.ts";
import { createWalletShell, type WalletShell } from "./wallet-shell.ts";

const words =
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

const onLab = encodeWitnessAddress({ prefix: "pow", version: 1, program: new Uint8Array(32) });

const legacy = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";

let node: RegtestNode;
let powlab: WalletShell["run"];
let json: WalletShell["json"];

beforeAll(async () => {
  node = await startRegtestNode();
  ({ run: powlab, json } = createWalletShell(node.api));
});

afterAll(async () => {
  await node.stop();
});

function scriptOf(address: string): Uint8Array {
  const script = scriptOfAddress(address, regtest.addressPrefix);
  if (!script.ok) throw new Error(script.problem.rule);
  return script.value;
}

describe("a wallet's life", () => {
  let shop: string;

  test("twelve words restore the addresses that BIP86 publishes", async () => {
    const restore = ["wallet", "restore", "--network", "main", "--no-password"];
    const { address } = await json(restore, { input: words });
    expect(address).toBe("bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr");
    const second = await json(["wallet", "address", "--network", "main", "--index", "1"]);
    expect(second).toEqual({
      address: "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh",
      path: "m/86'/0'/0'/0/1",
    });
  });

  test("mined coins are paid on, and both sides see them confirmed", async () => {
    await powlab(["wallet", "new", "--no-password"]);
    const mine = (await powlab(["wallet", "address"])).stdout.trim();
    await node.mine(1, scriptOf(mine));
    shop = (await json(["wallet", "new", "--wallet", "shop", "--no-password"])).address;
    await node.mine(99, scriptOf(shop));
    expect(await json(["wallet", "balance"])).toMatchObject({ confirmed: 50e8, height: 100 });

    const sent = await powlab(["wallet", "send", shop, "1.5", "--fee-rate", "2"]);
    expect(sent).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Next: powlab tx show"),
    });
    const txid = sent.stdout.trim();
    expect(await json(["tx", "show", txid])).toMatchObject({ state: "waiting" });
    await node.mine(1, scriptOf(shop));
    expect(await json(["tx", "show", txid])).toMatchObject({ state: "confirmed" });

    const [newest] = await json(["wallet", "history"]);
    expect(newest).toMatchObject({ txid, confirmations: 1, net: -1.5e8 - newest.fee });
    const history = await json(["wallet", "history", "--wallet", "shop", "--limit", "200"]);
    expect(history.find((each: { txid: string }) => each.txid === txid).net).toBe(1.5e8);

    await node.reorganise(1, scriptOf(shop));
    const { stdout } = await powlab(["wallet", "history"]);
    expect(stdout).toMatch(new RegExp(`waiting +0 .* sent +${txid}`));
    const lost = "which a reorganisation left behind; it waits for another block.";
    expect(stdout).toMatch(new RegExp(`${txid} was confirmed in block \\d+, ${lost}`));
    await node.mine(1, scriptOf(shop));
    expect((await powlab(["wallet", "history"])).stdout).not.toContain("left behind");
  });

  test("two payments at once with different fee rates do not spend one coin twice", async () => {
    const rates = ["2", "20"];
    const sent = await Promise.all(
      rates.map((rate) => json(["wallet", "send", shop, "0.25", "--fee-rate", rate])),
    );
    for (const { txid } of sent) {
      expect(await json(["tx", "show", txid])).toMatchObject({ state: "waiting" });
    }
  });

  test("an address beyond the gap is looked at once it was given away", async () => {
    const beyond = ["--wallet", "beyond"];
    await powlab(["wallet", "new", ...beyond, "--no-password"]);
    const given = await powlab(["wallet", "address", ...beyond, "--index", "25"]);
    expect(given).toMatchObject({ code: 0, stderr: expect.stringContaining("--gap-limit 26") });
    await node.mine(1, scriptOf(given.stdout.trim()));
    expect(await json(["wallet", "balance", ...beyond])).toMatchObject({ coins: 1 });
  });

  test("a link in the capitals of a QR code is paid", async () => {
    const link = `BITCOIN:${shop.toUpperCase()}?AMOUNT=0.125`;
    expect(await json(["wallet", "send", link])).toMatchObject({ amount: 0.125e8 });
  });

  test("a wrong password opens nothing, the right one does", async () => {
    const wallet = ["--wallet", "secret"];
    const env = { POWLAB_PASSWORD: "right" };
    const { address } = await json(["wallet", "new", ...wallet], { env });
    const again = ["wallet", "address", ...wallet, "--index", "0"];
    expect((await json(again, { env })).address).toBe(address);
    const wrong = await powlab(again, { env: { POWLAB_PASSWORD: "wrong" } });
    expect(wrong).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("wrong") });
    expect(await powlab(again)).toMatchObject({ code: 2, stdout: "" });
  });

  test.each([
    ["too much", 1, () => ["send", shop, "1000"], "coins to spend"],
    ["less than nodes relay", 1, () => ["send", shop, "329sat"], "330 satoshis"],
    ["a legacy address", 2, () => ["send", legacy, "1"], "P2PKH"],
    ["no amount", 2, () => ["send", shop], "how much"],
    [
      "a link and another amount",
      2,
      () => ["send", `bitcoin:${shop}?amount=2`, "1"],
      "asks for 2.00000000",
    ],
    ["another network's address", 2, () => ["send", onLab, "1"], "another network"],
    ["no address at all", 2, () => ["send", "pow1pxx", "1"], "not an address"],
    ["an amount of no sense", 2, () => ["send", shop, "1,5"], "is not an amount"],
    ["an unknown flag", 2, () => ["send", shop, "1", "--free"], "--free"],
    ["a second wallet of one name", 1, () => ["new", "--no-password"], "already"],
    ["a wallet that is not there", 1, () => ["balance", "--wallet", "none"], "wallet new"],
    [
      "a node that is not there",
      3,
      () => ["balance", "--api", "http://127.0.0.1:1"],
      "powlab node",
    ],
  ])("%s ends with exit code %i and a sentence", async (_, code, given, sentence) => {
    const ended = await powlab(["wallet", ...given()]);
    expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(sentence) });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});

describe("reading and driving a node", () => {
  test("tip, block and tips agree", async () => {
    const tip = await json(["chain", "tip"]);
    const block = await json(["chain", "block", String(tip.height)]);
    expect(block).toEqual({ ...tip, txids: expect.any(Array) });
    expect(await json(["chain", "block", tip.id])).toEqual(block);
    const [active] = await json(["chain", "tips"]);
    expect(active).toMatchObject({ hash: tip.id, status: "active" });
    expect((await powlab(["chain", "tip"])).stdout).toBe(`${tip.height} ${tip.id}\n`);
    const [titles, first, ...others] = (await powlab(["chain", "tips"])).stdout
      .trimEnd()
      .split("\n");
    expect(titles).toBe(`height  hash${" ".repeat(60)}  branch  status`);
    expect(first).toBe(`${String(tip.height).padStart(6)}  ${tip.id}       0  active`);
    // Two threads may find a block on the same parent.
    for (const other of others) expect(other).toMatch(/^ +\d+ {2}[0-9a-f]{64} +1 {2}valid-fork$/);
    expect(await powlab(["chain", "block", "999999"])).toMatchObject({ code: 1, stdout: "" });
    expect(await json(["peers"])).toEqual([]);
  });

  test("a transaction that breaks a rule ends with exit code 4, nonsense with 2", async () => {
    const { txids } = await json(["chain", "block", "1"]);
    const hex = await (await fetch(`${node.api}/tx/${txids[0]}/hex`)).text();
    expect(await powlab(["tx", "send", "-"], { input: hex })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("does not take the transaction"),
    });
    expect(await powlab(["tx", "send", "abc"])).toMatchObject({ code: 2 });
  });

  test("mining starts and stops for who has the token, and for nobody else", async () => {
    const { address } = await json(["wallet", "new", "--wallet", "miner", "--no-password"]);
    const refused = await powlab(["mine", "start", address, "--token", "wrong"]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    await json(["mine", "hashrate", "1", "--data", node.folder]);
    const started = await json(["mine", "start", address, "--data", node.folder]);
    expect(started).toMatchObject({ address, hashrate: 1 });
    expect(await json(["mine", "status"])).toMatchObject({ address });
    const stopped = await json(["mine", "stop", "--data", node.folder]);
    expect(stopped).toMatchObject({ address: null });
  });
});
