/**
 * The 25 cases for Bitcoin of Blockstream/electrs, tests/rest.rs, that concern more than its own
 * inside, asked of a node. Each test has its case's name.
 */

import { Block, Transaction } from "bitcoinjs-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../bin/package.ts";
import type {
  AddressJson,
  BlockJson,
  BlockStatusJson,
  CoinJson,
  MempoolJson,
  MerkleProofJson,
  OutspendJson,
  RecentTransactionJson,
  TransactionJson,
  TransactionStatus,
} from "../../src/contract/node-api.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { sha256 } from "../../src/primitives/hash.ts";
import { ClientLab, foreignAddress, payment, shop } from "./client-lab.ts";

const txidPattern = /^[0-9a-f]{64}$/;

let scene: ClientLab;
let lab: Lab;
let addresses = 20;

beforeAll(async () => {
  scene = await ClientLab.open({ nodes: 1, seed: "electrs" });
  ({ lab } = scene);
});

afterAll(() => lab.close());

function newAddress(): string {
  return foreignAddress((addresses += 1));
}

async function height(): Promise<number> {
  return Number(await scene.text("/blocks/tip/height"));
}

async function mine(): Promise<string> {
  const [hash = ""] = await lab.mine();
  return hash;
}

function statusOf(txid: string): Promise<TransactionStatus> {
  return scene.json(`/tx/${txid}/status`);
}

describe("transactions", () => {
  test("tx", async () => {
    const address = newAddress();
    const confirmed = await lab.faucet(address, 119_123_000, { confirm: true });
    const place = { confirmed: true, block_height: await height(), block_hash: expect.any(String) };
    const waiting = await lab.faucet(address, 71_130_000);
    const transaction = await scene.json<TransactionJson>(`/tx/${confirmed}`);
    expect(transaction).toMatchObject({ txid: confirmed, version: 2, status: place });
    expect(transaction.fee).toBeGreaterThan(0);
    expect(transaction.vout).toContainEqual({
      scriptpubkey: expect.stringMatching(/^5120[0-9a-f]{64}$/),
      scriptpubkey_asm: expect.stringMatching(/^OP_PUSHNUM_1 OP_PUSHBYTES_32 /),
      ...{ scriptpubkey_type: "v1_p2tr", scriptpubkey_address: address, value: 119_123_000 },
    });
    const [input] = transaction.vin;
    expect(input).toMatchObject({ is_coinbase: false, scriptsig: "", scriptsig_asm: "" });
    expect(input!.prevout).toMatchObject({ scriptpubkey_type: "v1_p2tr" });
    const hash = await scene.text("/blocks/tip/hash");
    const [coinbase] = await scene.json<TransactionJson[]>(`/block/${hash}/txs`);
    expect(coinbase!.vin[0]).toMatchObject({ is_coinbase: true, prevout: null });
    expect(await statusOf(confirmed)).toMatchObject({ ...place, block_hash: hash });
    expect(await statusOf(waiting)).toEqual({ confirmed: false });
  });

  test("tx_outspends", async () => {
    const txid = await lab.faucet(newAddress(), 50_000_000, { confirm: true });
    const unspent = await scene.json<OutspendJson[]>(`/tx/${txid}/outspends`);
    expect(unspent.length).toBeGreaterThan(0);
    for (const outspend of unspent) expect(outspend).toEqual({ spent: false });
    const { vin } = await scene.json<TransactionJson>(`/tx/${txid}`);
    const outspends = await scene.json<OutspendJson[]>(`/tx/${vin[0]!.txid}/outspends`);
    const place = { confirmed: true, block_height: await height() };
    expect(outspends[vin[0]!.vout]).toMatchObject({ spent: true, txid, vin: 0, status: place });
  });

  test("tx_merkle_proof", async () => {
    const txid = await lab.faucet(newAddress(), 50_000_000, { confirm: true });
    const proof = await scene.json<MerkleProofJson>(`/tx/${txid}/merkle-proof`);
    expect(proof).toMatchObject({ block_height: await height(), pos: 1 });
    expect(proof.merkle).toEqual([expect.stringMatching(txidPattern)]);
  });

  test("tx_merkleblock_proof", async () => {
    const txid = await lab.faucet(newAddress(), 50_000_000, { confirm: true });
    const proof = await scene.text(`/tx/${txid}/merkleblock-proof`);
    const header = await scene.text(`/block/${await scene.text("/blocks/tip/hash")}/header`);
    expect(proof).toMatch(/^(?:[0-9a-f]{2})+$/);
    expect(proof.startsWith(header)).toBe(true);
  });

  test("broadcast_tx", async () => {
    const txid = await lab.faucet(newAddress(), 990_000_000);
    const hex = await scene.text(`/tx/${txid}/hex`);
    expect(await scene.post("/tx", hex)).toEqual([200, txid]);
    await mine();
    expect((await scene.post("/tx", hex))[0]).toBe(400);
  });

  test("broadcast_get", async () => {
    const txid = await lab.faucet(newAddress(), 50_000_000);
    const hex = await scene.text(`/tx/${txid}/hex`);
    expect(await scene.text(`/broadcast?tx=${hex}`)).toBe(txid);
    await mine();
  });

  test("mempool_rbf_eviction", async () => {
    const order = { key: scene.payer, from: [await scene.coin()], to: { [shop]: 5_000 } };
    const first = await scene.send(payment({ ...order, fee: 1_000 }));
    const second = await scene.send(payment({ ...order, fee: 2_000 }));
    expect(await statusOf(second.id)).toEqual({ confirmed: false });
    expect(await scene.outcome(`/tx/${first.id}`)).toEqual([404, "Transaction not found"]);
    await mine();
    expect(await statusOf(second.id)).toMatchObject({ confirmed: true });
  });
});

