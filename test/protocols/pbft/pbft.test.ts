/** What a request and a change of the view cost, what survives them, and who catches up how. */

import { describe, expect, test } from "vitest";
import { pbft } from "../../../src/protocols/pbft/pbft.ts";
import {
  byzantineMaxOf,
  byzantineQuorumOf,
  overlapOf,
} from "../../../src/protocols/process/quorum.ts";
import { countsOf } from "../process-network.ts";
import { askAll, delayMs, idOf, logOf, type Replicas, replicasOf, writeOf } from "./replicas.ts";

const sizes = [4, 7, 10];

function sumOf(replicas: Replicas): number {
  return Object.values(countsOf(replicas.sent)).reduce((sum, count) => sum + count, 0);
}

describe("quorums", () => {
  test("any two share more than f, and one is there when f are silent: for every n up to 100", () => {
    for (let count = 1; count <= 100; count++) {
      const [f, quorum] = [byzantineMaxOf(count), byzantineQuorumOf(count)];
      expect(overlapOf(count, quorum)).toBeGreaterThan(f);
      expect(quorum).toBeLessThanOrEqual(count - f);
      // One less would not do.
      expect(overlapOf(count, quorum - 1)).toBeLessThanOrEqual(f);
    }
  });

  test("it is 2f + 1 where n = 3f + 1, and more in between: 4 of 5", () => {
    expect([4, 7, 10].map(byzantineQuorumOf)).toEqual([3, 5, 7]);
    expect(byzantineQuorumOf(5)).toBe(4);
  });
});

describe.each(sizes)("with %i replicas", (count) => {
  const f = byzantineMaxOf(count);

  test("a request costs 2n(n − 1) messages, and is carried out everywhere after three delays", () => {
    const replicas = replicasOf(pbft(), count);
    askAll(replicas, idOf("c"), writeOf("x", 0));
    replicas.runTo(5_000);
    expect(countsOf(replicas.sent)).toEqual({
      "pre-prepare": count - 1,
      prepare: (count - 1) ** 2,
      commit: count * (count - 1),
    });
    expect(sumOf(replicas)).toBe(2 * count * (count - 1));
    expect(replicas.answers.map(({ at }) => at)).toEqual(replicas.names.map(() => 3 * delayMs));
  });

  test("with f backups down it costs 2(n − 1)(n − f)", () => {
    const replicas = replicasOf(pbft(), count);
    for (const name of replicas.names.slice(-f)) replicas.crash(name);
    askAll(replicas, idOf("c"), writeOf("x", 0));
    replicas.runTo(5_000);
    expect(sumOf(replicas)).toBe(2 * (count - 1) * (count - f));
    expect(replicas.answers).toHaveLength(count - f);
  });

  test("a change of the view costs n(n − 1), and what was prepared is carried out after it", () => {
    // All have prepared it, and no commit arrives before the view is left.
    const copies = ({ at, message }: { at: number; message: { type: string } }) => {
      return message.type === "commit" && at < 1_000 ? 0 : 1;
    };
    const replicas = replicasOf(pbft({ resendMs: 5_000 }), count, { copies });
    const [primary] = replicas.names;
    askAll(replicas, idOf("c"), writeOf("x", 0));
    replicas.at(3 * delayMs, () => replicas.crash(primary!));
    replicas.runTo(5 * delayMs);
    expect(replicas.answers).toEqual([]);
    replicas.runTo(10_000);
    const { "view-change": changes = 0, "new-view": views = 0 } = countsOf(replicas.sent);
    expect([changes, views]).toEqual([(count - 1) ** 2, count - 1]);
    for (const name of replicas.names.slice(1)) {
      expect(logOf(replicas, name)).toEqual(['1 c/1 {"type":"write","key":"x","value":0}']);
      expect(replicas.view(name).era).toBe(1);
    }
  });
});

test("a request that comes again is carried out once, and answered again", () => {
  const replicas = replicasOf(pbft(), 4);
  for (const at of [0, 1_000]) {
    replicas.at(at, () => askAll(replicas, idOf("c"), writeOf("x", 0)));
  }
  replicas.runTo(5_000);
  expect(replicas.answers).toHaveLength(8);
  for (const name of replicas.names) expect(logOf(replicas, name)).toHaveLength(1);
});

