/** One node, line by line: init, requests, what it refuses, and what it says to other nodes. */

import { beforeEach, expect, test } from "vitest";
import { MaelstromNode } from "../../../../src/lab/maelstrom/node/maelstrom-node.ts";
import {
  encodePeerBody,
  type PeerBody,
  readPeerBody,
} from "../../../../src/lab/maelstrom/node/peer-body.ts";
import { suitedProtocol } from "../../../../src/lab/maelstrom/node/suited-protocol.ts";
import type { Body, Message } from "../../../../src/lab/maelstrom/protocol/message.ts";
import { createRandom } from "../../../../src/primitives/random.ts";
import { protocolNamed } from "../../../../src/protocols/catalogue.ts";
import type { Command, RequestId } from "../../../../src/protocols/process/key-value.ts";
import { fakeSignatures, requestText } from "../../../../src/protocols/process/signatures.ts";
import { protocolFor, VirtualTime } from "../virtual.ts";

let time: VirtualTime;
let sent: Message[];
let said: string[];

beforeEach(() => {
  time = new VirtualTime();
  [sent, said] = [[], []];
});

function nodeOf(protocol: string): MaelstromNode {
  return new MaelstromNode({
    ...{ protocol: protocolFor(protocol), random: createRandom("1"), time },
    signaturesOf: fakeSignatures,
    send: (message) => sent.push(message),
    say: (line) => said.push(line),
  });
}

function tell(node: MaelstromNode, body: Body, src = "c1"): void {
  node.receive(JSON.stringify({ src, dest: "n1", body }));
}

/** What was sent since the last call. */
function taken(): readonly Message[] {
  return sent.splice(0);
}

function init(node: MaelstromNode, ...names: readonly string[]): void {
  tell(node, { type: "init", msg_id: 1, node_id: names[0], node_ids: names }, "c0");
  const [first] = taken();
  expect(first).toEqual({ src: "n1", dest: "c0", body: { type: "init_ok", in_reply_to: 1 } });
}

/** A node that is alone and answers at once. */
function aloneNode(): MaelstromNode {
  const node = nodeOf("single-copy");
  init(node, "n1");
  return node;
}

function replyTo(node: MaelstromNode, body: Body): Body {
  tell(node, body);
  const [reply, ...others] = taken();
  expect(others).toEqual([]);
  expect(reply).toMatchObject({ src: "n1", dest: "c1", body: { in_reply_to: body.msg_id } });
  return reply!.body;
}

test("before init it is unavailable, and a second init is refused", () => {
  const node = nodeOf("raft");
  expect(replyTo(node, { type: "read", msg_id: 1, key: 0 })).toMatchObject({ code: 11 });
  init(node, "n1", "n2", "n3");
  const again = { type: "init", msg_id: 2, node_id: "n1", node_ids: ["n1"] };
  expect(replyTo(node, again)).toMatchObject({ code: 14 });
});

test("an init without its own name among the nodes is malformed", () => {
  const node = nodeOf("raft");
  const wrong = { type: "init", msg_id: 1, node_id: "n1", node_ids: ["n2"] };
  expect(replyTo(node, wrong)).toMatchObject({ code: 12, text: expect.stringContaining("n1") });
});

test("read, write and cas, with the errors of keys that do not exist or have another value", () => {
  const node = aloneNode();
  let number = 1;
  const ask = (body: Body) => replyTo(node, { ...body, msg_id: ++number });
  expect(ask({ type: "read", key: 0 })).toMatchObject({ type: "error", code: 20 });
  expect(ask({ type: "cas", key: 0, from: 1, to: 2 })).toMatchObject({ code: 20 });
  expect(ask({ type: "write", key: 0, value: 0 })).toMatchObject({ type: "write_ok" });
  expect(ask({ type: "cas", key: 0, from: 1, to: 2 })).toMatchObject({ code: 22 });
  expect(ask({ type: "cas", key: 0, from: 0, to: [false] })).toMatchObject({ type: "cas_ok" });
  expect(ask({ type: "read", key: 0 })).toMatchObject({ type: "read_ok", value: [false] });
  expect(ask({ type: "read", key: "0" })).toMatchObject({ code: 20 });
});