describe("addresses and scripts", () => {
  test("address", async () => {
    const address = newAddress();
    const confirmed = await lab.faucet(address, 119_123_000, { confirm: true });
    const waiting = await lab.faucet(address, 71_130_000);
    const sums = await scene.json<AddressJson>(`/address/${address}`);
    const unspent = { tx_count: 1, funded_txo_count: 1, spent_txo_count: 0, spent_txo_sum: 0 };
    expect(sums).toEqual({
      address,
      chain_stats: { ...unspent, funded_txo_sum: 119_123_000 },
      mempool_stats: { ...unspent, funded_txo_sum: 71_130_000 },
    });
    const history = await scene.json<TransactionJson[]>(`/address/${address}/txs`);
    expect(history.map(({ txid }) => txid)).toEqual([waiting, confirmed]);
    expect(await scene.json(`/address-prefix/${address.slice(0, 8)}`)).toContain(address);
    await mine();
  });

  test("address_mempool_txs", async () => {
    const path = `/address/${newAddress()}`;
    const txid = await lab.faucet(path.slice(9), 50_000_000);
    const waiting = await scene.json<TransactionJson[]>(`${path}/txs/mempool`);
    expect(waiting).toMatchObject([{ txid, status: { confirmed: false } }]);
    expect(waiting[0]!.fee).toBeGreaterThan(0);
    await mine();
    expect(await scene.json(`${path}/txs/mempool`)).toEqual([]);
  });

  test("address_utxo", async () => {
    const address = newAddress();
    const path = `/address/${address}/utxo`;
    const txid = await lab.faucet(address, 50_000_000, { confirm: true });
    const place = { confirmed: true, block_height: await height() };
    const coin = { txid, vout: expect.any(Number), value: 50_000_000, status: place };
    expect(await scene.json<CoinJson[]>(path)).toMatchObject([coin]);
    await lab.faucet(address, 30_000_000);
    const coins = await scene.json<CoinJson[]>(path);
    expect(coins.map(({ status }) => status.confirmed).sort()).toEqual([false, true]);
    await mine();
  });

  test("scripthash", async () => {
    const address = newAddress();
    await lab.faucet(address, 50_000_000, { confirm: true });
    await lab.faucet(address, 30_000_000);
    const [{ vout }] = await scene.json<[TransactionJson]>(`/address/${address}/txs`);
    const output = vout.find((each) => each.scriptpubkey_address === address)!;
    const hash = bytesToHex(sha256(Buffer.from(output.scriptpubkey, "hex")));
    const { chain_stats, mempool_stats } = await scene.json<AddressJson>(`/address/${address}`);
    expect(await scene.json(`/scripthash/${hash}`)).toEqual({
      ...{ scripthash: hash, chain_stats, mempool_stats },
    });
    for (const end of ["txs", "txs/chain", "txs/mempool", "utxo"]) {
      const expected = await scene.json<unknown[]>(`/address/${address}/${end}`);
      expect(expected.length).toBeGreaterThan(0);
      expect(await scene.json(`/scripthash/${hash}/${end}`)).toEqual(expected);
    }
    await mine();
  });
});