test("a request with another one's signature is ignored", () => {
  const replicas = replicasOf(pbft(), 4);
  const [name] = replicas.names;
  const message = {
    type: "request",
    operation: { type: "request", id: idOf("c"), command: writeOf("x", 0), signature: "0000" },
  } as const;
  replicas.deliver(replicas.names[1]!, name!, message);
  replicas.runTo(5_000);
  expect(replicas.sent).toEqual([]);
});

describe("checkpoints", () => {
  const checkpointEvery = 5;

  function runMany(lost: number, requests: number): Replicas {
    const replicas = replicasOf(pbft({ checkpointEvery }), 4);
    const lagging = replicas.names[lost];
    replicas.isCut = (_, to) => to === lagging && replicas.now < 20_000;
    for (let number = 1; number <= requests; number++) {
      replicas.at(200 * number, () => {
        askAll(replicas, idOf("c", number), writeOf("x", number));
        for (const name of replicas.names) {
          const { slots } = replicas.state(name);
          expect(Object.keys(slots).length).toBeLessThanOrEqual(2 * checkpointEvery);
        }
      });
    }
    replicas.runTo(40_000);
    return replicas;
  }

  test("a log never has more than 2K numbers, and begins behind a stable checkpoint", () => {
    const replicas = runMany(9, 52);
    for (const name of replicas.names) {
      expect(replicas.view(name).log).toMatchObject({ firstIndex: 51, committed: 52 });
    }
  });

  test("who missed more than the log has takes over the state, and what came later with its commits", () => {
    const replicas = runMany(3, 52);
    const [n1, , , n4] = replicas.names;
    expect(countsOf(replicas.sent)["state"]).toBeGreaterThan(0);
    expect(replicas.news.some(({ by, news }) => by === n4 && news.type === "installed")).toBe(true);
    expect(replicas.state(n4!).data).toEqual(replicas.state(n1!).data);
    expect(replicas.view(n4!).log).toMatchObject({ firstIndex: 51, committed: 52 });
  });

  test("who missed a few operations gets them with their commits, and no state", () => {
    const replicas = runMany(3, 3);
    const [n1, , , n4] = replicas.names;
    const { learn = 0, state = 0 } = countsOf(replicas.sent);
    expect([learn > 0, state]).toEqual([true, 0]);
    expect(replicas.state(n4!).data).toEqual(replicas.state(n1!).data);
  });
});

test("all crash at once and start again: what was answered is still there", () => {
  const replicas = replicasOf(pbft(), 4);
  askAll(replicas, idOf("c"), writeOf("x", 7));
  replicas.runTo(3 * delayMs);
  for (const name of replicas.names) replicas.crash(name);
  for (const name of replicas.names) replicas.restart(name);
  replicas.at(1_000, () => askAll(replicas, idOf("d"), { type: "read", key: "x" }));
  replicas.runTo(10_000);
  const read = replicas.answers.filter(({ id }) => id.client === "d");
  expect(read.map(({ answer }) => answer)).toEqual(
    replicas.names.map(() => ({ type: "read", value: 7 })),
  );
});

test("who wants a later view still counts for an earlier one: else all would wait for ever", () => {
  const replicas = replicasOf(pbft(), 4, {
    // What n3 says of view 1 gets lost, so only n3 sees a quorum for it, and goes on to view 2.
    copies: ({ from, message }) => {
      return from === "n3" && message.type === "view-change" && message.view === 1 ? 0 : 1;
    },
  });
  const [n1, n2, n3] = replicas.names;
  replicas.crash(n1!);
  // The primary of view 1 does not begin it, for it lacks n3's word.
  askAll(replicas, idOf("c"), writeOf("x", 0));
  replicas.runTo(20_000);
  expect(replicas.view(n3!)).toMatchObject({ era: 2, isLeader: true });
  expect(replicas.answers.map(({ by }) => by)).toContain(n2);
});

test("each view without success doubles the wait for the next", () => {
  const replicas = replicasOf(pbft(), 7);
  const [n1, n2] = replicas.names;
  replicas.crash(n1!);
  replicas.crash(n2!);
  askAll(replicas, idOf("c"), writeOf("x", 0));
  replicas.runTo(20_000);
  const entered = replicas.news.filter(({ news }) => news.type === "left-view");
  const times = [...new Set(entered.map(({ at }) => at))];
  // The first after 1 s; then the view changes take a delay, and 2 s are waited for n2.
  expect(times).toEqual([1_000, 1_000 + delayMs + 2_000]);
  expect(replicas.view(replicas.names[2]!)).toMatchObject({ era: 2, isLeader: true });
  expect(replicas.answers).toHaveLength(5);
});
