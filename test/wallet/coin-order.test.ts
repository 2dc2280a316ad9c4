/** Which coins a wallet spends first: confirmed ones, then its own change that waits. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Satoshi } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { encodeTransaction, txidOf } from "../../src/primitives/transaction.ts";
import { NodeClient } from "../../src/wallet/client.ts";
import { Account, createWords } from "../../src/wallet/keys.ts";
import { type OwnCoin, planPayment, signPayment } from "../../src/wallet/payment.ts";
import { Wallet } from "../../src/wallet/wallet.ts";
import { type RegtestNode, startRegtestNode } from "./regtest-node.ts";

const coin = 100_000_000;
const ancestorsMax = 25;
const nobody = new Account(createWords(), regtest).keyAt({ use: "receiving", index: 0 }).script;

let node: RegtestNode;
let client: NodeClient;
/** Has one coin, which funds the wallet of each test. */
let bank: Wallet;
let account: Account;
let wallet: Wallet;

beforeAll(async () => {
  node = await startRegtestNode();
  client = new NodeClient(node.api);
  const bankAccount = new Account(createWords(), regtest);
  bank = new Wallet(bankAccount, client);
  await node.mine(8, bankAccount.keyAt({ use: "receiving", index: 0 }).script);
  await node.mine(100, nobody);
});

afterAll(() => node.stop());

beforeEach(() => {
  account = new Account(createWords(), regtest);
  wallet = new Wallet(account, client);
});

async function receive(...coins: number[]): Promise<void> {
  for (const [index, amount] of coins.entries()) {
    const { script } = account.keyAt({ use: "receiving", index });
    const sent = await bank.pay({ script, amount: (amount * coin) as Satoshi });
    expect(sent.ok).toBe(true);
    await node.mine(1, nobody);
  }
}

function send(coins: number) {
  return wallet.pay({ script: nobody, amount: Math.round(coins * coin) as Satoshi });
}

test("small payments take confirmed coins before change, so the 26th finds coins as well", async () => {
  await receive(100, 2, 2, 2);
  for (let count = 1; count <= ancestorsMax + 1; count++) {
    expect(await send(0.1), `payment ${count}`).toMatchObject({ ok: true });
  }
});

test("change that waits is left alone while confirmed coins suffice", async () => {
  await receive(5, 1);
  await send(2);
  const second = await send(0.5);
  if (!second.ok) throw new Error(second.problem.rule);
  const { vin } = await client.transaction(second.value.txid);
  expect(vin.map(({ prevout }) => prevout?.value)).toEqual([coin]);
});

test("when nodes accept no longer chain of change, the wallet turns to its other change", async () => {
  await receive(10, 2);
  await spendInChain(0, ancestorsMax);
  await spendInChain(1, 1);
  expect(await send(1)).toMatchObject({ ok: true });
  expect(await send(5)).toEqual({ ok: false, problem: { rule: "chain-too-long" } });
  await node.mine(1, nobody);
  expect(await send(5)).toMatchObject({ ok: true });
});

test("everything cannot be sent while some of it may not be spent yet", async () => {
  await receive(3);
  await spendInChain(0, ancestorsMax);
  const all = await wallet.pay({ script: nobody, amount: "all" });
  expect(all).toEqual({ ok: false, problem: { rule: "chain-too-long" } });
});

/** Pays with one coin, with its change, with the change of that, and so on; nothing is mined. */
async function spendInChain(receivingIndex: number, count: number): Promise<void> {
  const change = account.keyAt({ use: "change", index: receivingIndex });
  const { address } = account.keyAt({ use: "receiving", index: receivingIndex });
  let coin: OwnCoin | undefined = (await wallet.look()).coins.find(
    (each) => each.address === address,
  );
  for (let spent = 0; spent < count; spent++) {
    const outputs = [{ value: 1_000 as Satoshi, script: nobody }];
    const plan = planPayment([coin!], outputs, change.script, 2);
    if (!plan.ok) throw new Error(plan.problem.rule);
    const transaction = signPayment(plan.value, (place) => account.secretKeyAt(place));
    await client.sendTransaction(bytesToHex(encodeTransaction(transaction)));
    const point = { txid: txidOf(transaction), index: 1 };
    coin = { point, value: plan.value.change, script: change.script, place: change.place };
  }
}
