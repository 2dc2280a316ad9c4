/**
 * What users of Esplora's servers and clients have reported as faults, tried on a node. Each test
 * names a report, as project#number.
 */

import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../bin/package.ts";
import type {
  AddressJson,
  BlockJson,
  CoinJson,
  MerkleProofJson,
  OutspendJson,
  TransactionJson,
} from "../../src/contract/node-api.ts";
import { sha256d } from "../../src/primitives/hash.ts";
import { ClientLab, foreignAddress, type Payment, payment, shop, unknownId } from "./client-lab.ts";

const zeros = {
  ...{ tx_count: 0, funded_txo_count: 0, funded_txo_sum: 0 },
  ...{ spent_txo_count: 0, spent_txo_sum: 0 },
};
/** More than the 50 waiting transactions that are listed. */
const manyCount = 60;

let scene: ClientLab;
let lab: Lab;
/** Of many that pay the same address, all in one block, in its order. */
let many: readonly Payment[];
const popular = foreignAddress(100);
/** What was answered while they waited. */
let whileWaiting: { readonly listed: number; readonly withMempool: number; readonly count: number };

beforeAll(async () => {
  scene = await ClientLab.open({ nodes: 1, seed: "faults" });
  ({ lab } = scene);
  many = await payMany();
  const listed = await scene.json<unknown[]>(`/address/${popular}/txs/mempool`);
  const all = await scene.json<unknown[]>(`/address/${popular}/txs`);
  const { mempool_stats: sums } = await scene.json<AddressJson>(`/address/${popular}`);
  whileWaiting = { listed: listed.length, withMempool: all.length, count: sums.tx_count };
  await lab.mine();
}, 120_000); // sixty signatures, on a busy machine

afterAll(() => lab.close());

/** In chains of twenty, because twenty-five may wait in one. */
async function payMany(): Promise<Payment[]> {
  const value = 10_000;
  const fee = 1_000;
  const paid: Payment[] = [];
  while (paid.length < manyCount) {
    let coin = await scene.coin();
    for (let link = 0; link < 20; link += 1) {
      const order = { key: scene.payer, from: [coin], to: { [popular]: value }, fee };
      const one = await scene.send(payment(order));
      paid.push(one);
      coin = { txid: one.id, vout: 1, value: coin.value - value - fee };
    }
  }
  return paid;
}

function idsOf(transactions: readonly TransactionJson[]): string[] {
  return transactions.map(({ txid }) => txid);
}

describe("histories", () => {
  test("esplora#504: of many that wait 50 are listed, and all are counted", () => {
    expect(whileWaiting).toEqual({ listed: 50, withMempool: 50, count: manyCount });
  });

  test("esplora#165: the newest of a block comes first", async () => {
    const page = await scene.json<TransactionJson[]>(`/address/${popular}/txs/chain`);
    expect(idsOf(page)).toEqual(
      many
        .map(({ id }) => id)
        .reverse()
        .slice(0, 25),
    );
  });

  test("a client that asks for page after page with after_txid comes to an end", async () => {
    const path = `/address/${popular}/txs`;
    const all: string[] = [];
    let page = idsOf(await scene.json<TransactionJson[]>(path));
    while (page.length > 0) {
      all.push(...page);
      page = idsOf(await scene.json<TransactionJson[]>(`${path}?after_txid=${page.at(-1)}`));
    }
    expect(all).toEqual(many.map(({ id }) => id).reverse());
    expect(await scene.outcome(`${path}?after_txid=${unknownId}`)).toEqual([
      422,
      "after_txid not found",
    ]);
  });

  test("bp-wallet#37, #35, esplora#304: pages at and around 25 hold all, once, in order", async () => {
    const address = foreignAddress(101);
    const mined: string[] = [];
    for (const count of [24, 25, 26, 50, 51]) {
      mined.push(...(await lab.mine(count - mined.length, address)));
      const found: string[] = [];
      for (let path = `/address/${address}/txs/chain`; ;) {
        const page = await scene.json<TransactionJson[]>(path);
        const hashes = page.map(({ status }) => (status.confirmed ? status.block_hash : ""));
        found.push(...hashes);
        if (page.length < 25) break;
        path = `/address/${address}/txs/chain/${page.at(-1)!.txid}`;
      }
      expect(found).toEqual(mined.toReversed());
    }
  });

  test("breez-sdk-liquid#1097, mempool/electrs#107: each is listed once while blocks come", async () => {
    const address = foreignAddress(102);
    const paid: string[] = [];
    let isMining = true;
    const read = async (): Promise<void> => {
      while (isMining) {
        const expected = [...paid];
        const listed = idsOf(await scene.json<TransactionJson[]>(`/address/${address}/txs`));
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed).toEqual(expect.arrayContaining(expected));
      }
    };
    const readers = [read(), read(), read(), read()];
    for (let i = 0; i < 5; i += 1) {
      paid.push(await lab.faucet(address, 10_000));
      await lab.mine();
    }
    isMining = false;
    await Promise.all(readers);
  });
});

