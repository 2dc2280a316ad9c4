/** The replicated log: its costs, leaders that change, gaps, snapshots, and what mutants break. */

import { describe, expect, test } from "vitest";
import type { PeerId } from "../../../src/primitives/brand.ts";
import { type MultiPaxos, multiPaxos } from "../../../src/protocols/multi-paxos/multi-paxos.ts";
import { multiPaxosMutants } from "../../../src/protocols/multi-paxos/mutants.ts";
import { lastIndexOf } from "../../../src/protocols/multi-paxos/slots.ts";
import { resentMax } from "../../../src/protocols/multi-paxos/state.ts";
import type { Command, Value } from "../../../src/protocols/process/key-value.ts";
import { countsOf, ProcessNetwork } from "../process-network.ts";

const d = 20;
const read: Command = { type: "read", key: "x" };
const write = (value: Value): Command => ({ type: "write", key: "x", value });
const idOf = (client: string, number = 1) => ({ client, number });

function networkOf(protocol: MultiPaxos, count: number, seed = 1) {
  return new ProcessNetwork(protocol, { count, seed, latencyMs: () => d });
}

type Network = ReturnType<typeof networkOf>;

/** Of those that lead, the one with the highest ballot. */
function leaderOf(network: Network): PeerId {
  const leaders = network.names.filter((name) => network.isUp(name) && network.view(name).isLeader);
  const [first] = leaders.sort((a, b) => network.view(b).era - network.view(a).era);
  if (first === undefined) throw new Error("no member leads");
  return first;
}

/** Long enough for an election, and a little more. */
const electionMs = 2000;

function elect(network: Network): PeerId {
  network.runTo(network.now + electionMs);
  return leaderOf(network);
}

function splitOff(network: Network, side: readonly PeerId[]): void {
  network.isCut = (from, to) => side.includes(from) !== side.includes(to);
}

/** Indices at which two members applied different commands. */
function conflictsIn(network: Network): readonly number[] {
  const applied = new Map<number, string>();
  const conflicts: number[] = [];
  for (const { news } of network.news) {
    if (news.type !== "committed") continue;
    const known = applied.get(news.index);
    if (known !== undefined && known !== news.command) conflicts.push(news.index);
    applied.set(news.index, news.command);
  }
  return conflicts;
}

describe("without faults", () => {
  test.each([3, 5, 16])("%i members: 2(n − 1) messages and 2d for each command", (count) => {
    const network = networkOf(multiPaxos(), count);
    const leader = elect(network);
    const before = network.sent.length;
    const values = [0, "", false, 3];
    values.forEach((value, at) => {
      const asked = network.now;
      network.request(leader, idOf("c", at + 1), write(value));
      network.runTo(network.now + 2 * d);
      expect(network.answerTo(idOf("c", at + 1))).toMatchObject({ at: asked + 2 * d });
    });
    const counts = countsOf(network.sent.slice(before));
    const n = (count - 1) * values.length;
    expect(counts).toMatchObject({ accept: n, accepted: n });
    expect(counts["prepare"]).toBeUndefined();
    network.request(leader, idOf("r"), read);
    network.runTo(network.now + 1000);
    expect(network.answerTo(idOf("r"))?.answer).toEqual({ type: "read", value: 3 });
    for (const name of network.names) {
      expect(network.state(name).committed).toBe(5);
      expect(network.state(name).data.values).toEqual({ x: 3 });
    }
  });

  test("a follower redirects to the leader, and a proposal is refused", () => {
    const network = networkOf(multiPaxos(), 3);
    const leader = elect(network);
    const follower = network.names.find((name) => name !== leader)!;
    network.request(follower, idOf("c"), write(1));
    expect(network.answerTo(idOf("c"))?.answer).toEqual({ type: "redirected", leader });
    network.request(leader, idOf("p"), { type: "propose", value: 1 });
    expect(network.answerTo(idOf("p"))?.answer.type).toBe("aborted");
  });

  test("requests at once take slots beside each other", () => {
    const network = networkOf(multiPaxos(), 5);
    const leader = elect(network);
    for (let at = 0; at < 100; at++) network.request(leader, idOf(`c${at}`), write(at));
    network.runTo(network.now + 2 * d);
    expect(network.answers).toHaveLength(100);
  });
});

