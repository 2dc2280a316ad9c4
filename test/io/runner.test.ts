/** The runner with a node that follows a script: what is carried out, in which order, and what is not. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { lab } from "../../src/consensus/params.ts";
import type { MiningJob } from "../../src/io/mining/miner-pool.ts";
import { Gate } from "../../src/io/p2p/gate.ts";
import type { GossipTopic } from "../../src/io/p2p/network.ts";
import { commandsMax, effectsMax, eventsMax, NodeRunner } from "../../src/io/runner.ts";
import type { Machine } from "../../src/machine/machine.ts";
import type { Now } from "../../src/machine/now.ts";
import type { Write } from "../../src/machine/store.ts";
import type { BlockTemplate, TemplateId } from "../../src/mempool/template.ts";
import type { Effect } from "../../src/node/effect.ts";
import type { Command, NodeEvent } from "../../src/node/event.ts";
import { decodeMessage, encodeMessage, type RequestId } from "../../src/peers/message.ts";
import type { BlockHash, Elapsed, PeerId, Satoshi } from "../../src/primitives/brand.ts";
import { encodeHeader } from "../../src/primitives/header.ts";

const bob = "bob" as PeerId;
const carol = "carol" as PeerId;
const mempoolRequest = encodeMessage({ type: "get-mempool", known: [] });
const noTransactions = { type: "transactions", transactions: [] } as const;
const rest: Command = { type: "set-mining", payTo: undefined };
const genesisGossip = encodeMessage({ type: "block", block: lab.genesis });

/** What a test sees of an effect that was carried out. */
function newsOf(name: string): Effect {
  return { type: "news", news: { type: "tip-extended", tip: name as BlockHash, height: 0 } };
}

/** The node's answer to events; a test says what it is. */
class Script implements Machine<NodeEvent, Effect> {
  readonly events: NodeEvent[] = [];
  readonly times: Now[] = [];
  answer: (event: NodeEvent) => readonly Effect[] = () => [];