describe("what is gone", () => {
  test("bdk#907: a replaced transaction is in no answer", async () => {
    const address = foreignAddress(103);
    const order = { key: scene.payer, from: [await scene.coin()], to: { [address]: 5_000 } };
    const first = await scene.send(payment({ ...order, fee: 1_000 }));
    const second = await scene.send(payment({ ...order, fee: 2_000 }));
    expect(await scene.outcome(`/tx/${first.id}`)).toEqual([404, "Transaction not found"]);
    const history = await scene.json<TransactionJson[]>(`/address/${address}/txs`);
    expect(idsOf(history)).toEqual([second.id]);
    const coins = await scene.json<CoinJson[]>(`/address/${address}/utxo`);
    expect(coins.map(({ txid }) => txid)).toEqual([second.id]);
    await lab.mine();
  });

  test("bdk#357, liana#1258: who reads during reorganisations reads one branch or the other", async () => {
    const address = foreignAddress(104);
    for (let i = 0; i < 3; i += 1) {
      const loser = await lab.faucet(address, 40_000, { confirm: true });
      const { vin } = await scene.json<TransactionJson>(`/tx/${loser}`);
      const point = `/tx/${vin[0]!.txid}/outspend/${vin[0]!.vout}`;
      let isOver = false;
      const read = async (): Promise<void> => {
        while (!isOver) {
          const coins = await scene.json<CoinJson[]>(`/address/${address}/utxo`);
          expect(coins.every(({ txid }) => txid === loser)).toBe(true);
          expect((await scene.json<OutspendJson>(point)).spent).toBe(true);
        }
      };
      const reader = read();
      const { conflict } = await lab.reorg(1, { doubleSpend: loser });
      isOver = true;
      await reader;
      expect((await scene.ask(`/tx/${loser}`)).status).toBe(404);
      expect(await scene.json(`/address/${address}/utxo`)).toEqual([]);
      expect(await scene.json(point)).toMatchObject({
        txid: conflict,
        status: { confirmed: true },
      });
    }
  });

  test("mempool#4185, dlcdevkit#169: what nobody knows is unspent and unconfirmed", async () => {
    expect(await scene.json(`/tx/${"f".repeat(64)}/outspend/0`)).toEqual({ spent: false });
    expect(await scene.json(`/tx/${many[0]!.id}/outspend/99`)).toEqual({ spent: false });
    const large = `/tx/${many[0]!.id}/outspend/4294967296`;
    expect(await scene.outcome(large)).toEqual([400, "Invalid number"]);
    expect(await scene.json(`/tx/${"f".repeat(64)}/status`)).toEqual({ confirmed: false });
    expect((await scene.ask(`/v1/tx/${"f".repeat(64)}`)).status).toBe(404);
  });
});

describe("proofs and genesis", () => {
  test("esplora#24, #169: each transaction of a block is proved, the last one of an odd row too", async () => {
    const { status } = await scene.json<TransactionJson>(`/tx/${many[0]!.id}`);
    const hash = status.confirmed ? status.block_hash : "";
    const { merkle_root: root } = await scene.json<BlockJson>(`/block/${hash}`);
    const txids = await scene.json<string[]>(`/block/${hash}/txids`);
    expect(txids).toHaveLength(manyCount + 1);
    for (const [position, txid] of txids.entries()) {
      const { merkle, pos } = await scene.json<MerkleProofJson>(`/tx/${txid}/merkle-proof`);
      expect([pos, rootOf(txid, position, merkle)]).toEqual([position, root]);
    }
  });

  function rootOf(txid: string, position: number, beside: readonly string[]): string {
    let node: Uint8Array = Buffer.from(txid, "hex").reverse();
    for (const [i, hash] of beside.entries()) {
      const other = Buffer.from(hash, "hex").reverse();
      const isRight = ((position >> i) & 1) === 1;
      node = sha256d(Buffer.concat(isRight ? [other, node] : [node, other]));
    }
    return Buffer.from(node).reverse().toString("hex");
  }

  test("the coinbase of genesis reads the same wherever it is asked for", async () => {
    const txid = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
    const hash = await scene.text("/block-height/0");
    const [coinbase] = await scene.json<TransactionJson[]>(`/block/${hash}/txs`);
    expect(coinbase!.vout[0]).toMatchObject({ scriptpubkey_type: "p2pk" });
    expect(await scene.json(`/tx/${txid}`)).toEqual(coinbase);
    expect(await scene.json(`/tx/${txid}/status`)).toEqual(coinbase!.status);
    expect(coinbase!.status).toMatchObject({ confirmed: true, block_height: 0 });
    expect(await scene.json(`/tx/${txid}/outspends`)).toEqual([{ spent: false }]);
    expect(await scene.json(`/tx/${txid}/merkle-proof`)).toEqual({
      ...{ block_height: 0, merkle: [], pos: 0 },
    });
  });
});

