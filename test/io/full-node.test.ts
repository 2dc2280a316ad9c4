/** Starts nodes on folders that they must refuse, and on those that they left. */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { chainKey, encodeChainRecord } from "../../src/chain/records.ts";
import { lab, type Params, regtest } from "../../src/consensus/params.ts";
import { openLevelStore } from "../../src/io/disk/level-store.ts";
import { startFullNode } from "../../src/io/full-node.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { output, payment, spendable } from "../builders.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { FullNodeScene, miner, shop } from "./full-node-scene.ts";

/** What a node of the lab says of a folder whose chain begins with this block. */
async function refusalOf(genesis: string) {
  const root = temporaryFolder("powlab-folder");
  const folder = join(root, "node");
  const options = { params: lab, folder, name: "tested", listen: [], connect: [], threads: 0 };
  const store = await openLevelStore(join(folder, "chain"));
  const [hash, headers] = [genesis as BlockHash, 1];
  const value = encodeChainRecord({ genesis: hash, tip: hash, headers });
  const batch = [{ type: "put", key: chainKey, value }] as const;
  store.commit(batch);
  await store.persist(batch);
  await store.close();
  const refusals = [];
  // Twice: a refusal must leave the folder as it was, and free.
  for (let attempt = 0; attempt < 2; attempt++) {
    refusals.push(await startFullNode(options).then(() => "started", String));
  }
  expect(refusals[1]).toBe(refusals[0]);
  return { folder, refusal: refusals[0]! };
}

test.each(lab.formerGenesisHashes)("a folder of former rules is refused: %s", async (former) => {
  const { folder, refusal } = await refusalOf(former);
  expect(refusal).toContain(`The folder ${folder} holds a lab chain of former rules`);
  expect(refusal).toContain("Choose another folder with --data, or delete this one");
});

test("a folder of another network is refused", async () => {
  const { folder, refusal } = await refusalOf(regtest.genesisHash);
  expect(refusal).toContain(`The folder ${folder} holds another network's chain than lab`);
  expect(refusal).toContain("or the network with --network");
});

describe("what waits", () => {
  let root: string;

  beforeEach(async () => {
    root = temporaryFolder("powlab-folder");
  });

  const fileOf = () => join(root, "mempool");

  async function start(warnings: string[] = [], params: Params = regtest) {
    const full = await startFullNode({
      params,
      folder: root,
      name: "alone",
      listen: [],
      connect: [],
      threads: 0,
      onWarning: ({ message }) => warnings.push(message),
    });
    return new FullNodeScene({ full });
  }

  const waiting = ({ full }: FullNodeScene) => {
    return Array.from(full.node.mempool.entries(), ({ txid, time }) => ({ txid, time }));
  };

  /** A node with two payments, the second of the first one's change, that has been stopped. */
  async function leaveTwoWaiting() {
    const scene = await start();
    const [coin] = await scene.fund(1);
    const first = payment({ from: [coin!], to: [output(4_999_000_000, miner.script)] });
    const second = payment({
      from: [spendable(first, 0, miner)],
      to: [output(4_998_000_000, shop.script)],
    });
    for (const transaction of [first, second]) {
      await scene.full.runner.command({ type: "submit-transaction", transaction });
    }
    const waited = waiting(scene);
    expect(waited).toHaveLength(2);
    await scene.full.stop();
    return waited;
  }

  test("waits again after a restart of the only node, since the same time", async () => {
    const waited = await leaveTwoWaiting();
    const warnings: string[] = [];
    const again = await start(warnings);
    expect(await again.full.waiting.restored).toBe(2);
    const waitsAgain = waiting(again);
    expect(waitsAgain.map(({ txid }) => txid)).toEqual(waited.map(({ txid }) => txid));
    for (const [at, { time }] of waitsAgain.entries()) {
      // Saved to the millisecond of the wall clock, whose two readings may be one apart.
      expect(Math.abs(time - waited[at]!.time)).toBeLessThan(1_000);
    }
    expect(warnings).toEqual([]);
    await again.full.stop();
    expect((await readdir(root)).filter((name) => name.startsWith("mempool"))).toEqual(["mempool"]);
  });

  test("is what was saved last if the node crashes", async () => {
    const waited = await leaveTwoWaiting();
    const again = await start();
    await again.full.waiting.restored;
    await again.mine(Array.from(again.full.node.mempool.entries(), (entry) => entry.transaction));
    expect(waiting(again)).toEqual([]);
    const saved = await readFile(fileOf());
    await again.full.crash();
    expect(await readFile(fileOf())).toEqual(saved);
    // Both are confirmed meanwhile: the old file brings nothing back.
    const third = await start();
    expect(await third.full.waiting.restored).toBe(0);
    expect(waited).toHaveLength(2);
    await third.full.stop();
  });

  test("is not overwritten by a node that was stopped before it read all", async () => {
    await leaveTwoWaiting();
    const saved = await readFile(fileOf());
    const hasty = await start();
    await hasty.full.stop(); // before its first turn
    expect(await hasty.full.waiting.restored).toBeUndefined();
    expect(await readFile(fileOf())).toEqual(saved);
  });

  test.each([
    ["emptied", (bytes: Buffer) => bytes.subarray(0, 0), "was not written by powlab"],
    ["cut", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), "is cut or damaged"],
    ["garbage", () => Buffer.alloc(100, "x"), "was not written by powlab"],
  ])("is put aside with one sentence if its file is %s", async (_, damage, reason) => {
    await leaveTwoWaiting();
    const damaged = damage(await readFile(fileOf()));
    await writeFile(fileOf(), damaged);
    const warnings: string[] = [];
    const again = await start(warnings);
    expect(await again.full.waiting.restored).toBe(0);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`The saved mempool ${fileOf()} ${reason}`);
    expect(warnings[0]).toContain(`it is kept as ${fileOf()}.aside.`);
    expect(again.tip.height).toBe(101);
    await again.full.stop();
    expect(await readFile(`${fileOf()}.aside`)).toEqual(damaged);
    const third = await start(warnings);
    expect(warnings).toHaveLength(1);
    await third.full.stop();
  });

  test("of another network is put aside, and a file that cannot be written ends nothing", async () => {
    await leaveTwoWaiting();
    await rm(join(root, "chain"), { recursive: true });
    const warnings: string[] = [];
    const other = await start(warnings, lab);
    expect(warnings).toEqual([expect.stringContaining("is of another network")]);
    await other.full.waiting.restored;
    await mkdir(`${fileOf()}.draft`);
    await other.full.stop();
    expect(warnings[1]).toContain("What waits could not be saved");
  });
});
