/** Checks our own routes: blocks in, tips, reorganisations, what became of payments, mining. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { regtest } from "../../../../src/consensus/params.ts";
import { type MiningJson } from "../../../../src/contract/mining.ts";
import {
  ownRoutes,
  pathOf,
  type PeerJson,
  type ReorgJson,
  type UtxoHashJson,
} from "../../../../src/contract/node-api.ts";
import { chooseHasher } from "../../../../src/io/hashing/hasher-choice.ts";
import { type Block, hashOfBlock } from "../../../../src/primitives/block.ts";
import { txidOf } from "../../../../src/primitives/transaction.ts";
import { output, payment } from "../../../builders.ts";
import { describeVectors } from "../../../vectors/suite.ts";
import { addressOf, miner, shop } from "../../full-node-scene.ts";
import { ApiScene } from "../api-scene.ts";

const unknownHash = "ab".repeat(32);

let scene: ApiScene;

beforeEach(async () => {
  scene = await ApiScene.start(1);
});

afterEach(() => scene.stop());

async function json<Shape = unknown>(path: string): Promise<Shape> {
  const { body } = await scene.api.get(`/api/v1${path}`).expect(200);
  return body as Shape;
}

function setMining(change: unknown, token = scene.full.token) {
  const asked = scene.api.post("/api/v1/mining").set("Authorization", `Bearer ${token}`);
  return asked.type("json").send(JSON.stringify(change));
}

describe("sending a block", () => {
  test("tells whether it is the tip, beside it, known, or without its parent", async () => {
    //  genesis ─ a1
    //         └─ b1 ─ b2
    const genesis = scene.tip;
    const [a1, b1] = [scene.solve(), scene.solve()];
    await expectVerdict(a1, { status: "tip", hash: hashOfBlock(a1) });
    await expectVerdict(a1, { status: "known", hash: hashOfBlock(a1) });
    await expectVerdict(b1, { status: "side", hash: hashOfBlock(b1) });
    const b2 = scene.solve([], scene.entryOf(b1));
    await expectVerdict(b2, { status: "tip", hash: hashOfBlock(b2) });
    const homeless = scene.solve([], {
      ...genesis,
      header: { ...genesis.header, nonce: 99 },
    });
    await expectVerdict(homeless, { status: "orphan", hash: hashOfBlock(homeless) });
  });

  test("that breaks a rule names the rule and the facts", async () => {
    const { header, transactions } = scene.solve();
    const unproven = Array.from({ length: 100 }, (_, nonce) => {
      return { header: { ...header, nonce }, transactions };
    }).find((block) => hashOfBlock(block) > "8")!;
    const hash = hashOfBlock(unproven);
    const verdict = { status: "rejected", hash, rule: "high-hash", facts: { hash } };
    await expectVerdict(unproven, verdict);
  });

  test.each([
    ["empty", "", "This is no block: the body is empty; it must be the block in hex."],
    ["no hex", "xyz0", 'This is no block: not a hex digit: "x" at position 0.'],
    ["cut short", "00000020", "This is no block: the data ends too early."],
  ])("that is %s is a problem, not a verdict", async (_, body, detail) => {
    const answer = await scene.post("/api/v1/blocks", body).expect(400);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.body).toEqual({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      code: "block-malformed",
      detail,
    });
  });

  test("that is larger than any block can be is refused before it is read", async () => {
    const answer = await scene.post("/api/v1/blocks", "00".repeat(4_000_002)).expect(413);
    expect(answer.body).toMatchObject({ code: "body-too-large", status: 413 });
    expect(answer.body.detail).toContain("8000002 bytes");
  });

  async function expectVerdict(block: Block, verdict: unknown): Promise<void> {
    const answer = await scene.sendBlock(block).expect(200);
    expect(answer.body).toEqual(verdict);
  }
});

test("branches end in tips, each with its status, length and work", async () => {
  //  genesis ─ a1 ─ a2
  //         └─ b1
  const genesis = scene.tip;
  const a1 = await scene.mine();
  const a2 = await scene.mine();
  const b1 = await scene.mine([], genesis);
  const work = (blocks: number) => (2 * (blocks + 1)).toString(16).padStart(64, "0");
  expect(await json("/chain-tips")).toEqual([
    { height: 2, hash: hashOfBlock(a2), branchlen: 0, status: "active", work: work(2) },
    { height: 1, hash: hashOfBlock(b1), branchlen: 1, status: "valid-headers", work: work(1) },
  ]);
  expect(scene.entryOf(a1).height).toBe(1);
});

test("a double spend by reorganisation can be read from the payment that lost", async () => {
  //  … ─ f ─ a1:paid ─ a2
  //       └─ b1:rival ─ b2 ─ b3
  const [coin] = await scene.fund(1);
  const fork = scene.tip;
  const value = coin!.output.value - 1000;
  const paid = payment({ from: [coin!], to: [output(value, shop.script)] });
  const rival = payment({ from: [coin!], to: [output(value, miner.script)] });
  const a1 = await scene.mine([paid]);
  await scene.mine();
  const path = `/tx/${txidOf(paid)}`;
  const before = await json(path);
  expect(before).toMatchObject({ state: "confirmed", confirmations: 2 });
  expect(before).not.toHaveProperty("orphaned_at");

  const b1 = await scene.mine([rival], fork);
  const b2 = await scene.mine([], scene.entryOf(b1));
  expect(await json(path)).toMatchObject({ state: "confirmed", confirmations: 2 });
  const b3 = await scene.mine([], scene.entryOf(b2));

  expect(await json(path)).toMatchObject({
    txid: txidOf(paid),
    state: "gone",
    confirmations: 0,
    status: { confirmed: false },
    replaced_by: txidOf(rival),
    removed_because: "conflicted",
    orphaned_at: { block_hash: hashOfBlock(a1), block_height: fork.height + 1 },
    transaction: { txid: txidOf(paid), fee: 1000, status: { confirmed: false } },
  });
  expect(await json(`/tx/${txidOf(rival)}`)).toMatchObject({
    state: "confirmed",
    confirmations: 3,
  });
  const [reorg] = await json<ReorgJson[]>("/reorgs");
  expect(reorg).toMatchObject({
    tip: hashOfBlock(b3),
    height: fork.height + 3,
    fork: fork.hash,
    fork_height: fork.height,
    depth: 2,
    forth: [b1, b2, b3].map(hashOfBlock),
    readmitted: [],
  });
  await scene.api.get(`/api/tx/${txidOf(paid)}`).expect(404, "Transaction not found");
});

test("a payment that a reorganisation left behind waits again, and says where it was", async () => {
  const [coin] = await scene.fund(1);
  const fork = scene.tip;
  const paid = payment({ from: [coin!], to: [output(1_000_000, shop.script)] });
  const a1 = await scene.mine([paid]);
  const b1 = await scene.mine([], fork);
  await scene.mine([], scene.entryOf(b1));
  const outcome = await json(`/tx/${txidOf(paid)}`);
  expect(outcome).toMatchObject({
    state: "waiting",
    orphaned_at: { block_hash: hashOfBlock(a1) },
    transaction: { status: { confirmed: false } },
  });
  expect(outcome).not.toHaveProperty("removed_because");
});

test("a payment that was outbid names the one in its place", async () => {
  const [coin] = await scene.fund(1);
  const value = coin!.output.value;
  const cheap = payment({ from: [coin!], to: [output(value - 1_000, shop.script)] });
  const dear = payment({ from: [coin!], to: [output(value - 9_000, miner.script)] });
  await scene.send(cheap).expect(200);
  expect(await json(`/tx/${txidOf(cheap)}`)).toMatchObject({ state: "waiting" });
  await scene.send(dear).expect(200);
  expect(await json(`/tx/${txidOf(cheap)}`)).toEqual({
    txid: txidOf(cheap),
    state: "gone",
    confirmations: 0,
    status: { confirmed: false },
    replaced_by: txidOf(dear),
    removed_because: "replaced",
    transaction: null,
  });
});

test("a transaction that was never seen, and what is no id, are problems", async () => {
  const unknown = await scene.api.get(`/api/v1/tx/${unknownHash}`).expect(404);
  expect(unknown.body.code).toBe("transaction-unknown");
  const wrong = await scene.api.get("/api/v1/tx/abc").expect(400);
  expect(wrong.body.code).toBe("txid-invalid");
});

test("the hash over all coins belongs to one tip and follows it", async () => {
  await scene.mine();
  const first = await json<UtxoHashJson>("/utxo-hash");
  expect(first).toMatchObject({
    height: 1,
    best_block: scene.tip.hash,
    coins: 1,
    total: 5_000_000_000,
  });
  expect(await json("/utxo-hash")).toEqual(first);
  await scene.mine();
  const second = await json<UtxoHashJson>("/utxo-hash");
  expect(second).toMatchObject({ height: 2, best_block: scene.tip.hash, coins: 2 });
  expect(second.hash).not.toBe(first.hash);
});

test("the node tells who it is", async () => {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  expect(await json("/node")).toEqual({
    name: "tested",
    network: "regtest",
    genesis: regtest.genesisHash,
    address_prefix: "bcrt",
    coinbase_maturity: 100,
    peer_id: scene.full.network.peerId,
    addresses: scene.full.network.addresses(),
    version,
    started_at: scene.full.startedAt,
    clock: null,
    height: 0,
    tip: regtest.genesisHash,
    work: "2".padStart(64, "0"),
    peers: 0,
  });
  expect(await json("/peers")).toEqual([]);
});

test("two nodes list each other among their peers", async () => {
  const other = await ApiScene.start();
  try {
    await other.mine();
    await scene.full.network.dial(other.full.network.addresses()[0]!);
    await expect
      .poll(
        async () => (await json<PeerJson[]>("/peers")).map(({ ready, height }) => [ready, height]),
        {
          timeout: 20_000,
        },
      )
      .toEqual([[true, 1]]);
    const [peer] = await json<PeerJson[]>("/peers");
    expect(peer).toMatchObject({
      peer: other.full.network.peerId,
      direction: "outbound",
      tip: other.tip.hash,
      work: "4".padStart(64, "0"),
      penalty: 0,
    });
  } finally {
    await other.stop();
  }
});

describe("mining", () => {
  test("is told, and changed by whoever has the token", async () => {
    const resting = await json("/mining");
    expect(resting).toMatchObject({ address: null, hashrate: null, height: 1, bits: 0x207f_ffff });
    expect(resting).toMatchObject({ hasher: chooseHasher().name, threads: 1 });
    const address = addressOf(shop.script);
    const answer = await setMining({ address, hashrate: 50 }).expect(200);
    expect(answer.body).toMatchObject({ address, hashrate: 50 });
    await expect
      .poll(async () => (await json<MiningJson>("/mining")).height, { timeout: 20_000 })
      .toBeGreaterThan(1);
    const limitless = await setMining({ hashrate: null }).expect(200);
    expect(limitless.body).toMatchObject({ address, hashrate: null });
    const stopped = await setMining({ address: null }).expect(200);
    expect(stopped.body.address).toBeNull();
    expect(scene.full.node.payTo).toBeUndefined();
  });

  test("is not changed without the token, and the answer names the file", async () => {
    const bare = await scene.api.post("/api/v1/mining").send({ address: null }).expect(401);
    expect(bare.body.code).toBe("token-missing");
    const file = join(scene.full.folder, "token");
    expect(bare.body.detail).toContain(file);
    expect(bare.headers["www-authenticate"]).toBe("Bearer");
    const wrong = await setMining({ address: null }, "00".repeat(32)).expect(401);
    expect(wrong.body.code).toBe("token-wrong");
    await setMining({ address: null }, await readFile(file, "utf8")).expect(200);
  });

  test.each([
    [{}, "say what to change: address, hashrate or both."],
    [{ hashrate: "fast" }, "hashrate: Invalid input: expected number, received string."],
    [{ hashrate: -1 }, "hashrate: Too small: expected number to be >=0."],
    [{ adress: null }, 'Unrecognized key: "adress"'],
    [[], "Invalid input: expected object, received array."],
  ])("is not changed to %j", async (change, detail) => {
    const answer = await setMining(change).expect(400);
    expect(answer.body.code).toBe("body-invalid");
    expect(answer.body.detail).toContain(detail);
  });

  test("does not take another network's address, nor half of a change", async () => {
    const change = { hashrate: 7, address: addressOf(shop.script, "bc") };
    const answer = await setMining(change).expect(400);
    expect(answer.body.code).toBe("address-invalid");
    expect(answer.body.detail).toContain('here addresses begin with "bcrt1"');
    expect(await json("/mining")).toMatchObject({ address: null, hashrate: null });
  });

  test("does not take what is no JSON, or too much of it", async () => {
    const authorised = () =>
      scene.api.post("/api/v1/mining").set("Authorization", `Bearer ${scene.full.token}`);
    const broken = await authorised().type("json").send('{"address":').expect(400);
    expect(broken.body.code).toBe("body-unreadable");
    const nothing = await authorised().expect(400);
    expect(nothing.body.code).toBe("body-invalid");
    const long = await authorised()
      .type("json")
      .send(`"${"a".repeat(10_000)}"`)
      .expect(413);
    expect(long.body.code).toBe("body-too-large");
  });

  test("needs miners", async () => {
    const idle = await ApiScene.start();
    try {
      const asked = idle.api.post("/api/v1/mining");
      const answer = await asked
        .set("Authorization", `Bearer ${idle.full.token}`)
        .send({ address: addressOf(shop.script) })
        .expect(409);
      expect(answer.body.code).toBe("no-miners");
    } finally {
      await idle.stop();
    }
  });
});

test("every route of the contract is served, and every other is a problem", async () => {
  const txid = txidOf((await scene.mine()).transactions[0]!);
  for (const { method, path } of Object.values(ownRoutes)) {
    if (method === "POST" || path === ownRoutes.events.path) continue;
    await scene.api
      .get(`/api${pathOf(path, { txid, address: addressOf(miner.script) })}`)
      .expect(200);
  }
  const answer = await scene.api.get("/api/v1/nothing").expect(404);
  expect(answer.type).toBe("application/problem+json");
  expect(answer.body).toMatchObject({
    code: "route-unknown",
    detail: "There is no GET /api/v1/nothing here.",
  });
  await scene.api.delete("/api/v1/mining").expect(404);
});

describeVectors("Bitcoin Core's chain over REST", "core-verdicts.json.gz", (bytes) => {
  const { base, utxoHash, cases } = JSON.parse(bytes.toString());

  test("makes the same coins as Core's, and a faulty block is named as Core names it", async () => {
    for (const hex of base.slice(0, utxoHash.height)) {
      const answer = await scene.post("/api/v1/blocks", hex).expect(200);
      expect(answer.body.status).toBe("tip");
    }
    expect(await json("/utxo-hash")).toEqual({
      height: utxoHash.height,
      best_block: scene.tip.hash,
      hash: utxoHash.hash_serialized_3,
      coins: utxoHash.txouts,
      total: utxoHash.total_amount * 1e8,
    });
    const faulty = cases.find(({ name }: { name: string }) => name === "coinbase value +1");
    const answer = await scene.post("/api/v1/blocks", faulty.hex).expect(200);
    expect(answer.body).toMatchObject({
      status: "rejected",
      rule: "bad-cb-amount",
      facts: { claimed: 2_500_000_001, allowed: 2_500_000_000 },
    });
    expect(scene.tip.height).toBe(utxoHash.height);
  });
});
