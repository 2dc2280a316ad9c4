import { expect, test } from "vitest";
import type { MiningJson } from "../../../src/contract/mining.ts";
import type { BlockJson, EventJson, NodeJson, PeerJson } from "../../../src/contract/node-api.ts";
import { NodeTimeline } from "../../../src/dashboard/sources/node-timeline.ts";
import { standingsIn } from "../../../src/dashboard/story/standing.ts";
import { Story } from "../../../src/dashboard/story/story.ts";
import type { CompactTarget, Milliseconds, PeerId } from "../../../src/primitives/brand.ts";
import { hashOf, peerOf, Tale, workOfBlock } from "../story/tale.ts";

const now = 100_000 as Milliseconds;
/** A target of 2^240 - 1 times something: about 2^16 hashes. */
const bits = 0x1f00ffff as CompactTarget;

function tellAll(timeline: NodeTimeline, news: readonly EventJson[] = []): Story {
  const story = new Story();
  for (const event of timeline.opening(now)) story.apply(event);
  for (const each of news) for (const event of timeline.eventsOf(each)) story.apply(event);
  return story;
}

test("what a node knows when it is asked becomes a story with its blocks, tip and peers", () => {
  const story = tellAll(new NodeTimeline(facts()));
  expect(story.isStarted).toBe(true);
  expect(story.setting).toMatchObject({ network: "lab", blockIntervalSeconds: 2 });
  expect([...story.blocks].map(({ hash }) => hash)).toEqual(["ground", "a1", "a2"].map(hashOf));
  expect(story.node("solo")).toMatchObject({ state: "up", tip: hashOf("a2"), role: "miner" });
  expect([...story.node("solo")!.peers]).toEqual([peerOf("friend")]);
  expect(standingsIn(story).best).toBe(hashOf("a2"));
});

test("the work below its tip is what the difficulty of its blocks says", () => {
  const story = tellAll(new NodeTimeline(facts()));
  const works = ["ground", "a1", "a2"].map((name) => story.block(hashOf(name))!.work!);
  expect(works[2]).toBe(3n * workOfBlock);
  expect(works[2]! - works[1]!).toBe(65_537n); // 2^256 / (0xffff · 2^224 + 1)
  expect(works[1]! - works[0]!).toBe(65_537n);
});

test("a header from the future does not move the page's clock", () => {
  const blocks = [{ ...block("ground", "", 0), timestamp: 9_999_999 }];
  const [opening] = new NodeTimeline({ ...facts(), blocks }).opening(now);
  expect(opening?.at).toBe(now);
});

test("years in which no block was found are cut to a minute", () => {
  const { blocks, ...rest } = facts();
  const old = blocks.map((each, i) => ({ ...each, timestamp: i === 0 ? -9_999_999 : 97 + i }));
  const events = new NodeTimeline({ ...rest, blocks: old }).opening(now);
  const times = events.flatMap(({ type, at }) => (type === "news" ? [at] : []));
  expect(times.slice(0, 3)).toEqual([38_000, 98_000, 99_000]);
});

test("a second block on the same parent is a fork, and a reorganisation is told as a lab tells it", () => {
  const timeline = new NodeTimeline(facts());
  timeline.opening(now);
  const solo = new Tale(["solo"]).mine("a1", "solo").mine("a2", "solo", { on: "a1" });
  const news = solo.mine("b2", "solo", { on: "a1" }).mine("b3", "solo").events;
  const told = news.flatMap((event) =>
    event.type === "news" ? timeline.eventsOf(event.news) : [],
  );
  const own = told.filter((event) => event.type !== "news");
  expect(own.map(({ type }) => type)).toEqual(["fork", "reorganised"]);
  expect(own[0]).toMatchObject({
    height: 2,
    branches: [{ hash: hashOf("a2") }, { hash: hashOf("b2") }],
  });
  expect(own[1]).toMatchObject({ tip: hashOf("b3"), depth: 1, forkHeight: 1, nodes: ["solo"] });
});

function facts() {
  const node: NodeJson = {
    name: "solo",
    network: "lab",
    genesis: hashOf("ground"),
    address_prefix: "pow",
    coinbase_maturity: 10,
    peer_id: peerOf("solo"),
    addresses: [],
    version: "0.1.0",
    started_at: 0 as Milliseconds,
    clock: null,
    height: 2,
    tip: hashOf("a2"),
    work: (3n * workOfBlock).toString(16).padStart(64, "0"),
    peers: 2,
  };
  const mining: MiningJson = {
    address: "pow1",
    hashrate: null,
    hashes_per_second: 0,
    rest: null,
    hashes: 0,
    hasher: null,
    threads: 1,
    height: 3,
    bits,
    difficulty: 1,
  };
  const peers = [peer(peerOf("friend"), true), peer(peerOf("stranger"), false)];
  const blocks = [block("ground", "", 0), block("a1", "ground", 1), block("a2", "a1", 2)];
  return { node, mining, peers, blocks };
}

function peer(name: PeerId, ready: boolean): PeerJson {
  const work = "0".repeat(64);
  const address = "/ip4/127.0.0.1/tcp/1";
  const rest = { height: 0, tip: null, work, penalty: 0, connected_at: 0 as Milliseconds };
  return { peer: name, direction: "inbound", address, ready, ...rest };
}

function block(name: string, previous: string, height: number): BlockJson {
  return {
    id: hashOf(name),
    height,
    version: 4,
    timestamp: 50 + height,
    tx_count: 1,
    size: 300,
    weight: 1_200,
    merkle_root: "0".repeat(64),
    previousblockhash: previous === "" ? null : hashOf(previous),
    mediantime: 50,
    nonce: 0,
    bits,
    difficulty: 1,
  };
}
