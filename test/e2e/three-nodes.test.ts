/** Three processes that know one address between them: they agree, and one survives a kill. */

import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { encodeWitnessAddress } from "../../src/primitives/address.ts";
import { endAll, eventually, NodeProgram, temporaryFolder } from "./program.ts";

const program = new Uint8Array(32).fill(121);
const address = encodeWitnessAddress({ prefix: "pow", version: 1, program });
const mining = ["--mine", address, "--threads", "1", "--hashrate", "60000"];

afterEach(endAll);

async function readyPeersOf(node: NodeProgram): Promise<Set<string>> {
  const peers: { peer: string; ready: boolean }[] = JSON.parse(await node.get("/v1/peers"));
  return new Set(peers.filter(({ ready }) => ready).map(({ peer }) => peer));
}

/** Whether all show the same tip at some height from this one on. */
async function agreeFrom(height: number, nodes: readonly NodeProgram[]): Promise<boolean> {
  const tips = await Promise.all(nodes.map((node) => node.get("/blocks/tip/hash")));
  return new Set(tips).size === 1 && (await nodes[0]!.height()) >= height;
}

test("three nodes find each other and agree; one that was killed comes back from its disk", async () => {
  const folder = temporaryFolder();
  const dataOf = (name: string) => ["--name", name, "--data", join(folder, name)];
  const first = await NodeProgram.start(...dataOf("first"), ...mining);
  const join1 = ["--connect", first.address];
  const [second, third] = await Promise.all([
    NodeProgram.start(...dataOf("second"), ...join1),
    NodeProgram.start(...dataOf("third"), ...join1),
  ]);
  const page = await fetch(first.ready.page);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  const nodes = [first, second, third];
  for (const node of nodes) {
    const others = nodes.filter((other) => other !== node).map(({ ready }) => ready.peerId);
    await eventually(async () => (await readyPeersOf(node)).size === 2);
    expect(await readyPeersOf(node)).toEqual(new Set(others));
  }
  await eventually(() => agreeFrom(3, nodes));

  await third.program.end("SIGKILL");
  const heightAtDeath = third.toldHeight;
  expect(heightAtDeath).toBeGreaterThanOrEqual(3);
  await eventually(async () => (await first.height()) >= heightAtDeath + 2);

  const alone = await NodeProgram.start(...dataOf("third"), "--connect", "none");
  expect(alone.ready.peerId).toBe(third.ready.peerId);
  expect(await alone.height()).toBeGreaterThanOrEqual(heightAtDeath);
  expect(await alone.program.end("SIGINT")).toBe(0);

  const back = await NodeProgram.start(...dataOf("third"), ...join1);
  await eventually(() => agreeFrom(heightAtDeath + 2, [first, second, back]));
  const codes = [first, second, back].map((node) => node.program.end("SIGTERM"));
  expect(await Promise.all(codes)).toEqual([0, 0, 0]);
});
