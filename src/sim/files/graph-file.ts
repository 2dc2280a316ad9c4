/**
 * A graph in a file: how many nodes, or their names, which of them are linked, and how good each link is.
 *
 *     { "names": ["ann", "bob", "cid"],
 *       "links": [["ann", "bob"], [1, 2, {"latencyMs": 50, "spreadMs": 10, "loss": 0.01}]] }
 */

import { JsonReader } from "../../primitives/json-reader.ts";
import type { Verdict } from "../../primitives/verdict.ts";
import { defaultConditions, type LinkConditions } from "../engine/link.ts";
import type { Edge, Topology } from "../engine/topology.ts";

export type GraphFile = Topology & { readonly type: "drawn" };

const nodesMin = 2;
const nameLengthMax = 20;
/** So that names can stand in a schedule of faults and in a transcript's column. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/**
 * Reads a graph. It may consist of several pieces: a caller that needs one piece checks that.
 *
 * @param nodesMax how many nodes there may be.
 * @returns as problem a sentence with the place of the mistake, without a full stop.
 */
export function parseGraphFile(text: string, nodesMax: number): Verdict<GraphFile, string> {
  return JsonReader.read(text, (file) => {
    const graph = file.object(["nodes", "names", "links"]);
    const names = graph.find("names") && readNames(graph.get("names"), nodesMax);
    const count = names
      ? names.length
      : graph.get("nodes").wholeNumber({ min: nodesMin, max: nodesMax });
    if (names) checkCount(graph.find("nodes"), count);
    const links = graph
      .get("links")
      .list()
      .map((link) => readLink(link, names, count));
    refuseDoubles(graph.get("links").list(), links);
    return {
      type: "drawn",
      count,
      edges: links.map(({ edge }) => edge),
      conditions: links.map(({ conditions }) => conditions),
      ...(names && { names }),
    };
  });
}

function readNames(list: JsonReader, nodesMax: number): readonly string[] {
  const names: string[] = [];
  for (const item of list.list()) {
    const name = item.text();
    const isNice = namePattern.test(name) && name.length <= nameLengthMax;
    if (!isNice)
      item.refuse(`must be 1 to ${nameLengthMax} letters, digits, _ . or -, got ${item.shown}`);
    if (names.includes(name)) item.refuse(`names a second node ${item.shown}`);
    names.push(name);
  }
  if (names.length >= nodesMin && names.length <= nodesMax) return names;
  return list.refuse(`must be ${nodesMin} to ${nodesMax} names, got ${names.length}`);
}

/** The names say how many nodes there are; a count beside them must be the same. */
function checkCount(nodes: JsonReader | undefined, named: number): void {
  if (nodes && nodes.wholeNumber() !== named) nodes.refuse(`must be ${named}, as many as names`);
}

type FileLink = { readonly edge: Edge; readonly conditions: LinkConditions | undefined };

function readLink(link: JsonReader, names: readonly string[] | undefined, count: number): FileLink {
  const [a, b, conditions, ...others] = link.list();
  if (a === undefined || b === undefined || others.length > 0) {
    return link.refuse(`must be two nodes, and conditions if they matter, got ${link.shown}`);
  }
  const edge: Edge = [readNode(a, names, count), readNode(b, names, count)];
  if (edge[0] === edge[1]) link.refuse("links a node with itself");
  return { edge, conditions: conditions && readConditions(conditions) };
}

/** By its position, counted from 0, or by its name. */
function readNode(node: JsonReader, names: readonly string[] | undefined, count: number): number {
  if (!node.isString) return node.wholeNumber({ min: 0, max: count - 1 });
  if (names === undefined) return node.refuse(`is ${node.shown}, but the graph has no "names"`);
  const position = names.indexOf(node.text());
  return position >= 0 ? position : node.refuse(`there is no node ${node.shown}`);
}

const conditionKeys = [
  "latencyMs",
  "spreadMs",
  "jitterMs",
  "loss",
  "duplication",
  "reordering",
  "bytesPerSecond",
];

/**
 * `latencyMs` is what every message takes at least, `spreadMs` up to how much longer it takes, each
 * length equally likely; `jitterMs` the mean of an exponential delay on top, with its long tail.
 */
function readConditions(reader: JsonReader): LinkConditions {
  const fields = reader.object(conditionKeys);
  const msOf = (key: string) => fields.find(key)?.number({ min: 0, max: delayMsMax });
  const shareOf = (key: string) => fields.find(key)?.number({ min: 0, max: 1 });
  const [spreadMs, duplication, reordering] = [
    msOf("spreadMs"),
    shareOf("duplication"),
    shareOf("reordering"),
  ];
  const bandwidth = fields.find("bytesPerSecond")?.number({ min: 1 });
  return {
    latencyMinMs: msOf("latencyMs") ?? defaultConditions.latencyMinMs,
    jitterMs: msOf("jitterMs") ?? 0,
    loss: shareOf("loss") ?? 0,
    ...(spreadMs !== undefined && { spreadMs }),
    ...(duplication !== undefined && { duplication }),
    ...(reordering !== undefined && { reordering }),
    ...(bandwidth !== undefined && { bandwidthBytesPerSecond: bandwidth }),
  };
}

/** An hour. */
const delayMsMax = 3_600_000;

function refuseDoubles(places: readonly JsonReader[], links: readonly FileLink[]): void {
  const seen = new Map<string, number>();
  for (const [position, { edge }] of links.entries()) {
    const name = [...edge].sort((a, b) => a - b).join(" ");
    const first = seen.get(name);
    if (first !== undefined) places[position]?.refuse(`links the same nodes as links[${first}]`);
    seen.set(name, position);
  }
}