/**
 * The leader sends five commands; of the second and fourth no acceptance arrives anywhere, then it
 * crashes. What is decided before are no slots at all.
 */
function withGaps(protocol: MultiPaxos): { readonly network: Network; readonly before: PeerId } {
  let isLossy = true;
  const network = new ProcessNetwork(protocol, {
    count: 5,
    latencyMs: () => d,
    copies: ({ message }) => {
      return isLossy && message.type === "accept" && message.index % 2 === 0 ? 0 : 1;
    },
  });
  const before = elect(network);
  for (let at = 1; at <= 5; at++) network.request(before, idOf(`c${at}`), write(at));
  network.crash(before);
  isLossy = false;
  network.runTo(network.now + d);
  return { network, before };
}

describe("a new leader", () => {
  test("keeps what was accepted, fills exactly the gaps, and needs one first phase", () => {
    const { network } = withGaps(multiPaxos());
    const sent = network.sent.length;
    const leader = elect(network);
    const leads = network.news.filter(({ news, by }) => news.type === "leads" && by === leader);
    expect(leads).toMatchObject([{ news: { noOps: 2 } }]);
    const applied = network.news.filter(
      ({ news, by }) => news.type === "committed" && by === leader,
    );
    const commands = applied.map(({ news }) => (news.type === "committed" ? news.command : ""));
    expect(commands.map((command) => command.split(" ")[0])).toEqual([
      "c1/1",
      "no-op",
      "c3/1",
      "no-op",
      "c5/1",
    ]);
    expect(countsOf(network.sent.slice(sent))["prepare"]).toBe(4);
  });

  test("answers a retry of what an earlier leader applied, without doing it again", () => {
    const network = networkOf(multiPaxos(), 3);
    const before = elect(network);
    network.request(before, idOf("c"), { type: "compare-and-set", key: "x", from: null, to: 0 });
    network.runTo(network.now + 1000);
    network.crash(before);
    const leader = elect(network);
    network.request(leader, idOf("c"), { type: "compare-and-set", key: "x", from: null, to: 0 });
    network.runTo(network.now + 1000);
    const answers = network.answers.map(({ answer }) => answer);
    expect(answers).toEqual([
      { type: "compared", isSet: true },
      { type: "compared", isSet: true },
    ]);
  });
});

describe("members that fall behind", () => {
  test.each([
    [30, "slots"],
    [400, "a snapshot"],
  ])("after %i commands a member catches up with %s", (count) => {
    const network = networkOf(multiPaxos(), 3);
    const leader = elect(network);
    const behind = network.names.find((name) => name !== leader)!;
    network.crash(behind);
    for (let at = 1; at <= count; at++) {
      network.request(leader, idOf("c", at), write(at));
      network.runTo(network.now + 2 * d);
    }
    network.restart(behind);
    network.runTo(network.now + 1000);
    expect(network.state(behind).committed).toBe(count);
    expect(network.state(behind).data).toEqual(network.state(leader).data);
    const { slots } = network.state(leader);
    expect(lastIndexOf(slots)).toBe(count);
    expect(slots.cells.length).toBeLessThanOrEqual(150);
  });

  test("a member that starts again knows what it accepted", () => {
    const network = networkOf(multiPaxos(), 3);
    const leader = elect(network);
    for (let at = 1; at <= 260; at++) {
      network.request(leader, idOf("c", at), write(at));
      network.runTo(network.now + 2 * d);
    }
    network.runTo(network.now + 200);
    const before = network.names.map((name) => network.state(name).slots);
    for (const name of network.names) {
      network.crash(name);
      network.restart(name);
    }
    expect(network.names.map((name) => network.state(name).slots)).toEqual(before);
    elect(network);
    for (const name of network.names) expect(network.state(name).committed).toBe(260);
  });
});