describe("blocks", () => {
  test("blocks", async () => {
    expect(await scene.text("/blocks/tip/hash")).toMatch(txidPattern);
    const hash = await mine();
    const tipHeight = await height();
    expect(await scene.text("/blocks/tip/hash")).toBe(hash);
    expect(await scene.text(`/block-height/${tipHeight}`)).toBe(hash);
    const blocks = await scene.json<BlockJson[]>("/blocks");
    expect(blocks).toHaveLength(10);
    expect(blocks[0]).toMatchObject({ id: hash, height: tipHeight });
    for (const [i, { previousblockhash, ...block }] of blocks.entries()) {
      if (i < 9) expect(previousblockhash).toBe(blocks[i + 1]!.id);
      for (const name of ["version", "timestamp", "tx_count", "size", "weight"] as const) {
        expect(block[name]).toBeGreaterThan(0);
      }
      for (const name of ["mediantime", "bits", "difficulty"] as const) {
        expect(block[name]).toBeGreaterThan(0);
      }
      expect([block.nonce, block.merkle_root]).toEqual([
        expect.any(Number),
        expect.stringMatching(txidPattern),
      ]);
    }
    const next = await mine();
    expect((await scene.json<BlockJson[]>("/blocks"))[0]!.id).toBe(next);
  });

  test("block", async () => {
    const txid = await lab.faucet(newAddress(), 98_765_432);
    const hash = await mine();
    const bytes = await scene.bytes(`/block/${hash}/raw`);
    const block = Block.fromBuffer(bytes);
    expect(await scene.json(`/block/${hash}`)).toMatchObject({
      ...{ id: hash, height: await height(), tx_count: 2, size: bytes.length },
      ...{ version: block.version, timestamp: block.timestamp, nonce: block.nonce },
      ...{ bits: block.bits, weight: block.weight(), mediantime: expect.any(Number) },
      merkle_root: Buffer.from(block.merkleRoot!).reverse().toString("hex"),
      previousblockhash: Buffer.from(block.prevHash!).reverse().toString("hex"),
    });
    expect(block.transactions![1]!.getId()).toBe(txid);
    expect(await scene.text(`/block/${hash}/txid/1`)).toBe(txid);
  });

  test("block_txs", async () => {
    const txid = await lab.faucet(newAddress(), 98_765_432);
    const path = `/block/${await mine()}/txs`;
    for (const end of ["", "/0"]) {
      const [coinbase, paid, ...rest] = await scene.json<TransactionJson[]>(path + end);
      expect([coinbase!.vin[0]!.is_coinbase, paid!.txid, rest]).toEqual([true, txid, []]);
    }
    const unknown = `/block/${"0".repeat(64)}/txs/0`;
    expect(await scene.outcome(unknown)).toEqual([404, "Block not found"]);
    const wrong = "/block/invalid_hash/txs/0";
    expect(await scene.outcome(wrong)).toEqual([400, "Invalid hex string"]);
    const between = "start index must be a multiple of 25";
    expect(await scene.outcome(`${path}/1`)).toEqual([400, between]);
    expect(await scene.outcome(`${path}/25`)).toEqual([400, "start index out of range"]);
  });

  test("block_status", async () => {
    const [first, second] = [await mine(), await mine()];
    const tipHeight = await height();
    expect(await scene.json<BlockStatusJson>(`/block/${first}/status`)).toEqual({
      ...{ in_best_chain: true, height: tipHeight - 1, next_best: second },
    });
    expect(await scene.json<BlockStatusJson>(`/block/${second}/status`)).toEqual({
      ...{ in_best_chain: true, height: tipHeight, next_best: null },
    });
  });

  test("block_txids", async () => {
    const txid = await lab.faucet(newAddress(), 50_000_000);
    const hash = await mine();
    const txids = await scene.json<string[]>(`/block/${hash}/txids`);
    const { tx_count: count } = await scene.json<BlockJson>(`/block/${hash}`);
    expect([txids.length, txids[1]]).toEqual([count, txid]);
    expect(txids[0]).not.toBe(txid);
  });

  test("block_header", async () => {
    const hash = await mine();
    const header = Buffer.from(await scene.text(`/block/${hash}/header`), "hex");
    expect(header).toHaveLength(80);
    expect(Block.fromBuffer(header).getId()).toBe(hash);
  });
});

