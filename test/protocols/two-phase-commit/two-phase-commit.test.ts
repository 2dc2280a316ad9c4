/** Two-phase commit: its costs, what blocks, and every crash between any two effects. */

import { describe, expect, test } from "vitest";
import type { PeerId } from "../../../src/primitives/brand.ts";
import type { CommitMessage } from "../../../src/protocols/two-phase-commit/message.ts";
import { commitMutants } from "../../../src/protocols/two-phase-commit/mutants.ts";
import {
  type TwoPhaseCommit,
  twoPhaseCommit,
} from "../../../src/protocols/two-phase-commit/two-phase-commit.ts";
import { countsOf, namesOf, ProcessNetwork, type Sent } from "../process-network.ts";

const d = 50;
const id = { client: "c", number: 1 };
const write = { type: "write", key: "x", value: 0 } as const;
const read = { type: "read", key: "x" } as const;
const first = "n1" as PeerId;

const plain = twoPhaseCommit();
const cooperative = twoPhaseCommit({ termination: "ask-others" });

function networkOf(protocol: TwoPhaseCommit, count: number) {
  return new ProcessNetwork(protocol, { count, latencyMs: () => d });
}

type Network = ReturnType<typeof networkOf>;

describe("without faults", () => {
  test.each([2, 4, 7, 16])(
    "%i members: 4n messages for n participants, decided after 2d, acknowledged after 4d",
    (count) => {
      const network = networkOf(plain, count);
      network.request(first, id, write);
      network.runTo(900);
      const n = count - 1;
      const counts = { prepare: n, vote: n, commit: n, acknowledge: n };
      expect(countsOf(network.sent)).toEqual(counts);
      expect(network.answerTo(id)).toMatchObject({ at: 2 * d, answer: { type: "written" } });
      expect(network.sent.at(-1)?.at).toBe(3 * d);
      expect(network.state(first).unacknowledged).toEqual({});
      for (const name of network.names) {
        expect(network.view(name).decisions).toEqual({ "t1.1": "commit" });
        expect(network.view(name).blocked).toEqual([]);
      }
    },
  );

  test("reads are answered by every member, from its own copy", () => {
    const network = networkOf(plain, 3);
    network.request(first, id, write);
    network.runTo(900);
    network.names.forEach((name, at) => {
      const asked = { client: `r${at}`, number: 1 };
      network.request(name, asked, read);
      expect(network.answerTo(asked)?.answer).toEqual({ type: "read", value: 0 });
    });
  });

  test("while a key is locked it is not read and not written", () => {
    const network = networkOf(plain, 3);
    network.request(first, id, write);
    network.runTo(d);
    for (const [at, command] of [read, { ...write, value: 1 }].entries()) {
      const asked = { client: `other${at}`, number: 1 };
      network.request(first, asked, command);
      expect(network.answerTo(asked)?.answer.type).toBe("aborted");
    }
    const asked = { client: "r", number: 1 };
    network.request("n2" as PeerId, asked, read);
    expect(network.answerTo(asked)?.answer.type).toBe("aborted");
  });

  test("a write elsewhere is sent to the coordinator, a proposal refused", () => {
    const network = networkOf(plain, 3);
    network.request("n2" as PeerId, id, write);
    expect(network.answerTo(id)?.answer).toEqual({ type: "redirected", leader: first });
    const asked = { client: "p", number: 1 };
    network.request(first, asked, { type: "propose", value: 1 });
    expect(network.answerTo(asked)?.answer.type).toBe("aborted");
  });

  test("a retry is answered, and not carried out twice", () => {
    const network = networkOf(plain, 3);
    const command = { type: "compare-and-set", key: "x", from: null, to: "" } as const;
    network.request(first, id, command);
    network.runTo(900);
    network.request(first, id, command);
    const answers = network.answers.map(({ answer }) => answer);
    expect(answers).toEqual([
      { type: "compared", isSet: true },
      { type: "compared", isSet: true },
    ]);
    expect(countsOf(network.sent)["prepare"]).toBe(2);
  });
});

describe("a request that was answered aborted begins no other transaction when a copy of it is late", () => {
  /** A copy may come when the coordinator remembers, or after a restart from its disk. */
  const ends = [
    ["while the coordinator is up", () => undefined],
    [
      "after a restart of the coordinator",
      (network: Network) => {
        network.crash(first);
        network.restart(first);
      },
    ],
  ] as const;

  function sendCopy(network: Network, asked: typeof id): void {
    network.request(first, asked, { ...write, value: 9 });
    network.runTo(network.now + 900);
    const ended = network.answers.filter(({ id: answered }) => answered.client === asked.client);
    expect(ended.map(({ answer }) => answer.type)).toEqual(["aborted", "aborted"]);
    for (const name of network.names) expect(network.state(name).data.values["x"]).not.toBe(9);
  }

  for (const [when, end] of ends) {
    test(`after votes that did not come, ${when}`, () => {
      const network = networkOf(plain, 3);
      network.isCut = (_, to) => to === first && network.now < 900;
      network.request(first, id, { ...write, value: 9 });
      network.runTo(3000);
      end(network);
      network.runTo(4000);
      sendCopy(network, id);
    });

    test(`after a key that was locked, ${when}`, () => {
      const network = networkOf(plain, 3);
      const asked = { client: "other", number: 1 };
      network.request(first, id, write);
      network.request(first, asked, { ...write, value: 9 });
      network.runTo(3000);
      end(network);
      network.runTo(4000);
      sendCopy(network, asked);
      const next = { client: "other", number: 2 };
      network.request(first, next, { ...write, value: 2 });
      network.runTo(network.now + 900);
      expect(network.answerTo(next)?.answer).toEqual({ type: "written" });
    });
  }
});

