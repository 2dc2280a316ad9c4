/** Two proposers that refuse each other: for ever if they try again at once, briefly if they wait. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { paxos } from "../../protocols/paxos/paxos.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, atMost, exactly } from "../engine/finding.ts";
import { ConstantWorld } from "../processes/constant-world.ts";

const parameters = {
  seconds: wholeParameter("how long they duel without waiting", { min: 1, max: 60, initial: 10 }),
  runs: wholeParameter("duels for each longest wait", { min: 20, max: 2_000, initial: 200 }),
};

/** Prepares are faster than accepts, so each prepare comes before the other's accept. */
const delayMs = 5;
const acceptExtraMs = 20;
const secondStartsAtMs = 10;
/** Longest waits before a refused proposer tries again, in milliseconds; shorter than an accept takes. */
const [short, middle, long] = [10, 20, 40] as const;
const retryMs = 600_000;
const patienceMs = 60_000;
/** A prepare and its refusal, and then the other one's. */
const roundMs = 20;

export const duel = defineExact<typeof parameters>({
  id: "duel",
  code: "P3",
  group: "Paxos",
  title: "Duelling proposers",
  claim: "Proposers that try again at once never decide; a random wait lets them.",
  lines: "L165-190",
  source: "Lamport 2001, section 2.4; counting: a prepare overtakes each accept",
  parameters,
  quick: { runs: 60 },
  examples: [["--seconds 60", "a minute without a decision"]],
  examine: ({ seconds, runs }, seed) => {
    const endless = begin(0, seed);
    endless.runFor(seconds * 1000);
    const rounds = Math.max(...endless.views.map(({ era }) => era));
    const [ofShort, ofMiddle, ofLong] = [
      meanMs(short, runs, seed),
      meanMs(middle, runs, seed),
      meanMs(long, runs, seed),
    ];
    return [
      exactly(`decisions in ${seconds} s without a wait`, endless.answers.length, 0),
      atLeast("rounds without a decision", rounds, (seconds * 1000) / roundMs),
      atMost(`waits up to ${middle} ms: mean time to a decision, ms`, ofMiddle, ofShort),
      atMost(`waits up to ${long} ms: mean time to a decision, ms`, ofLong, ofMiddle),
      atLeast(`waits up to ${long} ms: mean time to a decision, ms`, ofLong, fastestMs),
    ];
  },
});

/** A prepare, a promise, an accept and its answer. */
const fastestMs = 4 * delayMs + acceptExtraMs;

function begin(backoffMs: number, seed: string): ConstantWorld {
  const protocol = paxos({ backoffMs, retryMs, askMs: retryMs }) as Protocol;
  const world = new ConstantWorld({
    ...{ protocol, nodes: 3, delayMs, seed },
    extraMs: ({ message }) => (message.type === "accept" ? acceptExtraMs : 0),
  });
  propose(world, "n1", 1);
  world.at(secondStartsAtMs, () => propose(world, "n2", 2));
  return world;
}

function propose(world: ConstantWorld, name: string, value: number): void {
  world.request(name as PeerId, { client: name, number: 1 }, { type: "propose", value });
}

/** Until the first of the two is answered. NaN if some duel does not end. */
function meanMs(backoffMs: number, runs: number, seed: string): number {
  let sumMs = 0;
  for (let run = 0; run < runs; run++) {
    const world = begin(backoffMs, `${seed} ${run}`);
    if (!world.runUntil(() => world.answers.length > 0, patienceMs)) return NaN;
    sumMs += world.nowMs;
  }
  return sumMs / runs;
}
