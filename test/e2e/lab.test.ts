/** The lab as a user starts it: real nodes, real blocks, real payments, and no process left behind. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { LabJson } from "../../src/contract/lab.ts";
import type { LabEvent } from "../../src/contract/timeline.ts";
import { Registry } from "../../src/lab/running/registry.ts";
import { Watcher } from "../io/http/watcher.ts";
import { endAll, environment, eventually, Program } from "./program.ts";

afterEach(endAll);

type Started = Extract<LabEvent, { readonly type: "started" }>;

function startOf(program: Program): Started {
  return program.lines.find(({ type }) => type === "started") as Started;
}

/** Waits until a lab has opened. */
async function started(program: Program): Promise<Started> {
  await eventually(() => program.lines.some(({ type }) => type === "started"));
  return startOf(program);
}

async function labAt(url: string): Promise<LabJson> {
  return (await (await fetch(`${url}/lab`)).json()) as LabJson;
}

test("a lab of 25 seconds mines, pays, and ends in agreement", async () => {
  const program = new Program(["lab", "--duration", "25", "--json", "--api-port", "0"]);
  expect(await program.ended).toBe(0);
  expect(program.stderr).toBe("");

  const { nodes } = startOf(program);
  expect(nodes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["alice", "bob", "carol", "mallory", "shop", "observer"]),
  );
  const summary = program.lines.at(-1)!;
  expect(summary).toMatchObject({ type: "summary", agreement: true, nodes: 6 });
  expect(summary["transactionsConfirmed"]).toBeGreaterThan(0);
  expect(summary["height"]).toBeGreaterThan(12);

  const lines = readFileSync(summary["timeline"] as string, "utf8")
    .trimEnd()
    .split("\n");
  const told = lines
    .map((line): LabEvent => JSON.parse(line))
    .filter(({ type }) => type !== "news" && type !== "measured");
  expect(told).toEqual(program.lines);
});

test("the page answers before any node is up, and its stream tells of each that comes", async () => {
  const program = new Program(["lab", "--json", "--api-port", "0"]);
  await eventually(() => program.lines.length > 0);
  const [opening] = program.lines as unknown as Extract<LabEvent, { readonly type: "opening" }>[];
  expect(opening).toMatchObject({ type: "opening", network: "lab", blockIntervalSeconds: 2 });
  const page = await fetch(`${opening!.url}/`);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");

  const watcher = await Watcher.open<LabEvent>(`${opening!.url}/lab/events?after=0`);
  const told: LabEvent[] = [];
  const hasBlock = () => told.some(({ type }) => type === "block");
  while (!hasBlock() || told.at(-1)?.type !== "measured") {
    const [message] = await watcher.read(1);
    told.push(message!.data);
    expect(message!.id).toBe(String(told.length));
  }
  await watcher.close();
  const first = (type: LabEvent["type"]) => told.findIndex((event) => event.type === type);
  const names = opening!.nodes.map(({ name }) => name);
  expect(told[0]).toEqual(opening);
  expect(told.flatMap((event) => (event.type === "node-up" ? [event.node] : []))).toEqual(names);
  expect(first("node-up")).toBeLessThan(first("started"));
  expect(first("started")).toBeLessThan(first("block"));
  const measured = told.at(-1) as Extract<LabEvent, { readonly type: "measured" }>;
  expect(Object.keys(measured.nodes)).toEqual(names);
  expect(measured.nodes["alice"]).toMatchObject({ mempool: { count: expect.any(Number) } });
  expect(measured.nodes["shop"]).toMatchObject({ hashes: 0, nextBlock: null });
  expect(await program.end("SIGTERM")).toBe(0);
});

test("the same seed gives the same nodes, links and wallets", async () => {
  const flags = ["lab", "--duration", "0", "--json", "--api-port", "0", "--seed"];
  const [a, again, other] = ["a", "a", "b"].map((seed) => new Program([...flags, seed]));
  const draw = async (program: Program) => {
    const { nodes, links } = await started(program);
    return { links, nodes: nodes.map(({ name, peerId, words }) => ({ name, peerId, words })) };
  };
  const drawn = await draw(a!);
  expect(await draw(again!)).toEqual(drawn);
  expect(await draw(other!)).not.toEqual(drawn);
});

