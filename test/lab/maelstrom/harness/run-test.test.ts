/** Whole tests in virtual time: what our protocols cost and keep, and how wrong nodes are found. */

import { describe, expect, test } from "vitest";
import type { NodeEvents } from "../../../../src/lab/maelstrom/harness/run-test.ts";
import type { Body, Message } from "../../../../src/lab/maelstrom/protocol/message.ts";
import { ours, runVirtually } from "../virtual.ts";

/** Of the operations that were asked: carried out, or another value was found. */
function completedOf({ operations }: Awaited<ReturnType<typeof runVirtually>>): number {
  return (operations.ok + operations.differed) / operations.asked;
}

describe("five nodes of Raft with a partition in the middle", () => {
  test.each(["1", "2", "3"])("seed %s: linearizable, available, cheap", async (seed) => {
    const outcome = await runVirtually(ours("raft"), { seed });
    expect(outcome.judgement).toEqual({ verdict: "linearizable" });
    expect(outcome.isolated).toHaveLength(2);
    expect(outcome.messages.dropped).toBeGreaterThan(0);
    expect(completedOf(outcome)).toBeGreaterThan(0.6);
    expect(outcome.messages.perOperation).toBeLessThanOrEqual(10);
  });

  test("the same seed gives the same outcome", async () => {
    const [one, two] = [await runVirtually(ours("raft")), await runVirtually(ours("raft"))];
    expect(one).toEqual(two);
  });
});

test.each(["multi-paxos", "single-copy", "two-phase-commit"])(
  "%s is linearizable with a partition, too",
  async (protocol) => {
    const outcome = await runVirtually(ours(protocol));
    expect(outcome.judgement).toEqual({ verdict: "linearizable" });
    expect(outcome.operations.ok).toBeGreaterThan(100);
  },
);

test("four nodes of PBFT are linearizable while one is cut off", async () => {
  const outcome = await runVirtually(ours("pbft"), { nodes: 4, rate: 10 });
  expect(outcome.judgement).toEqual({ verdict: "linearizable" });
  expect(outcome.isolated).toHaveLength(1);
  expect(completedOf(outcome)).toBeGreaterThan(0.6);
});

test("a protocol whose nodes answer from their own copies is refused", async () => {
  const { judgement } = await runVirtually(ours("last-writer"));
  expect(judgement.verdict).toBe("not-linearizable");
});

test("a single node answers everything without any message to another", async () => {
  const outcome = await runVirtually(ours("single-copy"), { nodes: 1, partition: false });
  expect(outcome.messages).toMatchObject({ betweenNodes: 0, dropped: 0 });
  expect(outcome.operations).toMatchObject({ failed: 0, unknown: 0 });
});

test("echo: what comes back must be what was said", async () => {
  const right = await runVirtually(ours("raft"), { workload: "echo", seconds: 3 });
  expect(right.judgement).toEqual({ verdict: "equal" });
  expect(right.operations.ok).toBe(right.operations.asked);
  const wrong = await runVirtually(
    answering(({ type }) => ({ type: `${type}_ok`, echo: 7 })),
    { workload: "echo", seconds: 3 },
  );
  expect(wrong.judgement).toMatchObject({ verdict: "not-equal" });
});

/** Nodes that answer each request with what `answer` makes of it; undefined for no answer. */
function answering(answer: (body: Body) => Body | undefined) {
  return (name: string, { onMessage }: NodeEvents) => ({
    send: ({ src, body }: Message) => {
      const reply = body.type === "init" ? { type: "init_ok" } : answer(body);
      const wanted = { in_reply_to: body.msg_id ?? 0 };
      if (reply) onMessage({ src: name, dest: src, body: { ...reply, ...wanted } });
    },
    stop: async () => undefined,
    lastLines: ["line 12: oh"],
  });
}

