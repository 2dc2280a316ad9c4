/** Commands find what runs here by themselves: the newest lab, a node by its name, the first node. */

import { basename } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { MiningJson } from "../../src/contract/mining.ts";
import { Registry } from "../../src/lab/running/registry.ts";
import { endAll, environment, eventually, type Line, Program, type Ready } from "./program.ts";

afterEach(endAll);

type Answer = { readonly line: Line; readonly said: string };

/** What a command answers in its one line of data, and what it says beside. */
async function ask(...words: readonly string[]): Promise<Answer> {
  const program = new Program([...words, "--json"]);
  expect([await program.ended, program.stderr]).toEqual([0, expect.any(String)]);
  return { line: program.lines[0]!, said: program.stderr };
}

async function failureOf(...words: readonly string[]): Promise<string> {
  const program = new Program(words);
  expect(await program.ended).not.toBe(0);
  return program.stderr;
}

function folderOf(lab: Program): string | undefined {
  const started = lab.lines.find(({ type }) => type === "started");
  return started && basename(started["data"] as string).replace("powlab-", "");
}

test("a lab that starts is waited for; of two the newest is asked; names choose", async () => {
  const flags = ["lab", "--json", "--api-port", "0", "--no-traffic"];
  const registry = new Registry(environment());
  const old = new Program(flags);
  await eventually(async () => (await registry.labs()).length === 1);
  const early = await ask("chain", "tip");
  expect(early.said).toMatch(/^the lab lab-\w+ starts; waiting until it is ready$/m);
  const name = folderOf(old)!;
  const others = "bob, carol, mallory, shop, observer";
  expect(early.said).toContain(
    `asking alice of the lab ${name}; --node NAME chooses another: ${others}\n`,
  );

  const young = new Program(flags);
  await eventually(() => folderOf(young) !== undefined);
  const [newest, named, all] = await Promise.all([
    ask("peers", "--node", "shop"),
    ask("chain", "tips", "--node", "bob", "--lab", name),
    ask("mine", "hashrate", "5", "--node", "mallory", "--lab", name),
  ]);
  expect(newest.said).toContain(`asking shop of the lab ${folderOf(young)}; --lab NAME|URL`);
  expect(newest.said).toContain(`chooses another lab: ${name}\n`);
  expect([named.said, all.said]).toEqual(["", ""]);
  expect((all.line as unknown as MiningJson).hashrate).toBe(5); // with the token of its folder
  const [stranger, both] = await Promise.all([
    failureOf("tx", "show", "0".repeat(64), "--node", "zoe", "--lab", name),
    failureOf("peers", "--api", "http://127.0.0.1:1/api", "--node", "bob"),
  ]);
  expect(stranger).toContain(`No node zoe runs here; there is alice, ${others}.`);
  expect(both).toContain("--api means one node: leave out --node and --lab.");
});

test("a second node takes what is free, says so, and joins the first", async () => {
  const start = async (...words: readonly string[]) => {
    const program = new Program(["node", "--json", ...words]);
    await eventually(() => program.lines.length > 0);
    return { ready: program.lines[0] as Ready & { name: string }, program };
  };
  const first = await start();
  const second = await start();
  expect([first.ready.name, second.ready.name]).toEqual(["node", "node-2"]);
  expect(second.program.stderr).toContain("node runs already, so this one is called node-2\n");
  expect(second.program.stderr).toMatch(/^Port 8477 is taken, so this listens on the next free/m);
  expect(second.program.stderr).toContain(`joining node at ${first.ready.addresses[0]};`);
  await eventually(async () => {
    const peers = new Program(["peers", "--json"]);
    await peers.ended;
    return JSON.stringify(peers.lines).includes(second.ready.peerId);
  });
  const alone = await start("--connect", "none");
  expect(alone.ready.name).toBe("node-3");
  expect(alone.program.stderr).not.toContain("joining");
  for (const { program } of [first, second, alone]) expect(await program.end("SIGINT")).toBe(0);
  expect(await new Registry(environment()).list()).toEqual([]);
});
