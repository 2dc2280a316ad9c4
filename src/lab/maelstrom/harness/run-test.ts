/** One test: starts the nodes, lets clients ask, parts the network for a while, and judges the answers. */

import type { HistoryEvent } from "../../../checkers/history.ts";
import { counted } from "../../../primitives/figures.ts";
import { createRandom, type Random } from "../../../primitives/random.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import type { Message } from "../protocol/message.ts";
import type { Time } from "../time.ts";
import { Clients, type Ended } from "./clients.ts";
import { EchoLoad } from "./echo-load.ts";
import { KeyValueLoad } from "./key-value-load.ts";
import { type Judgement, type Load, type Outcome, outcomes } from "./load.ts";
import { type Latency, type MessageTotals, Network } from "./network.ts";
import { NodeFailure } from "./node-failure.ts";

export const workloads = ["lin-kv", "echo"] as const;
export type WorkloadName = (typeof workloads)[number];

/** A node that was started. */
export interface NodeUnderTest {
  send(message: Message): void;
  stop(): Promise<void>;
  /** What it has written last for people. */
  readonly lastLines: readonly string[];
}

export type NodeEvents = {
  readonly onMessage: (message: Message) => void;
  readonly onFailure: (failure: NodeFailure) => void;
};

export type TestOptions = {
  readonly workload: WorkloadName;
  readonly nodes: number;
  readonly seconds: number;
  /** Operations a second, of all clients together. */
  readonly rate: number;
  /** How many clients there are. */
  readonly concurrency: number;
  /** Whether less than half of the nodes are cut off in the middle third of the time. */
  readonly partition: boolean;
  readonly latency: Latency;
  readonly seed: string;
  readonly time: Time;
  readonly startNode: (name: string, events: NodeEvents) => NodeUnderTest;
  /** Ends the test at once. */
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
};

export type TestOutcome = {
  readonly operations: Readonly<Record<Outcome | "asked", number>>;
  /** How many errors of each code came. */
  readonly errors: Readonly<Record<string, number>>;
  readonly messages: MessageTotals & {
    /** Between nodes, for each operation that was asked, as Maelstrom counts; undefined without any. */
    readonly perOperation: number | undefined;
  };
  /** Of operations that were answered; undefined without any. */
  readonly latencyMs:
    | { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }
    | undefined;
  /** Nodes that were cut off. */
  readonly isolated: readonly string[];
  readonly judgement: Judgement;
  readonly history: readonly HistoryEvent[] | undefined;
};

/** Programs may have to be compiled first. */
const initWithinMs = 30_000;
/** Maelstrom's clients wait for ten times the latency, and a second at least. */
const timeoutMsMin = 1_000;
/** Who sends `init`: no other client has this name. */
const initiator = "c0";

/**
 * Whatever happens, all nodes have ended when it does.
 *
 * @throws NodeFailure if a node breaks Maelstrom's protocol, with whole sentences; what aborted the
 *   signal, if it is.
 */
export async function runTest(options: TestOptions): Promise<TestOutcome> {
  const nodes = new Map<string, NodeUnderTest>();
  const stopAll = () => Promise.all([...nodes.values()].map((node) => node.stop()));
  try {
    return await runWith(nodes, options);
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    await stopAll(); // then all that it has written is there
    const lines = nodes.get(error.node)?.lastLines ?? [];
    const end = lines.length === 0 ? "." : `; its stderr ends with:\n  ${lines.join("\n  ")}`;
    throw new NodeFailure(error.node, error.message + end);
  } finally {
    await stopAll();
  }
}

/** @param nodes empty; those that are started are added. */
async function runWith(
  nodes: Map<string, NodeUnderTest>,
  options: TestOptions,
): Promise<TestOutcome> {
  const { time, latency, rate, concurrency: count } = options;
  const random = createRandom(options.seed).fork("maelstrom");
  const network = new Network(time, random.fork("network"), latency);
  const names = Array.from({ length: options.nodes }, (_, at) => `n${at + 1}`);
  const failed = failureOf(options.signal);
  for (const name of names) {
    const node = options.startNode(name, {
      onFailure: failed.reject,
      onMessage: (message) => {
        const problem = findMisaddressed(name, message, network);
        if (problem === undefined) network.send(message);
        else failed.reject(new NodeFailure(name, problem));
      },
    });
    nodes.set(name, node);
    network.addNode(name, (message) => node.send(message));
  }
  await Promise.race([initialise(names, network, time), failed.promise]);
  options.say(
    `${counted(names.length, "node")} answered init; ${options.seconds} s of ${options.workload}`,
  );
  const load = createLoad(options, random.fork("workload"));
  const clients = new Clients({
    ...{ time, network, load, nodes: names, rate, count },
    random: random.fork("clients"),
    timeoutMs: timeoutOf(latency),
    onWrongReply: (name, problem) => failed.reject(new NodeFailure(name, `${name} ${problem}`)),
  });
  const isolated = options.partition ? drawMinority(names, random.fork("partition")) : [];
  await Promise.race([runClients(options, network, clients, isolated), failed.promise]);
  return outcomeOf(clients, network, load, isolated);
}

