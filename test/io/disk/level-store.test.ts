/** The store on disk: what is seen, what survives, and what is noticed when bytes change. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Level } from "level";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CorruptRecordError,
  LevelStore,
  openLevelStore,
  type ScanOptions,
} from "../../../src/io/disk/level-store.ts";
import { DamagedStoreError, scrub } from "../../../src/io/disk/scrub.ts";
import type { Write } from "../../../src/machine/store.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

let root: string;
let folder: string;
let opened: LevelStore[];

beforeEach(async () => {
  root = temporaryFolder("powlab-store");
  folder = join(root, "chain");
  opened = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
});

async function open(): Promise<LevelStore> {
  const store = await openLevelStore(folder);
  opened.push(store);
  return store;
}

async function reopen(store: LevelStore): Promise<LevelStore> {
  await store.close();
  return open();
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const put = (key: string, text: string): Write => ({ type: "put", key, value: bytes(text) });
const remove = (key: string): Write => ({ type: "delete", key });

function textAt(store: LevelStore, key: string): string | undefined {
  const value = store.get(key);
  return value === undefined ? undefined : new TextDecoder().decode(value);
}

async function scanned(store: LevelStore, prefix: string, options?: ScanOptions) {
  return collect(store.scan(prefix, options));
}

async function collect(records: AsyncIterable<readonly [string, Uint8Array]>) {
  const found: string[] = [];
  for await (const [key, value] of records) found.push(`${key}=${new TextDecoder().decode(value)}`);
  return found.join(" ");
}

describe("what is seen", () => {
  test("a committed batch is seen at once, and a later one hides it", async () => {
    const store = await open();
    store.commit([put("a", "1"), put("b", "1")]);
    store.commit([put("a", "2"), remove("b")]);
    expect(textAt(store, "a")).toBe("2");
    expect(store.get("b")).toBeUndefined();
    expect(store.get("c")).toBeUndefined();
  });

  test("writing an older batch does not bring back what a newer one replaced", async () => {
    const store = await open();
    const older = [put("a", "1"), put("b", "1"), put("c", "1")];
    const newer = [put("a", "2"), remove("b")];
    store.commit(older);
    store.commit(newer);
    await store.persist(older);
    expect([textAt(store, "a"), textAt(store, "b"), textAt(store, "c")]).toEqual([
      "2",
      undefined,
      "1",
    ]);
    await store.persist(newer);
    expect([textAt(store, "a"), textAt(store, "b"), textAt(store, "c")]).toEqual([
      "2",
      undefined,
      "1",
    ]);
    expect(store.waitingCount).toBe(0);
  });

  test("a value from disk is a plain Uint8Array of its own, empty ones too", async () => {
    const store = await open();
    const batch = [put("a", "value"), put("empty", "")];
    store.commit(batch);
    await store.persist(batch);
    expect(store.get("a")).toStrictEqual(bytes("value"));
    expect(store.get("empty")).toStrictEqual(new Uint8Array(0));
  });
});

describe("what survives", () => {
  test("a persisted batch survives reopening, one that was only committed does not", async () => {
    const store = await open();
    const first = [put("a", "1"), put("b", "1")];
    const second = [put("a", "2"), remove("b")];
    store.commit(first);
    store.commit(second);
    await store.persist(first);
    const again = await reopen(store);
    expect(textAt(again, "a")).toBe("1");
    expect(textAt(again, "b")).toBe("1");
  });

  test("persisting a batch takes along every batch that was committed before it", async () => {
    const store = await open();
    const first = [put("a", "1")];
    const second = [put("b", "2")];
    store.commit(first);
    store.commit(second);
    await store.persist(second);
    await store.persist(first); // already done
    const again = await reopen(store);
    expect(await scanned(again, "")).toBe("a=1 b=2");
  });

  test("batches persisted without waiting reach the disk in their order, and close waits", async () => {
    const store = await open();
    for (let i = 0; i < 50; i += 1) {
      const batch = [put("last", String(i)), put(`n${String(i).padStart(2, "0")}`, "")];
      store.commit(batch);
      void store.persist(batch);
    }
    const again = await reopen(store);
    expect(textAt(again, "last")).toBe("49");
    expect((await scanned(again, "n")).split(" ")).toHaveLength(50);
  });

  test("persisting what was never committed is a bug and says so", async () => {
    const store = await open();
    store.commit([put("a", "1")]);
    await expect(store.persist([put("a", "1")])).rejects.toThrow("must be committed before");
  });

  test("a refused write says what it was doing, and its batch is written by the next one", async () => {
    const level = new Level<string, Uint8Array>(folder, { valueEncoding: "view" });
    const store = new LevelStore(level, folder, {});
    await level.close();
    const first = [put("a", "1")];
    store.commit(first);
    await expect(store.persist(first)).rejects.toThrow(`Cannot write 1 records to ${folder}`);
    expect(textAt(store, "a")).toBe("1");

    await level.open({ compression: false });
    const second = [put("b", "2")];
    store.commit(second);
    await store.persist(second);
    expect(await scanned(await reopen(store), "")).toBe("a=1 b=2");
  });

  test("a process that is killed while it writes has lost nothing that it acknowledged", async () => {
    const source = new URL("../../../src/io/disk/level-store.ts", import.meta.url).href;
    const script = `
      import { openLevelStore } from ${JSON.stringify(source)};
      const store = await openLevelStore(process.argv[1]);
      const padding = new Uint8Array(500);
      for (let i = 0; ; i += 1) {
        const key = String(i).padStart(6, "0");
        const batch = [
          { type: "put", key: "left:" + key, value: padding },
          { type: "put", key: "right:" + key, value: padding },
        ];
        store.commit(batch);
        await store.persist(batch);
        console.log(i);
      }`;
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script, folder],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let acknowledgedCount = 0;
    for await (const line of createInterface(child.stdout)) {
      acknowledgedCount = Number(line) + 1;
      if (acknowledgedCount === 2_000) child.kill("SIGKILL");
    }
    if (child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");

    const store = await open();
    const left = (await scanned(store, "left:")).split(" ").length;
    const right = (await scanned(store, "right:")).split(" ").length;
    expect(left).toBeGreaterThanOrEqual(acknowledgedCount);
    expect(right).toBe(left);
  });
});

describe("scanning", () => {
  /** On disk a1 a3 a5 a7 b1; in memory a3 replaced, a5 deleted, a2 and a9 new. */
  async function halfWritten(): Promise<LevelStore> {
    const store = await open();
    const batch = ["a1", "a3", "a5", "a7", "b1"].map((key) => put(key, "disk"));
    store.commit(batch);
    await store.persist(batch);
    store.commit([put("a3", "new"), remove("a5"), put("a2", "new"), put("a9", "new")]);
    return store;
  }

  test("shows disk and memory as one, in order and within the prefix", async () => {
    const store = await halfWritten();
    expect(await scanned(store, "a")).toBe("a1=disk a2=new a3=new a7=disk a9=new");
    expect(await scanned(store, "b")).toBe("b1=disk");
    expect(await scanned(store, "c")).toBe("");
    expect(await scanned(store, "")).toBe("a1=disk a2=new a3=new a7=disk a9=new b1=disk");
  });

  test("goes backwards, begins behind a key and ends at a limit", async () => {
    const store = await halfWritten();
    expect(await scanned(store, "a", { reverse: true })).toBe(
      "a9=new a7=disk a3=new a2=new a1=disk",
    );
    expect(await scanned(store, "a", { after: "a2" })).toBe("a3=new a7=disk a9=new");
    expect(await scanned(store, "a", { after: "a7", reverse: true })).toBe("a3=new a2=new a1=disk");
    expect(await scanned(store, "a", { limit: 2, after: "a4" })).toBe("a7=disk a9=new");
    expect(await scanned(store, "a", { limit: 0 })).toBe("");
  });

  test("keeps to the moment of the call", async () => {
    const store = await halfWritten();
    const records = store.scan("a");
    const batch = [put("a0", "later"), remove("a1"), put("a9", "later")];
    store.commit(batch);
    await store.persist(batch);
    expect(await collect(records)).toBe("a1=disk a2=new a3=new a7=disk a9=new");
    expect(await scanned(store, "a")).toBe("a0=later a2=new a3=new a7=disk a9=later");
  });
});

