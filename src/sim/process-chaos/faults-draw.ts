/** A schedule of faults for processes that may crash and never lose their disks, drawn from a seed. */

import type { Random } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Fault, NodeOrRole } from "../engine/faults.ts";
import { drawEnds, drawHalves, type DrawOptions, inOrder } from "../engine/faults-draw.ts";

/**
 * Not among them: lost and damaged disks, after which no protocol here promises anything, and wall
 * clocks, which processes do not read.
 */
export const processVerbs = [
  ...(["split", "isolate", "cut", "slow", "throttle", "scramble"] as const),
  ...(["crash", "restart", "pause", "drift"] as const),
];
type ProcessVerb = (typeof processVerbs)[number];

/** Verbs as often as they should come up. */
const verbWeights: readonly ProcessVerb[] = [...processVerbs, "split", "crash", "crash", "pause"];

const faultsMin = 5;
const faultsMax = 10;
const lastsMsMin = 500;
/** The mean time that a fault lasts beyond the least. */
const lastsMeanMs = 4_000;
/** How often it is the leader that a fault names. */
const leaderShare = 0.4;

export type ProcessDrawOptions = DrawOptions & {
  /** How much a link may carry while it is throttled. */
  readonly throttles: readonly number[];
};

/**
 * Rates at which protocols lag: what they send in a second is about as much on a link. Signed
 * messages are some ten times as many bytes.
 */
export const throttlesOf = {
  plain: [200, 1_000, 5_000],
  signed: [5_000, 20_000, 100_000],
} as const;

/** Faults in the order of their times. */
export function drawProcessFaults(options: ProcessDrawOptions): readonly Fault[] {
  const { random } = options;
  const count = faultsMin + random.nextBelow(faultsMax - faultsMin + 1);
  return inOrder(Array.from({ length: count }, () => drawFault(random.pick(verbWeights), options)));
}

function drawFault(verb: ProcessVerb, options: ProcessDrawOptions): Fault {
  const { random, names, edges, durationMs, throttles } = options;
  const node = drawNode(random, names);
  const at = {
    atMs: Math.floor(random.nextFloat() * durationMs),
    lastsMs: lastsMsMin + Math.ceil(random.nextExponential(lastsMeanMs)),
  };
  switch (verb) {
    case "split":
      return { ...at, verb, groups: drawHalves(names, random) };
    case "cut": {
      const [from, to] = drawEnds(random.pick(edges), names, random);
      return { ...at, verb, from, to };
    }
    case "isolate":
    case "pause":
      return { ...at, verb, node };
    case "restart":
      return { atMs: at.atMs, lastsMs: 0, verb, node };
    case "slow":
      return { ...at, verb, node, byMs: random.pick([50, 300, 2_000]) };
    case "throttle":
      return { ...at, verb, node, bytesPerSecond: random.pick(throttles) };
    case "scramble":
      return { ...at, verb, node, share: random.pick([0.1, 0.3, 0.6]) };
    case "crash":
      return { ...at, verb, node, moment: random.pick(["at-once", "while-writing"]) };
    case "drift":
      return { ...at, verb, node, rate: random.pick([0.5, 0.9, 1.1, 2]) };
    default:
      return unreachable(verb);
  }
}

function drawNode(random: Random, names: readonly string[]): NodeOrRole {
  return random.nextFloat() < leaderShare ? "@leader" : random.pick(names);
}