/** Rejects with the first failure of a node, or when the signal is aborted. */
function failureOf(signal: AbortSignal | undefined): PromiseWithResolvers<never> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined); // it is raced with each wait
  signal?.addEventListener("abort", () => failed.reject(signal.reason));
  return failed;
}

function timeoutOf({ leastMs, jitterMs }: Latency): number {
  return Math.max(timeoutMsMin, 10 * (leastMs + jitterMs));
}

function findMisaddressed(name: string, message: Message, network: Network): string | undefined {
  const { src, dest, body } = message;
  if (src !== name) return `${name} has sent a ${body.type} as ${JSON.stringify(src)}`;
  if (network.knows(dest)) return undefined;
  return `${name} has sent a ${body.type} to ${JSON.stringify(dest)}, and there are nodes and clients only`;
}

/** Resolves when all have answered. */
function initialise(names: readonly string[], network: Network, time: Time): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = new Set(names);
    const cancel = time.after(initWithinMs, () => {
      const [name = ""] = waiting;
      const what = `${name} has not answered init within ${initWithinMs / 1_000} s`;
      reject(new NodeFailure(name, what));
    });
    network.addClient(initiator, ({ src, body }) => {
      if (body.type !== "init_ok") {
        const what = `${src} answers init with ${JSON.stringify(body)}`;
        reject(new NodeFailure(src, what));
      }
      waiting.delete(src);
      if (waiting.size > 0) return;
      cancel();
      resolve();
    });
    for (const name of names) {
      const body = { type: "init", msg_id: 1, node_id: name, node_ids: names };
      network.send({ src: initiator, dest: name, body });
    }
  });
}

function createLoad({ workload, time }: TestOptions, random: Random): Load {
  switch (workload) {
    case "lin-kv":
      return new KeyValueLoad(time, random);
    case "echo":
      return new EchoLoad(random);
    default:
      return unreachable(workload);
  }
}

/** Less than half of the nodes, so that the others can go on. */
function drawMinority(names: readonly string[], random: Random): readonly string[] {
  const left = [...names];
  const drawn = Array.from({ length: Math.floor((names.length - 1) / 2) }, () => {
    return left.splice(random.nextBelow(left.length), 1)[0] as string;
  });
  return drawn.sort();
}

/** Resolves when the time is over and nothing is open. */
function runClients(
  { time, seconds, say }: TestOptions,
  network: Network,
  clients: Clients,
  isolated: readonly string[],
): Promise<void> {
  const third = (seconds * 1_000) / 3;
  if (isolated.length > 0) {
    time.after(third, () => {
      network.isolate(isolated);
      say(`${isolated.join(" and ")} cut off from the others`);
    });
    time.after(2 * third, () => {
      network.heal();
      say("the network is whole again");
    });
  }
  clients.begin();
  return new Promise((resolve) => {
    time.after(seconds * 1_000, () => clients.end(resolve));
  });
}

function outcomeOf(
  { asked, ended }: Clients,
  { totals }: Network,
  load: Load,
  isolated: readonly string[],
): TestOutcome {
  const counts = outcomes.map((outcome) => [outcome, countOf(ended, outcome)]);
  const errors: Record<string, number> = {};
  for (const { code } of ended) if (code !== undefined) errors[code] = (errors[code] ?? 0) + 1;
  const perOperation = asked === 0 ? undefined : totals.betweenNodes / asked;
  return {
    operations: { asked, ...(Object.fromEntries(counts) as Record<Outcome, number>) },
    errors,
    messages: { ...totals, perOperation },
    latencyMs: quantilesOf(ended),
    isolated,
    judgement: load.judge(),
    history: load.history,
  };
}

function countOf(ended: readonly Ended[], outcome: Outcome): number {
  return ended.filter((each) => each.outcome === outcome).length;
}

function quantilesOf(ended: readonly Ended[]): TestOutcome["latencyMs"] {
  const sorted = ended.filter(({ isAnswered }) => isAnswered).map(({ latencyMs }) => latencyMs);
  sorted.sort((a, b) => a - b);
  const at = (share: number): number => {
    return Number((sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(1));
  };
  return sorted.length === 0
    ? undefined
    : { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
