/** Brings folders of format 1 up to date, also after being killed at any batch. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WrongChainError } from "../../../src/chain/log.ts";
import { decodeChainRecord } from "../../../src/chain/records.ts";
import { main, regtest } from "../../../src/consensus/params.ts";
import { readIndexState } from "../../../src/indexes/index-state.ts";
import { openChainStore } from "../../../src/io/disk/chain-store.ts";
import { formatNumber, formatOf, formatWrite } from "../../../src/io/disk/format.ts";
import { LevelStore, openLevelStore } from "../../../src/io/disk/level-store.ts";
import { UpgradeInterruptedError, type UpgradeProgress } from "../../../src/io/disk/upgrade.ts";
import { type FullNode, startFullNode } from "../../../src/io/full-node.ts";
import { nodeRoutes } from "../../../src/io/http/api/node-routes.ts";
import { createApp } from "../../../src/io/http/app.ts";
import { serve } from "../../../src/io/http/server.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { formerAnswers, formerHeight, leaveFormerFolder, recordsIn } from "./former-folder.ts";

let root: string;
/** A folder of format 1, to be copied. */
let former: string;
/** All records of it after an upgrade that nothing interrupted. */
let upgraded: string[];
let folders = 0;

beforeAll(async () => {
  root = temporaryFolder("powlab-upgrade");
  former = join(root, "former");
  await leaveFormerFolder(former);
  upgraded = await recordsAfter(await copyOfFormer());
});

async function copyOfFormer(): Promise<string> {
  const folder = join(root, `folder-${(folders += 1)}`);
  await cp(former, folder, { recursive: true });
  return folder;
}

async function open(folder: string, signal?: AbortSignal): Promise<LevelStore> {
  return openChainStore(folder, { params: regtest, onProgress: () => undefined, signal });
}

async function recordsAfter(folder: string): Promise<string[]> {
  const store = await open(folder);
  const lines = await recordsIn(store);
  await store.close();
  return lines;
}

describe("a node on a folder of format 1", () => {
  let full: FullNode;
  const progress: UpgradeProgress[] = [];

  beforeAll(async () => {
    full = await startFullNode({
      params: regtest,
      folder: await copyOfFormer(),
      name: "tested",
      listen: [],
      connect: [],
      threads: 0,
      onUpgrade: (each) => progress.push(each),
    });
  });

  afterAll(() => full.stop());

  test("tells how far it is, from the first step to the last", () => {
    expect(progress[0]!.done).toBe(0);
    const { done, total } = progress.at(-1)!;
    expect(done).toBe(total);
    const steps = progress.map((each) => each.done);
    expect(steps.toSorted((a, b) => a - b)).toEqual(steps);
  });

  test("has the chain and an index up to its tip, and nothing else of before", async () => {
    const { store, node } = full;
    expect(node.chain.tip.height).toBe(formerHeight);
    expect(formatOf(store)).toBe(formatNumber);
    expect(readIndexState(store)).toEqual({ height: formerHeight, hash: node.chain.tip.hash });
    const rooms = new Set<string>();
    for await (const [key] of store.scan("")) rooms.add(key.replace(/\/.*/, ""));
    expect([...rooms]).toEqual([
      ...["block", "chain", "coin", "header", "history", "index", "layout"],
      ...["script", "tip", "transaction", "undo"],
    ]);
  });

  test("answers every request as it was answered before, byte for byte", async () => {
    const app = createApp({ routes: { "/api": nodeRoutes(full) } });
    const server = await serve(app, { port: 0 });
    expect(formerAnswers.length).toBeGreaterThan(300);
    for (const { path, status, type, body } of formerAnswers) {
      const answer = await fetch(`${server.url}/api${path}`);
      const bytes = Buffer.from(await answer.arrayBuffer()).toString("latin1");
      const found = `${answer.status} ${answer.headers.get("content-type")} ${bytes}`;
      expect(found, path).toBe(`${status} ${type} ${body.toString("latin1")}`);
    }
    await server.close();
  });
});

