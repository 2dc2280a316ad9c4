/** wallet sign, wallet psbt, wallet descriptor and tx decode, as they are typed and joined. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Transaction as SignerTransaction } from "@scure/btc-signer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import { Account } from "../../src/wallet/keys.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type RegtestNode, startRegtestNode } from "../wallet/regtest-node.ts";
import { createWalletShell, type WalletShell } from "./wallet-shell.ts";

const words = `${"abandon ".repeat(11)}about`;
const account = new Account(words, regtest);
const own = account.keyAt({ use: "receiving", index: 0 });
const shop = new Account(`${"zoo ".repeat(11)}wrong`, regtest).keyAt({
  use: "receiving",
  index: 0,
});

let node: RegtestNode;
let shell: WalletShell;
const folder = temporaryFolder();

beforeAll(async () => {
  node = await startRegtestNode();
  shell = createWalletShell(node.api);
  await shell.run(["wallet", "restore", "--no-password"], { input: words });
  await node.mine(2, own.script);
  await node.mine(100, shop.script);
});

afterAll(async () => {
  await node.stop();
});

/** What a command prints as data, without the line's end. */
async function printed(typed: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await shell.run(typed, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(stderr);
  return stdout.trimEnd();
}

async function post(hex: string): Promise<string> {
  const response = await fetch(`${node.api}/tx`, { method: "POST", body: hex });
  return response.text();
}

test("the hex of `wallet sign` is a payment that POST /tx takes, and is not sent before", async () => {
  const hex = await printed(["wallet", "sign", shop.address, "1.5", "--fee-rate", "2"]);
  const decoded = await shell.json(["tx", "decode", hex]);
  expect(decoded.vout[0]).toMatchObject({ value: 1.5e8, scriptpubkey_address: shop.address });
  expect(await (await fetch(`${node.api}/tx/${decoded.txid}`)).text()).toBe(
    "Transaction not found",
  );
  expect(await post(hex)).toBe(decoded.txid);
  const shown = await shell.json(["tx", "show", decoded.txid]);
  expect(shown.transaction.fee).toBe(2 * decoded.vsize);
  await node.mine(1, shop.script);
});

test("a PSBT goes through create, sign and finish to a transaction that is sent", async () => {
  const psbt = await printed(["wallet", "psbt", "create", shop.address, "2"]);
  const shown = await shell.json(["wallet", "psbt", "show", psbt]);
  expect(shown).toMatchObject({ inputs: [{ state: "unsigned" }], outputs: [{ value: 2e8 }, {}] });
  const file = join(folder, "signed.psbt");
  const signed = await shell.run(["wallet", "psbt", "sign", "-"], { input: psbt });
  expect(signed.stderr).toContain(`It pays 2.00000000 to ${shop.address}; the fee is `);
  writeFileSync(file, Buffer.from(signed.stdout, "base64"));
  const finished = await shell.json(["wallet", "psbt", "finish", file]);
  expect(finished.txid).toBe(shown.txid);
  expect(await printed(["tx", "send", finished.hex])).toBe(shown.txid);
});

test("a PSBT that @scure/btc-signer made for an address of the wallet is signed without a node", async () => {
  const signer = new SignerTransaction();
  const witnessUtxo = { script: own.script, amount: 50_000n };
  signer.addInput({ txid: "07".repeat(32), index: 0, witnessUtxo });
  signer.addOutput({ script: shop.script, amount: 49_000n });
  const text = Buffer.from(signer.toPSBT()).toString("hex");
  const env = { POWLAB_API: "http://127.0.0.1:9" };
  const signed = await shell.json(["wallet", "psbt", "sign", text], { env });
  expect(signed).toMatchObject({ signed: [0], complete: true });
  const theirs = SignerTransaction.fromPSBT(Buffer.from(signed.psbt, "base64"));
  theirs.finalize();
  const finished = await shell.json(["wallet", "psbt", "finish", signed.psbt], { env });
  expect(finished.hex).toBe(theirs.hex);
});

test("descriptors are one a line, and with --json what bitcoin-cli imports", async () => {
  const uses = ["receiving", "change"] as const;
  const lines = (await printed(["wallet", "descriptor"])).split("\n");
  expect(lines).toEqual(uses.map((use) => account.publicDescriptor(use)));
  const secret = await printed(["wallet", "descriptor", "--private"]);
  expect(secret.split("\n")).toEqual(uses.map((use) => account.privateDescriptor(use)));
  const imported = { active: true, timestamp: 0, range: [0, 19] };
  expect(await shell.json(["wallet", "descriptor"])).toEqual([
    { desc: lines[0], internal: false, ...imported },
    { desc: lines[1], internal: true, ...imported },
  ]);
});

test("what the wallet cannot do is one sentence and no data", async () => {
  const signer = new SignerTransaction();
  const witnessUtxo = { script: shop.script, amount: 50_000n };
  signer.addInput({ txid: "07".repeat(32), index: 0, witnessUtxo });
  signer.addOutput({ script: own.script, amount: 49_000n });
  const foreign = Buffer.from(signer.toPSBT()).toString("base64");
  const notOurs = await shell.run(["wallet", "psbt", "sign", foreign]);
  expect(notOurs).toMatchObject({ code: 1, stdout: "" });
  expect(notOurs.stderr).toMatch(/^powlab: No input of this PSBT spends [^\n]+\.\n$/);
  const tooMuch = await shell.run(["wallet", "sign", shop.address, "5000000"]);
  expect(tooMuch).toMatchObject({ code: 1, stdout: "" });
  expect(tooMuch.stderr).toMatch(/^powlab: There are [^\n]+ coins to spend, [^\n]+\.\n$/);
});