describe("sending", () => {
  test("bdk#778, leather#6118: why it is refused is in the answer", async () => {
    const order = { key: scene.payer, from: [await scene.coin()] };
    const cheap = payment({ ...order, to: { [shop]: 5_000 }, fee: 10 });
    const low = await scene.post("/tx", cheap.hex);
    expect(low).toEqual([
      400,
      expect.stringMatching(/"code":-26,"message":"min relay fee not met, 10 < \d+"/),
    ]);
    const dusty = payment({ ...order, to: { [shop]: 10 }, fee: 1_000 });
    expect(await scene.post("/tx", dusty.hex)).toEqual([400, expect.stringContaining("dust")]);
    await scene.send(payment({ ...order, to: { [shop]: 5_000 }, fee: 1_000 }));
    const equal = payment({ ...order, to: { [shop]: 6_000 }, fee: 1_000 });
    expect(await scene.post("/tx", equal.hex)).toEqual([
      ...[400, expect.stringContaining("insufficient fee")],
    ]);
    await lab.mine();
  });

  test("hex is read with spaces around it, in capitals, and whatever its type is said to be", async () => {
    const to = { [shop]: 5_000 };
    const sent = payment({ key: scene.payer, from: [await scene.coin()], to, fee: 1_000 });
    const forms = [`${sent.hex}\n`, `\uFEFF${sent.hex}\r\n`, `  ${sent.hex.toUpperCase()}  `];
    for (const form of forms) expect(await scene.post("/tx", form)).toEqual([200, sent.id]);
    for (const type of ["application/json", "application/x-www-form-urlencoded", ""]) {
      const asked = { method: "POST", body: sent.hex, headers: { "Content-Type": type } };
      expect(await scene.outcome("/tx", asked)).toEqual([200, sent.id]);
    }
    for (const wrong of [`0x${sent.hex}`, JSON.stringify(sent.hex), `${sent.hex}00`, ""]) {
      const refused = await scene.post("/tx", wrong);
      expect(refused).toEqual([400, expect.stringContaining("TX decode failed")]);
    }
    await lab.mine();
  });
});

describe("small requests", () => {
  test("rust-esplora-client#80, ldk-node#249: an empty mempool has fee estimates", async () => {
    const estimates = await scene.json<Record<string, number>>("/fee-estimates");
    expect(Object.keys(estimates)).toHaveLength(28);
    expect(new Set(Object.values(estimates))).toEqual(new Set([1]));
  });

  test("ldk-node#513, bitcoincore-rpc#25: a connection that rests is kept for more than a minute", async () => {
    const { port, pathname } = new URL(scene.api);
    const options = {
      port,
      path: `${pathname}/blocks/tip/hash`,
      headers: { Connection: "keep-alive" },
    };
    const header = await new Promise((resolve, reject) => {
      const asked = request(options, (answer) => {
        resolve(answer.headers["keep-alive"]);
        answer.destroy();
      });
      asked.on("error", reject).end();
    });
    expect(header).toBe("timeout=75");
  });

  test.each([
    ["/blocks/tip?x=1", 200],
    ["/blocks/tip/height/", 200],
    ["/block-height/00003", 200],
    ["//blocks/tip/height", 404],
    ["/blocks/x", 200],
    [`/scripthash/${"0".repeat(64)}/txs`, 200],
    ["/address/bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x", 200],
    [`/address/${shop}/txs/chain/zz`, 200],
  ])("%s answers %i", async (path, status) => {
    expect((await scene.ask(path)).status).toBe(status);
  });

  test("hashes may be written in capitals, and HEAD is answered", async () => {
    const hash = await scene.text("/blocks/tip/hash");
    expect(await scene.json(`/block/${hash.toUpperCase()}`)).toMatchObject({ id: hash });
    expect(await scene.outcome("/blocks/tip/hash", { method: "HEAD" })).toEqual([200, ""]);
  });

  test("/blocks/tip lists the newest ten, as /blocks does", async () => {
    const blocks = await scene.json<BlockJson[]>("/blocks/tip");
    expect(blocks).toHaveLength(10);
    expect(blocks).toEqual(await scene.json("/blocks"));
  });

  test("a script that nothing pays to has zeros", async () => {
    const address = "bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x";
    const none = { address, chain_stats: zeros, mempool_stats: zeros };
    expect(await scene.json(`/address/${address}`)).toEqual(none);
  });
});