describe("an upgrade that is cut off", () => {
  test("before any of its batches is completed by the next start, and nothing is lost", async () => {
    const persist = Reflect.get(LevelStore.prototype, "persist");
    let isCut = true;
    for (let cutAt = 1; isCut; cutAt++) {
      const folder = await copyOfFormer();
      let batches = 0;
      const spy = vi.spyOn(LevelStore.prototype, "persist").mockImplementation(function (
        this: LevelStore,
        batch,
      ) {
        batches += 1;
        if (batches >= cutAt) return Promise.reject(new Error("cut off"));
        return persist.call(this, batch);
      });
      const opened = await open(folder).catch(String);
      spy.mockRestore();
      isCut = typeof opened === "string";
      if (opened instanceof LevelStore) await opened.close();
      else expect(opened).toBe("Error: cut off");
      expect(await recordsAfter(folder), `cut at batch ${cutAt}`).toEqual(upgraded);
      if (!isCut) expect(cutAt).toBeGreaterThan(8);
    }
  });

  test("by kill -9 in a process of its own is completed as well", async () => {
    const folder = await copyOfFormer();
    const source = (path: string) =>
      JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);
    const script = `
      import { writeSync } from "node:fs";
      import { openChainStore } from ${source("io/disk/chain-store.ts")};
      import { regtest } from ${source("consensus/params.ts")};
      let steps = 0;
      const onProgress = () => {
        steps += 1;
        if (steps < 2) return;
        writeSync(1, "half\\n");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // until it is killed
      };
      await openChainStore(process.argv[1], { params: regtest, onProgress });`;
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script, folder],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    for await (const line of createInterface(child.stdout))
      if (line === "half") child.kill("SIGKILL");
    if (child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    expect(await recordsAfter(folder)).toEqual(upgraded);
  });

  test("by its signal says that the next start goes on", async () => {
    const folder = await copyOfFormer();
    const refusal = open(folder, AbortSignal.abort());
    await expect(refusal).rejects.toThrow(UpgradeInterruptedError);
    await expect(refusal).rejects.toThrow(`The folder ${folder} is not yet brought up to date`);
    expect(await recordsAfter(folder)).toEqual(upgraded);
  });
});

test("a folder of another network is refused and stays as it was", async () => {
  const folder = await copyOfFormer();
  const options = { params: main, onProgress: () => undefined };
  await expect(openChainStore(folder, options)).rejects.toThrow(WrongChainError);
  expect(await recordsAfter(folder)).toEqual(upgraded);
});

test("a folder of a newer format is refused with its number, and stays as it was", async () => {
  const folder = join(root, "newer");
  const store = await openLevelStore(join(folder, "chain"));
  const batch = [formatWrite(formatNumber + 1)];
  store.commit(batch);
  await store.persist(batch);
  const before = await recordsIn(store);
  await store.close();
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(open(folder)).rejects.toThrow(
      `The folder ${folder} has format 3, which a newer powlab wrote; this one knows formats up ` +
        "to 2. Start the newer one, or choose another folder with --data.",
    );
  }
  const again = await openLevelStore(join(folder, "chain"));
  expect(await recordsIn(again)).toEqual(before);
  await again.close();
});

test("a program from before formats had numbers finds no chain of its network here", async () => {
  const store = await open(await copyOfFormer());
  // Where it looks for the chain's first block.
  const { genesis } = decodeChainRecord(store.get("chain")!);
  expect(genesis).toBe("00".repeat(32));
  await store.close();
});

test("a new folder gets the number of this format at once", async () => {
  const folder = join(root, "new");
  const store = await open(folder);
  expect(formatOf(store)).toBe(formatNumber);
  await store.close();
  const again = await open(folder);
  expect(formatOf(again)).toBe(formatNumber);
  await again.close();
});

test.each(["index", "tip"])(
  "a folder that has lost its record %s is refused as damaged",
  async (key) => {
    const folder = await copyOfFormer();
    const store = await open(folder);
    const batch = [{ type: "delete", key }] as const;
    store.commit(batch);
    await store.persist(batch);
    await store.close();
    await expect(open(folder)).rejects.toThrow(
      / is damaged: its index ends at block \w+, its chain at/,
    );
  },
);
