/** Checks which peer is asked for which bodies, and what happens to those that do not deliver. */

import { describe, expect, test } from "vitest";
import { limits } from "../../src/peers/limits.ts";
import { dataScript } from "../../src/primitives/script.ts";
import { Forest } from "../chain/forest.ts";
import { PeersScene } from "./scene.ts";

const { blocksInRequestMax: step, blockRequestsMax, stallTimeoutMinMs } = limits;
/** More than three peers may have under way at once. */
const height = 4 * blockRequestsMax * step;
const forest = new Forest().plant(names(1, height).join(" "));

function names(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `a${from + i}`);
}

function requestOf(peer: string, from: number, to = from + step - 1): string {
  return `${peer} get-blocks ${names(from, to).join(" ")}`;
}

/** Peers that have shown the whole branch, in the order in which they joined. */
function sceneWith(...peers: string[]): PeersScene {
  const scene = new PeersScene(forest);
  scene.home.receivesHeaders(...names(1, height));
  for (const peer of peers) scene.joins(peer);
  scene.does();
  for (const peer of peers) {
    scene.answers(peer, { type: "status", status: scene.claims(`a${height}`) });
  }
  return scene;
}

/** Blocks of a request, as the peer was asked for them. */
function deliver(scene: PeersScene, request: string): void {
  const [peer = "", , ...blocks] = request.split(" ");
  scene.sendsBlocks(peer, ...blocks);
}

/** Requests for blocks only, and ends of connections. */
function downloads(scene: PeersScene): string[] {
  return scene.does().filter((line) => /get-blocks|dropped|banned/.test(line));
}

test("each peer has several requests under way, and the lowest blocks are spread", () => {
  expect(downloads(sceneWith("bob", "carol"))).toEqual([
    requestOf("bob", 1),
    requestOf("carol", 17),
    requestOf("bob", 33),
    requestOf("carol", 49),
    requestOf("bob", 65),
    requestOf("carol", 81),
  ]);
});

test("an answer makes room for one more request, though others are under way", () => {
  const scene = sceneWith("bob");
  expect(downloads(scene)).toEqual([1, 17, 33].map((from) => requestOf("bob", from)));
  deliver(scene, requestOf("bob", 1));
  expect(downloads(scene)).toEqual([requestOf("bob", 49)]);
});

test("two peers that never deliver do not keep a third from delivering everything", () => {
  const scene = sceneWith("mallory", "trudy", "bob");
  const dropped: string[] = [];
  const open = downloads(scene);
  for (let round = 0; scene.home.tip !== `a${height}`; round++) {
    expect(round).toBeLessThan(100);
    const request = open.findIndex((line) => line.startsWith("bob get"));
    const [asked] = request < 0 ? [] : open.splice(request, 1);
    if (asked !== undefined) deliver(scene, asked);
    else scene.passes(100);
    const done = downloads(scene);
    dropped.push(...done.filter((line) => line.includes("dropped")));
    open.push(...done);
  }
  expect(scene.elapsed).toBeLessThan(3 * stallTimeoutMinMs);
  expect(dropped).toEqual([
    "mallory dropped: holds up the download",
    "trudy dropped: holds up the download",
  ]);
});

test("a peer that failed is not asked while one that did not fail can deliver", () => {
  const scene = sceneWith("mallory", "bob");
  downloads(scene);
  scene.fails("mallory", "get-blocks").passes(limits.backoffMs);
  deliver(scene, requestOf("bob", 17));
  deliver(scene, requestOf("bob", 49));
  // The first blocks were mallory's; what mallory was not asked for yet is bob's, too.
  expect(downloads(scene)).toEqual([requestOf("bob", 1), requestOf("bob", 97)]);
});

test("answers to other questions do not make up for blocks that never came", () => {
  const scene = sceneWith("mallory");
  const done: string[] = [];
  for (let second = 0; second < 120 && !done.includes("mallory dropped"); second++) {
    for (const line of scene.passes(1_000).does()) {
      done.push(line.split(":")[0]!);
      if (line !== "mallory get-status") continue;
      scene.answers("mallory", { type: "status", status: scene.claims(`a${height}`) });
    }
  }
  expect(done).toContain("mallory dropped");
});

