/** The network with real hosts on loopback: links, gossip, requests, and what goes wrong with them. */

import "../../../src/io/platform/polyfill.ts";
import { setTimeout as pause } from "node:timers/promises";
import { privateKeyFromProtobuf } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { PeerRecord, RecordEnvelope } from "@libp2p/peer-record";
import { multiaddr } from "@multiformats/multiaddr";
import { afterEach, describe, expect, test, vi } from "vitest";
import { answerBytesMax, Exchange, requestBytesMax } from "../../../src/io/p2p/exchange.ts";
import { Gate } from "../../../src/io/p2p/gate.ts";
import { gossipBytesMax } from "../../../src/io/p2p/gossip.ts";
import { createHost, type Host } from "../../../src/io/p2p/host.ts";
import { Members } from "../../../src/io/p2p/members.ts";
import {
  type GossipTopic,
  type Network,
  type NetworkOptions,
  newIdentity,
  peerIdOf,
  startNetwork,
  topicNames,
} from "../../../src/io/p2p/network.ts";
import type { PeerId } from "../../../src/primitives/brand.ts";

const protocols = {
  topicPrefix: "/powlab/test/00000000",
  syncProtocol: "/powlab/test/sync/1",
  addressProtocol: "/powlab/test/address/1",
};
const anyPort = "/ip4/127.0.0.1/tcp/0";

/** A network whose handler writes down what it hears; a message that starts with 9 is a lie. */
class Node {
  readonly heard: string[] = [];
  joined: PeerId[] = [];
  network!: Network;
  answer: (from: PeerId, message: Uint8Array) => Promise<Uint8Array> = (_from, message) =>
    Promise.resolve(message);

  static async start(options: Partial<NetworkOptions> = {}): Promise<Node> {
    const node = new Node();
    const network = await startNetwork(
      { ...protocols, listen: [anyPort], bootstrap: [], ...options },
      {
        peerJoined: (peer) => void node.joined.push(peer),
        peerLeft: (peer) => (node.joined = node.joined.filter((other) => other !== peer)),
        request: (from, message) => node.answer(from, message),
        gossip: (_from, topic, message) => node.judge(topic, message),
      },
    );
    node.network = network;
    stops.push(() => network.stop());
    return node;
  }

  get id(): PeerId {
    return this.network.peerId;
  }

  get address(): string {
    return this.network.addresses()[0]!;
  }

  judge(topic: GossipTopic, message: Uint8Array): Promise<"accept" | "reject"> {
    this.heard.push(`${topic} ${message.join(",")}`);
    return Promise.resolve(message[0] === 9 ? "reject" : "accept");
  }

  /** Publishes until somebody hears: a subscription takes a moment to get about. */
  async publishUntilHeard(by: Node): Promise<void> {
    await eventually(async () => {
      const before = by.heard.length;
      await this.network.publish("tx", Uint8Array.of(7, freshByte++ & 0xff, freshByte >> 8));
      await pause(100);
      return by.heard.length > before;
    });
  }
}

let freshByte = 0;
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(check, { timeout: 10_000, interval: 20 });
}

/** Nodes that keep to these links, joined: `["ab", "bc"]` is the line a ─ b ─ c. */
async function linked(...links: readonly string[]): Promise<Node[]> {
  const names = [...new Set(links.join(""))].sort();
  const nodes = await Promise.all(names.map(() => Node.start({ exchangeAddresses: false })));
  const named = (name: string): Node => nodes[names.indexOf(name)]!;
  for (const [from, to] of links) {
    await named(from!).network.dial(named(to!).address);
    await eventually(() => named(to!).joined.includes(named(from!).id));
  }
  return nodes;
}

async function signedRecord(identity: Uint8Array, address: string): Promise<Uint8Array> {
  const key = privateKeyFromProtobuf(identity);
  const record = new PeerRecord({
    peerId: peerIdFromPrivateKey(key),
    multiaddrs: [multiaddr(address).decapsulate("/p2p")],
  });
  return (await RecordEnvelope.seal(record, key)).marshal().slice();
}

