/** Checks what wallets ask about scripts: by hash, by an address of any kind, by how one begins. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  AddressJson,
  AddressStats,
  TransactionJson,
} from "../../../../src/contract/node-api.ts";
import { encodeWitnessAddress } from "../../../../src/primitives/address.ts";
import { bytesToHex } from "../../../../src/primitives/bytes.ts";
import { sha256 } from "../../../../src/primitives/hash.ts";
import { type Transaction, txidOf } from "../../../../src/primitives/transaction.ts";
import { keyOf, output, payment, type Spendable, spendable } from "../../../builders.ts";
import { addressOf, miner, shop } from "../../full-node-scene.ts";
import { ApiScene } from "../api-scene.ts";

const subsidy = 5_000_000_000;
const ends = ["", "/txs", "/txs/chain", "/txs/mempool", "/utxo"];
const zeros = {
  tx_count: 0,
  funded_txo_count: 0,
  funded_txo_sum: 0,
  spent_txo_count: 0,
  spent_txo_sum: 0,
};

let scene: ApiScene;
let coins: Spendable[];
/** Confirmed: pays the shop. */
let paid: Transaction;
/** Waits: the shop pays a key that nobody used before. */
let waiting: Transaction;
const fresh = keyOf("fresh");

beforeAll(async () => {
  scene = await ApiScene.start();
  coins = await scene.fund(2);
  paid = payment({
    from: [coins[0]!],
    to: [output(1000, shop.script), output(subsidy - 2000, miner.script)],
  });
  await scene.send(paid).expect(200);
  await scene.mine([paid]);
  waiting = payment({ from: [spendable(paid, 0, shop)], to: [output(600, fresh.script)] });
  await scene.send(waiting).expect(200);
});
afterAll(() => scene.stop());

function hashOf(script: Uint8Array): string {
  return bytesToHex(sha256(script));
}

async function json<Shape = unknown>(path: string): Promise<Shape> {
  const { body } = await scene.api.get(`/api${path}`).expect(200);
  return body as Shape;
}

describe("a script's hash", () => {
  test.each([
    ["confirmed and waiting", shop.script],
    ["waiting only", fresh.script],
    ["in many blocks", miner.script],
  ])("tells the same as its address: %s", async (_, script) => {
    const [address, hash] = [addressOf(script), hashOf(script)];
    const { chain_stats, mempool_stats } = await json<AddressJson>(`/address/${address}`);
    const expected = { scripthash: hash, chain_stats, mempool_stats };
    expect(await json(`/scripthash/${hash}`)).toEqual(expected);
    for (const end of ends.slice(1)) {
      expect(await json(`/scripthash/${hash}${end}`)).toEqual(
        await json(`/address/${address}${end}`),
      );
    }
    const all = await json<TransactionJson[]>(`/scripthash/${hash}/txs`);
    expect(all.length).toBeGreaterThan(0);
  });

  test("leads through a long history page by page", async () => {
    const path = `/scripthash/${hashOf(miner.script)}/txs/chain`;
    const first = await json<TransactionJson[]>(path);
    expect(first).toHaveLength(25);
    const second = await json<TransactionJson[]>(`${path}/${first.at(-1)!.txid}`);
    expect(second).toHaveLength(25);
    const txids = [...first, ...second].map(({ txid }) => txid);
    expect(new Set(txids).size).toBe(50);
  });

  test("that nothing touched has zeros and empty lists", async () => {
    const hash = "00".repeat(32);
    const empty = { scripthash: hash, chain_stats: zeros, mempool_stats: zeros };
    expect(await json(`/scripthash/${hash}`)).toEqual(empty);
    for (const end of ends.slice(1)) expect(await json(`/scripthash/${hash}${end}`)).toEqual([]);
  });

  test.each(["ab", "x".repeat(64), `${"00".repeat(32)}00`])("is not %s", async (wrong) => {
    for (const end of ends) {
      const answer = await scene.api.get(`/api/scripthash/${wrong}${end}`).expect(400);
      expect(answer.text).toBe("Invalid scripthash");
    }
  });

  test("of a key that first appears after somebody asked is found, also after a reorganisation", async () => {
    const late = keyOf("late");
    const path = `/scripthash/${hashOf(late.script)}`;
    const fork = scene.tip;
    const stats = async () => (await json<{ chain_stats: AddressStats }>(path)).chain_stats;
    expect(await stats()).toEqual(zeros);
    const payLate = payment({ from: [coins[1]!], to: [output(subsidy - 1000, late.script)] });
    await scene.mine([payLate]);
    expect(await stats()).toMatchObject({ tx_count: 1, funded_txo_sum: subsidy - 1000 });

    //  fork ─ payLate
    //      └─ empty ─ empty
    const rival = scene.entryOf(await scene.mine([], fork));
    await scene.mine([], rival);
    expect(scene.tip.parent).toBe(rival);
    expect(await stats()).toEqual(zeros);
    const back = await json<TransactionJson[]>(`${path}/txs`);
    expect(back.map(({ txid }) => txid)).toEqual([txidOf(payLate)]); // it waits again
  });
});

describe("an address of a script that nothing here pays to", () => {
  const witness = (version: number, length: number, prefix = "bcrt") =>
    encodeWitnessAddress({ prefix, version, program: new Uint8Array(length).fill(7) });

  test.each([
    ["P2WPKH", witness(0, 20)],
    ["P2WSH", witness(0, 32)],
    ["an anchor", witness(1, 2)],
    ["of a later version", witness(2, 32)],
    ["P2PKH", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"],
    ["P2SH", "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc"],
  ])("has zeros and empty lists: %s", async (_, address) => {
    const empty = { address, chain_stats: zeros, mempool_stats: zeros };
    expect(await json(`/address/${address}`)).toEqual(empty);
    for (const end of ends.slice(1)) expect(await json(`/address/${address}${end}`)).toEqual([]);
  });

  test.each([witness(0, 20, "bc"), witness(1, 32, "tb"), "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"])(
    "is refused if it is another network's: %s",
    async (address) => {
      for (const end of ends) {
        const answer = await scene.api.get(`/api/address/${address}${end}`).expect(400);
        expect(answer.text).toBe("Address on invalid network");
      }
    },
  );
});

describe("addresses that begin alike", () => {
  const address = addressOf(shop.script);

  test.each([7, 8, 9, 10, 15, 40, address.length - 6, address.length])(
    "are found by their first %i letters",
    async (length) => {
      expect(await json(`/address-prefix/${address.slice(0, length)}`)).toContain(address);
    },
  );

  test("are those on the chain, in the order of their keys", async () => {
    const all = await json<string[]>("/address-prefix/bcrt1");
    expect(all).toContain(addressOf(miner.script));
    expect(all).not.toContain(addressOf(fresh.script)); // it only waits
    expect(all).toEqual(await json("/address-prefix/b"));
  });

  test.each(["bc1", "1", "bcrt1q", "bcrt1pb", `${addressOf(fresh.script)}q`, "BCRT1P"])(
    "are none for %s",
    async (prefix) => {
      expect(await json(`/address-prefix/${prefix}`)).toEqual([]);
    },
  );
});
