/** What a user sees who starts the program wrongly: one clear message, an exit code, no stack. */

import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { encodeWitnessAddress } from "../../src/primitives/address.ts";
import { endAll, eventually, NodeProgram, Program, temporaryFolder } from "./program.ts";

afterEach(endAll);

/** Runs the program to its end, which is a failure; tells its code and what it said. */
async function failureOf(...words: readonly string[]): Promise<{ code: number; said: string }> {
  const program = new Program(words);
  const code = (await program.ended) ?? 0;
  expect(program.lines).toEqual([]);
  expect(program.stderr).not.toMatch(/^\s+at /m);
  return { code, said: program.stderr };
}

async function takenPort(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

test("an unknown flag or command is named, with a guess at what was meant", async () => {
  const flag = await failureOf("node", "--prot", "1");
  expect(flag).toEqual({ code: 2, said: expect.stringContaining("unknown option '--prot'") });
  const command = await failureOf("nod");
  expect(command).toEqual({ code: 2, said: expect.stringContaining("Did you mean node?") });
});

test("all wrong choices are told together", async () => {
  const address = encodeWitnessAddress({ prefix: "bcrt", version: 1, program: new Uint8Array(32) });
  const { code, said } = await failureOf("node", "--mine", address, "--api-port", "x");
  expect(code).toBe(2);
  expect(said).toContain('--api-port "x": give a whole number from 0 to 65535');
  expect(said).toMatch(/belongs to another network.*: it begins with "bcrt1"/);
});

test("a taken port is named, for the API as for peers, and the folder is free again", async () => {
  const { server, port } = await takenPort();
  const data = join(temporaryFolder(), "node");
  const api = await failureOf("node", "--data", data, "--api-port", String(port));
  expect(api.code).toBe(1);
  expect(api.said).toMatch(new RegExp(`${port}.* the port is taken`));

  const listen = `/ip4/127.0.0.1/tcp/${port}`;
  const peers = await failureOf("node", "--data", data, "--api-port", "0", "--listen", listen);
  expect(peers.code).toBe(1);
  expect(peers.said).toMatch(new RegExp(`${port}.* the port is taken`));

  const node = await NodeProgram.start("--data", data);
  expect(await node.program.end("SIGTERM")).toBe(0);
  server.close();
});

test("an attack on nodes of another machine is refused before anything is asked of them", async () => {
  const attack = ["attack", "double-spend"];
  const [shop, peer] = ["http://192.0.2.1:8477/api", "/ip4/192.0.2.1/tcp/8478"];
  const far = await failureOf(...attack, "--shop", shop);
  expect(far.code).toBe(2);
  expect(far.said).toContain(`${shop} is no address of this machine: powlab attacks nodes at`);
  const near = await failureOf(...attack, "--shop", "http://127.0.0.1:1/api", "--connect", peer);
  expect(near.said).toContain(`${peer} is no address of this machine: powlab attacks nodes at`);
  const silent = await failureOf(...attack, "--shop", "http://127.0.0.1:1/api");
  expect(silent.code).toBe(3);
  expect(silent.said).toContain("No node answers at http://127.0.0.1:1/api.");
  const alone = await failureOf(...attack, "--connect", "/ip4/127.0.0.1/tcp/1");
  expect(alone.said).toContain("--connect and --pay need --shop");
});

test("a folder in use is named with who uses it, and nothing is lost", async () => {
  const data = join(temporaryFolder(), "node");
  const node = await NodeProgram.start("--data", data);
  const { code, said } = await failureOf("node", "--data", data, "--api-port", "0");
  expect(code).toBe(1);
  expect(said).toContain(`${data} is in use by powlab at ${node.ready.api}`);
  expect(await node.height()).toBe(0);
});

test("a folder with another network's blocks is refused", async () => {
  const data = join(temporaryFolder(), "node");
  const mine = encodeWitnessAddress({ prefix: "bcrt", version: 1, program: new Uint8Array(32) });
  const flags = ["--network", "regtest", "--mine", mine, "--hashrate", "100"];
  const node = await NodeProgram.start("--data", data, ...flags);
  await eventually(() => node.toldHeight > 0);
  await node.program.end("SIGTERM");
  const { code, said } = await failureOf("node", "--data", data, "--api-port", "0");
  expect(code).toBe(1);
  expect(said).toMatch(/holds another network's chain than lab.* --data/);
});

test("a file that is no timeline is neither played nor exported, and the reason is told", async () => {
  const file = join(temporaryFolder(), "notes.jsonl");
  const gone = await failureOf("replay", file, "--api-port", "0");
  expect(gone).toEqual({ code: 2, said: expect.stringContaining(`There is no file ${file}`) });
  writeFileSync(file, '{"at":1,"type":"opening"}\nhello\n');
  for (const words of [
    ["replay", file],
    ["export", file, "--html", `${file}.html`],
  ]) {
    const { code, said } = await failureOf(...words);
    expect(code).toBe(2);
    expect(said).toContain(`${file} is no timeline: line 2 is no event: "hello".`);
  }
  expect(existsSync(`${file}.html`)).toBe(false);
});
