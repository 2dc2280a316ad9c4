/** Sends messages over one link, under conditions and impairments. */

import { describe, expect, test } from "vitest";
import type { Milliseconds, PeerId } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { Clock } from "../../../src/sim/engine/clock.ts";
import { Link, type LinkConditions } from "../../../src/sim/engine/link.ts";

const [a, b] = ["a", "b"] as PeerId[] as [PeerId, PeerId];
const exact: LinkConditions = { latencyMinMs: 100, jitterMs: 0, loss: 0 };

function linkWith(conditions: Partial<LinkConditions>) {
  const clock = new Clock(0 as Milliseconds);
  const link = new Link([a, b], { ...exact, ...conditions }, clock, createRandom("link"));
  link.open();
  const arrived: [number, number][] = [];
  const send = (number: number, from = a, sizeBytes = 100) => {
    return link.cross(from, sizeBytes, () => arrived.push([number, clock.elapsedMs]));
  };
  return { clock, link, arrived, send };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, position) => position);
}

test("messages queue for the bandwidth, each direction for itself", () => {
  const { clock, arrived, send } = linkWith({ bandwidthBytesPerSecond: 1_000 });
  for (const number of [1, 2, 3]) send(number);
  send(4, b);
  clock.pass(1_000);
  expect(arrived).toEqual([[1, 200], [4, 200], [2, 300], [3, 400]]); // prettier-ignore
});

test("a share of messages comes twice", () => {
  const { clock, arrived, send } = linkWith({ duplication: 0.25 });
  for (const number of range(400)) send(number);
  clock.pass(1_000);
  // Binomial with mean 100: four standard deviations are 35.
  expect(Math.abs(arrived.length - 500)).toBeLessThan(35);
});

test("messages keep their order, but for the share that may overtake", () => {
  const isSorted = (reordering: number) => {
    const { clock, arrived, send } = linkWith({ jitterMs: 50, reordering });
    for (const number of range(50)) send(number);
    clock.pass(10_000);
    expect(arrived).toHaveLength(50);
    return arrived.every(([number], position) => number === position);
  };
  expect([isSorted(0), isSorted(0.2)]).toEqual([true, false]);
});

describe("impairments", () => {
  test("change the conditions while they lie on the link, one upon the other", () => {
    const { link } = linkWith({});
    const slow = {
      change: (was: LinkConditions) => ({ ...was, latencyMinMs: was.latencyMinMs + 50 }),
    };
    const lossy = { change: (was: LinkConditions) => ({ ...was, loss: 1 }) };
    link.impair(slow);
    link.impair(lossy);
    expect(link.conditions).toEqual({ ...exact, latencyMinMs: 150, loss: 1 });
    link.lift(slow);
    expect(link.conditions).toEqual({ ...exact, loss: 1 });
    link.lift(lossy);
    expect(link.conditions).toEqual(exact);
  });

  test("silence one end until all that silence it are gone", () => {
    const { clock, link, arrived, send } = linkWith({});
    const first = { silenced: [a] };
    const second = { silenced: [a] };
    link.impair(first);
    link.impair(second);
    expect([send(1), send(2, b)]).toEqual(["lost", "under-way"]);
    link.lift(first);
    expect(send(3)).toBe("lost");
    link.lift(second);
    expect(send(4)).toBe("under-way");
    clock.pass(1_000);
    expect(arrived.map(([number]) => number)).toEqual([2, 4]);
  });
});
