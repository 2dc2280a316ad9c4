/** A node that cannot join an address it was given says why, once for each cause. */

import "../../../src/io/platform/polyfill.ts";
import { createServer, type Server } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import {
  type Network,
  type NetworkOptions,
  newIdentity,
  peerIdOf,
  startNetwork,
} from "../../../src/io/p2p/network.ts";

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function start(options: Partial<NetworkOptions> = {}): Promise<Network> {
  const network = await startNetwork(
    {
      topicPrefix: "/powlab/test/00000000",
      syncProtocol: "/powlab/test/sync/1",
      addressProtocol: "/powlab/test/address/1",
      listen: ["/ip4/127.0.0.1/tcp/0"],
      bootstrap: [],
      ...options,
    },
    {
      peerJoined: () => undefined,
      peerLeft: () => undefined,
      request: (_from, message) => Promise.resolve(message),
      gossip: () => Promise.resolve("accept"),
    },
  );
  stops.push(() => network.stop());
  return network;
}

/** A node that is to join the address, and what it says while it cannot. */
async function joining(address: string, options: Partial<NetworkOptions> = {}) {
  const said: string[] = [];
  const onUnreachable = (problem: string) => void said.push(problem);
  return { network: await start({ ...options, bootstrap: [address], onUnreachable }), said };
}

async function eventually(check: () => boolean): Promise<void> {
  await vi.waitUntil(check, { timeout: 20_000, interval: 20 });
}

async function listening(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

test("no node there is said once, the next cause again, and joining ends it", async () => {
  const gone = createServer();
  const port = await listening(gone);
  await new Promise((resolve) => gone.close(resolve));
  const address = `/ip4/127.0.0.1/tcp/${port}`;
  const { network, said } = await joining(address);
  let accepted = 0;
  await eventually(() => said.length === 1);
  expect(said).toEqual([`cannot connect to ${address}: no node listens there`]);

  const other = createServer((socket) => {
    accepted += 1;
    socket.destroy();
  });
  await listening(other, port);
  await eventually(() => accepted >= 2);
  expect(said.slice(1)).toEqual([
    `cannot connect to ${address}: the program there is no libp2p node, or it refuses connections`,
  ]);

  await new Promise((resolve) => other.close(resolve));
  await start({ listen: [address] });
  await eventually(() => network.peers().length === 1);
  expect(said.filter((problem) => problem.includes("no libp2p node"))).toHaveLength(1);
});

test("a peer with another identity than the address names is told with both names", async () => {
  const there = await start();
  const expected = peerIdOf(newIdentity());
  const [bare] = there.addresses()[0]!.split("/p2p/");
  const { said } = await joining(`${bare!}/p2p/${expected}`);
  await eventually(() => said.length === 1);
  expect(said[0]).toContain(`the peer there is ${there.peerId}, not ${expected}`);
});

test("a twin with the same identity is told", async () => {
  const privateKey = newIdentity();
  const twin = await start({ privateKey });
  const [bare] = twin.addresses()[0]!.split("/p2p/");
  const { said } = await joining(bare!, { privateKey });
  await eventually(() => said.length === 1);
  expect(said[0]).toContain("this node's own identity");
});

test("a node of another network is told", async () => {
  const foreign = await start({ syncProtocol: "/powlab/other/sync/1" });
  const { said } = await joining(foreign.addresses()[0]!);
  await eventually(() => said.length === 1);
  expect(said[0]).toContain("does not speak /powlab/test/sync/1: it belongs to another network");
});
