/** Checks Esplora's routes against a node with a chain, payments and a reorganisation. */

import { Transaction as SignerTransaction } from "@scure/btc-signer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AddressJson,
  type BlockJson,
  type BlockStatusJson,
  type CoinJson,
  esploraRoutes,
  type FeeEstimatesJson,
  type MerkleProofJson,
  pathOf,
  type TransactionJson,
} from "../../../../src/contract/node-api.ts";
import { type Block, encodeBlock, hashOfBlock } from "../../../../src/primitives/block.ts";
import { bytesToHex } from "../../../../src/primitives/bytes.ts";
import { displayHash, hashBytes, sha256d } from "../../../../src/primitives/hash.ts";
import { encodeHeader } from "../../../../src/primitives/header.ts";
import { dataScript } from "../../../../src/primitives/script.ts";
import {
  encodeTransaction,
  type Transaction,
  txidOf,
  virtualSizeOf,
  weightOf,
} from "../../../../src/primitives/transaction.ts";
import { keyOf, output, payment, type Spendable, spendable } from "../../../builders.ts";
import { addressOf, miner, shop } from "../../full-node-scene.ts";
import { ApiScene } from "../api-scene.ts";

const unknownHash = "ab".repeat(32);
const subsidy = 5_000_000_000;

let scene: ApiScene;
let coins: Spendable[];
/** Pays the shop 1,000 and the miner the rest, with a data output; in the block `paidBlock`. */
let paid: Transaction;
let paidBlock: Block;
/** Waits: the shop pays on to itself. */
let waiting: Transaction;

beforeAll(async () => {
  scene = await ApiScene.start();
  coins = await scene.fund(3);
  paid = payment({
    from: [coins[0]!],
    to: [
      output(1000, shop.script),
      output(subsidy - 2000, miner.script),
      output(0, dataScript(Uint8Array.of(1, 2, 3))),
    ],
  });
  await scene.send(paid).expect(200);
  paidBlock = await scene.mine([paid]);
  waiting = payment({ from: [spendable(paid, 0, shop)], to: [output(600, shop.script)] });
  await scene.send(waiting).expect(200);
});

afterAll(() => scene.stop());

async function json<Shape = unknown>(path: string): Promise<Shape> {
  const { body } = await scene.api.get(`/api${path}`).expect(200);
  return body as Shape;
}

async function text(path: string): Promise<string> {
  const answer = await scene.api
    .get(`/api${path}`)
    .expect(200)
    .expect("Content-Type", /text.plain/);
  return answer.text;
}

