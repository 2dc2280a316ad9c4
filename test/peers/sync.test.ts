/** Checks what peers are asked, how long they may take, and what lies cost them. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Params } from "../../src/consensus/params.ts";
import { statusOf } from "../../src/peers/answers.ts";
import { limits } from "../../src/peers/limits.ts";
import type { BlockHash } from "../../src/primitives/brand.ts";
import { blockHash, type Header } from "../../src/primitives/header.ts";
import { Forest, practice } from "../chain/forest.ts";
import { now } from "../chain/scene.ts";
import { madeUpHash, solvedHeader } from "../consensus/samples.ts";
import { peer, PeersScene } from "./scene.ts";

//  genesis ─ a1 ─ a2 ─ … ─ a20
//         └─ b1 ─ b2 ─ b3
const forest = new Forest().plant(line("a", 20)).plant("b1 b2 b3");

function line(letter: string, length: number): string {
  return names(letter, 1, length).join(" ");
}

function names(letter: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${letter}${from + i}`);
}

describe("the handshake", () => {
  test("a peer that joins is asked for its tip and told ours", () => {
    const scene = new PeersScene(forest, "a1", "a2").joins("bob");
    expect(statusOf(scene.home.chain)).toEqual(scene.claims("a2"));
    expect(scene.does()).toEqual(["bob get-status"]);
    expect(scene.peers.isReady(peer("bob"))).toBe(false);
    scene.answers("bob", { type: "status", status: scene.claims("a1") });
    expect(scene.peers.isReady(peer("bob"))).toBe(true);
    expect(scene.peers.list(scene.elapsed)).toEqual([
      {
        peer: "bob",
        isReady: true,
        height: 1,
        work: 4n,
        tip: forest.hash("a1"),
        penalty: 0,
        joinedAt: scene.wall,
      },
    ]);
  });

  test("a peer that asks for our tip tells its own", () => {
    const scene = new PeersScene(forest, "a1").joins("bob");
    const status = scene.claims("a1");
    scene.sync.noteStatus(peer("bob"), status, scene.elapsed);
    expect(scene.peers.isReady(peer("bob"))).toBe(true);
  });

  test("a peer of another network is banned", () => {
    const scene = new PeersScene(forest, "a1").joinsAt("bob", "a1", { genesis: madeUpHash });
    expect(scene.does()).toEqual([
      `bob banned: belongs to another network (genesis ${madeUpHash})`,
    ]);
    expect(scene.peers.list(scene.elapsed)).toEqual([]);
  });

  test("one peer more than enough is turned away, without a ban", () => {
    const crowd = Array.from({ length: limits.peersMax }, (_, i) => `peer${i}`);
    const scene = new PeersScene(forest).joins(...crowd);
    expect(scene.does()).toHaveLength(limits.peersMax);
    expect(scene.joins("late").does()).toEqual([
      `late dropped: ${limits.peersMax} peers are enough`,
    ]);
    scene.peers.leave(peer("peer0"));
    expect(scene.joins("late").does()).toEqual(["late get-status"]);
  });

  test("a peer that joins twice is one peer", () => {
    expect(new PeersScene(forest).joins("bob", "bob").does()).toEqual(["bob get-status"]);
  });

  test("a peer that has no more than we is asked for its waiting transactions, once", () => {
    const scene = new PeersScene(forest, "a1", "a2").joinsAt("bob", "a1");
    expect(scene.does()).toEqual(["bob get-mempool"]);
    scene.answers("bob", { type: "transactions", transactions: [] });
    expect(scene.does()).toEqual([]);
  });

  test("it is asked again every while, and told what waits here: gossip may be lost", () => {
    const scene = new PeersScene(forest, "a1").joinsAt("bob", "a1");
    expect(scene.does()).toEqual(["bob get-mempool"]);
    scene.answers("bob", { type: "transactions", transactions: [] });
    scene.waiting = [forest.reward("a1").point];
    expect(limits.mempoolIntervalMs).toBe(limits.statusIntervalMs);
    expect(scene.passes(limits.mempoolIntervalMs - 1).does()).toEqual([]);
    expect(scene.passes(1).does()).toEqual(["bob get-status", "bob get-mempool except 1"]);
  });

  test("it is asked less often where much waits", () => {
    const scene = new PeersScene(forest, "a1").joinsAt("bob", "a1");
    scene.waiting = Array.from({ length: 2500 }, () => forest.reward("a1").point);
    expect(scene.does()).toEqual(["bob get-mempool except 2500"]);
    scene.answers("bob", { type: "transactions", transactions: [] });
    for (let passedMs = 0; passedMs < 20_000; passedMs += 10_000) {
      expect(scene.passes(10_000).does()).toEqual(["bob get-status"]);
      scene.answers("bob", { type: "status", status: scene.claims("a1") });
    }
    expect(scene.passes(5_000).does()).toEqual(["bob get-mempool except 2500"]);
  });

  test("one with more work is asked when we have caught up with it", () => {
    const scene = new PeersScene(forest, "a1").joinsAt("bob", "a3");
    expect(scene.does()).toEqual(["bob get-headers after a1"]);
    scene.sendsHeaders("bob", "a2", "a3");
    expect(scene.does()).toEqual(["bob get-blocks a2 a3"]);
    expect(scene.sendsBlocks("bob", "a2", "a3").does()).toEqual(["bob get-mempool"]);
  });

  test("its tip is asked for again every few seconds", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "genesis");
    scene.does();
    scene.answers("bob", { type: "transactions", transactions: [] });
    expect(scene.passes(limits.statusIntervalMs - 1).does()).toEqual([]);
    expect(scene.passes(1).does()).toContain("bob get-status");
  });
});

describe("sync", () => {
  test("asks for headers, then for bodies, then says that it is level", () => {
    const scene = new PeersScene(forest, "a1").joinsAt("bob", "a4");
    expect(scene.does()).toEqual(["bob get-headers after a1"]);
    scene.sendsHeaders("bob", "a2", "a3", "a4");
    expect(scene.sync.isBehind).toBe(true);
    expect(scene.does()).toEqual(["bob get-blocks a2 a3 a4"]);
    scene.sendsBlocks("bob", "a2", "a3", "a4");
    expect(scene.home.tip).toBe("a4");
    expect(scene.sync.isBehind).toBe(false);
    expect(scene.does()).toEqual(["bob get-mempool"]);
  });

  test("asks no peer for more blocks than a message holds, and others for the rest", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a20").joins("carol");
    expect(scene.does()).toEqual(["carol get-status", "bob get-headers after genesis"]);
    scene.sendsHeaders("bob", ...names("a", 1, 20));
    scene.answers("carol", { type: "status", status: scene.claims("a20") });
    expect(limits.blocksInRequestMax).toBe(16);
    expect(scene.does()).toEqual([
      `bob get-blocks ${names("a", 1, 16).join(" ")}`,
      `carol get-blocks ${names("a", 17, 20).join(" ")}`,
    ]);
    scene.sendsBlocks("carol", ...names("a", 17, 20));
    expect(scene.does()).toEqual([]);
    scene.sendsBlocks("bob", "a1", "a2");
    expect(scene.home.tip).toBe("a2");
    expect(scene.does()).toEqual([`carol get-blocks ${names("a", 3, 16).join(" ")}`]);
  });

  test("asks nobody for a branch without more work, nor for one that is known", () => {
    const scene = new PeersScene(forest, "a1", "a2", "a3").joinsAt("bob", "b3");
    expect(scene.does()).toEqual(["bob get-mempool"]);
    const other = new PeersScene(forest, "a1", "a2", "a3").joinsAt("bob", "a2");
    expect(other.does()).toEqual(["bob get-mempool"]);
  });

  test("asks the peer that announced an unknown parent for headers, once", () => {
    const scene = new PeersScene(forest, "a1").joinsAt("bob", "a1");
    scene.does();
    scene.sync.noteUnknownParent(peer("bob"));
    expect(scene.does()).toEqual(["bob get-headers after a1"]);
    scene.sendsHeaders("bob");
    expect(scene.does()).toEqual([]);
    expect(scene.penaltyOf("bob")).toBe(0);
  });

  test("fetches a block whose header a peer relayed", () => {
    const scene = new PeersScene(forest, "a1").joinsAt("bob", "a1");
    scene.does();
    scene.home.receivesHeaders("a1", "a2");
    scene.sync.noteAnnounced(peer("bob"), forest.block("a2").header);
    expect(scene.does()).toEqual(["bob get-blocks a2"]);
  });

  test("asks again for headers that came too early for our clock", () => {
    const { params } = forest;
    const aheadMs = (params.futureTimeMaxSeconds + 5) * 1000;
    const spacing = (now + aheadMs) / 1000 - params.genesis.header.time;
    const early = new Forest().plant("early", { spacing });
    const scene = new PeersScene(early).joinsAt("bob", "early");
    expect(scene.does()).toEqual(["bob get-headers after genesis"]);
    expect(scene.sendsHeaders("bob", "early").does()).toEqual([]);
    scene.passes(limits.statusIntervalMs);
    expect(scene.does()).toEqual(["bob get-status"]);
    scene.answers("bob", { type: "status", status: scene.claims("early") });
    expect(scene.does()).toEqual(["bob get-headers after genesis"]);
    expect(scene.sendsHeaders("bob", "early").does()).toEqual(["bob get-blocks early"]);
  });

  test("leaves a branch as soon as one of its blocks is invalid", () => {
    const greedy = new Forest().plant("a1").plant("c1 c2! c3");
    const scene = new PeersScene(greedy, "a1").joinsAt("bob", "c3");
    scene.does();
    scene.sendsHeaders("bob", "c1", "c2", "c3").does();
    expect(scene.sendsBlocks("bob", "c1", "c2").does()).toEqual([]);
    expect(scene.sync.isBehind).toBe(false);
  });
});

describe("a peer that does not answer", () => {
  test("is given up after four seconds, rests, and then has twice as long", () => {
    const scene = new PeersScene(forest).joins("bob");
    scene.does();
    expect(scene.passes(limits.responseTimeoutMinMs - 1).does()).toEqual([]);
    expect(scene.sync.nextTime()).toBe(scene.elapsed + 1);
    expect(scene.passes(1).does()).toEqual([]);
    expect(scene.sync.nextTime()).toBe(scene.elapsed + limits.backoffMs);
    expect(scene.passes(limits.backoffMs).does()).toEqual(["bob get-status"]);
    expect(scene.passes(2 * limits.responseTimeoutMinMs - 1).does()).toEqual([]);
    expect(scene.sync.nextTime()).toBe(scene.elapsed + 1);
    expect(scene.passes(1).does()).toEqual([]);
    expect(scene.passes(limits.backoffMs).does()).toEqual(["bob get-status"]);
  });

  test("is dropped after four failures in a row", () => {
    const scene = new PeersScene(forest).joins("bob");
    for (let failure = 1; failure < limits.failuresMax; failure++) {
      expect(scene.does()).toEqual(["bob get-status"]);
      scene.fails("bob", "get-status").passes(limits.backoffMs);
    }
    scene.does();
    expect(scene.fails("bob", "get-status").does()).toEqual(["bob dropped: does not answer"]);
  });

  test("begins anew with every answer", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a4");
    scene.does();
    scene.sendsHeaders("bob", ...names("a", 1, 4));
    for (const block of names("a", 1, 3)) {
      for (let failure = 1; failure < limits.deliveryFailuresMax; failure++) {
        scene.does();
        scene.fails("bob", "get-blocks").passes(limits.backoffMs);
      }
      scene.does();
      scene.sendsBlocks("bob", block);
    }
    expect(scene.does()).toEqual(["bob get-blocks a4"]);
  });

  test("is replaced: another one is asked for the same blocks", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a3");
    scene.does();
    scene.sendsHeaders("bob", "a1", "a2", "a3");
    expect(scene.does()).toEqual(["bob get-blocks a1 a2 a3"]);
    expect(scene.joinsAt("carol", "a3").does()).toEqual([]);
    expect(scene.passes(limits.responseTimeoutMinMs).does()).toEqual(["carol get-blocks a1 a2 a3"]);
  });

  test("may answer late: bodies are taken all the same, and it has failed no more", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a3");
    scene.does();
    scene.sendsHeaders("bob", "a1", "a2", "a3").does();
    scene.passes(limits.responseTimeoutMinMs).does();
    expect(scene.peers.get(peer("bob"))?.deliveries.failures).toBe(1);
    const late = { type: "blocks", blocks: forest.blocks("a1") } as const;
    expect(scene.receives("bob", late)).toEqual(["a1"]);
    expect(scene.peers.get(peer("bob"))?.deliveries.failures).toBe(0);
    expect(scene.penaltyOf("bob")).toBe(0);
  });
});

test("whatever peers leave unanswered, the next time to act is in the future", () => {
  const scene = new PeersScene(forest, "a1").joins("silent").joinsAt("half", "a3");
  scene.joinsAt("level", "a1");
  for (let step = 0; step < 200; step++) {
    scene.does();
    const next = scene.sync.nextTime();
    if (next === undefined) break;
    expect(next).toBeGreaterThan(scene.elapsed);
    scene.elapsed = next;
  }
  expect(scene.peers.list(scene.elapsed)).toEqual([]);
});

describe("a peer that lies", () => {
  test("about its work is not asked again for the same claim, and pays for it", () => {
    const scene = new PeersScene(forest, "a1", "a2").joinsAt("bob", "a3", { work: 1000n });
    expect(scene.does()).toEqual(["bob get-headers after a2"]);
    scene.sendsHeaders("bob");
    expect(scene.penaltyOf("bob")).toBe(10);
    expect(scene.does()).toEqual([]);
  });

  test("about its work again and again is banned", () => {
    const scene = new PeersScene(forest, "a1", "a2").joins("bob");
    const done: string[] = [];
    // Some of it is forgiven meanwhile, so it takes a few more than ten.
    for (let claim = 0; !done.some((each) => each.includes("banned")) && claim < 20; claim++) {
      scene.does();
      const tip = claim.toString(16).padStart(64, "0") as BlockHash;
      scene.answers("bob", { type: "status", status: scene.claims("a1", { tip, work: 1000n }) });
      scene.does();
      done.push(...scene.sendsHeaders("bob").does());
      scene.passes(limits.statusIntervalMs);
    }
    expect(done).toEqual(["bob banned: claims more work than its headers show"]);
  });

  test("with headers that do not follow each other is banned", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a3");
    scene.does();
    expect(scene.sendsHeaders("bob", "a1", "a3").does()).toEqual([
      "bob banned: headers: not-linked",
    ]);
  });

  test("with headers without proof of work is banned", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a3");
    scene.does();
    const [header] = forest.headers("a1");
    const unproven = { ...header!, bits: 0x1d00ffff as Header["bits"] };
    scene.answers("bob", { type: "headers", headers: [unproven] });
    expect(scene.does()).toEqual(["bob banned: headers: high-hash"]);
  });

  test("with headers that begin nowhere pays for it", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a3");
    scene.does();
    expect(scene.sendsHeaders("bob", "a2", "a3").penaltyOf("bob")).toBe(20);
  });

  test("with headers upon an invalid block is banned: they lead to its tip", () => {
    const greedy = new Forest().plant("c1 c2! c3");
    const scene = new PeersScene(greedy, "c1", "c2").joinsAt("bob", "c3");
    scene.does();
    expect(scene.sendsHeaders("bob", "c2", "c3").does()).toEqual([
      "bob banned: headers: bad-prevblk",
    ]);
  });

  test("with blocks that nobody asked for pays, and the blocks are not looked at", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a2");
    scene.does();
    scene.sendsHeaders("bob", "a1", "a2").does();
    const blocks = forest.blocks("b1", "a1", "a1");
    expect(scene.receives("bob", { type: "blocks", blocks })).toEqual(["a1"]);
    expect(scene.penaltyOf("bob")).toBe(20);
  });

  test("by answering another question pays for it", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a2");
    scene.does();
    const id = scene.takeId("bob", "get-headers");
    const blocks = scene.sync.receive(
      peer("bob"),
      id,
      { type: "blocks", blocks: forest.blocks("a1") },
      scene.now,
    );
    expect(blocks).toEqual([]);
    expect(scene.penaltyOf("bob")).toBe(50);
  });

  test("about bodies it does not have is dropped", () => {
    const scene = new PeersScene(forest).joinsAt("bob", "a2");
    scene.does();
    scene.sendsHeaders("bob", "a1", "a2");
    const done: string[] = [];
    for (let failure = 0; failure < limits.deliveryFailuresMax; failure++) {
      done.push(...scene.does());
      scene.sendsBlocks("bob").passes(limits.backoffMs);
    }
    done.push(...scene.does());
    expect(done).toEqual([
      ...Array<string>(limits.deliveryFailuresMax).fill("bob get-blocks a1 a2"),
      "bob dropped: does not deliver the blocks it shows",
    ]);
  });
});

test("a peer that moved on before it was asked for headers has claimed nothing false", () => {
  //  ─ a1 ─ a2 ─ a3
  //  └ b1 ─ b2 ─ b3 ─ b4
  const moving = new Forest().plant("a1 a2 a3").plant("b1 b2 b3 b4");
  const scene = new PeersScene(moving).joinsAt("bob", "a3");
  scene.does();
  expect(scene.sendsHeaders("bob", "b1", "b2", "b3", "b4").penaltyOf("bob")).toBe(0);
});

describe("a long branch of easy blocks against a short one of hard blocks", () => {
  // Every second block has a new target, four times as hard if the last one took a second.
  const params: Params = { ...practice, difficulty: { type: "interval", interval: 2 } };
  const hard = new Forest(params);
  let easy: Header[];

  beforeAll(() => {
    hard.plant(line("h", 14), { spacing: 1 });
    easy = easyHeaders(limits.headersPendingMax);
  });

  function easyHeaders(count: number): Header[] {
    const headers: Header[] = [];
    let { header } = params.genesis;
    while (headers.length < count) {
      const time = header.time + 2 * params.spacingSeconds;
      header = solvedHeader({ previous: blockHash(header), time });
      headers.push(header);
    }
    return headers;
  }

  function sends(scene: PeersScene, from: number, to: number): void {
    scene.answers("bob", { type: "headers", headers: easy.slice(from, to) });
  }

  test("nothing is kept until all its headers together have as much work", () => {
    const scene = new PeersScene(hard, ...names("h", 1, 11)).joinsAt("bob", "h14", {
      tip: madeUpHash,
      work: 1_000_000n,
    });
    const { tree, tip } = scene.home.chain;
    expect(tip.work).toBe(5460n);
    scene.does();
    sends(scene, 0, 2000);
    expect(tree.size).toBe(12);
    const [again] = scene.does();
    expect(again).toBe(`bob get-headers after unknown ${blockHash(easy[1999]!)}`);
    sends(scene, 2000, 2728);
    expect(tree.size).toBe(12);
    expect(scene.penaltyOf("bob")).toBe(10);
  });

  test("it is taken when it has", () => {
    const scene = new PeersScene(hard, ...names("h", 1, 11)).joinsAt("bob", "h14", {
      tip: blockHash(easy[2729]!),
      work: 5462n,
    });
    scene.does();
    sends(scene, 0, 2000);
    scene.does();
    sends(scene, 2000, 2730);
    expect(scene.home.chain.tree.size).toBe(12 + 2730);
    expect(scene.does()[0]).toMatch(/^bob get-blocks/);
    expect(scene.penaltyOf("bob")).toBe(0);
  });

  test("a peer that leaves it while it shows it is asked for the other one, without blame", () => {
    const scene = new PeersScene(hard, ...names("h", 1, 11)).joinsAt("bob", "h14", {
      tip: blockHash(easy[2729]!),
      work: 5462n,
    });
    scene.does();
    sends(scene, 0, 2000);
    scene.does();
    scene.sendsHeaders("bob", "h12", "h13", "h14");
    expect(scene.does()).toEqual([]);
    expect(scene.penaltyOf("bob")).toBe(0);
    scene.passes(limits.statusIntervalMs).does();
    scene.answers("bob", { type: "status", status: scene.claims("h14", { work: 20_000n }) });
    expect(scene.does()).toEqual(["bob get-headers after h11"]);
    expect(scene.sendsHeaders("bob", "h12", "h13", "h14").does()).toEqual([
      "bob get-blocks h12 h13 h14",
    ]);
  });

  test("no peer may make us wait for more than a limit", () => {
    const scene = new PeersScene(hard, ...names("h", 1, 14)).joinsAt("bob", "h14", {
      tip: madeUpHash,
      work: 1_000_000n,
    });
    const { headersPendingMax: limit, headersPerMessageMax: step } = limits;
    for (let at = 0; at < limit; at += step) {
      expect(scene.does()).toHaveLength(1);
      sends(scene, at, at + step);
    }
    expect(scene.does()).toEqual([]);
    expect(scene.penaltyOf("bob")).toBe(10);
    expect(scene.home.chain.tree.size).toBe(15);
  });
});

test("a peer that finds a block while it shows its headers is asked for that one, without blame", () => {
  const scene = new PeersScene(new Forest().plant("a1 a2 a3"));
  scene.joinsAt("bob", "a2").does();
  scene.sync.noteStatus(peer("bob"), scene.claims("a3"), scene.elapsed);
  scene.sendsHeaders("bob", "a1", "a2");
  expect(scene.penaltyOf("bob")).toBe(0);
  expect(scene.does()).toContain("bob get-headers after a2");
});

test("a new claim does not save a peer from paying for the one before", () => {
  const scene = new PeersScene(forest, "a1").joinsAt("bob", "a2", { tip: madeUpHash });
  scene.does();
  scene.sync.noteStatus(peer("bob"), scene.claims("a2"), scene.elapsed);
  scene.sendsHeaders("bob");
  expect(scene.penaltyOf("bob")).toBe(10);
});

test("a peer that gives up a block which was invalidated here is asked for what it has instead", () => {
  const scene = new PeersScene(forest, "a1", "a2", "a3")
    .joinsAt("bob", "a3")
    .joinsAt("carol", "b2");
  const { chain } = scene.home;
  chain.invalidate(chain.entryAt(1)!);
  scene.does();
  scene.sendsHeaders("carol", "b1", "b2").peers.leave(peer("carol"));
  scene.sync.noteStatus(peer("bob"), scene.claims("b2"), scene.elapsed);
  expect(scene.does()).toContain("bob get-blocks b1 b2");
});