/** A host that is no node of ours, but joins, and answers who asks for addresses. */
async function hostThatAnswersAddresses(record: Uint8Array): Promise<Host> {
  const gate = new Gate();
  const identity = newIdentity();
  const host = await createHost({ identity, listen: [anyPort], gate, topics: new Map() });
  stops.push(async () => host.stop());
  const quiet = (): void => {};
  const { syncProtocol } = protocols;
  const members = new Members({ host, gate, syncProtocol, joined: quiet, left: quiet });
  members.open();
  const pace = { requestsPerSecond: 100, burst: 100 };
  const answer = Buffer.concat([
    Uint8Array.of(1, record.length & 0xff, record.length >> 8),
    record,
  ]);
  for (const protocol of [syncProtocol, protocols.addressProtocol]) {
    const serve = (): Promise<Uint8Array> => Promise.resolve(answer);
    await new Exchange({ host, protocol, gate, members, pace, serve }).start();
  }
  await host.start();
  return host;
}

describe("links", () => {
  test("three nodes that know one address find each other", async () => {
    const first = await Node.start();
    const bootstrap = [first.address];
    const others = await Promise.all([Node.start({ bootstrap }), Node.start({ bootstrap })]);
    const nodes = [first, ...others];
    await eventually(() => nodes.every(({ joined }) => joined.length === 2));
    for (const node of nodes) {
      const rest = nodes.map(({ id }) => id).filter((id) => id !== node.id);
      expect(new Set(node.joined)).toEqual(new Set(rest));
      expect(node.network.peers().map(({ peer }) => peer)).toEqual(node.joined);
    }
  });

  test.each([
    ["is believed if its owner signed it", false],
    ["is not believed if one byte of it was changed", true],
  ])("a peer record %s", async (_name, isForged) => {
    const identity = newIdentity();
    const target = await Node.start({ privateKey: identity, exchangeAddresses: false });
    const record = await signedRecord(identity, target.address);
    if (isForged) record[record.length - 1]! ^= 1;
    const gossiper = await hostThatAnswersAddresses(record);
    const node = await Node.start({ bootstrap: [gossiper.getMultiaddrs()[0]!.toString()] });
    await eventually(() => node.joined.length > 0);
    if (isForged)
      await pause(1_000); // a dial would have come by now
    else await eventually(() => target.joined.length > 0);
    expect(target.joined).toEqual(isForged ? [] : [node.id]);
  });

  test("without address exchange nodes keep to the links they were told", async () => {
    const [a, b, c] = await linked("ab", "bc");
    await pause(1_100); // an exchange would have asked by now
    expect(a!.joined).toEqual([b!.id]);
    expect(c!.joined).toEqual([b!.id]);
  });

  test("a bootstrap address that is not there yet is dialled until it is", async () => {
    const identity = newIdentity();
    const early = await Node.start();
    const port = multiaddr(early.address).getComponents()[1]!.value!;
    await early.network.stop();
    const listen = [`/ip4/127.0.0.1/tcp/${port}`];
    const waiting = await Node.start({ bootstrap: [`${listen[0]!}/p2p/${peerIdOf(identity)}`] });
    await pause(300); // the first dial has failed
    const late = await Node.start({ listen, privateKey: identity });
    await eventually(() => waiting.joined.includes(late.id));
  });

  test("a taken port is named, with a way out", async () => {
    const { address } = await Node.start();
    const taken = address.split("/p2p/")[0]!;
    await expect(Node.start({ listen: [taken] })).rejects.toThrow(
      `cannot listen on ${taken}: the port is taken`,
    );
  });

  test("a malformed address is named", async () => {
    await expect(Node.start({ listen: ["localhost:8333"] })).rejects.toThrow('"localhost:8333"');
    await expect(Node.start({ bootstrap: ["/ip4/1"] })).rejects.toThrow('"/ip4/1"');
    const node = await Node.start();
    await expect(node.network.dial("nonsense")).rejects.toThrow('"nonsense"');
  });

  test("a dial that fails says which address and why", async () => {
    const [node, gone] = await Promise.all([Node.start(), Node.start()]);
    const { address } = gone;
    await gone.network.stop();
    await expect(node.network.dial(address)).rejects.toThrow(
      `cannot connect to ${address}: no node listens there`,
    );
  });

  test("a node of another network is not joined", async () => {
    const node = await Node.start();
    const foreign = await Node.start({ syncProtocol: "/powlab/other/sync/1" });
    await expect(node.network.dial(foreign.address)).rejects.toThrow("/powlab/test/sync/1");
    expect(node.joined).toEqual([]);
    expect(foreign.joined).toEqual([]);
  });

  test("after stop the port is free, and the handler hears nothing", async () => {
    const [a, b] = await linked("ab");
    const listen = [b!.address.split("/p2p/")[0]!];
    await b!.network.stop();
    await eventually(() => a!.joined.length === 0);
    expect(b!.joined).toEqual([a!.id]);
    await Node.start({ listen });
  });

  test("a peer that was disconnected is not dialled again", async () => {
    const [a, b] = await linked("ab");
    await a!.network.disconnect(b!.id);
    await eventually(() => b!.joined.length === 0);
    await pause(1_100); // two ticks of the maintainer
    expect(a!.joined).toEqual([]);
  });
});