describe("how an error counts", () => {
  const cases = [
    [{ code: 11 }, "failed"],
    [{ code: 14 }, "failed"],
    [{ code: 0 }, "unknown"],
    [{ code: 13 }, "unknown"],
    [{ code: 1_234 }, "unknown"],
  ] as const;

  test.each(cases)("%j: %s", async (error, outcome) => {
    const nodes = answering(() => ({ type: "error", ...error }));
    const { operations, errors } = await runVirtually(nodes, { seconds: 3 });
    expect(operations[outcome]).toBe(operations.asked);
    expect(errors).toEqual({ [error.code]: operations.asked });
  });

  test("that a key does not exist is an answer to a read, and none to a write", async () => {
    const nodes = answering(() => ({ type: "error", code: 20 }));
    const { operations, judgement } = await runVirtually(nodes, { seconds: 3 });
    expect(judgement).toEqual({ verdict: "linearizable" });
    expect(operations.ok).toBeGreaterThan(0);
    expect(operations.failed).toBeGreaterThan(0);
    expect(operations.ok + operations.failed).toBe(operations.asked);
  });

  test("without any answer all is unknown, and each client goes on under a new name", async () => {
    const names = new Set<string>();
    const nodes = (name: string, events: NodeEvents) => {
      const node = answering(() => undefined)(name, events);
      return {
        ...node,
        send: (message: Message) => {
          names.add(message.src);
          node.send(message);
        },
      };
    };
    const { operations, latencyMs } = await runVirtually(nodes, { seconds: 5 });
    expect(operations.unknown).toBe(operations.asked);
    expect(latencyMs).toBeUndefined();
    expect(names.size).toBe(operations.asked + 1); // and the one that sends init
  });
});

describe("a node that breaks the protocol ends the test with a sentence", () => {
  async function sentenceOf(nodes: ReturnType<typeof answering>): Promise<string> {
    return runVirtually(nodes, { seconds: 3, nodes: 1, partition: false }).then(
      () => "no failure",
      (error: Error) => error.message,
    );
  }
  const tail = "; its stderr ends with:\n  line 12: oh";

  test("another reply than was asked for", async () => {
    const said = await sentenceOf(answering(() => ({ type: "fine" })));
    expect(said).toMatch(/^n1 answers a (read|write) with "fine"; its stderr/);
  });

  test("a read without a value", async () => {
    const said = await sentenceOf(answering(({ type }) => ({ type: `${type}_ok` })));
    expect(said).toContain('n1 answers a read, and body: must be an object with "value"');
  });

  test("an error without a code", async () => {
    const said = await sentenceOf(answering(() => ({ type: "error", text: "no" })));
    expect(said).toContain('body: must be an object with "code"');
  });

  test("no answer to init", async () => {
    const silent = (name: string, events: NodeEvents) => {
      return { ...answering(() => undefined)(name, events), send: () => undefined };
    };
    expect(await sentenceOf(silent)).toBe(`n1 has not answered init within 30 s${tail}`);
  });

  test("an error as the answer to init", async () => {
    const refusing = (name: string, { onMessage }: NodeEvents) => ({
      ...answering(() => undefined)(name, { onMessage, onFailure: () => undefined }),
      send: ({ src }: Message) => {
        onMessage({ src: name, dest: src, body: { type: "error", code: 13, in_reply_to: 1 } });
      },
    });
    expect(await sentenceOf(refusing)).toContain('n1 answers init with {"type":"error"');
  });

  test.each([
    [{ src: "n2", dest: "c1" }, 'n1 has sent a hello as "n2"'],
    [{ src: "n1", dest: "lin-kv" }, 'n1 has sent a hello to "lin-kv", and there are nodes and'],
  ])("a message %j", async (ends, said) => {
    const nodes = (name: string, events: NodeEvents) => {
      const body = { type: "hello" };
      return answering(() => (events.onMessage({ ...ends, body }), undefined))(name, events);
    };
    expect(await sentenceOf(nodes)).toContain(said);
  });
});
