/** One run of cap for all records that look at it, kept for as long as they are examined. */

import { createRandom } from "../../primitives/random.ts";
import { runOrder } from "../../sim/cap/entrants.ts";
import { usualSchedule, usualScheduleTimes } from "../../sim/cap/schedule.ts";
import { type PhaseCard, type Scorecard, scorecardOf } from "../../sim/cap/scorecard.ts";
import { edgesOf } from "../../sim/engine/topology.ts";
import type { ProcessNetwork } from "../../sim/process-world/process-world.ts";

/** One way over each link. */
export const delayMs = 10;
const nodes = 7;

/** All linked with all, and nothing random. */
export function completeNetworkOf(count: number): ProcessNetwork {
  const edges = edgesOf({ type: "complete" }, count, createRandom("graph"));
  return {
    names: Array.from({ length: count }, (_, at) => `n${at + 1}`),
    edges,
    conditions: edges.map(() => ({ latencyMinMs: delayMs, jitterMs: 0, loss: 0 })),
  };
}

/** So that clients give up, and try again, within half of it. */
const downMsMin = 8_000;

/** The newest answers: equal questions have equal ones. */
const known = new Map<string, Scorecard>();
const knownMax = 20;

/** @param phaseMs of each phase; the leader is down for two thirds of it, or 8 s. */
export function cardOf(protocol: string, phaseMs: number, seed: string): Scorecard {
  const name = `${protocol} ${phaseMs} ${seed}`;
  const card = known.get(name) ?? computeCard(protocol, phaseMs, seed);
  known.delete(name);
  known.set(name, card);
  const [oldest] = known.keys();
  if (known.size > knownMax && oldest !== undefined) known.delete(oldest);
  return card;
}

function computeCard(protocol: string, phaseMs: number, seed: string): Scorecard {
  const network = completeNetworkOf(nodes);
  const { downMs, phaseMs: usualMs } = usualScheduleTimes;
  const shortenedMs = Math.max((downMs * phaseMs) / usualMs, Math.min(phaseMs, downMsMin));
  const times = { phaseMs, downMs: shortenedMs, wholeMs: phaseMs };
  const faults = usualSchedule(network.names, times);
  return scorecardOf(protocol, runOrder({ protocol, seed, network, faults, wholeMs: phaseMs }));
}

export function phaseOf({ phases, protocol }: Scorecard, letter: string): PhaseCard {
  const phase = phases.find((each) => each.letter === letter);
  if (phase === undefined) throw new Error(`${protocol} has no phase ${letter}`);
  return phase;
}