/** The first member crashes when it has sent so many of its commits. */
function crashAfterCommits(protocol: TwoPhaseCommit, count: number, commits: number): Network {
  const network = networkOf(protocol, count);
  const isLast = (sent: Sent<CommitMessage>) => sent.message.type === "commit";
  // Effects of the coordinator: its life, n prepares and a wake, then the decision and its news.
  network.crashBefore.set(first, 1 + (count - 1) + 1 + 2 + commits);
  network.request(first, id, write);
  network.runTo(10_000);
  expect(network.sent.filter(isLast).filter(({ from }) => from === first)).toHaveLength(commits);
  return network;
}

function blockedIn(network: Network): number {
  const up = network.names.filter((name) => network.isUp(name));
  return up.filter((name) => network.view(name).blocked.length > 0).length;
}

describe("the coordinator crashes after k of n commits", () => {
  const cases = [2, 3, 6].flatMap((n) => Array.from({ length: n + 1 }, (_, k) => [n, k] as const));

  test.each(cases)("n = %i, k = %i: n − k are blocked, or with the others' help n or 0", (n, k) => {
    expect(blockedIn(crashAfterCommits(plain, n + 1, k))).toBe(n - k);
    expect(blockedIn(crashAfterCommits(cooperative, n + 1, k))).toBe(k === 0 ? n : 0);
  });

  test.each([0, 1, 2])("k = %i of 2: its restart ends the blocking after d", (k) => {
    const network = crashAfterCommits(plain, 3, k);
    network.crashBefore.clear();
    network.restart(first);
    network.runTo(network.now + d);
    expect(blockedIn(network)).toBe(0);
    network.runTo(network.now + d);
    expect(network.state(first).unacknowledged).toEqual({});
  });
});

/** What members have ever decided, in any of their lives. */
function outcomesOf(network: Network): ReadonlySet<string> {
  const outcomes = network.news.flatMap(({ news }) => {
    return news.type === "decided" ? [`${news.number} ${news.outcome}`] : [];
  });
  return new Set(outcomes);
}

type Crash = { readonly name: PeerId; readonly before: number };

type Faults = {
  readonly crashes: readonly Crash[];
  /** The message of this number is lost. */
  readonly lost?: number;
  readonly duplicated?: number;
  readonly restartAfterMs?: number;
};

function runWith(protocol: TwoPhaseCommit, count: number, faults: Faults): Network {
  let posted = 0;
  const network = new ProcessNetwork<
    ReturnType<TwoPhaseCommit["start"]>,
    CommitMessage,
    Parameters<TwoPhaseCommit["tell"]>[0]
  >(protocol, {
    count,
    latencyMs: () => d,
    copies: () => {
      const number = posted++;
      return number === faults.lost ? 0 : number === faults.duplicated ? 2 : 1;
    },
  });
  for (const { name, before } of faults.crashes) network.crashBefore.set(name, before);
  network.onCrash = (name) => {
    network.at(network.now + (faults.restartAfterMs ?? 130), () => network.restart(name));
  };
  network.request(first, id, write);
  network.runTo(12_000);
  return network;
}

/** Every number of effects that a member carries out in a run without faults, and some more. */
function crashesOf(protocol: TwoPhaseCommit, count: number): readonly Crash[] {
  const whole = runWith(protocol, count, { crashes: [] });
  return whole.names.flatMap((name) => {
    const effects = (whole.effectCounts.get(name) ?? 0) + 4;
    return Array.from({ length: effects }, (_, before) => ({ name, before }));
  });
}

/** All that may be wrong at the end of a run, when all are up again and nothing is lost any more. */
function faultsIn(network: Network): readonly string[] {
  const faults: string[] = [];
  const numbers = [...outcomesOf(network)].map((outcome) => outcome.split(" ")[0]);
  if (new Set(numbers).size !== numbers.length) faults.push("atomicity");
  if (blockedIn(network) > 0) faults.push("no-blocked-participant");
  const copies = network.names.map((name) => JSON.stringify(network.state(name).data.values));
  if (new Set(copies).size > 1) faults.push("linearizability");
  const isWritten = network.answers.some(({ answer }) => answer.type === "written");
  if (isWritten && copies[0] !== '{"x":0}') faults.push("linearizability");
  return faults;
}