test("a peer that lacks some of the blocks is not asked for them while others may have them", () => {
  const scene = sceneWith("bob", "carol");
  downloads(scene);
  scene.sendsBlocks("bob", "a1", "a3");
  deliver(scene, requestOf("carol", 17));
  expect(downloads(scene)).toEqual([
    requestOf("bob", 97),
    `carol get-blocks a2 ${names(4, 16).join(" ")} a113 a114`,
  ]);
});

describe("a slow peer", () => {
  test("keeps its place while it delivers, however little at a time", () => {
    const scene = sceneWith("slow", "bob");
    let next = 1;
    const done = downloads(scene);
    for (let at = 0; at < 6; at++) {
      scene.passes(stallTimeoutMinMs - 100);
      const mine = done.find((line) => line.startsWith("slow get"));
      if (mine === undefined) break;
      done.splice(done.indexOf(mine), 1);
      deliver(scene, mine);
      next += 1;
      done.push(...downloads(scene));
    }
    expect(next).toBeGreaterThan(3);
    expect(done.filter((line) => line.includes("dropped"))).toEqual([]);
  });

  test("is not dropped where all are slow", () => {
    const scene = sceneWith("slow", "bob", "carol");
    const open = downloads(scene);
    const done: string[] = [];
    // Whatever was requested takes ten seconds.
    for (let round = 0; round < 20 && scene.home.tip !== `a${height}`; round++) {
      const due = open.splice(0);
      scene.passes(10_000);
      for (const line of scene.does()) {
        if (line.includes("get-blocks")) open.push(line);
        else done.push(line);
      }
      for (const line of due) deliver(scene, line);
    }
    expect(scene.home.tip).toBe(`a${height}`);
    expect(done.filter((line) => line.includes("dropped"))).toEqual([]);
  });

  test("with one block to send is not dropped: the other one is only asked, too", () => {
    const short = new Forest().plant("a1 a2");
    const scene = new PeersScene(short, "a1");
    scene.joinsAt("slow", "a2").does();
    scene.sendsHeaders("slow", "a2").joinsAt("bob", "a2");
    scene.passes(stallTimeoutMinMs - 1);
    expect(downloads(scene)).toEqual([]);
    scene.passes(1);
    expect(downloads(scene)).toEqual(["bob get-blocks a2"]);
    scene.sendsBlocks("bob", "a2");
    expect(downloads(scene)).toEqual([]);
    expect(scene.receives("slow", { type: "blocks", blocks: short.blocks("a2") })).toEqual(["a2"]);
  });
});

test("what a peer was asked for goes to another one as soon as it leaves", () => {
  const scene = sceneWith("bob");
  downloads(scene);
  scene.joinsAt("carol", `a${height}`);
  expect(downloads(scene)).toEqual([49, 65, 81].map((from) => requestOf("carol", from)));
  scene.peers.leave("bob" as never);
  deliver(scene, requestOf("carol", 49));
  expect(downloads(scene)).toEqual([requestOf("carol", 1)]);
});

test("large blocks are requested a few at a time", () => {
  const large = new Forest().plant("a1").plant(names(1, 40).join(" "), {
    payTo: dataScript(...Array<Uint8Array>(4_000).fill(new Uint8Array(75))),
  });
  const scene = new PeersScene(large);
  scene.home.receivesHeaders(...names(1, 40));
  scene.joinsAt("bob", "a40");
  const counts: number[] = [];
  const open = downloads(scene);
  for (let line = open.shift(); line !== undefined; line = open.shift()) {
    counts.push(line.split(" ").length - 2);
    deliver(scene, line);
    open.push(...downloads(scene));
  }
  expect(scene.home.tip).toBe("a40");
  expect(counts.slice(0, 3)).toEqual([16, 16, 8]);
});

test("of those who failed to deliver a block only the newest are remembered", () => {
  const scene = new PeersScene(forest);
  scene.home.receivesHeaders("a1");
  const others = Array.from({ length: limits.peersMax }, (_, i) => `peer${i}`);
  for (const name of ["bob", ...others]) {
    scene.joinsAt(name, "a1");
    expect(downloads(scene)).toEqual([`${name} get-blocks a1`]);
    scene.answers(name, { type: "blocks", blocks: [] });
    scene.peers.leave(name as never);
  }
  scene.passes(limits.backoffMs);
  scene.joins("peer0", "bob").does();
  for (const name of ["peer0", "bob"]) {
    scene.answers(name, { type: "status", status: scene.claims("a1") });
  }
  expect(downloads(scene)).toEqual(["bob get-blocks a1"]);
});
