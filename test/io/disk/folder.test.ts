/** Who may use a folder, when a lock is stale, and the files that are made on first use. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  claimFolder,
  dataFolder,
  FolderInUseError,
  type Holder,
  readHolder,
} from "../../../src/io/disk/folder.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

let root: string;
let folder: string;

beforeEach(async () => {
  root = temporaryFolder("powlab-folder");
  folder = join(root, "lab", "alice");
});

/** Windows has no modes: what it answers in their place says nothing. */
async function expectMode(path: string, mode: number): Promise<void> {
  if (process.platform === "win32") return;
  expect((await stat(path)).mode & 0o777).toBe(mode);
}

/** A folder on which an earlier process left the given lock. */
async function folderLockedBy(content: Partial<Holder> | string): Promise<void> {
  await (await claimFolder(folder)).release();
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await writeFile(join(folder, "powlab.lock"), text);
}

describe("claiming", () => {
  test("a folder is made for its owner alone and is free again after its release", async () => {
    const claimed = await claimFolder(folder);
    await expectMode(folder, 0o700);
    await expectMode(join(folder, "powlab.lock"), 0o600);
    await claimed.release();
    await claimed.release();
    expect(await readdir(folder)).toEqual([]);
    await (await claimFolder(folder)).release();
  });

  test("a second claim is told who holds the folder and what to do", async () => {
    const claimed = await claimFolder(folder);
    const since = (await readHolder(folder))!.since;
    await expect(claimFolder(folder)).rejects.toThrow(
      `The folder ${folder} is in use by powlab (process ${process.pid}, since ${since}). ` +
        "Stop it, or choose another folder with --data.",
    );
    await claimed.announceApi("http://127.0.0.1:8477");
    await expect(claimFolder(folder)).rejects.toThrow("powlab at http://127.0.0.1:8477 (process");
    await claimed.release();
    expect(await readHolder(folder)).toBeUndefined();
  });

  test("of many claims at the same time one wins", async () => {
    const claims = Array.from({ length: 20 }, () => claimFolder(folder));
    const results = await Promise.allSettled(claims);
    const problems = results.flatMap((r) => (r.status === "rejected" ? [r.reason as unknown] : []));
    expect(problems).toHaveLength(19);
    for (const problem of problems) expect(problem).toBeInstanceOf(FolderInUseError);
  });

  test("a folder that cannot be made says which", async () => {
    await writeFile(join(root, "lab"), "a file");
    await expect(claimFolder(folder)).rejects.toThrow(`Cannot take the folder ${folder}`);
  });
});

describe("a stale lock", () => {
  test("of a process that was killed is taken over", async () => {
    const source = new URL("../../../src/io/disk/folder.ts", import.meta.url).href;
    const script = `
      import { claimFolder } from ${JSON.stringify(source)};
      await claimFolder(process.argv[1]);
      console.log("claimed");
      setInterval(() => undefined, 1_000);`;
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script, folder],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(child.stdout, "data");
    await expect(claimFolder(folder)).rejects.toThrow(`in use by powlab (process ${child.pid}, `);
    child.kill("SIGKILL");
    await once(child, "exit");

    const claimed = await claimFolder(folder);
    expect((await readHolder(folder))!.process).toBe(process.pid);
    await claimed.release();
  });

  const since = "2026-01-01T00:00:00.000Z";
  const holder = { process: process.ppid, since, command: "powlab node" };

  test("of a running process holds, also where its birth is unknown", async () => {
    await folderLockedBy(holder);
    await expect(claimFolder(folder)).rejects.toThrow(`(process ${process.ppid}, since ${since})`);
    await expect(claimFolder(folder)).rejects.toThrow(
      `If process ${process.ppid} is another program, delete ${join(folder, "powlab.lock")}.`,
    );
  });

  test.skipIf(!existsSync("/proc/self/stat"))(
    "is seen to be stale when its number belongs to a younger process now",
    async () => {
      await folderLockedBy({ ...holder, birth: "another time" });
      await (await claimFolder(folder)).release();
    },
  );

  test("that nobody can read is taken over", async () => {
    for (const content of ["", "{", "null", '{"process":0,"since":"","command":""}']) {
      await folderLockedBy(content);
      await (await claimFolder(folder)).release();
    }
  });

  test("is left alone by a release that comes after another process took the folder", async () => {
    const claimed = await claimFolder(folder);
    await writeFile(join(folder, "powlab.lock"), JSON.stringify(holder));
    await claimed.release();
    expect(await readHolder(folder)).toEqual(holder);
  });
});

describe("files", () => {
  test("a file is made once, for its owner alone, and read ever after", async () => {
    const claimed = await claimFolder(folder);
    const isWhole = () => true;
    const first = await claimed.readOrCreate("token", () => Uint8Array.of(1, 2, 3), isWhole);
    const second = await claimed.readOrCreate("token", () => Uint8Array.of(9), isWhole);
    expect(first).toStrictEqual(Uint8Array.of(1, 2, 3));
    expect(second).toStrictEqual(first);
    await expectMode(join(folder, "token"), 0o600);
    expect([...(await readFile(join(folder, "token")))]).toEqual([1, 2, 3]);
    expect((await readdir(folder)).sort()).toEqual(["powlab.lock", "token"]);
    await claimed.release();
  });
});

describe("the usual place", () => {
  test("is below XDG_DATA_HOME if that is absolute, else below the home folder", () => {
    const home = { HOME: "/home/ada" };
    expect(dataFolder("lab", "alice", { ...home, XDG_DATA_HOME: "/data" })).toBe(
      join("/data", "powlab", "lab", "alice"),
    );
    const usual = join("/home/ada", ".local", "share", "powlab", "regtest", "bob");
    expect(dataFolder("regtest", "bob", home)).toBe(usual);
    expect(dataFolder("regtest", "bob", { ...home, XDG_DATA_HOME: "" })).toBe(usual);
    expect(dataFolder("regtest", "bob", { ...home, XDG_DATA_HOME: "data" })).toBe(usual);
  });
});
