/** Checks what a node's event stream tells of, and that it goes on where a watcher left it. */

import { afterEach, beforeEach, expect, test } from "vitest";
import type { EventJson } from "../../../../src/contract/node-api.ts";
import { type RunningServer, serve } from "../../../../src/io/http/server.ts";
import { type Block, hashOfBlock, totalSizeOfBlock } from "../../../../src/primitives/block.ts";
import { txidOf } from "../../../../src/primitives/transaction.ts";
import { output, payment } from "../../../builders.ts";
import { shop } from "../../full-node-scene.ts";
import { ApiScene } from "../api-scene.ts";
import { Watcher } from "../watcher.ts";

type Events = Partial<EventJson>[];

let scene: ApiScene;
let server: RunningServer;

beforeEach(async () => {
  scene = await ApiScene.start();
  server = await serve(scene.app, { port: 0 });
});

afterEach(async () => {
  await server.close();
  await scene.stop();
});

function watch(lastId?: string): Promise<Watcher<Partial<EventJson>>> {
  return Watcher.open(`${server.url}/api/v1/events`, lastId);
}

/** What a new watcher is told of while something happens. */
async function eventsDuring(count: number, happen: () => Promise<unknown>): Promise<Events> {
  const watcher = await watch();
  await happen();
  const events = (await watcher.read(count)).map(({ data }) => data);
  await watcher.close();
  return events;
}

test("a payment is told of as it comes, and its block with all that a page shows of it", async () => {
  const [coin] = await scene.fund(1);
  const fork = scene.tip;
  const paid = payment({ from: [coin!], to: [output(1_000_000, shop.script)] });
  let block: Block | undefined;
  const events = await eventsDuring(3, async () => {
    await scene.send(paid);
    block = await scene.mine([paid]);
  });
  const { header } = block!;
  expect(events).toMatchObject([
    { type: "transaction-admitted", txid: txidOf(paid), vsize: 111, from: null },
    {
      type: "block-accepted",
      hash: hashOfBlock(block!),
      height: 102,
      previous: fork.hash,
      time: header.time,
      bits: 0x207f_ffff,
      tx_count: 2,
      size: totalSizeOfBlock(block!),
      origin: "submitted",
      is_tip: true,
      work: scene.entryOf(block!).work.toString(16).padStart(64, "0"),
      txids: [txidOf(paid)],
      from: null,
    },
    { type: "tip-extended", tip: hashOfBlock(block!), height: 102 },
  ]);
  expectGrowingIds(events);
});

test("a reorganisation is told of after the blocks that bring it, with what waits again", async () => {
  //  … ─ f ─ a1:paid
  //       └─ b1 ─ b2
  const [coin] = await scene.fund(1);
  const fork = scene.tip;
  const paid = payment({ from: [coin!], to: [output(1_000_000, shop.script)] });
  const a1 = await scene.mine([paid]);
  const branch: Block[] = [];
  const events = await eventsDuring(3, async () => {
    branch.push(await scene.mine([], fork));
    branch.push(await scene.mine([], scene.entryOf(branch[0]!)));
  });
  const [b1, b2] = branch.map(hashOfBlock);
  expect(events).toMatchObject([
    { type: "block-accepted", hash: b1, is_tip: false },
    { type: "block-accepted", hash: b2, is_tip: true },
    {
      type: "reorganised",
      tip: b2,
      depth: 1,
      fork_height: 101,
      back: [hashOfBlock(a1)],
      readmitted: [txidOf(paid)],
    },
  ]);
  expectGrowingIds(events);
});

test("a watcher that comes back is told what it missed", async () => {
  const first = await watch();
  const one = await scene.mine();
  const [accepted] = await first.read(2);
  await first.close();
  const two = await scene.mine();

  const again = await watch(accepted!.id);
  const events = (await again.read(3)).map(({ data }) => data);
  expect(events).toMatchObject([
    { type: "tip-extended", tip: hashOfBlock(one) },
    { type: "block-accepted", hash: hashOfBlock(two) },
    { type: "tip-extended", tip: hashOfBlock(two) },
  ]);
  await again.close();
});

function expectGrowingIds(events: Events): void {
  const ids = events.map(({ id }) => id!);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(new Set(ids).size).toBe(ids.length);
}
