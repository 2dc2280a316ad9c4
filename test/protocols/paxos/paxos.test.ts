/** One decision: its costs, duels, and what each mutant breaks. */

import { describe, expect, test } from "vitest";
import type { PeerId } from "../../../src/primitives/brand.ts";
import { paxosMutants } from "../../../src/protocols/paxos/mutants.ts";
import { type Paxos, paxos } from "../../../src/protocols/paxos/paxos.ts";
import type { Value } from "../../../src/protocols/process/key-value.ts";
import { countsOf, namesOf, ProcessNetwork } from "../process-network.ts";
import { type Found, type Reached, search } from "../process-search.ts";

const d = 50;
const [n1, n2, n3] = namesOf(3) as [PeerId, PeerId, PeerId];
const idOf = (name: PeerId) => ({ client: `client of ${name}`, number: 1 });
const propose = (value: Value) => ({ type: "propose", value }) as const;

function networkOf(protocol: Paxos, count: number) {
  return new ProcessNetwork(protocol, { count, latencyMs: () => d });
}

describe("without faults", () => {
  test.each([3, 5, 16])("%i members: 4(n − 1) messages and 4d, then n − 1 to tell it", (count) => {
    const network = networkOf(paxos(), count);
    network.request(n1, idOf(n1), propose(false));
    network.runTo(20 * d);
    const n = count - 1;
    const counts = { prepare: n, promise: n, accept: n, accepted: n, decided: n };
    expect(countsOf(network.sent)).toEqual(counts);
    expect(
      network.sent.filter(({ at, message }) => at > 3 * d && message.type !== "decided"),
    ).toEqual([]);
    const answer = { type: "decided", value: false };
    expect(network.answerTo(idOf(n1))).toMatchObject({ at: 4 * d, answer });
    for (const name of network.names) {
      expect(network.view(name).decisions).toEqual({ value: false });
    }
  });

  test("a proposer that does not announce is asked by the others", () => {
    const network = networkOf(paxos({ announces: false }), 3);
    network.request(n1, idOf(n1), propose(0));
    network.runTo(1000);
    expect(countsOf(network.sent)).toEqual({ prepare: 2, promise: 2, accept: 2, accepted: 2 });
    network.runTo(4000);
    for (const name of network.names) expect(network.view(name).decisions).toEqual({ value: 0 });
  });

  test("a distinguished proposer: the others redirect to it", () => {
    const network = networkOf(paxos({ proposer: "first" }), 3);
    network.request(n2, idOf(n2), propose(1));
    expect(network.answerTo(idOf(n2))?.answer).toEqual({ type: "redirected", leader: n1 });
  });

  test("a write is refused", () => {
    const network = networkOf(paxos(), 3);
    network.request(n1, idOf(n1), { type: "write", key: "x", value: 1 });
    expect(network.answerTo(idOf(n1))?.answer.type).toBe("aborted");
  });

  test("ballots win, values do not: a later proposer decides what was chosen before", () => {
    const network = networkOf(paxos({ announces: false }), 3);
    network.request(n1, idOf(n1), propose(""));
    network.runTo(300);
    network.crash(n1);
    network.request(n2, idOf(n2), propose("later"));
    network.runTo(900);
    expect(network.answerTo(idOf(n2))?.answer).toEqual({ type: "decided", value: "" });
  });
});

/** Accepts take 25 ms, all else 5 ms: each proposer's prepare comes before the other's accept. */
function duel(backoffMs: number, seed: number, untilMs: number) {
  const protocol = paxos({ backoffMs, retryMs: 60_000 });
  const network = new ProcessNetwork(protocol, {
    count: 5,
    seed,
    latencyMs: ({ message }) => (message.type === "accept" ? 25 : 5),
  });
  network.request(n1, idOf(n1), propose(1));
  network.at(10, () => network.request(n2, idOf(n2), propose(2)));
  network.runTo(untilMs);
  return network;
}

describe("duelling proposers", () => {
  test("that try again at once never decide", () => {
    const network = duel(0, 1, 10_000);
    expect(network.answers).toEqual([]);
    expect(network.view(n3).era).toBeGreaterThan(300);
  });

  test("that wait at random decide, and the same", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const network = duel(100, seed, 10_000);
      expect(network.answers).toHaveLength(2);
      expect(new Set(network.answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    }
  });
});

