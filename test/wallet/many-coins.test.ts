/** A wallet with very many coins: what it asks of a node, and what signing costs. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Satoshi } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { encodeTransaction, type Output } from "../../src/primitives/transaction.ts";
import { NodeClient } from "../../src/wallet/client.ts";
import { Account, createWords } from "../../src/wallet/keys.ts";
import { planPayment, planSweep, signPayment } from "../../src/wallet/payment.ts";
import { balanceOf, ViewReader } from "../../src/wallet/view.ts";
import { type RegtestNode, startRegtestNode } from "./regtest-node.ts";

const coinCount = 10_000;
const coinsEach = 2_000;
const value = 1_000 as Satoshi;
const nobody = new Account(createWords(), regtest).keyAt({ use: "receiving", index: 0 }).script;
const account = new Account(createWords(), regtest);
const key = account.keyAt({ use: "receiving", index: 0 });

let node: RegtestNode;
let asked: string[];

/** Notes what is asked. */
class NotingClient extends NodeClient {
  override coinPage(address: string, after?: string) {
    asked.push(after ?? address);
    return super.coinPage(address, after);
  }
}

beforeAll(async () => {
  node = await startRegtestNode();
  const client = new NodeClient(node.api);
  const owner = new Account(createWords(), regtest);
  await node.mine(coinCount / coinsEach, owner.keyAt({ use: "receiving", index: 0 }).script);
  await node.mine(100, nobody);
  const { coins } = await new ViewReader(owner, client).read();
  const outputs = Array.from({ length: coinsEach }, (): Output => ({ value, script: key.script }));
  for (const coin of coins.filter(({ isImmature }) => !isImmature)) {
    const plan = planPayment([coin], outputs, nobody, 1);
    if (!plan.ok) throw new Error(plan.problem.rule);
    const transaction = signPayment(plan.value, (place) => owner.secretKeyAt(place));
    await client.sendTransaction(bytesToHex(encodeTransaction(transaction)));
  }
  await node.mine(1, nobody);
});

afterAll(() => node.stop());

test("10,000 young coins are read with one request a page, and none for each coin", async () => {
  asked = [];
  const progress: number[] = [];
  const onProgress = (read: number, known: number): void => {
    if (known > 0) progress.push(read / known);
  };
  const reader = new ViewReader(account, new NotingClient(node.api), { onProgress });
  const startedMs = performance.now();
  const { coins } = await reader.read();
  const tookMs = performance.now() - startedMs;
  expect(balanceOf(coins).confirmed).toBe(coinCount * value);
  // 40 addresses of the first gap, 20 more behind the used one, and nine further pages.
  expect(asked.length).toBeLessThanOrEqual(70);
  expect(progress.at(-1)).toBe(1);
  expect(tookMs).toBeLessThan(10_000); // about one second on a machine that does nothing else
});

test("signing derives each key once, however many of its coins are spent", async () => {
  const { coins } = await new ViewReader(account, new NodeClient(node.api)).read();
  const plan = planSweep(coins.slice(0, 50), nobody, 1);
  if (!plan.ok) throw new Error(plan.problem.rule);
  let derived = 0;
  const { inputs } = signPayment(plan.value, (place) => {
    derived += 1;
    return account.secretKeyAt(place);
  });
  expect([inputs.length, derived]).toEqual([50, 1]);
});