describe("one transaction, all crash points between two effects", () => {
  for (const [name, protocol] of Object.entries({ plain, cooperative })) {
    test.each([2, 3, 4])(`${name}, %i members: each crash, with each message lost`, (count) => {
      const messages = 4 * (count - 1);
      let runs = 0;
      for (const crash of crashesOf(protocol, count)) {
        for (let lost = -1; lost < messages; lost++) {
          const network = runWith(protocol, count, { crashes: [crash], lost });
          expect(faultsIn(network), JSON.stringify({ crash, lost })).toEqual([]);
          runs++;
        }
      }
      expect(runs).toBeGreaterThan(50);
    });

    test.each([2, 3, 4])(`${name}, %i members: each two crashes`, (count) => {
      const crashes = crashesOf(protocol, count);
      for (const one of crashes) {
        for (const two of crashes) {
          if (one.name >= two.name) continue;
          const network = runWith(protocol, count, { crashes: [one, two] });
          expect(faultsIn(network), JSON.stringify([one, two])).toEqual([]);
        }
      }
    });

    test(`${name}: each message twice, each crash`, () => {
      for (const crash of crashesOf(protocol, 3)) {
        for (let duplicated = 0; duplicated < 8; duplicated++) {
          const network = runWith(protocol, 3, { crashes: [crash], duplicated });
          expect(faultsIn(network), JSON.stringify({ crash, duplicated })).toEqual([]);
        }
      }
    });
  }
});

/**
 * The votes for one transaction are lost, then the news of its abort to the last member; while that
 * one still holds the lock, another transaction comes.
 */
function runWithLockHeld(protocol: TwoPhaseCommit): Network {
  const network = networkOf(protocol, 3);
  network.isCut = (_, to) => to === first && network.now < 900;
  network.request(first, id, write);
  network.runTo(900);
  network.isCut = (_, to) => to === "n3" && network.now < 1055;
  network.at(1010, () => network.request(first, { client: "other", number: 1 }, write));
  network.runTo(12_000);
  return network;
}

test("a participant whose key is locked votes no, and then all abort", () => {
  const network = runWithLockHeld(plain);
  expect(faultsIn(network)).toEqual([]);
  expect(network.news.filter(({ news }) => news.type === "voted" && !news.isYes)).toHaveLength(1);
  expect(network.answers.map(({ answer }) => answer.type)).toEqual(["aborted", "aborted"]);
});

describe("mutants", () => {
  /** Which checks some run of all crash points and losses fails. */
  function caughtIn(protocol: TwoPhaseCommit): ReadonlySet<string> {
    const caught = new Set<string>(faultsIn(runWithLockHeld(protocol)));
    for (const crash of crashesOf(protocol, 3)) {
      for (let lost = -1; lost < 8; lost++) {
        for (const restartAfterMs of [130, 3000]) {
          const faults = { crashes: [crash], lost, restartAfterMs };
          for (const fault of faultsIn(runWith(protocol, 3, faults))) caught.add(fault);
        }
      }
    }
    return caught;
  }

  test.each(commitMutants)("$name is caught", ({ protocol, caughtBy, mistake }) => {
    expect(caughtIn(protocol), mistake).toContain(caughtBy);
  });
});

test("many transactions over lossy links that reorder: copies agree, and few outcomes are kept", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const network = new ProcessNetwork(twoPhaseCommit({ termination: "ask-others" }), {
      count: 4,
      seed,
      latencyMs: (_, random) => 5 + random.nextExponential(40),
      copies: (_, random) => (random.nextFloat() < 0.05 ? 0 : random.nextFloat() < 0.05 ? 2 : 1),
    });
    for (let number = 1; number <= 40; number++) {
      network.at(number * 150, () => {
        const command = { type: "write", key: `k${number % 3}`, value: number } as const;
        network.request(first, { client: `c${number % 5}`, number }, command);
      });
    }
    for (const [at, name] of namesOf(4).entries()) {
      network.at(1000 + at * 1100, () => network.crash(name));
      network.at(1400 + at * 1100, () => network.restart(name));
    }
    network.runTo(30_000);
    expect(faultsIn(network).filter((fault) => fault !== "linearizability")).toEqual([]);
    const copies = network.names.map((name) => JSON.stringify(network.state(name).data));
    expect(new Set(copies.map((copy) => sorted(copy))).size).toBe(1);
    const written = network.answers.filter(({ answer }) => answer.type === "written");
    expect(written.length).toBeGreaterThan(5);
    for (const name of network.names) {
      expect(Object.keys(network.state(name).decided).length).toBeLessThan(20);
    }
  }
});

/** Objects whose keys were set in another order are equal. */
function sorted(json: string): string {
  return JSON.stringify(JSON.parse(json), (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