describe("a transaction", () => {
  test("is shown with what it spends, its fee and where it is confirmed", async () => {
    expect(await json(`/tx/${txidOf(paid)}`)).toEqual({
      txid: txidOf(paid),
      version: 2,
      locktime: 0,
      vin: [
        {
          txid: coins[0]!.point.txid,
          vout: 0,
          prevout: {
            scriptpubkey: bytesToHex(miner.script),
            scriptpubkey_asm: `OP_PUSHNUM_1 OP_PUSHBYTES_32 ${bytesToHex(miner.script.subarray(2))}`,
            scriptpubkey_type: "v1_p2tr",
            scriptpubkey_address: addressOf(miner.script),
            value: subsidy,
          },
          scriptsig: "",
          scriptsig_asm: "",
          witness: [bytesToHex(paid.inputs[0]!.witness[0]!)],
          is_coinbase: false,
          sequence: 0xffff_fffd,
        },
      ],
      vout: [
        expect.objectContaining({ scriptpubkey_address: addressOf(shop.script), value: 1000 }),
        expect.objectContaining({ scriptpubkey_type: "v1_p2tr", value: subsidy - 2000 }),
        {
          scriptpubkey: "6a03010203",
          scriptpubkey_asm: "OP_RETURN OP_PUSHBYTES_3 010203",
          scriptpubkey_type: "op_return",
          value: 0,
        },
      ],
      size: encodeTransaction(paid).length,
      weight: weightOf(paid),
      fee: 1000,
      status: confirmedIn(paidBlock),
    });
  });

  test("that is a coinbase spends nothing and pays no fee", async () => {
    const found = await json<TransactionJson>(`/tx/${txidOf(paidBlock.transactions[0]!)}`);
    expect(found.vin[0]).toMatchObject({
      txid: "00".repeat(32),
      vout: 0xffff_ffff,
      prevout: null,
      is_coinbase: true,
      witness: ["00".repeat(32)],
    });
    expect(found.fee).toBe(0);
  });

  test("that waits knows what it spends too", async () => {
    const found = await json<TransactionJson>(`/tx/${txidOf(waiting)}`);
    expect(found).toMatchObject({ fee: 400, status: { confirmed: false } });
    expect(found.vin[0]!.prevout!.value).toBe(1000);
    expect(found.status).toEqual({ confirmed: false });
  });

  test("is given as hex and as bytes", async () => {
    const bytes = encodeTransaction(paid);
    expect(await text(`/tx/${txidOf(paid)}/hex`)).toBe(bytesToHex(bytes));
    const { body } = await scene.api.get(`/api/tx/${txidOf(paid)}/raw`).expect(200);
    expect(new Uint8Array(body)).toEqual(bytes);
  });

  test("has a status, which is unconfirmed if nobody knows it", async () => {
    expect(await json(`/tx/${txidOf(paid)}/status`)).toEqual(confirmedIn(paidBlock));
    expect(await json(`/tx/${unknownHash}/status`)).toEqual({ confirmed: false });
  });

  test("is proved by hashes that lead to the block's merkle root", async () => {
    const proof = await json<MerkleProofJson>(`/tx/${txidOf(paid)}/merkle-proof`);
    let hash = hashBytes(txidOf(paid));
    for (const [level, other] of proof.merkle.entries()) {
      const pair = [hash, hashBytes(other)];
      if ((proof.pos >> level) & 1) pair.reverse();
      hash = sha256d(Buffer.concat(pair));
    }
    expect(proof.pos).toBe(1);
    expect(proof.block_height).toBe(heightOf(paidBlock));
    expect(displayHash(hash)).toBe(paidBlock.header.merkleRoot);
    const answer = await scene.api.get(`/api/tx/${txidOf(waiting)}/merkle-proof`).expect(404);
    expect(answer.text).toBe("Transaction not found or is unconfirmed");
  });

  test("is proved by a merkle block, too, which begins with the header", async () => {
    const hex = await text(`/tx/${txidOf(paid)}/merkleblock-proof`);
    const own = [paidBlock.transactions[0]!, paid].map(txidOf);
    const hashes = own.map((txid) => bytesToHex(hashBytes(txid))).join("");
    expect(hex).toBe(`${bytesToHex(encodeHeader(paidBlock.header))}0200000002${hashes}0105`);
    await scene.api.get(`/api/tx/${txidOf(waiting)}/merkleblock-proof`).expect(404);
  });

  test("tells who spent its outputs, also if the spender waits", async () => {
    const spentByWaiting = {
      spent: true,
      txid: txidOf(waiting),
      vin: 0,
      status: { confirmed: false },
    };
    const spends = await json(`/tx/${txidOf(paid)}/outspends`);
    expect(spends).toEqual([spentByWaiting, { spent: false }, { spent: false }]);
    expect(await json(`/tx/${txidOf(paid)}/outspend/0`)).toEqual(spentByWaiting);
    expect(await json(`/tx/${coins[0]!.point.txid}/outspend/0`)).toEqual({
      spent: true,
      txid: txidOf(paid),
      vin: 0,
      status: confirmedIn(paidBlock),
    });
    expect(await json(`/tx/${unknownHash}/outspend/7`)).toEqual({ spent: false });
  });

  test("reads the same to another program", async () => {
    const hex = await text(`/tx/${txidOf(paid)}/hex`);
    const read = SignerTransaction.fromRaw(Buffer.from(hex, "hex"), { allowUnknownOutputs: true });
    expect(read.id).toBe(txidOf(paid));
    expect(read.outputsLength).toBe(3);
  });
});

