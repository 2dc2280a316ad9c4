import { expect, test } from "vitest";
import { hopsMax, type Story } from "../../../src/dashboard/story/story.ts";
import { blocksMax } from "../../../src/dashboard/story/story-block.ts";
import { paymentsMax } from "../../../src/dashboard/story/story-payment.ts";
import type { Milliseconds, Satoshi, Txid } from "../../../src/primitives/brand.ts";
import { hashOf, Tale, txidOf, workOfBlock } from "./tale.ts";

test("a node that comes up brings the ground on which the tree stands", () => {
  const { story } = new Tale();
  expect(story.block(hashOf("ground"))).toMatchObject({ height: 0, previous: null });
  expect(story.node("alice")).toMatchObject({ state: "up", tip: hashOf("ground"), role: "miner" });
  expect(story.isStarted).toBe(true);
});

test("a block knows its parent, its miner, its work, and who had it when and from whom", () => {
  const tale = new Tale().mine("a1", "alice", { to: ["bob", "carol"] });
  const block = tale.story.block(hashOf("a1"));
  expect(block).toMatchObject({
    previous: hashOf("ground"),
    miner: "alice",
    work: 2n * workOfBlock,
  });
  expect(block?.arrivals.map(({ node, from }) => [node, from])).toEqual([
    ["alice", null],
    ["bob", "alice"],
    ["carol", "alice"],
  ]);
  expect(tale.story.childrenOf(hashOf("ground"))).toEqual([hashOf("a1")]);
  expect(tale.story.hops.map(({ to }) => to)).toEqual(["bob", "carol"]);
});

test("a payment waits where it was heard of, until a block of that node's branch holds it", () => {
  const tale = new Tale()
    .pay("coffee", "alice", "shop", 5)
    .part(["alice"], ["bob", "carol", "shop"]);
  tale.mine("a1:coffee", "alice");
  expect(waitingAt(tale.story, "alice")).toEqual([]);
  expect(waitingAt(tale.story, "bob")).toEqual([txidOf("coffee")]);
  expect(tale.story.payment(txidOf("coffee"))).toMatchObject({
    from: "alice",
    to: "shop",
    value: 5,
    blocks: [hashOf("a1")],
  });
});

test("after a reorganisation the payments of the old branch wait, and those of the new one do not", () => {
  //  ground ─ a1:coffee
  //         └ b1 ─ b2:tea ─ b3
  const tale = new Tale()
    .pay("coffee", "alice", "shop", 5)
    .pay("tea", "bob", "shop", 3)
    .part(["alice"], ["bob", "carol", "shop"])
    .mine("a1:coffee", "alice")
    .mine("b1", "bob")
    .mine("b2:tea", "bob")
    .mine("b3", "bob")
    .heal();
  expect(tale.story.node("alice")).toMatchObject({ tip: hashOf("b3"), height: 3 });
  expect(waitingAt(tale.story, "alice")).toEqual([txidOf("coffee")]);
});

test("a tip that moves over several blocks at once empties the mempool of all of them", () => {
  const tale = new Tale().pay("coffee", "alice", "shop", 5);
  const story = tale.story;
  const later = new Tale().mine("a1:coffee", "alice").mine("a2", "alice");
  const news = later.events.filter((event) => event.type === "news" && event.node === "alice");
  for (const event of news) {
    const isTip = event.type === "news" && event.news.type === "tip-extended";
    if (!isTip || event === news.at(-1)) story.apply(event);
  }
  expect(story.node("alice")?.tip).toBe(hashOf("a2"));
  expect(waitingAt(story, "alice")).toEqual([]);
});

test("two transactions that spend the same coin know each other", () => {
  const { story } = new Tale().attack({
    type: "paid",
    payment: txidOf("coffee"),
    conflict: txidOf("back"),
    value: 5,
    via: "alice",
  });
  expect(story.payment(txidOf("coffee"))?.conflict).toBe(txidOf("back"));
  expect(story.payment(txidOf("back"))?.conflict).toBe(txidOf("coffee"));
});

test("what takes the place of a payment is the one that conflicts with it", () => {
  const tale = new Tale().pay("coffee", "alice", "shop", 5);
  tale.hear("bob", {
    type: "transaction-removed",
    txid: txidOf("coffee"),
    reason: "replaced",
    by: txidOf("dearer"),
  });
  expect(tale.story.payment(txidOf("coffee"))?.conflict).toBe(txidOf("dearer"));
  expect(waitingAt(tale.story, "bob")).toEqual([]);
});

test("a crashed node has no peers and an empty mempool, and is no node's peer", () => {
  const tale = new Tale().pay("coffee", "alice", "shop", 5);
  tale.hear("bob", { type: "peer-ready", peer: tale.story.node("carol")!.peerId!, height: 0 });
  tale.hear("carol", { type: "peer-ready", peer: tale.story.node("bob")!.peerId!, height: 0 });
  expect([...tale.story.node("bob")!.peers]).toEqual(["carol"]);
  const { story } = tale.crash("carol");
  expect(story.node("carol")).toMatchObject({ state: "down", measurement: null });
  expect(waitingAt(story, "carol")).toEqual([]);
  expect([...story.node("bob")!.peers]).toEqual([]);
  expect(tale.restart("carol").story.node("carol")?.state).toBe("up");
});