test("a request that comes twice is carried out once, with the same answer", () => {
  const node = aloneNode();
  replyTo(node, { type: "write", msg_id: 2, key: 0, value: 1 });
  const cas = { type: "cas", msg_id: 3, key: 0, from: 1, to: 2 };
  expect(replyTo(node, cas)).toMatchObject({ type: "cas_ok" });
  expect(replyTo(node, cas)).toMatchObject({ type: "cas_ok" });
});

test("echo and topology are answered, other requests are not supported", () => {
  const node = aloneNode();
  const echo = { type: "echo", msg_id: 2, echo: { a: [1] } };
  expect(replyTo(node, echo)).toEqual({ type: "echo_ok", echo: { a: [1] }, in_reply_to: 2 });
  expect(replyTo(node, { type: "topology", msg_id: 3 })).toMatchObject({ type: "topology_ok" });
  const transaction = replyTo(node, { type: "txn", msg_id: 4, txn: [["r", 1, null]] });
  expect(transaction).toMatchObject({ code: 10, text: expect.stringContaining("one command") });
  expect(replyTo(node, { type: "broadcast", msg_id: 5 })).toMatchObject({ code: 10 });
});

test("what is malformed is answered with 12, or said on stderr where no answer is possible", () => {
  const node = aloneNode();
  const wrong = { type: "write", msg_id: 2, key: 1 };
  expect(replyTo(node, wrong)).toMatchObject({ code: 12, text: expect.stringContaining("value") });
  node.receive("hello");
  tell(node, { type: "read", key: 1 });
  tell(node, { type: "powlab-message", base64: "AAAA" }, "n7");
  tell(node, { type: "powlab-message", base64: "?" }, "n1");
  expect(said).toEqual([
    expect.stringContaining("a line is no message: it is not JSON"),
    "a read of c1 has no msg_id, so it cannot be answered",
    "n7 is no node of this test, so its powlab-message is ignored",
    expect.stringContaining('body.base64: must be base64, got "?"'),
  ]);
  expect(taken()).toEqual([]);
});

test("without a leader a request is certainly not carried out: error 11", () => {
  const node = nodeOf("raft");
  init(node, "n1", "n2", "n3");
  tell(node, { type: "write", msg_id: 2, key: 0, value: 1 });
  time.clock.pass(1_000);
  const replies = taken().filter(({ dest }) => dest === "c1");
  expect(replies).toMatchObject([{ body: { type: "error", code: 11, in_reply_to: 2 } }]);
});

/** n2 leads: n1 has one heartbeat of it. */
function followerOf2(): MaelstromNode {
  const node = nodeOf("raft");
  init(node, "n1", "n2", "n3");
  const heartbeat = { type: "heartbeat", term: 1, committed: 0, round: 1, sentAt: 0 };
  const bytes = protocolFor("raft").encode(heartbeat);
  tell(node, encodePeerBody({ type: "powlab-message", bytes }), "n2");
  taken();
  return node;
}

test("a request at a follower goes to the leader, and its answer to the client", () => {
  const node = followerOf2();
  tell(node, { type: "write", msg_id: 2, key: 0, value: 1 });
  const id = { client: "c1", number: 2 };
  const command = { type: "write", key: "0", value: "1" };
  const request = { type: "powlab-request", id, command };
  expect(taken()).toMatchObject([{ src: "n1", dest: "n2", body: request }]);
  tell(node, encodePeerBody({ type: "powlab-answer", id, answer: { type: "written" } }), "n2");
  expect(taken()).toEqual([{ src: "n1", dest: "c1", body: { type: "write_ok", in_reply_to: 2 } }]);
});

test("if the leader does not answer, the outcome is unknown: error 0", () => {
  const node = followerOf2();
  tell(node, { type: "write", msg_id: 2, key: 0, value: 1 });
  time.clock.pass(1_000);
  const replies = taken().filter(({ dest }) => dest === "c1");
  expect(replies).toMatchObject([{ body: { type: "error", code: 0 } }]);
});