describe("sending a transaction", () => {
  test("answers its id as text, and again when it waits already", async () => {
    for (let time = 0; time < 2; time++) {
      const answer = await scene
        .send(waiting)
        .expect(200)
        .expect("Content-Type", /text.plain/);
      expect(answer.text).toBe(txidOf(waiting));
    }
  });

  test.each([
    ["nothing", "", "the body is empty; it must be the transaction in hex"],
    ["half a byte", "020", "odd number of hex digits (3)"],
    ["letters", "02zz", 'not a hex digit: "z" at position 2'],
    ["a beginning", "0200000000", "the data ends too early"],
    ["JSON", '{"hex":"00"}', 'not a hex digit: "{" at position 0'],
  ])("that is %s is answered with what is wrong", async (_, body, reason) => {
    const answer = await scene.post("/api/tx", body).expect(400);
    const message = `TX decode failed: ${reason}`;
    expect(answer.text).toBe(
      `sendrawtransaction RPC error: ${JSON.stringify({ code: -22, message })}`,
    );
  });

  test("with bytes behind its end is refused", async () => {
    const hex = `${bytesToHex(encodeTransaction(waiting))}00`;
    const answer = await scene.post("/api/tx", hex).expect(400);
    expect(answer.text).toContain("1 bytes after the end");
  });

  test("that is too long is refused before it is read", async () => {
    const answer = await scene.post("/api/tx", "00".repeat(500_001)).expect(413);
    expect(answer.text).toBe("Request body too large");
    expect(answer.headers["x-powlab-reason"]).toContain("1000000 bytes");
    await scene.post("/api/tx", "00".repeat(500_000)).expect(400);
  });

  test("takes the hex whatever type it is said to have", async () => {
    const hex = bytesToHex(encodeTransaction(waiting));
    for (const type of ["application/x-www-form-urlencoded", "application/json"]) {
      const answer = await scene.api.post("/api/tx").type(type).send(`${hex}\n`).expect(200);
      expect(answer.text).toBe(txidOf(waiting));
    }
  });

  test("passes on Bitcoin Core's reasons and codes", async () => {
    const stranger = keyOf("stranger");
    const cheap = payment({ from: [coins[1]!], to: [output(subsidy - 1, shop.script)] });
    const greedy = payment({ from: [coins[1]!], to: [output(subsidy + 1, shop.script)] });
    const forged = payment({
      from: [{ ...coins[1]!, key: stranger }],
      to: [output(subsidy - 1000, shop.script)],
    });
    const early = payment({
      from: [coins[1]!],
      to: [output(subsidy - 1000, shop.script)],
      lockTime: 10_000,
    });
    const rootless = payment({
      from: [{ ...coins[1]!, point: { txid: txidOf(greedy), index: 0 } }],
      to: [output(1000, shop.script)],
    });
    const required = virtualSizeOf(cheap);
    const excess = "value in (5000000000) < value out (5000000001)";
    const reasons: [Transaction, number, string][] = [
      [cheap, -26, `min relay fee not met, 1 < ${required}`],
      [greedy, -26, `bad-txns-in-belowout, ${excess}`],
      [early, -26, "non-final"],
      [rootless, -25, "bad-txns-inputs-missingorspent"],
      [paid, -27, "Transaction outputs already in utxo set"],
    ];
    for (const [transaction, code, message] of reasons) {
      const answer = await scene.send(transaction).expect(400);
      const error = JSON.stringify({ code, message });
      expect(answer.text).toBe(`sendrawtransaction RPC error: ${error}`);
    }
    const answer = await scene.send(forged).expect(400);
    expect(answer.text).toContain(
      "mandatory-script-verify-flag-failed (Invalid Schnorr signature)",
    );
  });
});

