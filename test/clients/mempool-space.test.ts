/** @mempool/mempool.js from npm, unmodified: all its calls for Bitcoin but one, and its WebSocket. */

import mempool from "@mempool/mempool.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LiveJson } from "../../src/contract/mempool-space.ts";
import type { BlockJson } from "../../src/contract/node-api.ts";
import { ClientLab, type Payment, payment, shop, unknownId } from "./client-lab.ts";

type Client = ReturnType<typeof mempool>["bitcoin"];

let scene: ClientLab;
let client: Client;
/** In the tip, and one that waits. */
let confirmed: Payment;
let waiting: Payment;
let hash: string;

beforeAll(async () => {
  scene = await ClientLab.open({ nodes: 1, seed: "mempool" });
  const { port, pathname } = new URL(scene.api);
  client = mempool({ hostname: `localhost:${port}${pathname.replace("/api", "")}` }).bitcoin;
  confirmed = await scene.pay(10_000, 1_000);
  [hash = ""] = await scene.lab.mine();
  waiting = await scene.pay(20_000, 3_000);
});

afterAll(() => scene.lab.close());

test("addresses, also page after page", async () => {
  const { address } = scene.payer;
  const path = `/address/${address}`;
  const { addresses } = client;
  expect(await addresses.getAddress({ address })).toEqual(await scene.json(path));
  const all = await addresses.getAddressTxs({ address });
  expect(all.slice(0, 2).map(({ txid }) => txid)).toEqual([waiting.id, confirmed.id]);
  const after = (txid: string) => addresses.getAddressTxs({ address, after_txid: txid });
  expect(await after(waiting.id)).toEqual(all.slice(1));
  expect(await after(confirmed.id)).toEqual(all.slice(2));
  expect(await after(all.at(-1)!.txid)).toEqual([]);
  await expect(after(unknownId)).rejects.toThrow("422");
  expect(await addresses.getAddressTxsChain({ address })).toEqual(all.slice(1));
  expect(await addresses.getAddressTxsMempool({ address })).toEqual(all.slice(0, 1));
  expect(await addresses.getAddressTxsUtxo({ address })).toEqual(await scene.json(`${path}/utxo`));
});

test("blocks, also with fees and sums", async () => {
  const { blocks } = client;
  const { height, ...facts } = await scene.json<BlockJson>(`/block/${hash}`);
  const extended = await blocks.getBlock({ hash });
  expect(extended).toMatchObject({ height, ...facts });
  expect(extended.extras).toMatchObject({
    ...{ totalFees: 1_000, avgFee: 1_000, totalInputs: 1, segwitTotalTxs: 1 },
    ...{ reward: 50e8 + 1_000, totalOutputs: 4 },
  });
  const newest = await blocks.getBlocks({});
  expect(newest.map((block) => block.height)).toEqual(
    Array.from({ length: 15 }, (_, i) => height - i),
  );
  expect(newest[0]).toEqual(extended);
  const start = { start_height: height - 3 };
  expect((await blocks.getBlocks(start)).map(({ id }) => id).slice(0, 12)).toEqual(
    newest.slice(3).map(({ id }) => id),
  );
  expect(await blocks.getBlocks({ start_height: 1 })).toHaveLength(2);
  expect(await blocks.getBlocksTipHash()).toBe(hash);
  expect(await blocks.getBlocksTipHeight()).toBe(height);
  expect(await blocks.getBlockHeight({ height })).toBe(hash);
  expect(await blocks.getBlockStatus({ hash })).toMatchObject({ in_best_chain: true, height });
  const txids = await blocks.getBlockTxids({ hash });
  expect(txids).toEqual([expect.any(String), confirmed.id]);
  expect(await blocks.getBlockTxid({ hash, index: 1 })).toBe(confirmed.id);
  expect(await blocks.getBlockTxs({ hash, start_index: 0 })).toHaveLength(2);
  expect(await blocks.getBlockHeader({ hash })).toHaveLength(160);
  expect(await blocks.getBlockRaw({ hash })).toEqual(expect.any(String));
});

test("the difficulty, fees and the mempool", async () => {
  expect(await client.difficulty.getDifficultyAdjustment()).toMatchObject({
    ...{ difficultyChange: 0, nextRetargetHeight: 2016, previousRetarget: 0, timeAvg: 600_000 },
  });
  const { fees } = client;
  const least = { fastestFee: 1, halfHourFee: 1, hourFee: 1, economyFee: 1, minimumFee: 1 };
  expect(await fees.getFeesRecommended()).toEqual(least);
  const [block] = await fees.getFeesMempoolBlocks();
  expect(block).toMatchObject({ nTx: 1, totalFees: 3_000 });
  expect(block!.medianFee).toBeCloseTo(3_000 / block!.blockVSize);
  expect(await client.mempool.getMempool()).toMatchObject({ count: 1, total_fee: 3_000 });
  expect(await client.mempool.getMempoolTxids()).toEqual([waiting.id]);
  expect(await client.mempool.getMempoolRecent()).toMatchObject([{ txid: waiting.id, fee: 3_000 }]);
});

test("transactions", async () => {
  const { transactions } = client;
  const [txid, path] = [confirmed.id, `/tx/${confirmed.id}`];
  expect(await transactions.getTx({ txid })).toEqual(await scene.json(path));
  expect(await transactions.getTxStatus({ txid })).toMatchObject({ block_hash: hash });
  expect(await transactions.getTxHex({ txid })).toBe(confirmed.hex);
  expect(await transactions.getTxRaw({ txid })).toEqual(expect.any(String));
  expect(await transactions.getTxMerkleProof({ txid })).toMatchObject({ pos: 1 });
  expect(await transactions.getTxMerkleBlockProof({ txid })).toMatch(/^[0-9a-f]{160,}$/);
  expect(await transactions.getTxOutspend({ txid, vout: 0 })).toEqual({ spent: false });
  expect(await transactions.getTxOutspends({ txid })).toHaveLength(2);
  const to = { [shop]: 5_000 };
  const sent = payment({ key: scene.payer, from: [await scene.coin()], to, fee: 500 });
  expect(await transactions.postTx({ txhex: sent.hex })).toBe(sent.id);
  await scene.lab.mine();
});

