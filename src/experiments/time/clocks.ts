/** Events of Raft and of miners by wall clocks, Lamport's clocks and vector clocks. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { raft } from "../../protocols/raft/raft.ts";
import { Wheel } from "../../sim/crowd/wheel.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly, type Finding } from "../engine/finding.ts";
import { ConstantWorld } from "../processes/constant-world.ts";
import { stampedBy } from "./stamped-protocol.ts";
import { judgeStamps, type StampedEvent, Stamps, wallWrong } from "./stamps.ts";

/** The least that a message takes; it takes up to twice as long. */
const latencyMs = 50;

const parameters = {
  nodes: wholeParameter("processes, or miners", { min: 3, max: 9, initial: 5 }),
  events: wholeParameter("so many events are stamped", { min: 200, max: 2_000, initial: 500 }),
  skewMs: wholeParameter("between the fastest wall clock and the slowest, in ms", {
    ...{ min: 4 * latencyMs, max: 100_000, initial: 500 },
  }),
};

export const clocks = defineExact<typeof parameters>({
  id: "clocks",
  code: "L1",
  group: "time",
  title: "Clocks and causes",
  claim: "There is no global clock: stamps of wall clocks contradict what caused what.",
  lines: "L25",
  source: "Lamport 1978; Fidge and Mattern 1988; a skew below the least latency does no harm",
  parameters,
  quick: { events: 300 },
  examples: [["--skew-ms 5000 --nodes 9", "clocks that are far apart"]],
  examine: ({ nodes, events, skewMs }, seed) => [
    ...clockFindings("Raft", raftEvents(nodes, events, seed), { nodes, skewMs }),
    ...clockFindings("miners", minerEvents(nodes, events, seed), { nodes, skewMs }),
  ],
});

type Skew = { readonly nodes: number; readonly skewMs: number };

function clockFindings(
  who: string,
  events: readonly StampedEvent[],
  { nodes, skewMs }: Skew,
): readonly Finding[] {
  const wrongWith = (ms: number): number => {
    return wallWrong(
      events,
      Array.from({ length: nodes }, (_, at) => (ms * at) / (nodes - 1)),
    );
  };
  const { ordered, concurrent, lamportWrong, lamportGuessed, vectorWrong } = judgeStamps(events);
  return [
    atLeast(`${who}: pairs of which one caused the other`, ordered, events.length),
    exactly(`${who}, wall clocks without skew: pairs that run backwards`, wrongWith(0), 0),
    exactly(`${who}, skew just below the latency: such pairs`, wrongWith(latencyMs - 1), 0),
    atLeast(`${who}, skew of ${skewMs} ms: such pairs`, wrongWith(skewMs), 1),
    exactly(`${who}, Lamport's clocks: such pairs`, lamportWrong, 0),
    atLeast(`${who}, Lamport's clocks: orders where there is none`, lamportGuessed, 1),
    exactly(`${who}, vector clocks: pairs that they misjudge`, vectorWrong, 0),
    atLeast(`${who}, vector clocks: concurrent pairs that they find`, concurrent, 1),
  ];
}

/** A leader is elected, and clients write. */
function raftEvents(nodes: number, count: number, seed: string): readonly StampedEvent[] {
  const stamps = new Stamps(nodes);
  const random = createRandom(seed).fork("latencies");
  const world = new ConstantWorld({
    protocol: stampedBy(stamps, raft()),
    nodes,
    delayMs: latencyMs,
    seed,
    extraMs: () => random.nextBelow(latencyMs),
  });
  for (let number = 1; stamps.events.length < count; number++) {
    world.runFor(10 * latencyMs);
    const write = { type: "write", key: "x", value: number } as const;
    if (world.leader) world.request(world.leader, { client: "c", number }, write);
  }
  return stamps.events.slice(0, count);
}

const found = -1;

/** Each tells all others of a block that it finds, or learns of for the first time. */
function minerEvents(nodes: number, count: number, seed: string): readonly StampedEvent[] {
  const stamps = new Stamps(nodes);
  const random = createRandom(seed).fork("miners");
  const wheel = new Wheel();
  const known = Array.from({ length: nodes }, () => new Set<number>());
  let blocks = 0;
  const tell = (node: number, block: number): void => {
    known[node]?.add(block);
    for (let to = 0; to < nodes; to++) {
      if (to === node) continue;
      const sent = stamps.add(node, wheel.now);
      wheel.add(latencyMs + random.nextBelow(latencyMs), sent, to, block);
    }
  };
  const mine = (): void => {
    wheel.add(Math.ceil(random.nextExponential(4 * latencyMs)), found, 0, 0);
  };
  mine();
  while (stamps.events.length < count) {
    wheel.run((sent, node, block) => {
      if (sent !== found) {
        stamps.add(node, wheel.now, sent);
        if (known[node]?.has(block) === false) tell(node, block);
        return;
      }
      const miner = random.nextBelow(nodes);
      stamps.add(miner, wheel.now);
      tell(miner, (blocks += 1));
      mine();
    }, 1);
  }
  return stamps.events.slice(0, count);
}
