/** Where the nodes of the peer graph stand. */

import { expect, test } from "vitest";
import { type Network, placesOf } from "../../../../src/dashboard/views/graph/places.ts";

const names = ["alice", "bob", "carol", "dave", "mallory", "shop", "observer"];
const pairs: Network["pairs"] = [
  ["bob", "alice"],
  ["carol", "bob"],
  ["dave", "alice"],
  ["mallory", "carol"],
  ["mallory", "dave"],
  ["shop", "mallory"],
  ["observer", "shop"],
];
const ring: Network = { names, pairs, groups: null };
const size = { widthPx: 320, heightPx: 500 };

test("the same network stands at the same places", () => {
  expect(placesOf(ring, size)).toEqual(placesOf(structuredClone(ring), size));
});

test.each([
  { network: ring, where: "in one network" },
  { network: { ...ring, groups: [["alice"], names.slice(1)] }, where: "with a lonely node" },
  { network: { ...ring, pairs: [] }, where: "without any link" },
])("nodes stand within the field and do not touch each other, $where", ({ network }) => {
  const places = [...placesOf(network, size).values()];
  expect(places).toHaveLength(names.length);
  for (const [i, { x, y }] of places.entries()) {
    expect(x).toBeGreaterThan(20);
    expect(x).toBeLessThan(size.widthPx - 20);
    expect(y).toBeGreaterThan(20);
    expect(y).toBeLessThan(size.heightPx - 20);
    for (const other of places.slice(i + 1)) {
      expect(Math.hypot(x - other.x, y - other.y)).toBeGreaterThan(40);
    }
  }
});

test.each([
  { ...size, shape: "a high" },
  { widthPx: 700, heightPx: 300, shape: "a wide" },
])("the groups of a partition stand apart along the longer side of $shape field", (field) => {
  const [left, right] = [
    ["alice", "bob", "shop"],
    ["carol", "dave", "mallory", "observer"],
  ] as const;
  const places = placesOf({ ...ring, groups: [left, right] }, field);
  const alongOf = (name: string): number => {
    const place = places.get(name)!;
    return field.widthPx > field.heightPx ? place.x : place.y;
  };
  const [first, second] = [left.map(alongOf), right.map(alongOf)];
  const gap = Math.max(
    Math.min(...first) - Math.max(...second),
    Math.min(...second) - Math.max(...first),
  );
  expect(gap).toBeGreaterThan(40);
});

test("one node stands in the middle, and none is no trouble", () => {
  expect(placesOf({ names: [], pairs: [], groups: null }, size).size).toBe(0);
  const place = placesOf({ names: ["alice"], pairs: [], groups: null }, size).get("alice");
  expect(place?.x).toBe(size.widthPx / 2);
});

test("a link to a node that is not drawn is left out", () => {
  const places = placesOf(
    { names: ["alice", "bob"], pairs: [["alice", "eve"]], groups: null },
    size,
  );
  expect([...places.keys()]).toEqual(["alice", "bob"]);
});