  handle(event: NodeEvent, now: Now): readonly Effect[] {
    this.events.push(event);
    this.times.push(now);
    return this.answer(event);
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

/** A disk that writes when it is told to. */
class Disk {
  readonly writing: PromiseWithResolvers<void>[] = [];

  persist(_batch: readonly Write[]): Promise<void> {
    const write = Promise.withResolvers<void>();
    this.writing.push(write);
    return write.promise;
  }
}

/** Wires that end in lists. */
class Wires {
  readonly gate = new Gate();
  readonly published: string[] = [];
  readonly disconnected: PeerId[] = [];
  answer: (bytes: Uint8Array) => Promise<Uint8Array> = () => Promise.reject(new Error("silence"));

  request(_to: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
    return this.answer(bytes);
  }

  publish(topic: GossipTopic, bytes: Uint8Array): Promise<void> {
    const message = decodeMessage(bytes);
    this.published.push(`${topic} ${message.ok ? message.value.type : "malformed"}`);
    return Promise.resolve();
  }

  disconnect(peer: PeerId): Promise<void> {
    this.disconnected.push(peer);
    return Promise.resolve();
  }
}

class Miners {
  readonly jobs: (MiningJob | "rest")[] = [];

  work(job: MiningJob): void {
    this.jobs.push(job);
  }

  rest(): void {
    this.jobs.push("rest");
  }
}

function setUp() {
  const script = new Script();
  const disk = new Disk();
  const wires = new Wires();
  const miners = new Miners();
  const runner = new NodeRunner({ node: script, store: disk, pool: miners, minerName: "alice" });
  const news: string[] = [];
  runner.onNews((each) => news.push(each.type === "tip-extended" ? each.tip : each.type));
  runners.push(runner);
  return { script, disk, wires, miners, runner, news };
}

const runners: NodeRunner<Script>[] = [];
const persist: Effect = { type: "persist", batch: [] };

afterEach(() => {
  for (const runner of runners.splice(0)) void runner.stop();
});

async function eventually(check: () => boolean): Promise<void> {
  await vi.waitUntil(check, { timeout: 5_000, interval: 1 });
}

/** Lets everything happen that needs no clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("events", () => {
  test("begin with woken, whatever came before the start", async () => {
    const { script, wires, runner } = setUp();
    runner.peerJoined(bob);
    await settle();
    expect(script.types).toEqual([]);
    runner.start(wires);
    await settle();
    expect(script.types).toEqual(["woken", "peer-joined"]);
  });

  test("of a thrown error tell the failure, and the node handles nothing any more", async () => {
    const { script, wires, runner } = setUp();
    const failures: string[] = [];
    runner.onFailure(({ message }) => failures.push(message));
    script.answer = (event) => {
      if (event.type === "peer-joined") throw new Error("a bug");
      return [];
    };
    runner.start(wires);
    runner.peerJoined(bob);
    runner.peerLeft(bob);
    await settle();
    expect(failures).toEqual(["the node could not handle peer-joined: a bug"]);
    expect(script.types).toEqual(["woken", "peer-joined"]);
    await expect(runner.command(rest)).rejects.toThrow("a bug");
    expect(await runner.gossip(bob, "block", genesisGossip)).toBe("ignore");
    runner.onFailure(({ message }) => failures.push(message));
    expect(failures).toHaveLength(2);
  });
});

describe("effects behind a persist", () => {
  test("wait for it, while later events are handled and stay behind", async () => {
    const { script, disk, wires, runner, news } = setUp();
    script.answer = (event) => {
      if (event.type === "peer-joined") return [newsOf("before"), persist, newsOf("after")];
      return event.type === "peer-left" ? [newsOf("later")] : [];
    };
    runner.start(wires);
    runner.peerJoined(bob);
    runner.peerLeft(bob);
    await settle();
    expect(script.types).toEqual(["woken", "peer-joined", "peer-left"]);
    expect(news).toEqual(["before"]);
    disk.writing[0]!.resolve();
    await settle();
    expect(news).toEqual(["before", "after", "later"]);
  });

  test("wait for one persist after the other", async () => {
    const { script, disk, wires, runner, news } = setUp();
    script.answer = ({ type }) => (type === "peer-joined" ? [persist, newsOf("done")] : []);
    runner.start(wires);
    runner.peerJoined(bob);
    runner.peerJoined(carol);
    await settle();
    expect(disk.writing).toHaveLength(1);
    disk.writing[0]!.resolve();
    await settle();
    expect(news).toEqual(["done"]);
    expect(disk.writing).toHaveLength(2);
  });

  test("never happen if it fails: the node tells why, and stops", async () => {
    const { script, disk, wires, runner, news } = setUp();
    const failures: Error[] = [];
    runner.onFailure((error) => failures.push(error));
    script.answer = (event) => {
      if (event.type !== "command") return [];
      const answer = { type: "mining", payTo: undefined } as const;
      return [persist, newsOf("lie"), { type: "answer", id: event.id, answer }];
    };
    runner.start(wires);
    const refused = expect(runner.command(rest)).rejects.toThrow("no space left");
    await settle();
    disk.writing[0]!.reject(new Error("no space left on device"));
    await refused;
    await settle();
    expect(news).toEqual([]);
    expect(failures.map(({ message }) => message)).toEqual([
      "the node could not write its chain to the disk: no space left on device",
    ]);
    await runner.stop();
  });

  test("are carried out before a stop is over, and no event is handled meanwhile", async () => {
    const { script, disk, wires, runner, news } = setUp();
    script.answer = ({ type }) => (type === "woken" ? [persist, newsOf("decided")] : []);
    runner.start(wires);
    await settle();
    let isOver = false;
    const stopped = runner.stop().then(() => (isOver = true));
    runner.peerJoined(bob);
    await settle();
    expect(isOver).toBe(false);
    disk.writing[0]!.resolve();
    await stopped;
    expect(news).toEqual(["decided"]);
    expect(script.types).toEqual(["woken"]);
    await expect(runner.command(rest)).rejects.toThrow("the node is stopping");
  });
});

describe("requests of peers", () => {
  test("get the response with their own id, once what it tells is on disk", async () => {
    const { script, disk, wires, runner } = setUp();
    script.answer = (event) => {
      if (event.type !== "request") return [];
      const { id, from: to } = event;
      const headers = to === bob ? [] : [lab.genesis.header];
      return [persist, { type: "respond", to, id, response: { type: "headers", headers } }];
    };
    runner.start(wires);
    const answers = new Map<PeerId, Uint8Array>();
    void runner.request(bob, mempoolRequest).then((bytes) => answers.set(bob, bytes));
    void runner.request(carol, mempoolRequest).then((bytes) => answers.set(carol, bytes));
    await settle();
    expect([...answers]).toEqual([]);
    disk.writing[0]!.resolve();
    await settle();
    disk.writing[1]!.resolve();
    await settle();
    expect([...answers]).toEqual([
      [bob, encodeMessage({ type: "headers", headers: [] })],
      [carol, encodeMessage({ type: "headers", headers: [lab.genesis.header] })],
    ]);
  });

  test("are refused and count as malformed if they do not decode or are no requests", async () => {
    const { script, wires, runner } = setUp();
    runner.start(wires);
    await expect(runner.request(bob, Uint8Array.of(99))).rejects.toThrow("no request");
    await expect(runner.request(bob, encodeMessage(noTransactions))).rejects.toThrow("no request");
    await settle();
    expect(script.events.slice(1)).toEqual([
      { type: "malformed", from: bob },
      { type: "malformed", from: bob },
    ]);
  });

  test("fail at once if a behaviour drops the answer", async () => {
    const { script, wires, runner } = setUp();
    script.answer = (event) =>
      event.type === "request"
        ? [{ type: "respond", to: event.from, id: event.id, response: noTransactions }]
        : [];
    runner.setBehaviour({ filter: () => [] });
    runner.start(wires);
    await expect(runner.request(bob, mempoolRequest)).rejects.toThrow("does not answer");
    expect(await runner.gossip(bob, "block", genesisGossip)).toBe("ignore");
  });
});

describe("requests to peers", () => {
  const id = 7 as RequestId;

  test.each([
    ["a response that fits", encodeMessage(noTransactions), "response"],
    [
      "a response to another question",
      encodeMessage({ type: "headers", headers: [] }),
      "request-failed",
    ],
    ["a request in place of a response", mempoolRequest, "request-failed"],
    ["bytes that mean nothing", Uint8Array.of(1, 2, 3), "request-failed"],
    ["silence", undefined, "request-failed"],
  ])("answered by %s", async (_, bytes, type) => {
    const { script, wires, runner } = setUp();
    wires.answer = () => (bytes ? Promise.resolve(bytes) : Promise.reject(new Error("silence")));
    script.answer = (event) =>
      event.type === "woken"
        ? [{ type: "request", to: bob, id, request: { type: "get-mempool", known: [] } }]
        : [];
    runner.start(wires);
    await settle();
    expect(script.events[1]).toMatchObject({ type, from: bob, id });
  });
});

describe("gossip", () => {
  test("is published on the topic of its type", async () => {
    const { script, wires, runner } = setUp();
    script.answer = () => [
      { type: "gossip", message: { type: "block", block: lab.genesis } },
      { type: "gossip", message: { type: "header", header: lab.genesis.header, announcer: 0 } },
      { type: "gossip", message: noTransactions },
    ];
    runner.start(wires);
    await settle();
    expect(wires.published).toEqual(["block block", "block header", "tx transactions"]);
  });

  test("gets the verdict on itself, after what had to be on disk before", async () => {
    const { script, disk, wires, runner } = setUp();
    script.answer = (event) => {
      if (event.type !== "gossip") return [];
      if (event.from === carol) return [{ type: "judge-gossip", verdict: "reject" }];
      return [persist, { type: "judge-gossip", verdict: "accept" }];
    };
    runner.start(wires);
    const verdicts: string[] = [];
    const note = (verdict: string) => void verdicts.push(verdict);
    void runner.gossip(bob, "block", genesisGossip).then(note);
    void runner.gossip(carol, "block", genesisGossip).then(note);
    await settle();
    expect(verdicts).toEqual([]);
    disk.writing[0]!.resolve();
    await settle();
    expect(verdicts).toEqual(["accept", "reject"]);
  });

  test("that does not decode or is on the wrong topic is rejected and counts as malformed", async () => {
    const { script, wires, runner } = setUp();
    runner.start(wires);
    expect(await runner.gossip(bob, "tx", Uint8Array.of())).toBe("reject");
    expect(await runner.gossip(bob, "tx", genesisGossip)).toBe("reject");
    expect(await runner.gossip(bob, "block", mempoolRequest)).toBe("reject");
    await settle();
    expect(script.types).toEqual(["woken", "malformed", "malformed", "malformed"]);
  });
});

describe("waking", () => {
  test("comes at the earliest time that was asked for, never before it", async () => {
    const { script, wires, runner } = setUp();
    const startedAt = performance.now();
    const at = (afterMs: number) => (startedAt + afterMs) as Elapsed;
    script.answer = () =>
      script.events.length > 1
        ? []
        : [at(60_000), at(40), at(50)].map((each) => ({ type: "wake", at: each }) as const);
    runner.start(wires);
    await eventually(() => script.events.length > 1);
    expect(script.types).toEqual(["woken", "woken"]);
    expect(script.times[1]?.elapsed).toBeGreaterThanOrEqual(at(40));
  });

  test("follows a new behaviour, which then filters every event's effects", async () => {
    const { script, wires, runner, news } = setUp();
    script.answer = ({ type }) => [newsOf(`honest ${type}`)];
    runner.start(wires);
    await settle();
    runner.setBehaviour({
      filter: (effects, node) => {
        expect(node).toBe(script);
        return [newsOf(`instead of ${effects.length}`)];
      },
    });
    await settle();
    runner.setBehaviour(undefined);
    await settle();
    expect(news).toEqual(["honest woken", "instead of 1", "honest woken"]);
  });
});

describe("disconnecting", () => {
  test("bans only for as long as it was told", async () => {
    const { script, wires, runner } = setUp();
    script.answer = () => [
      { type: "disconnect", peer: bob, reason: "lies", banMs: 60_000 },
      { type: "disconnect", peer: carol, reason: "too many", banMs: 0 },
    ];
    runner.start(wires);
    await settle();
    expect(wires.disconnected).toEqual([bob, carol]);
    expect([wires.gate.isDenied(bob), wires.gate.isDenied(carol)]).toEqual([true, false]);
  });
});

describe("mining", () => {
  const template: BlockTemplate = {
    id: "first" as TemplateId,
    block: lab.genesis,
    height: 1,
    target: 2n ** 240n,
    fees: 0 as Satoshi,
    timeMaxSeconds: 99,
  };

  test("gives the pool a header, and makes its solution a block of the template", async () => {
    const { script, wires, miners, runner } = setUp();
    script.answer = ({ type }) => (type === "woken" ? [{ type: "mine", template }] : []);
    runner.start(wires);
    await settle();
    const [job] = miners.jobs;
    if (job === undefined || job === "rest") throw new Error("there is no job");
    expect(job).toMatchObject({ miner: "alice", template: "first", timeMaxSeconds: 99 });
    expect(job.target[1]).toBe(1);
    const header = encodeHeader({ ...lab.genesis.header, nonce: 5, time: 98 });
    runner.solved({ miner: "alice", template: "unknown", header });
    runner.solved({ miner: "alice", template: "first", header });
    await settle();
    const { transactions } = lab.genesis;
    const solved = { header: { ...lab.genesis.header, nonce: 5, time: 98 }, transactions };
    expect(script.events.slice(1)).toEqual([{ type: "block-solved", block: solved }]);
  });

  test("rests when there is no template, and when the node stops", async () => {
    const { script, wires, miners, runner } = setUp();
    script.answer = () => [{ type: "mine", template: undefined }];
    runner.start(wires);
    await settle();
    expect(miners.jobs).toEqual(["rest"]);
    await runner.stop();
    expect(miners.jobs).toEqual(["rest", "rest"]);
  });
});

describe("limits", () => {
  test("while too many effects wait for the disk, events wait too", async () => {
    const { script, disk, wires, runner } = setUp();
    const many = Array.from({ length: effectsMax }, () => newsOf("x"));
    script.answer = ({ type }) => (type === "woken" ? [persist, ...many] : []);
    runner.start(wires);
    runner.peerJoined(bob);
    await settle();
    expect(script.types).toEqual(["woken"]);
    disk.writing[0]!.resolve();
    await settle();
    expect(script.types).toEqual(["woken", "peer-joined"]);
  });

  test("while too many events wait, requests are refused and gossip is ignored", async () => {
    const { runner } = setUp();
    for (let count = 0; count < eventsMax; count++) runner.peerJoined(bob);
    await expect(runner.request(bob, mempoolRequest)).rejects.toThrow("busy");
    expect(await runner.gossip(bob, "block", genesisGossip)).toBe("ignore");
  });

  test("above so many commands under way the next one is refused", async () => {
    const { runner } = setUp();
    const waiting = Array.from({ length: commandsMax }, () => runner.command(rest));
    await expect(runner.command(rest)).rejects.toThrow("busy");
    const ends = Promise.allSettled(waiting);
    await runner.stop();
    expect((await ends).every(({ status }) => status === "rejected")).toBe(true);
  });
});