describe("an address", () => {
  const address = addressOf(shop.script);

  test("has sums over what is confirmed and, apart, over what waits", async () => {
    expect(await json(`/address/${address}`)).toEqual({
      address,
      chain_stats: {
        tx_count: 1,
        funded_txo_count: 1,
        funded_txo_sum: 1000,
        spent_txo_count: 0,
        spent_txo_sum: 0,
      },
      mempool_stats: {
        tx_count: 1,
        funded_txo_count: 1,
        funded_txo_sum: 600,
        spent_txo_count: 1,
        spent_txo_sum: 1000,
      },
    });
  });

  test("that nobody used has zeros and empty lists", async () => {
    const unused = addressOf(keyOf("nobody").script);
    const { chain_stats, mempool_stats } = await json<AddressJson>(`/address/${unused}`);
    expect(chain_stats).toEqual(mempool_stats);
    expect(chain_stats.tx_count).toBe(0);
    for (const list of ["txs", "txs/chain", "txs/mempool", "utxo"]) {
      expect(await json(`/address/${unused}/${list}`)).toEqual([]);
    }
  });

  test("has a history, what waits first", async () => {
    const txids = (list: { txid: string }[]) => list.map(({ txid }) => txid);
    const all = await json<TransactionJson[]>(`/address/${address}/txs`);
    expect(txids(all)).toEqual([txidOf(waiting), txidOf(paid)]);
    expect(all[1]).toEqual(await json(`/tx/${txidOf(paid)}`));
    expect(txids(await json<TransactionJson[]>(`/address/${address}/txs/chain`))).toEqual([
      txidOf(paid),
    ]);
    expect(txids(await json<TransactionJson[]>(`/address/${address}/txs/mempool`))).toEqual([
      txidOf(waiting),
    ]);
  });

  test("has a history in pages of 25, the newest first, each once", async () => {
    const path = `/address/${addressOf(miner.script)}/txs/chain`;
    const heights: number[] = [];
    let last = "";
    for (;;) {
      const page: TransactionJson[] = await json(`${path}${last}`);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(25);
      heights.push(...page.map(({ status }) => (status.confirmed ? status.block_height : NaN)));
      last = `/${page.at(-1)!.txid}`;
    }
    expect(heights).toHaveLength(105); // a coinbase for each block, and the payment
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
    expect(await json(`${path}/${unknownHash}`)).toEqual([]);
  });

  test("has the coins that the next transaction could spend", async () => {
    const coin = { txid: txidOf(waiting), vout: 0, status: { confirmed: false }, value: 600 };
    expect(await json(`/address/${address}/utxo`)).toEqual([coin]);
    const mined = await json<CoinJson[]>(`/address/${addressOf(miner.script)}/utxo`);
    expect(mined).toHaveLength(104); // all coinbases but the one that was spent, and its change
    expect(mined).toContainEqual({
      txid: txidOf(paid),
      vout: 1,
      status: confirmedIn(paidBlock),
      value: subsidy - 2000,
    });
    expect(mined.map(({ txid }) => txid)).not.toContain(coins[0]!.point.txid);
  });

  test.each([
    ["another network's", addressOf(shop.script, "bc"), "Address on invalid network", "(Bitcoin)"],
    [
      ...["misspelt", `${addressOf(shop.script).slice(0, -1)}q`],
      ...["Invalid address", "the checksum is wrong"],
    ],
    ["no address", "hello", "Invalid address", "is not an address"],
    ["no ASCII", "%E2%82%BF", "Invalid address", "%E2%82%BF"],
  ])("that is %s is refused, with the reason in a header", async (_, wrong, text, reason) => {
    for (const end of ["", "/txs", "/utxo", "/txs/chain", "/txs/mempool"]) {
      const answer = await scene.api.get(`/api/address/${wrong}${end}`).expect(400);
      expect(answer.text).toBe(text);
      expect(answer.type).toBe("text/plain");
      expect(answer.headers["x-powlab-reason"]).toContain(reason);
    }
  });
});