describe("damage", () => {
  const RECORD_COUNT = 24;
  const BATCH_SIZE = 8;

  async function write(): Promise<void> {
    const store = await open();
    for (let from = 0; from < RECORD_COUNT; from += BATCH_SIZE) {
      const batch = Array.from({ length: BATCH_SIZE }, (_, i) =>
        put(`key${from + i}`, `value${from + i}`),
      );
      store.commit(batch);
      await store.persist(batch);
    }
    await store.close();
  }

  /** Opening turns the log that it finds into a table. */
  async function makeTable(): Promise<void> {
    await (await openLevelStore(folder)).close();
  }

  async function fileWith(ending: RegExp): Promise<string> {
    return (await readdir(folder)).find((name) => ending.test(name))!;
  }

  /** How many of the file's bytes can change without anyone noticing. */
  async function countUnnoticedFlips(name: string): Promise<number> {
    const file = join(folder, name);
    const original = await readFile(file);
    let unnoticedCount = 0;
    for (let position = 0; position < original.length; position += 1) {
      const damaged = Buffer.from(original);
      damaged[position]! ^= 1 << (position % 8);
      await writeFile(file, damaged);
      const problem = await scrub(folder).catch((error: unknown) => error);
      if (!(problem instanceof DamagedStoreError)) unnoticedCount += 1;
    }
    await writeFile(file, original);
    await scrub(folder);
    return unnoticedCount;
  }

  test("a record with a flipped byte is refused, with its key, its folder and the way out", async () => {
    await write();
    const level = new Level<string, Uint8Array>(folder, { valueEncoding: "view" });
    const record = Uint8Array.from(await level.get("key7"));
    record[record.length - 1]! ^= 1;
    await level.put("key7", record);
    await level.put("key8", new Uint8Array(3));
    await level.put("key9", await level.get("key10"));
    await level.close();

    const store = await open();
    expect(textAt(store, "key6")).toBe("value6");
    expect(() => store.get("key7")).toThrow(CorruptRecordError);
    expect(() => store.get("key7")).toThrow(
      `The store in ${folder} is damaged: the record key7 has a wrong checksum. Delete that folder`,
    );
    expect(() => store.get("key8")).toThrow(CorruptRecordError);
    expect(() => store.get("key9")).toThrow(CorruptRecordError); // a whole record, but another's
    await expect(scanned(store, "key7")).rejects.toThrow(CorruptRecordError);
  });

  test("a flipped byte in a table is found before opening, and the file is named", async () => {
    await write();
    await makeTable();
    const table = await fileWith(/\.ldb$/);
    const file = join(folder, table);
    const damaged = await readFile(file);
    damaged[100]! ^= 4;
    await writeFile(file, damaged);
    await expect(openLevelStore(folder)).rejects.toThrow(
      `The store in ${folder} is damaged: the file ${table} has a block with a wrong checksum at byte 0.`,
    );
  });

  test("no flipped bit in tables, logs and the files that name them goes unnoticed", async () => {
    await write();
    expect(await countUnnoticedFlips(await fileWith(/\.log$/))).toBe(0);
    await makeTable();
    expect(await countUnnoticedFlips(await fileWith(/^MANIFEST/))).toBe(0);
    expect(await countUnnoticedFlips("CURRENT")).toBe(0);
    expect(await countUnnoticedFlips(await fileWith(/\.ldb$/))).toBe(0);
  });

  test("a missing or shortened table is found", async () => {
    await write();
    await makeTable();
    const table = await fileWith(/\.ldb$/);
    const { length } = await readFile(join(folder, table));
    await truncate(join(folder, table), length - 1);
    await expect(scrub(folder)).rejects.toThrow(`${table} has ${length - 1} bytes instead of`);
    await rm(join(folder, table));
    await expect(scrub(folder)).rejects.toThrow(`the file ${table} is missing`);
  });

  test("a folder whose CURRENT is gone is not taken for a new one", async () => {
    await write();
    await makeTable();
    await rm(join(folder, "CURRENT"));
    await expect(openLevelStore(folder)).rejects.toThrow("the file CURRENT is missing");
  });

  test("a log that a power cut ended anywhere opens with the batches before that", async () => {
    await write();
    const log = await fileWith(/\.log$/);
    const { length } = await readFile(join(folder, log));
    for (const lengthBytes of [length - 1, Math.floor(length / 2), 5, 0]) {
      const copy = join(root, `cut-at-${lengthBytes}`);
      await cp(folder, copy, { recursive: true });
      await truncate(join(copy, log), lengthBytes);
      const store = await openLevelStore(copy);
      const found = (await scanned(store, "key")).split(" ").filter((text) => text !== "");
      await store.close();
      expect(found.length % BATCH_SIZE).toBe(0); // whole batches
      expect(found.length).toBeLessThan(RECORD_COUNT);
    }
  });

  test("an unfinished table that a killed process left behind is no damage", async () => {
    await write();
    await writeFile(join(folder, "000099.ldb"), "unfinished");
    expect(textAt(await open(), "key1")).toBe("value1");
  });

  test("logs and tables of many blocks are whole", async () => {
    const store = await open();
    const batch = Array.from({ length: 2_000 }, (_, i) => put(`key${i}`, "x".repeat(500)));
    store.commit(batch);
    await store.persist(batch);
    await store.close();
    await scrub(folder);
    await makeTable();
    await scrub(folder);
    expect((await readdir(folder)).filter((name) => name.endsWith(".ldb"))).not.toHaveLength(0);
  });

  test("a folder that another process has open is refused with its name", async () => {
    await open();
    await expect(openLevelStore(folder)).rejects.toThrow(`Cannot open the store in ${folder}`);
  });
});
