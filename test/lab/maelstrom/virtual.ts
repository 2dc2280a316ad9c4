/** Nodes and whole tests in virtual time: the same seed gives the same outcome, at once. */

import {
  type NodeEvents,
  type NodeUnderTest,
  runTest,
  type TestOptions,
  type TestOutcome,
} from "../../../src/lab/maelstrom/harness/run-test.ts";
import { MaelstromNode } from "../../../src/lab/maelstrom/node/maelstrom-node.ts";
import { suitedProtocol } from "../../../src/lab/maelstrom/node/suited-protocol.ts";
import { encodeMessage } from "../../../src/lab/maelstrom/protocol/message.ts";
import type { Time } from "../../../src/lab/maelstrom/time.ts";
import type { Milliseconds } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { protocolNamed } from "../../../src/protocols/catalogue.ts";
import { fakeSignatures } from "../../../src/protocols/process/signatures.ts";
import { Clock } from "../../../src/sim/engine/clock.ts";

export class VirtualTime implements Time {
  readonly clock = new Clock(0 as Milliseconds);

  get elapsedMs(): number {
    return this.clock.elapsedMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const alarm = this.clock.after(delayMs, action);
    return () => this.clock.cancel(alarm);
  }
}

/** The protocol of this name as nodes of Maelstrom run it. */
export function protocolFor(name: string) {
  const suited = suitedProtocol(protocolNamed(name)!);
  if (!suited.ok) throw new Error(suited.problem);
  return suited.value;
}

type Setting = Partial<Omit<TestOptions, "startNode" | "time" | "say">>;
type Start = (name: string, events: NodeEvents, time: Time) => NodeUnderTest;

/** Nodes of one of our protocols. */
export function ours(protocol: string): Start {
  return (_name, { onMessage }, time) => {
    const node = new MaelstromNode({
      ...{ protocol: protocolFor(protocol), random: createRandom("nodes"), time },
      signaturesOf: fakeSignatures,
      send: onMessage,
      say: () => undefined,
    });
    return {
      send: (message) => node.receive(encodeMessage(message)),
      stop: async () => undefined,
      lastLines: [],
    };
  };
}

/** Runs a test until it ends, one event after the other. */
export async function runVirtually(start: Start, setting: Setting = {}): Promise<TestOutcome> {
  const time = new VirtualTime();
  let isOver = false;
  const outcome = runTest({
    ...{ workload: "lin-kv", nodes: 5, seconds: 15, rate: 30, concurrency: 10 },
    ...{ partition: true, latency: { leastMs: 5, jitterMs: 5 }, seed: "1" },
    ...setting,
    time,
    startNode: (name, events) => start(name, events, time),
    say: () => undefined,
  }).finally(() => (isOver = true));
  outcome.catch(() => undefined); // the caller sees it
  while (!isOver) {
    // What an event has resolved goes on before the next one.
    await new Promise(setImmediate);
    for (let events = 0; events < 100 && time.clock.step(); events++);
  }
  return outcome;
}
