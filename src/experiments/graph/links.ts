/** A graph in a file whose links have laws: what they do to messages, and protocols that run on it. */

import type { Milliseconds, PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { protocols } from "../../protocols/catalogue.ts";
import { Clock } from "../../sim/engine/clock.ts";
import type { Link, LinkConditions } from "../../sim/engine/link.ts";
import { Links } from "../../sim/engine/links.ts";
import { parseGraphFile } from "../../sim/files/graph-file.ts";
import type { ProcessNetwork } from "../../sim/process-world/process-world.ts";
import { runProtocol } from "../../sim/process-world/protocol-run.ts";
import { complete } from "../../theory/graph.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, atMost, exactly, type Finding } from "../engine/finding.ts";

const nodesMax = 12;

const parameters = {
  nodes: wholeParameter("how many, all linked", { min: 3, max: nodesMax, initial: 6 }),
  messages: wholeParameter("how many cross each link", { min: 100, max: 100_000, initial: 10_000 }),
};

const sizeBytes = 1_000;
/** So many messages are sent together to see them queue. */
const burst = 10;
/** Of the largest of so many deviations; larger ones come once in thousands of seeds. */
const standardErrorsMax = 4.5;

export const links = defineExact<typeof parameters>({
  id: "links",
  code: "G1",
  group: "graph",
  title: "Links with laws",
  claim: "Edges have latency, loss and bandwidth, and one graph file drives every protocol.",
  lines: "L10-14,371",
  source: "definition: latency + bytes / bandwidth + queue; times are whole milliseconds",
  parameters,
  quick: { messages: 2_000 },
  examples: [["--nodes 12 --messages 1000", "more links, fewer messages"]],
  examine: ({ nodes, messages }, seed) => {
    const text = drawFile(nodes, createRandom(seed).fork("file"));
    const network = networkOf(text);
    const measured = measure(network, messages, createRandom(seed).fork("links"));
    const constant = measured.filter(({ law }) => law.loss === 0);
    const random = measured.filter(({ law }) => law.loss > 0);
    return [
      exactly("the file, read and written again, is the same", textOf(network) === text, true),
      ...constantFindings(constant),
      atMost(
        "lost on links with loss: standard errors from the law, at most",
        Math.max(...random.map((each) => Math.abs(lossZ(each, messages)))),
        standardErrorsMax,
      ),
      atMost(
        "delay on links with spread: standard errors from the law, at most",
        Math.max(...random.map((each) => Math.abs(delayZ(each)))),
        standardErrorsMax,
      ),
      ...protocolFindings(network, seed),
    ];
  },
});

/** Of every second link all is constant, so that it can be foretold to the millisecond. */
function drawFile(nodes: number, random: Random): string {
  const names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
  const conditions = complete(nodes).edges.map((_, at): LinkConditions => {
    // Such that a message takes a whole number of milliseconds to be sent.
    const bandwidthBytesPerSecond = (sizeBytes * 1000) / random.pick([1, 2, 4, 5, 8, 10]);
    const latencyMinMs = 10 + random.nextBelow(50);
    const law = { latencyMinMs, jitterMs: 0, loss: 0, bandwidthBytesPerSecond };
    if (at % 2 === 0) return law;
    return { ...law, spreadMs: 2 + random.nextBelow(40), loss: (1 + random.nextBelow(10)) / 100 };
  });
  return textOf({ names, edges: complete(nodes).edges, conditions });
}

function textOf({ names, edges, conditions }: ProcessNetwork): string {
  const links = edges.map((edge, at) => {
    const { latencyMinMs, spreadMs, loss, bandwidthBytesPerSecond } = conditions[
      at
    ] as LinkConditions;
    const law = { latencyMs: latencyMinMs, spreadMs, loss };
    return [...edge.map((end) => names[end]), { ...law, bytesPerSecond: bandwidthBytesPerSecond }];
  });
  return JSON.stringify({ names, links }, undefined, 2);
}

function networkOf(text: string): ProcessNetwork {
  const graph = parseGraphFile(text, nodesMax);
  if (!graph.ok) throw new Error(`our own graph file is refused: ${graph.problem}`);
  const { edges, names = [], conditions = [] } = graph.value;
  return { names, edges, conditions: conditions.flatMap((law) => law ?? []) };
}

type Measured = {
  readonly law: LinkConditions;
  /** Of messages that crossed alone. */
  readonly delaysMs: readonly number[];
  /** Until the last of a burst was there. */
  readonly burstMs: number;
};

function measure(network: ProcessNetwork, messages: number, random: Random): readonly Measured[] {
  const clock = new Clock(0 as Milliseconds);
  const user = { opened: () => undefined, closed: () => undefined };
  const all = new Links(clock, random, user);
  for (const name of network.names) all.arrive(name as PeerId);
  const measured = network.edges.map(([a, b], at) => {
    const law = network.conditions[at] as LinkConditions;
    const [from, to] = [network.names[a] as PeerId, network.names[b] as PeerId];
    return { law, link: all.connect(from, to, law), delaysMs: [] as number[], burstMs: 0 };
  });
  for (let sent = 0; sent < messages; sent++) {
    for (const { link, delaysMs } of measured) {
      cross(link, clock, (delayMs) => delaysMs.push(delayMs));
    }
    clock.pass(apartMs);
  }
  for (const each of measured) {
    for (let sent = 0; sent < burst; sent++) {
      cross(each.link, clock, (delayMs) => (each.burstMs = delayMs));
    }
  }
  clock.pass(apartMs);
  return measured;
}

/** More than any message takes, or a whole burst. */
const apartMs = 1_000;

function cross(link: Link, clock: Clock, arrive: (delayMs: number) => void): void {
  const sentAtMs = clock.elapsedMs;
  link.cross(link.ends[0], sizeBytes, () => arrive(clock.elapsedMs - sentAtMs));
}

function sendMs({ bandwidthBytesPerSecond = Infinity }: LinkConditions): number {
  return (sizeBytes * 1000) / bandwidthBytesPerSecond;
}

function constantFindings(constant: readonly Measured[]): readonly Finding[] {
  const alone = constant.filter(({ law, delaysMs }) => {
    return delaysMs.every((delayMs) => delayMs === law.latencyMinMs + sendMs(law));
  });
  const queued = constant.filter(({ law, burstMs }) => {
    return burstMs === law.latencyMinMs + burst * sendMs(law);
  });
  return [
    exactly("constant links: all messages take what the law says", alone.length, constant.length),
    exactly(`constant links: ${burst} messages queue for it`, queued.length, constant.length),
  ];
}

function lossZ({ law, delaysMs }: Measured, messages: number): number {
  const deviation = Math.sqrt(messages * law.loss * (1 - law.loss));
  return (messages - delaysMs.length - messages * law.loss) / deviation;
}

/** Times are rounded up, so the spread is one of as many whole milliseconds, each equally likely. */
function delayZ({ law, delaysMs }: Measured): number {
  const { latencyMinMs, spreadMs = 0 } = law;
  const mean = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0) / delaysMs.length;
  const expected = latencyMinMs + sendMs(law) + (spreadMs + 1) / 2;
  const variance = (spreadMs ** 2 - 1) / 12;
  return (mean - expected) / Math.sqrt(variance / delaysMs.length);
}

/** Not those that promise nothing where messages are lost. */
const judged = protocols.filter(
  ({ name }) => !["last-writer", "three-phase-commit"].includes(name),
);

function protocolFindings(network: ProcessNetwork, seed: string): readonly Finding[] {
  return judged.flatMap(({ name, protocol, workload }) => {
    const run = { protocol, workload, network, seed, faults: [], clients: 2, requestsMax: 20 };
    const { failure, availability } = runProtocol({ ...run, durationMs: 60_000 });
    return [
      exactly(`${name} on this file: broken promises`, failure?.message ?? "none", "none"),
      atLeast(`${name} on this file: requests answered`, availability.answered, 1),
    ];
  });
}