describe("answers that are late", () => {
  test("a member asks for what it lacks once, then less and less often, until it is answered", () => {
    let isLossy = true;
    const network = new ProcessNetwork(multiPaxos(), {
      count: 3,
      latencyMs: () => d,
      copies: ({ message }) => (isLossy && message.type === "learn" ? 0 : 1),
    });
    const leader = elect(network);
    const behind = network.names.find((name) => name !== leader)!;
    network.crash(behind);
    network.request(leader, idOf("c"), write(1));
    network.runTo(network.now + 1_000);
    network.restart(behind);
    network.runTo(network.now + 40_000);
    const asks = network.sent.filter(({ message }) => message.type === "ask").map(({ at }) => at);
    const spans = asks.slice(1).map((at, before) => Math.round(at - asks[before]!));
    // Each time with the first heartbeat, one in 100 ms, after it has waited.
    expect(spans).toEqual([400, 800, 1_600, 3_200, 6_400, 6_400, 6_400, 6_400, 6_400]);
    isLossy = false;
    network.runTo(network.now + 6_400 + 3 * d);
    expect(network.state(behind).committed).toBe(1);
  });

  test("what no quorum accepts is asked for again, the oldest slots only", () => {
    const network = networkOf(multiPaxos(), 3);
    const leader = elect(network);
    splitOff(network, [leader]);
    for (let at = 0; at < 100; at++) network.request(leader, idOf(`c${at}`), write(at));
    const before = network.sent.length;
    network.runTo(network.now + 500);
    const again = network.sent.slice(before).flatMap(({ from, message }) => {
      return from === leader && message.type === "accept" ? [message.index] : [];
    });
    expect(new Set(again)).toEqual(new Set(Array.from({ length: resentMax }, (_, at) => at + 1)));
    expect(again).toHaveLength(2 * resentMax);
    network.isCut = () => false;
    network.runTo(network.now + 5_000);
    for (const name of network.names) expect(network.state(name).committed).toBe(100);
  });
});

/** Five members; the leader and one other accept a command, are cut off, and the rest elects. */
function afterTwoAccepted(protocol: MultiPaxos): Network {
  const network = networkOf(protocol, 5);
  const leader = elect(network);
  const other = network.names.find((name) => name !== leader)!;
  splitOff(network, [leader, other]);
  network.request(leader, idOf("c"), write(1));
  network.runTo(network.now + 3 * electionMs);
  const next = network.names.find((name) => {
    return ![leader, other].includes(name) && network.view(name).isLeader;
  });
  if (next !== undefined) network.request(next, idOf("d"), write(2));
  network.runTo(network.now + 1000);
  return network;
}

describe("quorums of five members", () => {
  test("four promise and two accept: two can commit, and then three cannot elect", () => {
    const network = afterTwoAccepted(multiPaxos({ q1: 4, q2: 2 }));
    expect(network.answers.map(({ id }) => id.client)).toEqual(["c"]);
    network.isCut = () => false;
    elect(network);
    expect(conflictsIn(network)).toEqual([]);
    expect(network.answerTo(idOf("c"))?.answer).toEqual({ type: "written" });
  });

  test("majorities: two cannot commit, three can elect", () => {
    const network = afterTwoAccepted(multiPaxos());
    expect(network.answers.map(({ id }) => id.client)).toEqual(["d"]);
    network.isCut = () => false;
    elect(network);
    expect(conflictsIn(network)).toEqual([]);
  });

  test("three promise and two accept: both sides commit, and the log splits", () => {
    const network = afterTwoAccepted(multiPaxos({ q1: 3, q2: 2 }));
    expect(network.answers).toHaveLength(2);
    expect(conflictsIn(network)).toEqual([1]);
  });
});