describe("faults", () => {
  test("lossy links, crashes of each in turn: all decide the same, whoever proposes", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const network = new ProcessNetwork(paxos(), {
        count: 5,
        seed,
        latencyMs: (_, random) => 5 + random.nextExponential(60),
        copies: (_, random) => (random.nextFloat() < 0.2 ? 0 : random.nextFloat() < 0.1 ? 2 : 1),
      });
      network.names.forEach((name, at) => {
        network.at(at * 40, () => network.request(name, idOf(name), propose(at)));
        network.at(200 + at * 300, () => network.crash(name));
        network.at(400 + at * 300, () => {
          network.restart(name);
          network.request(name, idOf(name), propose(at));
        });
      });
      network.runTo(60_000);
      const values = network.names.map((name) => network.view(name).decisions["value"]);
      expect(new Set(values).size).toBe(1);
      expect(values[0]).toBeTypeOf("number");
      const known = network.news.flatMap(({ news }) =>
        news.type === "decided" ? [news.value] : [],
      );
      expect(new Set(known).size).toBe(1);
    }
  });

  test.each(paxosMutants.filter(({ caughtBy }) => caughtBy === "liveness"))(
    "$name does not decide though a majority lives",
    ({ protocol }) => {
      for (const [paxosOrMutant, decided] of [
        [paxos(), 1],
        [protocol, 0],
      ] as const) {
        const network = networkOf(paxosOrMutant, 5);
        network.crash(n2);
        network.request(n1, idOf(n1), propose(1));
        network.runTo(60_000);
        expect(network.answers).toHaveLength(decided);
      }
    },
  );
});

type PaxosReached = Reached<ReturnType<Paxos["start"]>, Parameters<Paxos["encode"]>[0]>;

/** Two proposers among three members, each message set; the values are 0 and false. */
function searchTwo(protocol: Paxos, restarts: number) {
  const values = new Set<Value>();
  const check = ({ members }: PaxosReached) => {
    const decided = new Set<Value>();
    for (const { state } of members) {
      if (state.decision !== undefined) decided.add(state.decision.value);
    }
    for (const value of decided) values.add(value);
    return decided.size > 1 ? "agreement" : undefined;
  };
  const requests = [
    { at: n1, command: propose(0) },
    { at: n2, command: propose(false) },
  ];
  const found: Found = search(protocol, { count: 3, requests, restarts, check });
  return { found, values };
}

describe("every order, loss and doubling of the messages of two proposers", () => {
  test("agreement holds, and either value can be decided", () => {
    const { found, values } = searchTwo(paxos({ announces: false }), 0);
    expect(found).toEqual({ states: 18_340 });
    expect([...values].sort()).toEqual([0, false].sort());
  });

  test.each(paxosMutants.filter(({ caughtBy }) => caughtBy === "agreement"))(
    "$name breaks agreement",
    ({ rules, name }) => {
      const protocol = paxos({ announces: false }, rules);
      const { found } = searchTwo(protocol, name === "promises-in-memory" ? 1 : 0);
      expect(found.problem).toBe("agreement");
      expect(found.path?.length).toBe(steps[name]);
    },
  );

  test("truthiness stays hidden from values that are true", () => {
    const truthiness = paxosMutants.find(({ name }) => name === "truthiness")!;
    const requests = [
      { at: n1, command: propose("x") },
      { at: n2, command: propose("y") },
    ];
    const check = ({ members }: PaxosReached) => {
      const decided = members.flatMap(({ state }) => state.decision?.value ?? []);
      return new Set(decided).size > 1 ? "agreement" : undefined;
    };
    expect(search(truthiness.protocol, { count: 3, requests, check }).problem).toBeUndefined();
  });

  test.each(paxosMutants.filter(({ caughtBy }) => caughtBy === undefined))(
    "nothing catches $name",
    ({ rules }) => {
      const { found, values } = searchTwo(paxos({ announces: false }, rules), 0);
      expect(found.problem).toBeUndefined();
      expect(values.size).toBe(2);
    },
  );
});

/** Of the shortest way to a violation; asking a member and each message are a step. */
const steps: Readonly<Record<string, number>> = {
  truthiness: 10,
  "promises-in-memory": 11,
  "promise-not-kept": 10,
  "half-is-enough": 2,
  "own-value-always": 10,
  "equal-numbers-promised-again": 10,
};