test("a partition is remembered until it is healed, and healing mends single links, too", () => {
  const tale = new Tale().part(["alice"], ["bob", "carol", "shop"]);
  expect(tale.story.groups).toEqual([["alice"], ["bob", "carol", "shop"]]);
  tale.tell({ type: "link", between: ["bob", "carol"], isCut: true, delayMs: 900 });
  expect(linkIn(tale.story, "bob", "carol")).toMatchObject({ isCut: true, delayMs: 900 });
  const { story } = tale.heal();
  expect(story.groups).toBeNull();
  expect(linkIn(story, "bob", "carol")).toMatchObject({ isCut: false, delayMs: 20 });
});

test("each scene begins a new attack", () => {
  const race = { type: "race", secretBlocks: 1, publicBlocks: 0, lead: 1 } as const;
  const tale = new Tale().attack(scene).attack(race);
  expect(tale.story.attack?.steps.map(({ step }) => step.type)).toEqual(["scene", "race"]);
  tale.attack(scene);
  expect(tale.story.attack?.steps).toHaveLength(1);
});

test("a copy does not change when its original is told more", () => {
  const tale = new Tale().pay("coffee", "alice", "shop", 5).mine("a1", "alice", { to: ["bob"] });
  const story = tale.story;
  const copy = story.copy();
  const told = tale.events.length;
  tale.spread("a1", "bob", ["carol"]).mine("a2:coffee", "carol").part(["alice"], ["bob"]);
  for (const event of tale.events.slice(told)) story.apply(event);
  expect(story.blockCount).toBe(3);
  expect(copy.blockCount).toBe(2);
  expect(copy.block(hashOf("a1"))?.arrivals.map(({ node }) => node)).toEqual(["alice", "bob"]);
  expect(copy.node("carol")?.tip).toBe(hashOf("ground"));
  expect(waitingAt(copy, "carol")).toEqual([txidOf("coffee")]);
  expect(copy.payment(txidOf("coffee"))?.blocks).toEqual([]);
  expect(copy.childrenOf(hashOf("a1"))).toEqual([]);
  expect(copy.groups).toBeNull();
});

test("a lab that goes on in an old folder keeps the blocks of the one before", () => {
  const story = new Tale().mine("a1", "alice").story;
  for (const event of new Tale(["dora"], 60_000).events) story.apply(event);
  expect(story.block(hashOf("a1"))).toBeDefined();
  expect(story.nodes.map(({ name }) => name)).toEqual(["dora"]);
});

test("the oldest blocks are forgotten when there are too many, and the next ones become the ground", () => {
  const tale = new Tale(["alice"]);
  for (let i = 1; i <= blocksMax; i += 1) tale.mine(`a${i}`, "alice");
  const { story } = tale;
  expect(story.blockCount).toBe(blocksMax);
  expect(story.block(hashOf("ground"))).toBeUndefined();
  expect(story.block(hashOf("a1"))?.previous).toBeNull();
  expect(story.block(hashOf("a2"))?.previous).toBe(hashOf("a1"));
});

test("the oldest payments and hops are forgotten when there are too many", () => {
  const tale = new Tale(["alice", "bob"]);
  const { story } = tale;
  const from = story.node("alice")!.peerId;
  for (let i = 0; i <= paymentsMax; i += 1) {
    const txid = i.toString(16).padStart(64, "0") as Txid;
    const news = { id: i, at: i as Milliseconds, type: "transaction-admitted" } as const;
    const facts = { txid, fee: 1 as Satoshi, vsize: 100, from };
    story.apply({ at: news.at, type: "news", node: "bob", news: { ...news, ...facts } });
  }
  expect([...story.payments]).toHaveLength(paymentsMax);
  expect(story.payment("0".repeat(64) as Txid)).toBeUndefined();
  expect(story.hops.length).toBeLessThanOrEqual(2 * hopsMax);
  expect(story.hops.at(-1)?.name).toBe(paymentsMax.toString(16).padStart(64, "0"));
  expect(story.node("bob")!.waiting.size).toBeLessThanOrEqual(paymentsMax);
});

const scene = {
  type: "scene",
  attack: "double-spend",
  attacker: "alice",
  share: 0.6,
  shares: { alice: 0.6, bob: 0.4 },
  confirmations: 1,
  giveUpBehind: 5,
  premine: 0,
  theory: { probability: 1, strictProbability: 1, source: "" },
  curve: [],
} as const;

function waitingAt(story: Story, node: string): readonly Txid[] {
  return [...(story.node(node)?.waiting ?? [])];
}

function linkIn(story: Story, ...ends: readonly string[]) {
  return story.links.find(({ between }) => ends.every((end) => between.includes(end)));
}

test("a rest of miners is known until it is over, or its node is down", () => {
  const rest = {
    type: "miners-rest",
    node: "alice",
    reason: "clock-behind-chain",
    median_ahead: 40,
    until: 9000 as Milliseconds,
  } as const;
  const tale = new Tale().tell(rest);
  expect(tale.story.rest).toMatchObject(rest);
  expect(tale.story.copy().rest).toMatchObject(rest);
  expect(tale.tell({ type: "miners-resume", node: "bob" }).story.rest).toBeNull();
  expect(tale.tell(rest).tell({ type: "node-down", node: "alice" }).story.rest).toBeNull();
});
