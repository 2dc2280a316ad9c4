/** Whether a node stays calm while every processor mines: its event loop, and its answers. */

import { mkdtemp, rm } from "node:fs/promises";
import { Agent, get } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { main } from "../../src/consensus/params.ts";
import { type FullNode, startFullNode } from "../../src/io/full-node.ts";
import { nodeRoutes } from "../../src/io/http/api/node-routes.ts";
import { createApp } from "../../src/io/http/app.ts";
import { serve } from "../../src/io/http/server.ts";
import { keyOf } from "../builders.ts";
import { median, percentile99, round, type Row } from "./measure.ts";

const questions = 600;
const intervalMs = 5;
const settleMs = 1_500;
/** Of the timer that the event loop's delay is measured with. */
const resolutionMs = 1;

/** Milliseconds. */
type Calm = {
  readonly delayMedian: number;
  readonly delay99: number;
  readonly answerMedian: number;
  readonly answer99: number;
};

/**
 * The node, its API and who asks share one event loop here, so the answers are those of a node that
 * is busier than usual.
 */
export async function benchCalm(): Promise<Row[]> {
  const data = await mkdtemp(join(tmpdir(), "powlab-bench-"));
  const threads = availableParallelism();
  // Bitcoin's own difficulty: no block is found meanwhile, but templates are made as always.
  const full = await startFullNode({
    params: main,
    folder: join(data, "node"),
    name: "calm",
    listen: ["/ip4/127.0.0.1/tcp/0"],
    connect: [],
    threads,
  });
  const server = await serve(createApp({ routes: { "/api": nodeRoutes(full) } }), { port: 0 });
  const url = `${server.url}/api/blocks/tip/height`;
  try {
    await measure(url); // V8 replaces its first, slow code meanwhile
    const idle = await measure(url);
    await mine(full);
    const mining = await measure(url);
    const words = `${threads} threads mining`;
    return [
      ...rowsOf("event-loop delay", words, idle.delayMedian, mining.delayMedian, "median"),
      ...rowsOf("event-loop delay", words, idle.delay99, mining.delay99, "99 of 100"),
      ...rowsOf("answer of the API", words, idle.answerMedian, mining.answerMedian, "median"),
      ...rowsOf("answer of the API", words, idle.answer99, mining.answer99, "99 of 100"),
    ];
  } finally {
    await server.close();
    await full.stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function mine(full: FullNode): Promise<void> {
  await full.runner.command({ type: "set-mining", payTo: keyOf("miner").script });
  await pause(settleMs);
  const hashes = full.pool?.statistics()[0]?.hashes ?? 0;
  if (hashes === 0) throw new Error("nothing is mined");
}

const limitMs = 50;

/** The idle figure against the limit, and the one while mining against the idle one. */
function rowsOf(name: string, words: string, idle: number, mining: number, which: string): Row[] {
  const row = (when: string, value: number, versus: string, peer: number): Row => {
    const title = `${name}, ${which}, ${when}`;
    return { name: title, value: round(value), unit: "ms", versus, ratio: round(peer / value) };
  };
  return [
    row("idle", idle, `${limitMs} ms at most`, limitMs),
    row(words, mining, `${limitMs} ms at most`, limitMs),
    row(words, mining, "the same, idle", idle),
  ];
}

async function measure(url: string): Promise<Calm> {
  const agent = new Agent({ keepAlive: true });
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  const answers: number[] = [];
  delay.enable();
  for (let i = 0; i < questions; i++) {
    const startedAt = performance.now();
    await ask(url, agent);
    answers.push(performance.now() - startedAt);
    await pause(intervalMs);
  }
  delay.disable();
  agent.destroy();
  // The histogram has the whole time between two ticks, in nanoseconds.
  const delayMs = (percentile: number): number => {
    return Math.max(0, delay.percentile(percentile) / 1e6 - resolutionMs);
  };
  return {
    delayMedian: delayMs(50),
    delay99: delayMs(99),
    answerMedian: median(answers),
    answer99: percentile99(answers),
  };
}

async function ask(url: string, agent: Agent): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.on("end", resolve);
    });
    request.on("error", reject);
  });
}