describe("gossip", () => {
  test("a message reaches all, also those who are not linked with its sender", async () => {
    const [a, b, c] = await linked("ab", "bc");
    await a!.publishUntilHeard(c!);
    expect(b!.heard).toEqual(expect.arrayContaining(c!.heard));
  });

  test("a rejected message is not passed on", async () => {
    const [a, b, c] = await linked("ab", "bc");
    await a!.publishUntilHeard(c!);
    await a!.network.publish("block", Uint8Array.of(9, 1));
    await eventually(() => b!.heard.includes("block 9,1"));
    await a!.network.publish("block", Uint8Array.of(1, 2));
    await eventually(() => c!.heard.includes("block 1,2"));
    expect(c!.heard).not.toContain("block 9,1");
  });

  test("a peer that lies again and again is banned", async () => {
    const [a, b] = await linked("ab");
    await a!.publishUntilHeard(b!);
    for (let lie = 0; lie < 4; lie++) await a!.network.publish("block", Uint8Array.of(9, lie));
    await eventually(() => b!.joined.length === 0);
    expect(b!.network.gate.isDenied(a!.id)).toBe(true);
  });

  test("publishing alone is fine, publishing too much is not", async () => {
    const node = await Node.start();
    await node.network.publish("block", new Uint8Array(1));
    await expect(node.network.publish("tx", new Uint8Array(gossipBytesMax + 1))).rejects.toThrow(
      RangeError,
    );
  });

  test("a gossip stream that broke is revived by a new connection", async () => {
    const node = await Node.start();
    const topic = topicNames(protocols.topicPrefix).get("tx")!;
    const stranger = await createHost({
      identity: newIdentity(),
      listen: [anyPort],
      gate: new Gate(),
      topics: new Map([["tx", topic]]),
    });
    stops.push(async () => stranger.stop());
    await stranger.handle(protocols.syncProtocol, (stream) => stream.abort(new Error("no")));
    await stranger.start();
    stranger.services.gossip.subscribe(topic);
    const heard: number[] = [];
    stranger.services.gossip.addEventListener("message", ({ detail }) => {
      heard.push(detail.data.length);
    });
    await node.network.dial(stranger.getMultiaddrs()[0]!.toString());
    await eventually(() => stranger.services.gossip.getSubscribers(topic).length === 1);
    const [first] = stranger.getConnections();

    await stranger.services.gossip.publish(topic, new Uint8Array(4_100_000)); // over our limit
    await eventually(() => stranger.getConnections().some(({ id }) => id !== first!.id));
    await eventually(async () => {
      await node.network.publish("tx", Uint8Array.of(freshByte++, 5));
      return heard.includes(2);
    });
  });
});

