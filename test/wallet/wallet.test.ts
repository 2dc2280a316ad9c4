/** A wallet beside a real node on regtest: what it finds, what it may spend, what it sends. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import * as scure from "@scure/btc-signer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Satoshi, Txid } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { NodeClient, NodeRefusedError, NodeUnreachableError } from "../../src/wallet/client.ts";
import { MemoryJournal, withAddress } from "../../src/wallet/journal.ts";
import { Account, createWords, type WalletKey } from "../../src/wallet/keys.ts";
import { balanceOf } from "../../src/wallet/view.ts";
import { type SentPayment, Wallet, type WalletOptions } from "../../src/wallet/wallet.ts";
import { type RegtestNode, startRegtestNode } from "./regtest-node.ts";

const coin = 100_000_000;
/** Nobody's: blocks that are mined for it only pass the time. */
const nobody = new Account(createWords(), regtest).keyAt({ use: "receiving", index: 0 }).script;

let node: RegtestNode;
let client: NodeClient;

beforeAll(async () => {
  node = await startRegtestNode();
  client = new NodeClient(node.api);
});

afterAll(() => node.stop());

type Owner = { readonly words: string; readonly account: Account; readonly wallet: Wallet };

function newOwner(): Owner {
  const words = createWords();
  const account = new Account(words, regtest);
  return { words, account, wallet: new Wallet(account, client) };
}

function receiving({ account }: Owner, index: number): WalletKey {
  return account.keyAt({ use: "receiving", index });
}

async function pay(from: Owner, to: Uint8Array, amount: number | "all", feeRate = 2) {
  const sent = await from.wallet.pay({ script: to, amount: amount as Satoshi | "all", feeRate });
  if (!sent.ok) throw new Error(sent.problem.rule);
  return sent.value;
}

async function balance({ wallet }: Owner) {
  return balanceOf((await wallet.look()).coins);
}

/** Somebody with one mature coin of 50, or what a block is worth by now. */
async function miner(): Promise<Owner> {
  const owner = newOwner();
  await node.mine(1, receiving(owner, 0).script);
  await node.mine(99, nobody);
  return owner;
}

describe("what a wallet has", () => {
  test("is nothing at first, and its first address is the next", async () => {
    const owner = newOwner();
    const view = await owner.wallet.look();
    expect(view).toMatchObject({ used: [], coins: [] });
    expect(view.next.receiving).toEqual(receiving(owner, 0));
    expect(await owner.wallet.history(10)).toEqual([]);
  });

  test("mined coins are immature until the block in which they may be spent is next", async () => {
    const owner = newOwner();
    await node.mine(1, receiving(owner, 0).script);
    await node.mine(98, nobody);
    const { immature: subsidy, ...others } = await balance(owner);
    expect(subsidy).toBeGreaterThan(0);
    expect(others).toEqual({ confirmed: 0, unconfirmed: 0 });
    expect((await owner.wallet.pay({ script: nobody, amount: "all" })).ok).toBe(false);

    await node.mine(1, nobody);
    expect(await balance(owner)).toEqual({ confirmed: subsidy, unconfirmed: 0, immature: 0 });
    await pay(owner, nobody, "all");
    expect(await balance(owner)).toEqual({ confirmed: 0, unconfirmed: 0, immature: 0 });
  });

  test("is found again from its words alone, across gaps of up to 19 unused addresses", async () => {
    const owner = newOwner();
    await node.mine(1, receiving(owner, 19).script);
    await node.mine(1, receiving(owner, 39).script);
    await node.mine(1, receiving(owner, 60).script); // one too far
    const restored = new Wallet(new Account(owner.words, regtest), client);
    const { used, next } = await restored.look();
    expect(used.map(({ place }) => place.index)).toEqual([19, 39]);
    expect(next.receiving.place.index).toBe(0);
  });
});

test("coins at an address beyond the gap are found by who remembers it, or looks further", async () => {
  const owner = newOwner();
  await node.mine(1, receiving(owner, 45).script);
  const coinsSeen = async (options: WalletOptions) =>
    (await new Wallet(owner.account, client, options).look()).coins.length;
  const journal = new MemoryJournal();
  expect(await coinsSeen({ journal })).toBe(0);
  await journal.change((content) => ({ content: withAddress(content, 45)!, answer: undefined }));
  expect(await coinsSeen({ journal })).toBe(1);

  const other = new MemoryJournal();
  expect(await coinsSeen({ journal: other, gapLimit: 46 })).toBe(1);
  expect(await coinsSeen({ journal: other }), "the gap limit is remembered").toBe(1);
});

