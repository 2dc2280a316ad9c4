/** What happens at the limits of a node and of the network of a test. */

import { expect, test } from "vitest";
import { Network } from "../../../../src/lab/maelstrom/harness/network.ts";
import { KnownKeys } from "../../../../src/lab/maelstrom/node/known-keys.ts";
import { openMax, OpenRequests } from "../../../../src/lab/maelstrom/node/open-requests.ts";
import { createRandom } from "../../../../src/primitives/random.ts";
import { VirtualTime } from "../virtual.ts";

const read = { type: "read", key: "0" } as const;

test("a node with too many open requests takes no more, and takes others once those have ended", () => {
  const time = new VirtualTime();
  const requests = new OpenRequests({ time, hand: () => undefined, forward: () => undefined });
  const ends: string[] = [];
  for (let number = 0; number <= openMax; number++) {
    requests.begin({ client: "c1", number }, read, ({ type }) => ends.push(type));
  }
  expect(ends).toEqual(["not-taken"]);
  time.clock.pass(1_000);
  expect(ends.filter((type) => type === "unknown")).toHaveLength(openMax);
  requests.begin({ client: "c2", number: 1 }, read, ({ type }) => ends.push(type));
  requests.receive({ client: "c2", number: 1 }, { type: "read", value: null });
  expect(ends.at(-1)).toBe("answered");
});

test("a node forgets the oldest of too many keys", () => {
  const keys = new KnownKeys();
  for (let key = 0; key <= 10_000; key++) {
    keys.learn({ type: "write", key: String(key), value: 1 }, { type: "written" });
  }
  expect([keys.has("0"), keys.has("1"), keys.has("10000")]).toEqual([false, true, true]);
});

test("the network drops what is too much, and goes on", () => {
  const time = new VirtualTime();
  const network = new Network(time, createRandom("1"), { leastMs: 1, jitterMs: 100 });
  let arrived = 0;
  for (const name of ["n1", "n2"]) network.addNode(name, () => (arrived += 1));
  const message = { src: "n1", dest: "n2", body: { type: "hello" } };
  for (let count = 0; count < 20_005; count++) network.send(message);
  time.clock.pass(10_000);
  expect([arrived, network.totals.dropped]).toEqual([20_000, 5]);
  network.send(message);
  time.clock.pass(10_000);
  expect(arrived).toBe(20_001);
});