describe("packages and the next block", () => {
  test("package_validation", async () => {
    expect((await scene.post("/txs/package", "invalid json"))[0]).toBe(400);
    expect((await scene.post("/txs/package", "[]"))[0]).toBe(400);
  });

  test("submit_package", async () => {
    const coin = await scene.coin();
    const order = { key: scene.payer, to: { [shop]: 5_000 } };
    const parent = payment({ ...order, from: [coin], fee: 200 });
    const change = { txid: parent.id, vout: 1, value: coin.value - 5_200 };
    const child = payment({ ...order, from: [change], fee: 1_000 });
    const [status, text] = await scene.post(
      "/txs/package",
      JSON.stringify([parent.hex, child.hex]),
    );
    const { package_msg: message, "tx-results": results } = JSON.parse(text);
    expect([status, message]).toEqual([200, "success"]);
    expect(
      Object.values<{ txid: string }>(results)
        .map(({ txid }) => txid)
        .sort(),
    ).toEqual([parent.id, child.id].sort());
    await mine();
    expect(await statusOf(child.id)).toMatchObject({ confirmed: true });
  });

  test("package_updates_mempool", async () => {
    const address = newAddress();
    const to = { [address]: 5_000 };
    const sent = payment({ key: scene.payer, from: [await scene.coin()], to, fee: 1_000 });
    expect(await scene.json(`/address/${address}/txs`)).toEqual([]);
    expect((await scene.post("/txs/package", JSON.stringify([sent.hex])))[0]).toBe(200);
    expect(await scene.json(`/address/${address}/txs`)).toMatchObject([{ txid: sent.id }]);
    await mine();
  });

  test("getblocktemplate", async () => {
    const txid = await lab.faucet(newAddress(), 100_000);
    const answer = await scene.ask("/block-template");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const template = JSON.parse(answer.text);
    expect(template).toMatchObject({
      previousblockhash: await scene.text("/blocks/tip/hash"),
      ...{ version: expect.any(Number), rules: expect.any(Array), bits: expect.any(String) },
      transactions: [expect.objectContaining({ txid })],
    });
    const tip = await mine();
    expect(await scene.json("/block-template")).toMatchObject({ previousblockhash: tip });
  });
});

