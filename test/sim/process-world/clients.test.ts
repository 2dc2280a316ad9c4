/** Clients in a closed loop: one request at a time, retries under one id, new ids and keys after a time-out. */

import { expect, test } from "vitest";
import { operationsOf } from "../../../src/checkers/history.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import type { Answer, RequestId } from "../../../src/protocols/process/key-value.ts";
import type { Ended } from "../../../src/sim/process-world/client.ts";
import { Clients } from "../../../src/sim/process-world/clients.ts";
import { instantDisk, ProcessWorld } from "../../../src/sim/process-world/process-world.ts";
import { KeyValueWorkload } from "../../../src/sim/process-world/workload.ts";
import { entryOf, networkOf } from "./cluster.ts";

const times = { thinkMeanMs: 50, retryMs: 200, timeoutMs: 1_000 };

function sceneOf(places: readonly (readonly string[])[], requestsMax?: number) {
  const { protocol } = entryOf("single-copy");
  const world = new ProcessWorld({ protocol, network: networkOf(3), seed: 1, disk: instantDisk });
  const workload = new KeyValueWorkload(world.clock, createRandom(1));
  const ended: Ended[] = [];
  const answers: { readonly id: RequestId; readonly answer: Answer }[] = [];
  const clients = new Clients({
    ...{ world, workload, places, times },
    random: createRandom(2),
    onEnded: (each) => ended.push(each),
    ...(requestsMax !== undefined && { requestsMax }),
  });
  world.onAnswer((id, answer) => answers.push({ id, answer }));
  world.begin();
  clients.begin();
  return { world, workload, clients, ended, answers };
}

test("without faults each request is answered, in two delays from elsewhere and in none beside the keeper", () => {
  const { world, clients, ended, workload } = sceneOf([["n1"], ["n2"]], 60);
  expect(world.runUntil(() => clients.isFinished, 60_000)).toBe(true);
  expect(ended).toHaveLength(60);
  for (const { client, latencyMs, isBesideLeader } of ended) {
    expect(latencyMs).toBe(client === "c1" ? 0 : 20);
    expect(isBesideLeader).toBe(client === "c1");
  }
  expect(operationsOf(workload.history).ok).toBe(true);
});

test("values are written once for each key, and 0, an empty text and false are among them", () => {
  const { world, clients, workload } = sceneOf([["n1"]], 400);
  world.runUntil(() => clients.isFinished, 120_000);
  const written = workload.history.flatMap(({ type, f, key, value }) => {
    if (type !== "invoke" || f === "read") return [];
    return [{ key, value: f === "cas" ? (value as readonly unknown[])[1] : value }];
  });
  const texts = written.map(({ key, value }) => `${key} ${JSON.stringify(value)}`);
  expect(new Set(texts).size).toBe(texts.length);
  const values = written.map(({ value }) => value);
  for (const easy of [0, "", false]) expect(values).toContain(easy);
});

test("no key is used for more than 10 seconds", () => {
  const { world, workload } = sceneOf([["n1"], ["n1"]]);
  world.runFor(60_000);
  const spans = new Map<string, readonly [number, number]>();
  for (const { type, key, time = 0 } of workload.history) {
    if (type === "invoke") spans.set(key, [spans.get(key)?.[0] ?? time, time]);
  }
  const longest = Math.max(...[...spans.values()].map(([from, to]) => to - from));
  expect(longest).toBeLessThanOrEqual(10_000);
  expect(longest).toBeGreaterThan(5_000);
});

test("a client without an answer asks again under the same id, gives up, and goes on under a new one", () => {
  const { world, ended, answers, workload } = sceneOf([["n2"]]);
  world.crash("n1");
  world.runUntil(() => ended.length >= 2, 10_000);
  expect(ended.every(({ answer, latencyMs }) => answer === undefined && latencyMs === 1_000)).toBe(
    true,
  );
  const keys = workload.history.filter(({ type }) => type === "invoke").map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(workload.history.map(({ type }) => type).slice(0, 4)).toEqual([
    "invoke",
    "info",
    "invoke",
    "info",
  ]);
  world.restart("n1");
  world.runUntil(() => answers.length >= 2, 10_000);
  expect(answers[0]?.id).toEqual({ client: "c1.3", number: 1 });
  const numbers = new Set(workload.history.map(({ process }) => process));
  expect(numbers.size).toBeGreaterThanOrEqual(3);
});

test("a request that is asked twice is done once: its second attempt gets the first one's answer", () => {
  const { world, answers, ended } = sceneOf([["n2"]]);
  const [n1, n2] = [world.host("n1").name, world.host("n2").name];
  const cut = world.links.cutOneWay(n1, n2);
  world.clock.after(500, () => world.links.mend(cut));
  world.runUntil(() => ended.length >= 1, 10_000);
  const [first] = answers;
  expect(first?.id).toEqual({ client: "c1.1", number: 1 });
  expect(ended[0]?.latencyMs).toBeGreaterThan(400);
  expect(ended[0]?.answer).toBeDefined();
});

test("a client of a side moves to the next of its places when the one beside it is down", () => {
  const { world, ended } = sceneOf([["n3", "n2"]]);
  world.crash("n3");
  world.runUntil(() => ended.length >= 3, 10_000);
  expect(ended[0]).toMatchObject({ at: "n2", latencyMs: 220 });
  expect(ended[1]).toMatchObject({ at: "n2", latencyMs: 20 });
});
