/** Sends messages over one link, under conditions and impairments. */

import { describe, expect, test } from "vitest";
import type { Milliseconds, PeerId } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { Clock } from "../../../src/sim/engine/clock.ts";
import { waitingBytesMax } from "../../../src/sim/engine/lane.ts";
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

describe("what waits for the bandwidth", () => {
  const throttle = (bandwidthBytesPerSecond: number) => ({
    change: (was: LinkConditions) => ({ ...was, bandwidthBytesPerSecond }),
  });

  test("leaves at once where a throttle ends, and what comes later waits for nothing", () => {
    const { clock, link, arrived, send } = linkWith({});
    const slow = throttle(10);
    link.impair(slow);
    for (const number of [1, 2, 3]) send(number);
    clock.pass(15_000);
    expect(arrived).toEqual([[1, 10_100]]);
    link.lift(slow);
    send(4);
    clock.pass(1_000);
    expect(arrived.slice(1)).toEqual([[2, 15_100], [3, 15_100], [4, 15_100]]); // prettier-ignore
  });

  test("leaves at the link's own bandwidth where a throttle ends, with half a message sent", () => {
    const { clock, link, arrived, send } = linkWith({ bandwidthBytesPerSecond: 1_000 });
    const slow = throttle(10);
    link.impair(slow);
    for (const number of [1, 2]) send(number);
    clock.pass(5_000);
    link.lift(slow);
    send(3);
    clock.pass(1_000);
    expect(arrived).toEqual([[1, 5_150], [2, 5_250], [3, 5_350]]); // prettier-ignore
  });

  test("leaves more slowly from where a throttle begins, and each message once", () => {
    const { clock, link, arrived, send } = linkWith({ bandwidthBytesPerSecond: 1_000 });
    for (const number of [1, 2]) send(number);
    clock.pass(150);
    link.impair(throttle(100));
    clock.pass(10_000);
    expect(arrived).toEqual([[1, 200], [2, 750]]); // prettier-ignore
  });

  test("keeps its order when the bandwidth changes, also behind what is under way", () => {
    const { clock, link, arrived, send } = linkWith({ jitterMs: 500 });
    for (const number of range(20)) send(number);
    const slow = throttle(100);
    link.impair(slow);
    for (const number of range(20)) send(20 + number);
    clock.pass(300);
    link.lift(slow);
    send(40);
    clock.pass(60_000);
    expect(arrived.map(([number]) => number)).toEqual(range(41));
  });

  test("is lost when the link closes", () => {
    const { clock, link, arrived, send } = linkWith({});
    const slow = throttle(10);
    link.impair(slow);
    send(1);
    link.close();
    link.open();
    link.lift(slow);
    send(2);
    clock.pass(60_000);
    expect(arrived).toEqual([[2, 100]]);
  });

  test("has a limit: what finds more is lost, until some has left", () => {
    const { clock, arrived, send } = linkWith({ bandwidthBytesPerSecond: waitingBytesMax });
    expect([send(1, a, waitingBytesMax), send(2), send(3), send(4, b)]).toEqual([
      ...(["under-way", "under-way", "lost", "under-way"] as const),
    ]);
    clock.pass(1);
    expect(send(5)).toBe("under-way");
    clock.pass(2_000);
    expect(arrived.map(([number]) => number)).toEqual([4, 1, 2, 5]);
  });
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