describe("a block", () => {
  test("is shown with its measures", async () => {
    const hash = hashOfBlock(paidBlock);
    const { header, transactions } = paidBlock;
    const shown = {
      id: hash,
      height: 104,
      version: 0x2000_0000,
      timestamp: header.time,
      tx_count: 2,
      size: encodeBlock(paidBlock).length,
      weight: 4 * 81 + transactions.reduce((sum, each) => sum + weightOf(each), 0),
      merkle_root: header.merkleRoot,
      previousblockhash: header.previous,
      mediantime: scene.entryOf(paidBlock).medianTime,
      nonce: header.nonce,
      bits: 0x207f_ffff,
      // As Bitcoin Core shows it, in 16 digits.
      difficulty: expect.closeTo(4.656542373906925e-10, 24),
    };
    expect(await json(`/block/${hash}`)).toEqual(shown);
    expect((await json<BlockJson[]>("/blocks"))[0]).toEqual(shown);
  });

  test("is given as header, bytes, ids and transactions", async () => {
    const hash = hashOfBlock(paidBlock);
    const txids = paidBlock.transactions.map(txidOf);
    expect(await text(`/block/${hash}/header`)).toBe(bytesToHex(encodeHeader(paidBlock.header)));
    const { body } = await scene.api.get(`/api/block/${hash}/raw`).expect(200);
    expect(new Uint8Array(body)).toEqual(encodeBlock(paidBlock));
    expect(await json(`/block/${hash}/txids`)).toEqual(txids);
    expect(await text(`/block/${hash}/txid/1`)).toBe(txids[1]);
    const transactions = await json<TransactionJson[]>(`/block/${hash}/txs`);
    expect(transactions[1]).toEqual(await json(`/tx/${txidOf(paid)}`));
    expect(await json(`/block/${hash}/txs/0`)).toEqual(transactions);
  });

  test("has a status that names the next one", async () => {
    const [first, second] = [scene.full.node.chain.entryAt(1)!, scene.full.node.chain.entryAt(2)!];
    expect(await json(`/block/${first.hash}/status`)).toEqual({
      in_best_chain: true,
      height: 1,
      next_best: second.hash,
    });
    expect((await json<BlockStatusJson>(`/block/${scene.tip.hash}/status`)).next_best).toBeNull();
    const nowhere = { in_best_chain: false, height: null, next_best: null };
    expect(await json(`/block/${unknownHash}/status`)).toEqual(nowhere);
  });

  test("that is genesis has no parent and is not spent from", async () => {
    const hash = await text("/block-height/0");
    expect(hash).toBe("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206");
    expect(await json(`/block/${hash}`)).toMatchObject({ height: 0, previousblockhash: null });
    const [coinbase] = await json<TransactionJson[]>(`/block/${hash}/txs`);
    expect(coinbase!.vout[0]).toMatchObject({ scriptpubkey_type: "p2pk", value: subsidy });
    expect(coinbase!.vout[0]!.scriptpubkey_asm).toMatch(/^OP_PUSHBYTES_65 04678a\w+ OP_CHECKSIG$/);
    expect(coinbase!.vin[0]!.scriptsig_asm).toMatch(/^OP_PUSHBYTES_4 ffff001d OP_PUSHBYTES_1 04 /);
  });

  test("is found by height, and lists go downwards in tens", async () => {
    expect(await text("/blocks/tip/height")).toBe("104");
    expect(await text("/blocks/tip/hash")).toBe(hashOfBlock(paidBlock));
    expect(await text("/block-height/104")).toBe(hashOfBlock(paidBlock));
    const heights = async (path: string) =>
      (await json<BlockJson[]>(path)).map(({ height }) => height);
    expect(await heights("/blocks")).toEqual([104, 103, 102, 101, 100, 99, 98, 97, 96, 95]);
    expect(await heights("/blocks/3")).toEqual([3, 2, 1, 0]);
  });
});

