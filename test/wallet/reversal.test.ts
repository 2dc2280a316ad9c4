/** A payment that was confirmed and is no longer is told of, with what took its place. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Satoshi, Txid } from "../../src/primitives/brand.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { decodeTransaction, type Transaction, txidOf } from "../../src/primitives/transaction.ts";
import { NodeClient } from "../../src/wallet/client.ts";
import { MemoryJournal } from "../../src/wallet/journal.ts";
import { Account, createWords } from "../../src/wallet/keys.ts";
import { describeReversal } from "../../src/wallet/reversal.ts";
import { Wallet } from "../../src/wallet/wallet.ts";
import { type RegtestNode, startRegtestNode } from "./regtest-node.ts";

const firstScript = (account: Account) => {
  return account.keyAt({ use: "receiving", index: 0 }).script;
};
const elsewhere = firstScript(new Account(createWords(), regtest));

const testsMax = 8;

let node: RegtestNode;
/** Each has a coin that can be spent; the last one is a test's own. */
const payers = Array.from({ length: testsMax }, () => new Account(createWords(), regtest));
let payer: Account;
let shop: Account;
const journals = { payer: new MemoryJournal(), shop: new MemoryJournal() };

beforeAll(async () => {
  node = await startRegtestNode();
  for (const each of payers) await node.mine(1, firstScript(each));
  await node.mine(100, elsewhere);
});

afterAll(() => node.stop());

beforeEach(() => {
  payer = payers.pop()!;
  shop = new Account(createWords(), regtest);
  journals.payer = new MemoryJournal();
  journals.shop = new MemoryJournal();
});

/** A wallet on the node as it runs now. */
function walletOf(who: "payer" | "shop"): Wallet {
  const account = who === "payer" ? payer : shop;
  return new Wallet(account, new NodeClient(node.api), { journal: journals[who] });
}

async function pay(wallet: Wallet, script: Uint8Array): Promise<Txid> {
  const paid = await wallet.pay({ script, amount: 1e8 as Satoshi, feeRate: 2 });
  if (!paid.ok) throw new Error(paid.problem.rule);
  return paid.value.txid;
}

/** A payment of the same coin to another script, which no node has. */
async function conflicting(): Promise<Transaction> {
  const signed: string[] = [];
  class SilentClient extends NodeClient {
    override sendTransaction(hex: string): Promise<Txid> {
      signed.push(hex);
      return Promise.resolve("ab".repeat(32) as Txid);
    }
  }
  await pay(new Wallet(payer, new SilentClient(node.api)), elsewhere);
  const decoded = decodeTransaction(parseHex(signed[0]!));
  if (!decoded.ok) throw new Error(decoded.problem.reason);
  return decoded.value;
}

async function entryOf(who: "payer" | "shop", txid: Txid) {
  return (await walletOf(who).history(25)).find((entry) => entry.txid === txid);
}

describe("a confirmed payment whose block is left behind", () => {
  test.each(["balance", "history"] as const)(
    "is told of by both sides with what replaced it, once they saw it by %s",
    async (command) => {
      const rival = await conflicting();
      const txid = await pay(walletOf("payer"), firstScript(shop));
      const height = node.height + 1;
      await node.mine(2, elsewhere);
      for (const who of ["payer", "shop"] as const) {
        const wallet = walletOf(who);
        await (command === "balance" ? wallet.look() : wallet.history(25));
        expect(await entryOf(who, txid)).not.toHaveProperty("reversal");
      }
      await node.reorganise(2, elsewhere, [rival]);
      const reversal = { height, state: "gone", replacedBy: txidOf(rival) };
      const seen = await entryOf("shop", txid);
      expect(seen).toMatchObject({ net: 1e8, confirmations: 0, reversal });
      expect(describeReversal(seen!.reversal!)).toBe(
        `was confirmed in block ${height}, which a reorganisation left behind; ` +
          `${txidOf(rival)} took its place.`,
      );
      const own = await entryOf("payer", txid);
      expect(own).toMatchObject({ confirmations: 0, reversal });
      expect(own!.net).toBeLessThan(-1e8);
      expect(await entryOf("payer", txidOf(rival))).toMatchObject({ confirmations: 3 });
    },
  );

  test("is told of to its sender even if no wallet looked while it was confirmed", async () => {
    const rival = await conflicting();
    const txid = await pay(walletOf("payer"), firstScript(shop));
    const height = node.height + 1;
    await node.mine(2, elsewhere);
    await node.reorganise(2, elsewhere, [rival]);
    expect(await entryOf("payer", txid)).toMatchObject({
      reversal: { height, state: "gone", replacedBy: txidOf(rival) },
    });
    // What was never seen confirmed was never there for the shop.
    expect(await entryOf("shop", txid)).toBeUndefined();
  });

  test("waits again if nothing conflicts, and is told of no more once it is confirmed", async () => {
    const txid = await pay(walletOf("payer"), firstScript(shop));
    const height = node.height + 1;
    await node.mine(1, elsewhere);
    for (const who of ["payer", "shop"] as const) await entryOf(who, txid);
    await node.reorganise(1, elsewhere);
    for (const who of ["payer", "shop"] as const) {
      const entry = await entryOf(who, txid);
      expect(entry).toMatchObject({
        confirmations: 0,
        reversal: { height, state: "waiting" },
      });
      expect(describeReversal(entry!.reversal!)).toContain("it waits for another block.");
    }
    await node.mine(1, elsewhere);
    for (const who of ["payer", "shop"] as const) {
      const entry = await entryOf(who, txid);
      expect(entry).toMatchObject({ confirmations: 1, height: height + 2 });
      expect(entry).not.toHaveProperty("reversal");
    }
  });

  test("is told of by a node that has started since, without what it has forgotten", async () => {
    const rival = await conflicting();
    const txid = await pay(walletOf("payer"), firstScript(shop));
    const height = node.height + 1;
    await node.mine(1, elsewhere);
    await entryOf("shop", txid);
    await node.reorganise(1, elsewhere, [rival]);
    node = await node.restart();
    expect(await entryOf("shop", txid)).toMatchObject({
      net: 1e8,
      reversal: { height, at: undefined, state: "unknown", replacedBy: undefined },
    });
  });

  test("is not taken for reversed by a node that never had its block", async () => {
    const txid = await pay(walletOf("payer"), firstScript(shop));
    await node.mine(1, elsewhere);
    await entryOf("shop", txid);
    const other = await startRegtestNode();
    const client = new NodeClient(other.api);
    expect(await new Wallet(shop, client, { journal: journals.shop }).history(25)).toEqual([]);
    await other.stop();
  });
});

test("a gone payment has its old place in the history, also beyond its limit", async () => {
  const rival = await conflicting();
  const txid = await pay(walletOf("payer"), firstScript(shop));
  await node.mine(1, elsewhere);
  await walletOf("shop").history(25);
  await node.reorganise(1, elsewhere, [rival]);
  await node.mine(1, firstScript(shop));
  const txids = (await walletOf("shop").history(25)).map((entry) => entry.txid);
  expect(txids).toHaveLength(2);
  expect(txids[1]).toBe(txid);
  expect((await walletOf("shop").history(1)).map((entry) => entry.txid)).toEqual([txids[0]]);
});