/** Lossy links that reorder, splits and crashes; clients write until the faults end. */
function withFaults(protocol: MultiPaxos, seed: number): Network {
  const network = new ProcessNetwork(protocol, {
    count: 5,
    seed,
    latencyMs: (_, random) => 2 + random.nextExponential(25),
    copies: (_, random) => (random.nextFloat() < 0.1 ? 0 : random.nextFloat() < 0.1 ? 2 : 1),
  });
  let client = 0;
  for (let at = 1200; at < 15_000; at += 60) {
    network.at(at, () => {
      for (const name of network.names.filter((up) => network.view(up).isLeader)) {
        network.request(name, idOf(`c${++client}`), write(client));
      }
    });
  }
  for (let round = 0; round < 6; round++) {
    const [one, two, three] = [0, 1, 3].map((add) => network.names[(seed + round + add) % 5]!);
    network.at(2000 + round * 2000, () => {
      splitOff(network, [one!, two!]);
    });
    network.at(2900 + round * 2000, () => network.crash(three!));
    network.at(3000 + round * 2000, () => network.restart(three!));
    network.at(3300 + round * 2000, () => {
      network.isCut = () => false;
    });
  }
  network.runTo(22_000);
  return network;
}

describe("faults", () => {
  test("members apply the same, and all that was answered is there", () => {
    for (let seed = 1; seed <= 6; seed++) {
      const network = withFaults(multiPaxos(), seed);
      expect(conflictsIn(network)).toEqual([]);
      expect(network.answers.length).toBeGreaterThan(50);
      const [first, ...others] = network.names.map((name) => network.state(name));
      for (const other of others) {
        expect(other.committed).toBe(first!.committed);
        expect(other.data).toEqual(first!.data);
      }
      for (const { id } of network.answers.filter(({ answer }) => answer.type === "written")) {
        expect(first!.data.sessions[id.client]?.number).toBe(id.number);
      }
    }
  });
});

describe("mutants", () => {
  const mutants = multiPaxosMutants.filter(({ caughtBy }) => caughtBy === "state-machine-safety");

  /** The first seed whose faults show it. */
  const seeds: Readonly<Record<string, number>> = {
    "promises-in-memory": 6,
    "promise-not-kept": 18,
    "new-leader-forgets": 1,
    "any-acceptance-is-chosen": 2,
    "quorums-of-three-and-two": 1,
  };

  test.each(mutants)("$name breaks state-machine safety", ({ name, protocol }) => {
    expect(conflictsIn(withFaults(protocol, seeds[name]!))).not.toEqual([]);
    expect(conflictsIn(withFaults(multiPaxos(), seeds[name]!))).toEqual([]);
  });

  const named = (name: string) =>
    multiPaxosMutants.find((mutant) => mutant.name === name)!.protocol;

  test("gaps-stay commits nothing behind a gap", () => {
    const { network } = withGaps(named("gaps-stay"));
    const leader = elect(network);
    network.runTo(network.now + 10_000);
    expect(network.state(leader).committed).toBe(1);
    expect(lastIndexOf(network.state(leader).slots)).toBeGreaterThan(1);
  });

  test("without-sessions a late retry undoes a later write", () => {
    const valueIn = (protocol: MultiPaxos) => {
      const network = networkOf(protocol, 3);
      const leader = elect(network);
      for (const [client, command] of [
        ["c", write(1)],
        ["d", write(2)],
        ["c", write(1)],
        ["r", read],
      ] as const) {
        network.request(leader, idOf(client), command);
        network.runTo(network.now + 2 * d);
      }
      return network.answerTo(idOf("r"))?.answer;
    };
    expect(valueIn(multiPaxos())).toEqual({ type: "read", value: 2 });
    expect(valueIn(named("without-sessions"))).toEqual({ type: "read", value: 1 });
  });

  test("reads-beside-the-log answers with old data", () => {
    const answerIn = (protocol: MultiPaxos) => {
      const network = networkOf(protocol, 3);
      const before = elect(network);
      splitOff(network, [before]);
      network.runTo(network.now + electionMs);
      const leader = leaderOf(network);
      expect(leader).not.toBe(before);
      network.request(leader, idOf("c"), write(1));
      network.runTo(network.now + 1000);
      expect(network.answerTo(idOf("c"))?.answer.type).toBe("written");
      network.request(before, idOf("r"), read);
      network.runTo(network.now + 1000);
      return network.answerTo(idOf("r"))?.answer;
    };
    expect(answerIn(multiPaxos())).toBeUndefined();
    expect(answerIn(named("reads-beside-the-log"))).toEqual({ type: "read", value: null });
  });
});
