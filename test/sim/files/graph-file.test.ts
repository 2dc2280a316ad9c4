/** Graphs in files: what they may say, and where a mistake is said to be. */

import { describe, expect, test } from "vitest";
import { defaultConditions } from "../../../src/sim/engine/link.ts";
import { parseGraphFile } from "../../../src/sim/files/graph-file.ts";

const parse = (content: unknown) => parseGraphFile(JSON.stringify(content), 10);

test("a graph has nodes by number and links between them", () => {
  expect(
    parse({
      nodes: 3,
      links: [
        [0, 1],
        [1, 2],
      ],
    }),
  ).toEqual({
    // prettier-ignore
    ok: true,
    value: {
      type: "drawn",
      count: 3,
      edges: [[0, 1], [1, 2]], // prettier-ignore
      conditions: [undefined, undefined],
    },
  });
});

test("nodes may have names, and each link its conditions; what is left out costs nothing", () => {
  const link = { latencyMs: 50, spreadMs: 10, loss: 0.01, bytesPerSecond: 125_000 };
  const parsed = parse({
    names: ["ann", "bob", "c-3"],
    links: [["ann", "bob", link], [1, 2, { jitterMs: 5, duplication: 0.1, reordering: 1 }]], // prettier-ignore
  });
  expect(parsed).toEqual({
    ok: true,
    value: {
      type: "drawn",
      count: 3,
      names: ["ann", "bob", "c-3"],
      edges: [[0, 1], [1, 2]], // prettier-ignore
      conditions: [
        {
          latencyMinMs: 50,
          spreadMs: 10,
          jitterMs: 0,
          loss: 0.01,
          bandwidthBytesPerSecond: 125_000,
        },
        {
          latencyMinMs: defaultConditions.latencyMinMs,
          jitterMs: 5,
          loss: 0,
          duplication: 0.1,
          reordering: 1,
        },
      ],
    },
  });
});

test("a graph in two pieces is a graph: whoever needs one piece says so", () => {
  expect(parse({ nodes: 4, links: [[0, 1], [2, 3]] }).ok).toBe(true); // prettier-ignore
  expect(parse({ nodes: 2, links: [] }).ok).toBe(true);
});

describe("a mistake is told with its place", () => {
  const links = [[0, 1], [1, 2], [2, 3]]; // prettier-ignore

  test.each<[string, unknown, string]>([
    ["no object", [], "the file: must be an object with nodes, names, links, got []"],
    ["no nodes", { links }, 'the file: needs "nodes"'],
    ["no links", { nodes: 4 }, 'the file: needs "links"'],
    [
      "an unknown key",
      { nodes: 4, links, edges: [] },
      'the file: has no key "edges"; the keys are nodes, names, links',
    ],
    ["too few nodes", { nodes: 1, links }, "nodes: must be a whole number from 2 to 10, got 1"],
    ["too many", { nodes: 11, links }, "nodes: must be a whole number from 2 to 10, got 11"],
    ["half a node", { nodes: 2.5, links }, "nodes: must be a whole number from 2 to 10, got 2.5"],
    ["another count", { nodes: 3, names: ["a", "b"], links }, "nodes: must be 2, as many as names"],
    ["links that are no list", { nodes: 4, links: {} }, "links: must be a list, got {}"],
    ["one name", { names: ["a"], links }, "names: must be 2 to 10 names, got 1"],
    ["a name twice", { names: ["a", "b", "a"], links }, 'names[2]: names a second node "a"'],
    ["a number for a name", { names: ["a", 2], links }, "names[1]: must be a text, got 2"],
    [
      "a name like a role",
      { names: ["a", "@leader"], links },
      'names[1]: must be 1 to 20 letters, digits, _ . or -, got "@leader"',
    ],
    [
      "a link with one end",
      { nodes: 4, links: [[0, 1], [2]] }, // prettier-ignore
      "links[1]: must be two nodes, and conditions if they matter, got [2]",
    ],
    [
      "a node that is not there",
      { nodes: 4, links: [[0, 1], [1, 4]] }, // prettier-ignore
      "links[1][1]: must be a whole number from 0 to 3, got 4",
    ],
    [
      "an unknown name",
      { names: ["a", "b"], links: [["a", "c"]] },
      'links[0][1]: there is no node "c"',
    ],
    [
      "a name without names",
      { nodes: 2, links: [["a", 1]] },
      'links[0][0]: is "a", but the graph has no "names"',
    ],
    ["a link back", { nodes: 4, links: [[0, 1], [2, 2]] }, "links[1]: links a node with itself"], // prettier-ignore
    [
      "a link twice",
      { nodes: 4, links: [...links, [1, 0]] },
      "links[3]: links the same nodes as links[0]",
    ],
    [
      "a share above 1",
      { nodes: 5, links: [...links, [3, 4, { loss: 1.5 }]] },
      "links[3][2].loss: must be from 0 to 1, got 1.5",
    ],
    [
      "a negative delay",
      { nodes: 2, links: [[0, 1, { latencyMs: -1 }]] },
      "links[0][2].latencyMs: must be from 0 to 3600000, got -1",
    ],
    [
      "no bandwidth",
      { nodes: 2, links: [[0, 1, { bytesPerSecond: 0 }]] },
      "links[0][2].bytesPerSecond: must be a number of at least 1, got 0",
    ],
    [
      "an unknown condition",
      { nodes: 2, links: [[0, 1, { latency: 5 }]] },
      'links[0][2]: has no key "latency"; the keys are latencyMs, spreadMs, jitterMs, loss, duplication, reordering, bytesPerSecond',
    ],
  ])("%s", (_, content, problem) => {
    expect(parse(content)).toEqual({ ok: false, problem });
  });

  test("what is not JSON", () => {
    const parsed = parseGraphFile('{"nodes": 2,', 10);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problem).toMatch(/^it is not JSON: /);
  });
});