describe("requests", () => {
  test("a request gets its answer, empty or as large as allowed", async () => {
    const [a, b] = await linked("ab");
    b!.answer = (_from, message) =>
      Promise.resolve(new Uint8Array(message[0] ? answerBytesMax : 0));
    const small = await a!.network.request(b!.id, Uint8Array.of(0), 5_000);
    expect(small).toHaveLength(0);
    const large = await a!.network.request(b!.id, Uint8Array.of(1), 5_000);
    expect(large).toHaveLength(answerBytesMax);
    a!.answer = (from, message) => Promise.resolve(Buffer.concat([Buffer.from(from), message]));
    const echo = await b!.network.request(a!.id, new Uint8Array(requestBytesMax), 5_000);
    expect(Buffer.from(echo.subarray(0, b!.id.length)).toString()).toBe(b!.id);
    expect(echo).toHaveLength(b!.id.length + requestBytesMax);
  });

  test("whoever cannot answer, or answers too much, says so", async () => {
    const [a, b] = await linked("ab");
    b!.answer = () => Promise.reject(new Error("no such block"));
    await expect(a!.network.request(b!.id, Uint8Array.of(1), 5_000)).rejects.toThrow(
      "it could not answer",
    );
    b!.answer = () => Promise.resolve(new Uint8Array(answerBytesMax + 1));
    await expect(a!.network.request(b!.id, Uint8Array.of(1), 5_000)).rejects.toThrow(
      "it could not answer",
    );
    await expect(
      a!.network.request(b!.id, new Uint8Array(requestBytesMax + 1), 5_000),
    ).rejects.toThrow(RangeError);
  });

  test("a late answer is a failure, and the next request is served", async () => {
    const [a, b] = await linked("ab");
    b!.answer = () => pause(1_000, new Uint8Array());
    await expect(a!.network.request(b!.id, Uint8Array.of(1), 100)).rejects.toThrow("within 100 ms");
    b!.answer = (_from, message) => Promise.resolve(message);
    expect(await a!.network.request(b!.id, Uint8Array.of(2), 5_000)).toEqual(Uint8Array.of(2));
  });

  test("few requests go at once, some wait, and too many are refused", async () => {
    const [a, b] = await linked("ab");
    let underWay = 0;
    let underWayMost = 0;
    b!.answer = async (_from, message) => {
      underWayMost = Math.max(underWayMost, ++underWay);
      await pause(5);
      underWay -= 1;
      return message;
    };
    const results = await Promise.allSettled(
      Array.from({ length: 80 }, (_, index) =>
        a!.network.request(b!.id, Uint8Array.of(index), 5_000),
      ),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(68);
    expect(underWayMost).toBe(4);
  });

  test("a peer that asks more often than it may is told that we are busy", async () => {
    const [a, b] = await Promise.all([
      Node.start({ exchangeAddresses: false }),
      Node.start({ exchangeAddresses: false, pace: { requestsPerSecond: 0, burst: 20 } }),
    ]);
    await a.network.dial(b.address);
    for (let asked = 0; asked < 20; asked++) {
      await a.network.request(b.id, Uint8Array.of(asked), 30_000);
    }
    await expect(a.network.request(b.id, Uint8Array.of(20), 30_000)).rejects.toThrow(
      "it is too busy for us",
    );
  });

  test("nobody is dialled for a request", async () => {
    const [a, b] = await Promise.all([Node.start(), Node.start()]);
    await expect(a.network.request(b.id, Uint8Array.of(1), 5_000)).rejects.toThrow(
      "it is not connected",
    );
  });
});

describe("the gate", () => {
  test("a cut parts two nodes, and healing joins them again", async () => {
    const [a, b] = await linked("ab");
    a!.network.gate.cut(b!.id);
    await eventually(() => a!.joined.length === 0 && b!.joined.length === 0);
    await expect(a!.network.request(b!.id, Uint8Array.of(1), 1_000)).rejects.toThrow();
    await expect(b!.network.dial(a!.address)).rejects.toThrow(a!.address);
    expect(a!.joined).toEqual([]);
    expect(a!.network.gate.cuts()).toEqual([b!.id]);
    a!.network.gate.heal();
    await eventually(() => a!.joined.includes(b!.id) && b!.joined.includes(a!.id));
    await a!.publishUntilHeard(b!);
  });

  test("a partition cut on both sides heals along its old links only", async () => {
    const [a, b, c] = await linked("ab", "bc");
    const cut = (from: Node, to: Node): void => from.network.gate.cut(to.id);
    cut(a!, b!);
    cut(a!, c!);
    cut(b!, a!);
    cut(c!, a!);
    await eventually(() => a!.joined.length === 0);
    for (const node of [a!, b!, c!]) node.network.gate.heal();
    await eventually(() => a!.joined.length === 1);
    await pause(1_000); // a wrong link would come by now
    expect(a!.joined).toEqual([b!.id]);
    expect(c!.joined).toEqual([b!.id]);
  });

  test("a banned peer is kept out until its time is over", async () => {
    const a = await Node.start();
    const b = await Node.start({ bootstrap: [a.address] });
    await eventually(() => a.joined.length === 1);
    a.network.gate.ban(b.id, 1_000);
    await eventually(() => a.joined.length === 0 && b.joined.length === 0);
    await expect(b.network.dial(a.address)).rejects.toThrow(a.address);
    expect(a.network.gate.isDenied(b.id)).toBe(true);
    await eventually(() => a.joined.length === 1);
    expect(a.network.gate.isDenied(b.id)).toBe(false);
  });

  test("a lossy link loses gossip and requests until it is repaired", async () => {
    const [a, b] = await linked("ab");
    await a!.publishUntilHeard(b!);
    a!.network.gate.setFault(b!.id, { delayMs: 0, loss: 1 });
    const before = b!.heard.length;
    await a!.network.publish("tx", Uint8Array.of(1, 1, 1, 1));
    await expect(a!.network.request(b!.id, Uint8Array.of(1), 300)).rejects.toThrow("within 300 ms");
    await expect(b!.network.request(a!.id, Uint8Array.of(1), 300)).rejects.toThrow();
    expect(b!.heard).toHaveLength(before);
    a!.network.gate.setFault(b!.id, { delayMs: 0, loss: 0 });
    await a!.publishUntilHeard(b!);
    expect(await a!.network.request(b!.id, Uint8Array.of(4), 5_000)).toEqual(Uint8Array.of(4));
  });

  test("gossip on a slow link is overtaken by what comes after its repair", async () => {
    const [a, b] = await linked("ab");
    await a!.publishUntilHeard(b!);
    a!.network.gate.setFault(b!.id, { delayMs: 400, loss: 0 });
    await a!.network.publish("block", Uint8Array.of(1));
    a!.network.gate.setFault(b!.id, { delayMs: 0, loss: 0 });
    await a!.network.publish("block", Uint8Array.of(2));
    await eventually(() => b!.heard.includes("block 1"));
    expect(b!.heard.slice(-2)).toEqual(["block 2", "block 1"]);
  });

  test("a fault out of range is refused", () => {
    const gate = new Gate();
    const peer = peerIdOf(newIdentity());
    expect(() => gate.setFault(peer, { delayMs: -1, loss: 0 })).toThrow(RangeError);
    expect(() => gate.setFault(peer, { delayMs: 0, loss: 1.1 })).toThrow(RangeError);
    expect(() => gate.setFault(peer, { delayMs: Number.NaN, loss: 0 })).toThrow(RangeError);
  });
});