describe("the mempool", () => {
  test("tells how much waits", async () => {
    const vsize = virtualSizeOf(waiting);
    expect(await json("/mempool")).toEqual({
      count: 1,
      vsize,
      total_fee: 400,
      fee_histogram: [[400 / vsize, vsize]],
    });
    expect(await json("/mempool/txids")).toEqual([txidOf(waiting)]);
    const recent = { txid: txidOf(waiting), fee: 400, vsize, value: 600 };
    expect(await json("/mempool/recent")).toEqual([recent]);
  });

  test("asks for the least fee while a block has room for all", async () => {
    const estimates = await json<FeeEstimatesJson>("/fee-estimates");
    expect(Object.keys(estimates)).toHaveLength(28);
    expect(new Set(Object.values(estimates))).toEqual(new Set([1]));
  });
});

describe("what is not there", () => {
  test.each([
    [`/tx/${unknownHash}`, 404, "Transaction not found"],
    [`/tx/${unknownHash}/hex`, 404, "Transaction not found"],
    [`/tx/${unknownHash}/outspends`, 404, "Transaction not found"],
    [`/tx/${unknownHash}/merkle-proof`, 404, "Transaction not found or is unconfirmed"],
    [`/block/${unknownHash}`, 404, "Block not found"],
    [`/block/${unknownHash}/raw`, 404, "Block not found"],
    [`/block/${unknownHash}/txs`, 404, "Block not found"],
    ["/block-height/999999", 404, "Block not found"],
    ["/blocks/999999", 404, "Block not found"],
    ["/nothing/here", 404, 'endpoint does not exist "/nothing/here"'],
    ["/tx/abc", 400, "Invalid hex string"],
    [`/tx/${"x".repeat(64)}`, 400, "Invalid hex string"],
    ["/block/abc/txs", 400, "Invalid hex string"],
    [`/tx/${unknownHash}/merkleblock-proof`, 404, "Transaction not found or is unconfirmed"],
    [`/block/${unknownHash}/txs/7`, 404, "Block not found"],
    ["/block-height/-1", 400, "Invalid number"],
    ["/block-height/tip", 400, "Invalid number"],
    [`/tx/${unknownHash}/outspend/x`, 400, "Invalid number"],
    [`/tx/${unknownHash}/outspend/4294967296`, 400, "Invalid number"],
    ["/broadcast", 400, "Missing tx"],
    ["/tx/%E0%A4%A", 400, "Failed to decode param"],
  ])("%s is answered %i in plain text", async (path, status, message) => {
    const answer = await scene.api.get(`/api${path}`).expect(status);
    if (message.startsWith("Failed")) expect(answer.text).toContain(message);
    else expect(answer.text).toBe(message);
    expect(answer.type).toBe("text/plain");
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  test("what is no number where one may be left out is left out", async () => {
    const hash = hashOfBlock(paidBlock);
    for (const text of ["tip", "x", "-1", "0x5", "5.0"]) {
      expect(await json(`/blocks/${text}`)).toEqual(await json("/blocks"));
      expect(await json(`/block/${hash}/txs/${text}`)).toEqual(await json(`/block/${hash}/txs`));
    }
    expect(await json(`/block/${hash}/txs/4294967296`)).toHaveLength(2);
    expect(await json("/blocks/+003")).toEqual(await json("/blocks/3"));
    const chain = `/address/${addressOf(miner.script)}/txs/chain`;
    expect(await json(`${chain}/zz`)).toEqual(await json(chain));
  });

  test("a page of a block begins at a multiple of 25 within it", async () => {
    const path = `/api/block/${scene.tip.hash}/txs`;
    const odd = await scene.api.get(`${path}/7`).expect(400);
    expect(odd.text).toBe("start index must be a multiple of 25");
    const far = await scene.api.get(`${path}/25`).expect(400);
    expect(far.text).toBe("start index out of range");
    const index = await scene.api.get(`/api/block/${scene.tip.hash}/txid/2`).expect(404);
    expect(index.text).toBe("tx index out of range");
  });
});

test("up to 500 coins are told, and of more none, as Blockstream's server has it", async () => {
  const [busy, busier] = [keyOf("busy"), keyOf("busier")];
  const many = payment({
    from: [coins[2]!],
    to: [
      ...Array.from({ length: 500 }, () => output(1000, busy.script)),
      ...Array.from({ length: 501 }, () => output(1000, busier.script)),
      output(4_990_000_000, miner.script),
    ],
  });
  await scene.send(many).expect(200);
  expect(await json(`/address/${addressOf(busy.script)}/utxo`)).toHaveLength(500);
  const refused = await scene.api.get(`/api/address/${addressOf(busier.script)}/utxo`).expect(400);
  expect(refused.text).toBe("Too many history entries");
  expect(await json(`/v1/address/${addressOf(busier.script)}/coins`)).toMatchObject({
    coin_count: 501,
  });
});

test("every route of the contract is served", async () => {
  const values = {
    txid: txidOf(paid),
    last_seen_txid: txidOf(paid),
    vout: 0,
    address: addressOf(shop.script),
    hash: hashOfBlock(paidBlock),
    prefix: "bcrt1p",
    index: 0,
    start_index: 0,
    height: 1,
    start_height: 1,
  };
  for (const { method, path } of Object.values(esploraRoutes)) {
    if (method === "POST") continue;
    const query = path === "/broadcast" ? `?tx=${bytesToHex(encodeTransaction(waiting))}` : "";
    await scene.api.get(`/api${pathOf(path, values)}${query}`).expect(200);
  }
});

test("an answer says for how long it may be kept", async () => {
  const age = async (path: string) => {
    const { headers } = await scene.api.get(`/api${path}`).expect(200);
    return headers["cache-control"];
  };
  const [txid, hash] = [txidOf(paid), hashOfBlock(paidBlock)];
  const short = ["/blocks/tip/height", "/mempool", `/tx/${txid}`, "/block-height/1", "/blocks/1"];
  for (const path of short) expect(await age(path)).toBe("public, max-age=10");
  expect(await age("/mempool/recent")).toBe("public, max-age=5");
  for (const end of ["", "/header", "/raw", "/txids", "/txid/0"]) {
    expect(await age(`/block/${hash}${end}`)).toBe("public, max-age=157784630");
  }
  expect(await age(`/block/${hash}/txs`)).toBe("public, max-age=10"); // it tells what is confirmed
  await scene.send(waiting).expect("Cache-Control", "public, max-age=0");
  expect(await age("/v1/node")).toBe("no-store");
});

test("a transaction can be sent with GET, too", async () => {
  const lone = payment({
    from: [coins[1]!],
    to: [output(subsidy - 1000, miner.script)],
  });
  const hex = bytesToHex(encodeTransaction(lone));
  await scene.api.get(`/api/broadcast?tx=${hex}`).expect(200, txidOf(lone));
  expect(await json("/mempool/txids")).toContain(txidOf(lone));
  const refused = await scene.api.get("/api/broadcast?tx=00").expect(400);
  expect(refused.text).toContain('"code":-22');
});

function confirmedIn(block: Block) {
  return {
    confirmed: true,
    block_height: heightOf(block),
    block_hash: hashOfBlock(block),
    block_time: block.header.time,
  };
}

function heightOf(block: Block): number {
  return scene.entryOf(block).height;
}
