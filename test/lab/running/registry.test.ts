/** The entries of what runs here: each its own, removed when its process has ended or is another. */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { thisProcess } from "../../../src/io/platform/running-process.ts";
import { Registry } from "../../../src/lab/running/registry.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { clusterEntry, labEntry, nodeEntry } from "./entries.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A program that answers every request with this. */
async function answering(body: object): Promise<string> {
  const server = createServer((_request, response) => response.end(JSON.stringify(body)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function emptyRegistry(): Registry {
  return new Registry({ XDG_STATE_HOME: temporaryFolder() });
}

const own = await thisProcess();

test("two labs and a node are found at once, the newest first, and end one by one", async () => {
  const registry = emptyRegistry();
  expect(await registry.list()).toEqual([]);
  const old = labEntry("old", { ...own, url: "http://127.0.0.1:1", startedAt: 1 });
  const young = labEntry("young", { ...own, url: "http://127.0.0.1:2", startedAt: 3 });
  const node = nodeEntry("alice", { ...own, startedAt: 2 });
  for (const entry of [young, node, old]) await registry.announce(entry);
  expect((await registry.list()).map(({ name }) => name)).toEqual(["young", "alice", "old"]);
  await registry.withdraw(young);
  expect(await registry.labs()).toEqual([old]);
  expect(await registry.nodes()).toEqual([node]);
});

test("what is withdrawn while it is still being written leaves nothing", async () => {
  const registry = emptyRegistry();
  const entry = labEntry("short", own);
  await Promise.all([registry.announce(entry), registry.withdraw(entry)]);
  expect(readdirSync(registry.folder)).toEqual([]);
});

test("an entry whose process has ended is removed, and so is one that no powlab wrote", async () => {
  const registry = emptyRegistry();
  const { pid } = spawnSync(process.execPath, ["--version"]);
  await registry.announce(labEntry("ended", { pid }));
  writeFileSync(join(registry.folder, "lab-1-1.json"), "{");
  writeFileSync(join(registry.folder, `lab-${pid}-1.json.draft`), "{");
  expect(await registry.list()).toEqual([]);
  expect(readdirSync(registry.folder)).toEqual([]);
});

test.runIf(own.birth)("a process that got the number of an ended one is told apart", async () => {
  const registry = emptyRegistry();
  await registry.announce(labEntry("ended", { pid: own.pid, birth: "another time" }));
  expect(await registry.list()).toEqual([]);
});

test("without a birth it is asked who listens at the address", async () => {
  const registry = emptyRegistry();
  const there = labEntry("there", {
    url: await answering({ timeline: "/tmp/there/timeline.jsonl" }),
  });
  const other = labEntry("other", { url: await answering({ timeline: "/tmp/later" }) });
  const silent = labEntry("silent", { url: "http://127.0.0.1:1" });
  const cluster = clusterEntry("raft", {
    url: await answering({ timeline: "/tmp/raft/timeline.jsonl" }),
  });
  const url = await answering({ peer_id: "alice" });
  const node = nodeEntry("alice", { url, api: `${url}/api` });
  for (const entry of [there, other, silent, node, cluster]) await registry.announce(entry);
  const found = (await registry.list()).map(({ name }) => name);
  expect(found.toSorted()).toEqual(["alice", "raft", "there"]);
  expect(readdirSync(registry.folder)).toHaveLength(3);
});

test("a lab that starts is waited for, and not if it ends meanwhile", async () => {
  const registry = emptyRegistry();
  const starting = labEntry("a", { ...own, url: "http://127.0.0.1:1", state: "starting" });
  await registry.announce(starting);
  const waiting = registry.untilReady(starting);
  const ready = { ...starting, state: "ready" } as const;
  await registry.announce(ready);
  expect(await waiting).toEqual(ready);

  await registry.announce(starting);
  const again = registry.untilReady(starting);
  await registry.withdraw(starting);
  expect(await again).toBeUndefined();
});

test("nothing is made where nothing was announced", async () => {
  const registry = emptyRegistry();
  await registry.withdraw(labEntry("never"));
  expect(await registry.list()).toEqual([]);
  expect(existsSync(registry.folder)).toBe(false);
});