describe("the mempool", () => {
  test("mempool", async () => {
    const empty = { count: 0, vsize: 0, total_fee: 0, fee_histogram: [] };
    expect(await scene.json("/mempool")).toEqual(empty);
    const first = await lab.faucet(newAddress(), 321_000_000);
    expect(await scene.json("/mempool/txids")).toEqual([first]);
    const second = await lab.faucet(newAddress(), 10_000);
    expect(await scene.json("/mempool/txids")).toEqual([first, second]);
    const { vsize, total_fee, ...rest } = await scene.json<MempoolJson>("/mempool");
    expect(rest).toEqual({ count: 2, fee_histogram: [[expect.any(Number), vsize]] });
    expect(total_fee).toBeGreaterThan(0);
    await lab.faucet(newAddress(), 22_000);
    expect(await scene.json("/mempool")).toMatchObject({ count: 3 });
    await mine();
    expect(await scene.json("/mempool")).toEqual(empty);
  });

  test("mempool_recent", async () => {
    const first = await lab.faucet(newAddress(), 50_000_000);
    const second = await lab.faucet(newAddress(), 30_000_000);
    const recent = await scene.json<RecentTransactionJson[]>("/mempool/recent");
    expect(recent.map(({ txid }) => txid)).toEqual([second, first]);
    for (const { txid, fee, vsize, value } of recent) {
      const transaction = Transaction.fromHex(await scene.text(`/tx/${txid}/hex`));
      const outputs = transaction.outs.reduce((sum, out) => sum + Number(out.value), 0);
      expect([vsize, value, fee > 0]).toEqual([transaction.virtualSize(), outputs, true]);
    }
    await mine();
  });

  test("fee_estimates", async () => {
    const estimates = await scene.json<object>("/fee-estimates");
    expect(Object.keys(estimates)).toHaveLength(28);
  });
});

test("reorg", async () => {
  const address = newAddress();
  const start = await height();
  const [a, b, c] = [
    await lab.faucet(address, 100_000),
    await lab.faucet(address, 200_000),
    await lab.faucet(address, 500_000),
  ];
  const heights = async () => {
    const states = await Promise.all([a, b, c].map(statusOf));
    return states.map((state) => (state.confirmed ? state.block_height : undefined));
  };
  const chain = async () => {
    const { chain_stats: sums } = await scene.json<AddressJson>(`/address/${address}`);
    const history = await scene.json<TransactionJson[]>(`/address/${address}/txs/chain`);
    return [sums.funded_txo_sum, history.map(({ txid }) => txid).sort()];
  };
  const spenderOf = async (txid: string) => {
    const { vin } = await scene.json<TransactionJson>(`/tx/${txid}`);
    return scene.json<OutspendJson>(`/tx/${vin[0]!.txid}/outspend/${vin[0]!.vout}`);
  };
  await mine();
  expect(await heights()).toEqual([start + 1, start + 1, start + 1]);
  expect(await chain()).toEqual([800_000, [a, b, c].sort()]);
  expect(await spenderOf(c)).toMatchObject({ txid: c, status: { block_height: start + 1 } });

  await lab.reorg(1, { drop: c });
  expect(await height()).toBe(start + 2);
  expect(await heights()).toEqual([start + 1, start + 1, undefined]);
  expect(await chain()).toEqual([300_000, [a, b].sort()]);
  expect(await spenderOf(b)).toMatchObject({ txid: b, status: { block_height: start + 1 } });
  expect(await spenderOf(c)).toMatchObject({ txid: c, status: { confirmed: false } });

  await lab.mine(15);
  await lab.reorg(17, { empty: true });
  expect(await height()).toBe(start + 18);
  expect(await heights()).toEqual([undefined, undefined, undefined]);
  expect(await chain()).toEqual([0, []]);
  expect(await spenderOf(a)).toMatchObject({ txid: a, status: { confirmed: false } });

  await invalidate(await scene.text("/blocks/tip/hash"));
  expect(await height()).toBe(start + 17);
  await invalidate(await scene.text("/block-height/1"));
  expect(await height()).toBe(0);
  expect(await chain()).toEqual([0, []]);
  expect(await heights()).toEqual([undefined, undefined, undefined]);
});

/** Shortens the chain, as only an operator can. */
async function invalidate(hash: string): Promise<void> {
  const { token } = lab.nodes[0]!;
  const call = { jsonrpc: "2.0", id: 1, method: "invalidateblock", params: [hash] };
  const { status, text } = await scene.ask("/rpc", {
    ...{ method: "POST", body: JSON.stringify(call) },
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
  });
  expect([status, JSON.parse(text)]).toEqual([200, { jsonrpc: "2.0", id: 1, result: null }]);
}