test("if each attempt was refused at once, it is certain again: error 11", () => {
  const node = followerOf2();
  tell(node, { type: "write", msg_id: 2, key: 0, value: 1 });
  const replies: Message[] = [];
  while (replies.length === 0 && time.clock.step()) {
    for (const message of taken()) {
      if (message.dest === "c1") replies.push(message);
      if (message.body.type !== "powlab-request") continue;
      const { id, attempt } = message.body as unknown as { id: object; attempt: number };
      const answer = { type: "redirected" };
      tell(node, { type: "powlab-answer", id, answer, attempt }, "n2");
    }
  }
  expect(replies).toMatchObject([{ body: { type: "error", code: 11 } }]);
});

test("a request that another node forwards is answered to that node", () => {
  const node = nodeOf("raft");
  init(node, "n1");
  time.clock.pass(5_000); // it leads itself
  taken();
  const id = { client: "c9", number: 4 };
  const command = { type: "read", key: "0" } as const;
  // Only a node of the test may forward.
  tell(node, encodePeerBody({ type: "powlab-request", id, command, attempt: 1 }), "n2");
  expect(taken()).toEqual([]);
  tell(node, encodePeerBody({ type: "powlab-request", id, command, attempt: 1 }), "n1");
  const answer = { type: "read", value: null };
  expect(taken()).toMatchObject([{ dest: "n1", body: { type: "powlab-answer", id, answer } }]);
});

test("PBFT: all nodes are asked, and what f + 1 of them say alike is answered", () => {
  const node = nodeOf("pbft");
  init(node, "n1", "n2", "n3", "n4");
  tell(node, { type: "read", msg_id: 1, key: 0 });
  const requests = taken().filter(({ body }) => body.type === "powlab-request");
  expect(requests.map(({ dest }) => dest)).toEqual(["n2", "n3", "n4"]);
  const { id, command, signature } = requests[0]!.body as unknown as {
    readonly id: RequestId;
    readonly command: Command;
    readonly signature: string;
  };
  const isSigned = fakeSignatures("n2").verify(id.client, requestText(id, command), signature);
  expect(isSigned).toBe(true);
  const say = (src: string, value: number): readonly Message[] => {
    const answer = { type: "read", value } as const;
    tell(node, encodePeerBody({ type: "powlab-answer", id, answer }), src);
    return taken();
  };
  expect(say("n2", 7)).toEqual([]);
  expect(say("n2", 7)).toEqual([]);
  expect(say("n3", 8)).toEqual([]);
  expect(say("n9", 8)).toEqual([]);
  const reply = { type: "read_ok", value: 8, in_reply_to: 1 };
  expect(say("n4", 8)).toEqual([{ src: "n1", dest: "c1", body: reply }]);
});

test("what nodes say to each other is read as it was written", () => {
  const id = { client: "c1", number: 1 };
  const bodies: readonly PeerBody[] = [
    { type: "powlab-message", bytes: Uint8Array.of(0, 255, 7) },
    { type: "powlab-request", id, command: { type: "read", key: "1" }, attempt: 3 },
    {
      type: "powlab-request",
      id,
      command: { type: "read", key: "1" },
      attempt: 1,
      signature: "00",
    },
    { type: "powlab-answer", id, answer: { type: "compared", isSet: false } },
    { type: "powlab-answer", id, answer: { type: "redirected", leader: "n2" }, attempt: 3 },
  ];
  for (const body of bodies) {
    const line = JSON.parse(JSON.stringify(encodePeerBody(body)));
    const read = readPeerBody(line);
    expect(read.ok && { ...read.value, ...("bytes" in body && { bytes: body.bytes }) }).toEqual(
      body,
    );
    if (read.ok && "bytes" in read.value) expect([...read.value.bytes]).toEqual([0, 255, 7]);
  }
});

test("a protocol that decides one value has no lin-kv, and says so in a sentence", () => {
  const suited = suitedProtocol(protocolNamed("paxos")!);
  expect(suited).toMatchObject({ ok: false, problem: expect.stringContaining("multi-paxos") });
});