describe("a payment", () => {
  let sender: Owner;
  let receiver: Owner;
  let sent: SentPayment;
  let before: number;

  beforeAll(async () => {
    sender = await miner();
    receiver = newOwner();
    before = (await balance(sender)).confirmed;
    sent = await pay(sender, receiving(receiver, 0).script, 3 * coin);
  });

  test("waits at both ends until it is mined", async () => {
    const rest = before - 3 * coin - sent.fee;
    expect(sent).toMatchObject({ amount: 3 * coin, change: rest });
    expect(await balance(sender)).toMatchObject({ confirmed: 0, unconfirmed: rest });
    expect(await balance(receiver)).toMatchObject({ confirmed: 0, unconfirmed: 3 * coin });
    expect((await client.transactionOutcome(sent.txid)).state).toBe("waiting");
    expect((await receiver.wallet.look()).next.receiving).toEqual(receiving(receiver, 1));
  });

  test("that waits is spent again only by who sent it, from the change", async () => {
    const early = await receiver.wallet.pay({ script: nobody, amount: coin as Satoshi });
    expect(early).toMatchObject({ ok: false, problem: { available: 0 } });
    const second = await pay(sender, receiving(receiver, 1).script, coin);
    expect((await client.transaction(second.txid)).vin[0]).toMatchObject({ txid: sent.txid });
  });

  test("is in the history of both, with what it changed for each", async () => {
    await node.mine(1, nobody);
    const ofSender = (await sender.wallet.history(10)).find(({ txid }) => txid === sent.txid);
    const { height: tip } = await client.node();
    const shared = { txid: sent.txid, fee: sent.fee, confirmations: 1, height: tip };
    expect(ofSender).toMatchObject({ ...shared, net: -3 * coin - sent.fee, isCoinbase: false });
    const received = (await receiver.wallet.history(10)).find(({ txid }) => txid === sent.txid);
    expect(received).toMatchObject({ ...shared, net: 3 * coin });
    expect((await sender.wallet.history(10)).at(-1)).toMatchObject({ isCoinbase: true });
    expect(await sender.wallet.history(1)).toHaveLength(1);
    expect(await balance(receiver)).toEqual({ confirmed: 4 * coin, unconfirmed: 0, immature: 0 });
  });

  test("of less than nodes relay is refused with the smallest amount", async () => {
    const dust = await sender.wallet.pay({ script: nobody, amount: 329 as Satoshi });
    expect(dust).toEqual({ ok: false, problem: { rule: "dust", smallest: 330 } });
    expect((await sender.wallet.pay({ script: nobody, amount: 330 as Satoshi })).ok).toBe(true);
  });

  test("pays what the node estimates if nobody names a fee rate", async () => {
    const paid = await receiver.wallet.pay({ script: nobody, amount: coin as Satoshi });
    if (!paid.ok) throw new Error(paid.problem.rule);
    const { fee, weight } = await client.transaction(paid.value.txid);
    expect(fee).toBe(Math.ceil(weight / 4));
  });
});

test("the history of a busy address is read page by page", async () => {
  const owner = newOwner();
  await node.mine(60, receiving(owner, 0).script);
  const history = await owner.wallet.history(55);
  expect(history).toHaveLength(55);
  expect(new Set(history.map(({ txid }) => txid)).size).toBe(55);
  expect(history.map(({ confirmations }) => confirmations)).toEqual(
    Array.from({ length: 55 }, (_, i) => i + 1),
  );
  expect(await owner.wallet.history(1_000)).toHaveLength(60);
});

test("the node takes a transaction that @scure/btc-signer made for our key", async () => {
  const owner = await miner();
  const [own] = (await owner.wallet.look()).coins;
  const theirs = new scure.Transaction();
  theirs.addInput({
    txid: own!.point.txid,
    index: own!.point.index,
    witnessUtxo: { script: own!.script, amount: BigInt(own!.value) },
    tapInternalKey: receiving(owner, 0).internalKey,
  });
  theirs.addOutput({ script: nobody, amount: BigInt(own!.value) - 1_000n });
  const master = HDKey.fromMasterSeed(mnemonicToSeedSync(owner.words));
  theirs.signIdx(master.derive(owner.account.pathOf(own!.place)).privateKey!, 0);
  theirs.finalize();
  expect(await client.sendTransaction(bytesToHex(theirs.extract()))).toBe(theirs.id);
  await node.mine(1, nobody);
  expect(await client.transactionOutcome(theirs.id as Txid)).toMatchObject({
    state: "confirmed",
    confirmations: 1,
  });
});

describe("a node that does not do as it is asked", () => {
  test("says why it refuses a transaction", async () => {
    const refusal = await client.sendTransaction("00").catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NodeRefusedError);
    expect(refusal).toMatchObject({ status: 400, message: expect.stringContaining("decode") });
  });

  test("names the code of a problem, such as a missing token", async () => {
    const refusal = await client.setMining({ address: null }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ status: 401, code: "token-missing" });
  });

  test("may be absent: the error names where it was looked for", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}/api`;
    const failure = await new NodeClient(url).node().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NodeUnreachableError);
    expect(failure).toMatchObject({ url, message: expect.stringContaining(url) });
  });
});
