/** A schedule of the faults that every world knows, drawn from a seed. */

import type { Random } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Fault } from "./faults.ts";
import type { Edge } from "./topology.ts";

export type DrawOptions = {
  readonly random: Random;
  readonly names: readonly string[];
  readonly edges: readonly Edge[];
  /** Faults begin within it. */
  readonly durationMs: number;
};

const faultsMin = 3;
const faultsMax = 9;
/** The mean time that a fault lasts. */
const meanMs = 15_000;

/** Verbs as often as they should come up. */
const verbWeights = [
  ...(["split", "split", "split", "isolate", "cut", "slow", "throttle", "scramble"] as const),
  ...(["crash", "crash", "crash", "restart", "corrupt", "skew", "skew"] as const),
];

/** Faults in the order of their times. */
export function drawFaults(options: DrawOptions): readonly Fault[] {
  const { random } = options;
  const count = faultsMin + random.nextBelow(faultsMax - faultsMin + 1);
  const faults = Array.from({ length: count }, () => drawFault(random.pick(verbWeights), options));
  return inOrder(faults);
}

export function inOrder<F extends { readonly atMs: number }>(faults: readonly F[]): readonly F[] {
  return faults.toSorted((a, b) => a.atMs - b.atMs);
}

function drawFault(verb: (typeof verbWeights)[number], options: DrawOptions): Fault {
  const { random, names, edges, durationMs } = options;
  const node = random.pick(names);
  const at = {
    atMs: Math.floor(random.nextFloat() * durationMs),
    lastsMs: Math.ceil(random.nextExponential(meanMs)),
  };
  switch (verb) {
    case "split":
      return { ...at, verb, groups: drawHalves(names, random) };
    case "isolate":
    case "restart":
      return { ...at, verb, node };
    case "cut": {
      const [from, to] = drawEnds(random.pick(edges), names, random);
      return { ...at, verb, from, to };
    }
    case "slow":
      return { ...at, verb, node, byMs: random.pick([500, 3_000, 15_000]) };
    case "throttle":
      return { ...at, verb, node, bytesPerSecond: random.pick([500, 2_000, 10_000]) };
    case "scramble":
      return { ...at, verb, node, share: random.pick([0.1, 0.3, 0.6]) };
    case "crash":
      return { ...at, verb, node, moment: random.pick(["at-once", "while-writing"]) };
    case "corrupt":
      return { ...at, verb, node, pick: random.nextFloat() };
    case "skew":
      return { ...at, verb, node, byMs: 1_000 * random.pick([-30, -12, -3, 3, 12, 30]) };
    default:
      return unreachable(verb);
  }
}

const moreMax = 2;

/**
 * Processes that pause or lose their disks, and clocks that run at a wrong rate. They are drawn from
 * a stream of their own, so that the other faults of a seed are the same with and without them.
 */
export function drawMoreFaults({ random, names, durationMs }: DrawOptions): readonly Fault[] {
  const own = random.fork("processes and clocks");
  return Array.from({ length: own.nextBelow(moreMax + 1) }, (): Fault => {
    const verb = own.pick(["pause", "pause", "drift", "amnesia"] as const);
    const node = own.pick(names);
    const atMs = Math.floor(own.nextFloat() * durationMs);
    const lasts = { atMs, lastsMs: Math.ceil(own.nextExponential(meanMs)) };
    switch (verb) {
      case "pause":
        return { ...lasts, verb, node };
      case "drift":
        return { ...lasts, verb, node, rate: own.pick([0.5, 0.9, 1.1, 2]) };
      case "amnesia":
        return { atMs, lastsMs: 0, verb, node };
      default:
        return unreachable(verb);
    }
  });
}

const clockFaultsMax = 2;
const hourMs = 3_600_000;
/** Less and more than blocks may be ahead of a clock. */
const wrongMs = [-hourMs, -60_000, -8_000, 8_000, 60_000, hourMs] as const;

/**
 * Wall clocks that are set wrong, or wrong from the start. They have a stream of their own, too.
 *
 * @param countMin so many at least.
 */
export function drawClockFaults(options: DrawOptions, countMin: number): readonly Fault[] {
  const { random, names, durationMs } = options;
  const own = random.fork("wall clocks");
  const count = Math.max(countMin, own.nextBelow(clockFaultsMax + 1));
  return Array.from({ length: count }, (): Fault => {
    const verb = own.pick(["step", "step", "start-wrong"] as const);
    const [node, byMs] = [own.pick(names), own.pick(wrongMs)];
    const atMs = Math.floor(own.nextFloat() * durationMs);
    const lastsMs = Math.ceil(own.nextExponential(meanMs));
    switch (verb) {
      case "step":
        return { atMs, lastsMs: 0, verb, node, byMs };
      case "start-wrong":
        return { atMs: own.nextBelow(2) === 0 ? 0 : atMs, lastsMs, verb, node, byMs };
      default:
        return unreachable(verb);
    }
  });
}

/** Neither of them empty. */
export function drawHalves(
  names: readonly string[],
  random: Random,
): readonly (readonly string[])[] {
  const [first, ...rest] = names;
  if (first === undefined) throw new Error("there are no nodes to split");
  const left: string[] = [first];
  const right: string[] = [];
  for (const name of rest) (random.nextBelow(2) === 0 ? left : right).push(name);
  const moved = right.length === 0 ? left.pop() : undefined;
  return [left, moved === undefined ? right : [moved]];
}

export function drawEnds(edge: Edge, names: readonly string[], random: Random): [string, string] {
  const [a, b] = edge.map((position) => names[position] as string) as [string, string];
  return random.nextBelow(2) === 0 ? [a, b] : [b, a];
}