test("a partition makes two chains, and healing it one again", async () => {
  const program = new Program(["lab", "--json", "--api-port", "0", "--traffic", "0.5"]);
  const { url, data } = await started(program);
  const token = readFileSync(join(data, "token"), "utf8");
  const pull = async (lever: string, body: unknown, authorization = `Bearer ${token}`) => {
    const headers = { "content-type": "application/json", authorization };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return fetch(`${url}/lab/${lever}`, init);
  };
  const groups = [["alice", "bob", "observer"]];
  expect((await pull("partition", { groups }, "Bearer guess")).status).toBe(401);
  expect((await pull("partition", { groups: [["zoe"]] })).status).toBe(409);
  expect((await pull("partition", { groups })).status).toBe(200);

  await eventually(() => {
    const at = program.lines.findIndex(({ type }) => type === "partitioned");
    const blocks = program.lines.slice(at).filter(({ type }) => type === "block");
    const mines = (names: readonly string[]) =>
      blocks.some(({ miner }) => names.includes(miner as string));
    return mines(["alice", "bob"]) && mines(["carol", "mallory"]);
  });
  await eventually(async () => {
    const tips = Object.fromEntries((await labAt(url)).nodes.map(({ name, tip }) => [name, tip]));
    const isOneHere = tips["alice"] === tips["bob"] && tips["bob"] === tips["observer"];
    const isOneThere = tips["carol"] === tips["mallory"] && tips["carol"] === tips["shop"];
    return isOneHere && isOneThere && tips["alice"] !== tips["carol"];
  });
  expect((await labAt(url)).partition).toEqual([...groups, ["carol", "mallory", "shop"]]);

  expect((await pull("heal", {})).status).toBe(200);
  await eventually(async () => (await labAt(url)).agreement);
  await eventually(() => program.lines.some(({ type }) => type === "reorganised"));
  expect(await program.end("SIGTERM")).toBe(0);
  expect(program.lines.at(-1)).toMatchObject({ type: "summary" });
});

test("Ctrl-C ends a lab of one process, and its entry is gone", async () => {
  const program = new Program(["lab", "--json", "--api-port", "0"]);
  const { url } = await started(program);
  const registry = new Registry(environment());
  expect(await registry.labs()).toMatchObject([{ url, network: "lab" }]);
  expect(await program.end("SIGINT")).toBe(0);
  expect(program.lines.at(-1)).toMatchObject({ type: "summary" });
  expect(readdirSync(registry.folder)).toEqual([]);
  await expect(fetch(`${url}/livez`)).rejects.toThrow();
});

test.each(["SIGINT", "SIGKILL"] as const)(
  "with a process for each node %s leaves none",
  async (signal) => {
    const program = new Program(["lab", "--json", "--api-port", "0", "--processes"]);
    const { nodes } = await started(program);
    const isAlive = async (url: string): Promise<boolean> =>
      fetch(`${url}/blocks/tip/height`).then(
        () => true,
        () => false,
      );
    expect(await Promise.all(nodes.map(({ url }) => isAlive(url)))).toEqual(nodes.map(() => true));
    await eventually(() => program.lines.some(({ type }) => type === "block"));
    expect(await program.end(signal)).toBe(signal === "SIGINT" ? 0 : undefined);
    await eventually(async () => {
      return !(await Promise.all(nodes.map(({ url }) => isAlive(url)))).includes(true);
    });
  },
);

test("a share of nobody, and too few nodes, are refused with a reason", async () => {
  const stranger = new Program(["lab", "--json", "--api-port", "0", "--share", "zoe=0.5"]);
  expect(await stranger.ended).toBe(2);
  expect(stranger.stderr).toContain(
    "There is no miner zoe here; the miners are alice, bob, carol, mallory.",
  );
  const small = new Program(["lab", "--nodes", "3"]);
  expect(await small.ended).toBe(2);
  expect(small.stderr).toContain("It must be a whole number from 6 to 26: the six usual");
});
