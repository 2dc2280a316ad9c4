/** What Prometheus is told of a node, and whether the dashboard asks for it. */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import express from "express";
import supertest from "supertest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeRoutes } from "../../../../src/io/http/api/node-routes.ts";
import { createApp } from "../../../../src/io/http/app.ts";
import { metricsAtRoot } from "../../../../src/io/http/metrics/metrics.ts";
import { hashOfBlock } from "../../../../src/primitives/block.ts";
import { output, payment } from "../../../builders.ts";
import { FullNodeScene, shop } from "../../full-node-scene.ts";

/** Every line of a scrape that is a value, by its name and labels. */
type Scrape = {
  readonly text: string;
  /** Also of a metric with labels, if these are all that it has beside the node's. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
};

let scene: FullNodeScene;
let other: FullNodeScene;
let api: ReturnType<typeof supertest>;

beforeAll(async () => {
  [scene, other] = [await FullNodeScene.start(), await FullNodeScene.start()];
  const app = createApp({
    routes: {
      "/": express.Router().use(metricsAtRoot("/api"), metricsAtRoot("/bob/api", "/bob")),
      "/api": nodeRoutes(scene.full),
      "/bob/api": nodeRoutes(other.full),
    },
  });
  api = supertest(app);
});

afterAll(() => Promise.all([scene.stop(), other.stop()]));

async function scrape(path = "/metrics"): Promise<Scrape> {
  const { text } = await api
    .get(path)
    .expect(200)
    .expect("Content-Type", /version=0.0.4/);
  return {
    text,
    value(name, labels = {}) {
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const line = text
        .split("\n")
        .find((each) => each.startsWith(`${name}{`) && wanted.every((word) => each.includes(word)));
      return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ") + 1));
    },
  };
}

test("tells what the chain, the mempool and the disk hold, and what happened", async () => {
  const [coin] = await scene.fund(1);
  const genesis = scene.tip.parent!;
  await scene.mine([], genesis);
  await scene.mine([], scene.full.node.chain.tree.get(hashOfBlock(await scene.mine([], genesis))));
  const pays = payment({ from: [coin!], to: [output(49e8, shop.script)] });
  await scene.full.runner.command({ type: "submit-transaction", transaction: pays });
  const { value } = await scrape();
  expect(value("powlab_chain_height")).toBe(102);
  expect(value("powlab_chain_branches")).toBe(3);
  expect(value("powlab_blocks_accepted_total", { origin: "submitted" })).toBe(104);
  expect(value("powlab_reorganisations_total")).toBe(1);
  expect(value("powlab_reorganised_blocks_total")).toBe(1);
  expect(value("powlab_mempool_transactions")).toBe(1);
  expect(value("powlab_mempool_fees_satoshis")).toBe(scene.full.node.mempool.totalFees);
  expect(value("powlab_transactions_admitted_total")).toBe(1);
  expect(value("powlab_peers", { direction: "inbound" })).toBe(0);
  expect(value("powlab_gossip_published_messages_total", { topic: "block" })).toBeGreaterThan(0);
  expect(value("powlab_mining_active")).toBe(0);
  expect(value("powlab_disk_used_bytes")).toBeGreaterThan(10_000);
  expect(value("powlab_disk_free_bytes")).toBeGreaterThan(0);
  expect(value("nodejs_eventloop_lag_p99_seconds")).toBeGreaterThanOrEqual(0);
});

test("measures the API's routes by their paths with names in place of values", async () => {
  await scrape();
  await api.get("/api/blocks/tip/height").expect(200);
  for (const height of [1, 2, 3]) await api.get(`/api/block-height/${height}`).expect(200);
  await api.get("/api/tx/zz").expect(400);
  await api.get("/api/v1/node").expect(200);
  await api.get("/api/no-such-route").expect(404);
  const { value } = await scrape();
  const count = (route: string, code: string) =>
    value("powlab_http_request_duration_seconds_count", { route, code });
  expect(count("/blocks/tip/height", "200")).toBe(1);
  expect(count("/block-height/:height", "200")).toBe(3);
  expect(count("/tx/:txid", "400")).toBe(1);
  expect(count("/v1/node", "200")).toBe(1);
  expect(count("none", "404")).toBe(1);
});

test("nodes of one process have registries of their own", async () => {
  const [{ value: of }, { value: ofOther }] = [await scrape(), await scrape("/bob/metrics")];
  expect(of("powlab_chain_height")).toBeGreaterThan(100);
  expect(ofOther("powlab_chain_height")).toBe(0);
  expect(ofOther("powlab_blocks_accepted_total", { origin: "submitted" })).toBeUndefined();
});

test("names have the prefix, the unit and the suffix that Prometheus' conventions ask for", async () => {
  const { text } = await scrape();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type]) => [
    name,
    type,
  ]);
  expect(types.length).toBeGreaterThan(50);
  for (const [name = "", type] of types) {
    expect(name).toMatch(/^(powlab|process|nodejs)_[a-z0-9_]+$/);
    if (name.startsWith("powlab_")) expect(name.endsWith("_total")).toBe(type === "counter");
  }
  expect(text).not.toMatch(/^powlab_\w+_(ms|millis\w*|kb|mb)[ {]/m);
});

type Dashboard = {
  readonly panels: readonly {
    readonly title: string;
    readonly type: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
};

const grafana = resolve(import.meta.dirname, "../../../../config/grafana");

test("each panel of the dashboard asks for metrics that exist, and each metric has a panel", async () => {
  await api.get("/api/blocks/tip/height");
  const { text } = await scrape();
  const existing = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
  const dashboard = JSON.parse(readFileSync(join(grafana, "powlab.json"), "utf8")) as Dashboard;
  const asked = new Set<string>();
  for (const { title, type, targets = [] } of dashboard.panels) {
    if (type === "row") continue;
    const names = targets.flatMap(({ expr }) => expr.match(/\b(powlab|nodejs|process)_\w+/g) ?? []);
    expect(names, title).not.toEqual([]);
    for (const name of names) {
      const metric = name.replace(/(?<=duration_seconds)_(bucket|count|sum)$/, "");
      expect(existing, `${title}: ${name}`).toContain(metric);
      asked.add(metric);
    }
  }
  const own = [...existing].filter((name) => name?.startsWith("powlab_"));
  expect(own.filter((name) => !asked.has(name ?? ""))).toEqual([]);
});