test("a child pays for its parent", async () => {
  const coin = await scene.coin();
  const order = { key: scene.payer, to: { [shop]: 5_000 } };
  const parent = await scene.send(payment({ ...order, from: [coin], fee: 200 }));
  const change = { txid: parent.id, vout: 1, value: coin.value - 5_200 };
  const child = await scene.send(payment({ ...order, from: [change], fee: 5_000 }));
  const of: unknown = await client.fees.getCPFP({ txid: parent.id });
  const above: unknown = await client.fees.getCPFP({ txid: child.id });
  const [own, relative] = [of, above] as { effectiveFeePerVsize: number }[];
  expect(of).toMatchObject({
    ancestors: [],
    descendants: [{ txid: child.id, fee: 5_000 }],
    fee: 200,
  });
  expect(above).toMatchObject({ ancestors: [{ txid: parent.id, fee: 200 }], descendants: [] });
  expect(own!.effectiveFeePerVsize).toBe(relative!.effectiveFeePerVsize);
  expect(own!.effectiveFeePerVsize).toBeGreaterThan(10);
  await scene.lab.mine();
  expect(await client.fees.getCPFP({ txid: child.id })).toEqual({ ancestors: [] });
});

describe("the WebSocket", () => {
  /** Resolves with the next message that has a part of this name. */
  type Listening = {
    readonly next: <Name extends keyof LiveJson>(name: Name) => Promise<LiveJson[Name]>;
    readonly socket: ReturnType<Client["websocket"]["wsInit"]>;
  };

  async function open(): Promise<Listening> {
    const socket = client.websocket.wsInit();
    const waitingFor = new Map<string, (value: unknown) => void>();
    socket.on("message", (data: Buffer) => {
      for (const [name, part] of Object.entries(JSON.parse(data.toString()) as LiveJson)) {
        waitingFor.get(name)?.(part);
      }
    });
    const next: Listening["next"] = (name) => {
      return new Promise((resolve) => waitingFor.set(name, (part) => resolve(part as never)));
    };
    await next("blocks"); // it asks for them as it opens
    return { next, socket };
  }

  test("tells of blocks, projected blocks, a transaction and an address", async () => {
    const { next, socket } = await open();
    const { websocket: live } = client;
    live.wsWantData(socket, ["blocks", "mempool-blocks", "live-2h-chart"]);
    live.wsTrackAddress(socket, shop);
    await next("mempool-blocks");
    const [seen, projected] = [next("address-transactions"), next("mempool-blocks")];
    const coin = await scene.coin();
    const order = { key: scene.payer, from: [coin], to: { [shop]: 7_000 } };
    const first = await scene.send(payment({ ...order, fee: 700 }));
    expect(await seen).toMatchObject([{ txid: first.id, status: { confirmed: false } }]);
    expect(await projected).toMatchObject([{ nTx: 1, totalFees: 700 }]);

    live.wsTrackTransaction(socket, first.id);
    expect(await next("txPosition")).toMatchObject({ txid: first.id, position: { block: 0 } });
    const [replaced, removed] = [next("rbfTransaction"), next("address-removed-transactions")];
    const second = await scene.send(payment({ ...order, fee: 1_500 }));
    expect(await replaced).toEqual({ txid: second.id });
    expect(await removed).toMatchObject([{ txid: first.id }]);

    live.wsTrackTransaction(socket, second.id);
    const spent = next("utxoSpent");
    const change = {
      ...coin,
      txid: second.id,
      vout: 1,
      value: coin.value - 8_500,
    };
    const child = await scene.send(payment({ ...order, from: [change], fee: 900 }));
    expect(await spent).toEqual({ 1: { vin: 0, txid: child.id } });
    const parts = [next("block"), next("txConfirmed"), next("block-transactions")] as const;
    const [mined] = await scene.lab.mine();
    const [block, txConfirmed, paid] = await Promise.all(parts);
    expect(block).toMatchObject({ id: mined, extras: { totalFees: 2_400 } });
    expect(txConfirmed).toBe(second.id);
    expect(paid!.map(({ txid }) => txid).sort()).toEqual([second.id, child.id].sort());

    const back = next("address-transactions");
    const blocks = next("block");
    const { forth } = await scene.lab.reorg(1, { empty: true });
    expect(await blocks).toMatchObject({ id: forth[0] });
    expect((await back)!.every(({ status }) => !status.confirmed)).toBe(true);
    await scene.lab.mine();
    socket.close();
  });

  test("says what it does not understand, and goes on", async () => {
    const { next, socket } = await open();
    const said = async (message: string) => {
      const error = next("error");
      socket.send(message);
      return error;
    };
    expect(await said("blocks")).toContain("no JSON");
    expect(await said("[]")).toContain("no object");
    expect(await said('{"track-rbf":"all"}')).toContain("track-rbf is not known here");
    expect(await said('{"action":"sing"}')).toContain("none of init, want and ping");
    expect(await said('{"action":"want"}')).toContain("no list");
    expect(await said('{"track-tx":"zz"}')).toContain("64 hex digits");
    expect(await said('{"track-address":"zz"}')).toContain("zz");
    const pong = next("pong");
    socket.send('{"action":"ping"}');
    expect(await pong).toBe(true);
    socket.close();
  });
});
