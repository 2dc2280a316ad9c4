import { describe, expect, test } from "vitest";
import { entries } from "../../../src/explorer/catalogue.ts";
import { explore } from "../../../src/explorer/engine/explore.ts";
import type { Budget, PostKind } from "../../../src/explorer/engine/post.ts";
import {
  decisionObject,
  keyValueObject,
  propose,
  writeAndRead,
} from "../../../src/explorer/processes/client-requests.ts";
import { linearizable, type SnapshotPromise } from "../../../src/explorer/processes/promises.ts";
import { protocolModel } from "../../../src/explorer/processes/protocol-model.ts";
import { valid } from "../../../src/primitives/verdict.ts";
import { lastWriter } from "../../../src/protocols/last-writer/last-writer.ts";
import type { Disk, ProcessEvent, Setting, Step } from "../../../src/protocols/process/process.ts";
import type { Protocol } from "../../../src/protocols/process/protocol.ts";
import { decodeJson, encodeJson } from "../../../src/protocols/process/wire.ts";
import { singleCopy } from "../../../src/protocols/single-copy/single-copy.ts";

const noFaults: Budget = { crashes: 0, losses: 0, duplicates: 0, timeouts: 0 };

const allAnswered: SnapshotPromise = {
  name: "all answered",
  holds: ({ history }) => history.every(({ ended }) => ended.length === 2),
};

type Chosen = {
  readonly protocol: Protocol;
  readonly clients?: number;
  readonly post?: PostKind;
  readonly budget?: Partial<Budget>;
};

function search({ protocol, clients = 1, post = "bag", budget = {} }: Chosen) {
  const nodes = 2;
  const model = protocolModel({
    protocol,
    nodes,
    post,
    budget: { ...noFaults, ...budget },
    eraMax: 0,
    requests: writeAndRead(clients, nodes),
    promises: [linearizable(keyValueObject)],
    goals: [allAnswered],
  });
  return explore(model);
}

describe("the single copy", () => {
  test("answers one client in one order of events", () => {
    // Write at the keeper; read at the other: asked, forwarded, replied.
    const exploration = search({ protocol: singleCopy });
    expect(exploration.counts).toEqual({ unique: 5, generated: 5, depth: 5 });
    expect(exploration.goals.length).toBe(1);
  });

  test.each([
    ["crashes", { crashes: 2 }],
    ["losses", { losses: 2 }],
    ["duplicates", { duplicates: 2 }],
  ])("stays linearizable with %s, and other ends are possible", (_, budget) => {
    const whole = search({ protocol: singleCopy, clients: 2 });
    const hurt = search({ protocol: singleCopy, clients: 2, budget });
    expect(hurt.violations).toEqual([]);
    expect(hurt.goals.length).toBe(1);
    expect(hurt.counts.unique).toBeGreaterThan(whole.counts.unique);
  });

  test.each(["set", "bag", "fifo"] as const)("is linearizable over a %s", (post) => {
    expect(search({ protocol: singleCopy, clients: 2, post }).violations).toEqual([]);
  });
});

describe("the last writer", () => {
  test("lets a client miss its own write after two events", () => {
    const exploration = search({ protocol: lastWriter });
    const trace = exploration.traceTo(exploration.violations[0]!);
    expect(trace.moves).toEqual([
      'c1 asks n1: {"type":"write","key":"x","value":0}',
      'c1 asks n2: {"type":"read","key":"x"}',
    ]);
  });

  test("exchanges copies when its timer fires, as often as the budget says", () => {
    const counts = [0, 1, 2].map((timeouts) => {
      return search({ protocol: lastWriter, budget: { timeouts } }).counts.unique;
    });
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(new Set(counts).size).toBe(3);
  });
});

/** Keeps one number, counts it up with each write, and answers before or after it is on disk. */
function counter(order: "persist-first" | "answer-first"): Protocol<number, never> {
  return {
    name: "counter",
    start: (_: Setting, disk: Disk): number => disk.get("count")?.[0] ?? 0,
    step: (state: number, event: ProcessEvent<never>): Step<number, never, never> => {
      if (event.type !== "requested") return { state, effects: [] };
      const { id, command } = event;
      if (command.type === "read") {
        const value = state === 0 ? null : 0;
        return { state, effects: [{ type: "answer", id, answer: { type: "read", value } }] };
      }
      const batch = [{ type: "put", key: "count", value: Uint8Array.of(state + 1) }] as const;
      const persist = { type: "persist", batch } as const;
      const answer = { type: "answer", id, answer: { type: "written" } } as const;
      const effects = order === "persist-first" ? [persist, answer] : [answer, persist];
      return { state: state + 1, effects };
    },
    encode: encodeJson,
    decode: (bytes) => decodeJson(bytes, () => valid(undefined) as never),
    view: () => ({ role: "counter", era: 0, isLeader: false, decisions: {}, blocked: [] }),
    tell: () => "",
    describe: () => "",
  };
}

describe("a crash between two effects", () => {
  function searchOne(order: "persist-first" | "answer-first", crashes: number) {
    return explore(
      protocolModel({
        protocol: counter(order),
        nodes: 1,
        post: "bag",
        budget: { ...noFaults, crashes },
        eraMax: 0,
        requests: writeAndRead(1, 1),
        promises: [linearizable(keyValueObject)],
        goals: [],
      }),
    );
  }

  test("finds what is answered before it is on disk", () => {
    const exploration = searchOne("answer-first", 1);
    const { moves } = exploration.traceTo(exploration.violations[0]!);
    expect(moves[0]).toMatch(/, and a crash before it is on disk$/);
    expect(moves.length).toBe(2);
  });

  test("harms nothing where persisting comes first, nor where nothing crashes", () => {
    expect(searchOne("persist-first", 1).violations).toEqual([]);
    expect(searchOne("answer-first", 0).violations).toEqual([]);
  });
});

describe("workloads", () => {
  test("have values that mistakes with truthiness cannot hide behind", () => {
    const proposed = propose(3, 3).map(([first]) => first!.command);
    expect(proposed).toEqual([
      { type: "propose", value: 0 },
      { type: "propose", value: "" },
      { type: "propose", value: false },
    ]);
  });

  test("of decisions keep the first value for ever", () => {
    const first = decisionObject.apply(decisionObject.initial, { type: "propose", value: 0 });
    const second = decisionObject.apply(first.state, { type: "propose", value: 1 });
    expect([first.answer, second.answer]).toEqual([
      { type: "decided", value: 0 },
      { type: "decided", value: 0 },
    ]);
  });
});

test("every protocol can be explored by a name of its own", () => {
  const names = entries.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("single-copy-protocol");
  expect(names).toContain("last-writer");
});
