/** The order of effects of a live process, with a machine that answers what a test wants. */

import { expect, test, vi } from "vitest";
import { eventsMax, ProcessRunner } from "../../../src/io/process/process-runner.ts";
import type { Write } from "../../../src/machine/store.ts";
import type { Elapsed, PeerId } from "../../../src/primitives/brand.ts";
import type {
  ProcessMachineEffect,
  ProcessMachineEvent,
} from "../../../src/protocols/process/process-machine.ts";

const peer = "n2" as PeerId;
const id = { client: "c1", number: 1 };
const read = { type: "read", key: "x" } as const;
const vote: Write = { type: "put", key: "vote", value: new Uint8Array([1]) };
const send: ProcessMachineEffect = { type: "send", to: peer, message: new Uint8Array([7]) };
const answer: ProcessMachineEffect = { type: "answer", id, answer: { type: "written" } };
const persist: ProcessMachineEffect = { type: "persist", batch: [vote] };

/** A runner, a disk that waits to be told, and what came out in its order. */
class Bench {
  readonly out: string[] = [];
  readonly handled: ProcessMachineEvent[] = [];
  /** What the machine answers to each event. */
  effects: (event: ProcessMachineEvent) => readonly ProcessMachineEffect[] = () => [];
  readonly #writes: PromiseWithResolvers<void>[] = [];
  readonly runner = new ProcessRunner({
    machine: {
      handle: (event) => {
        this.handled.push(event);
        return this.effects(event);
      },
    },
    store: {
      persist: () => {
        this.out.push("writes");
        const write = Promise.withResolvers<void>();
        this.#writes.push(write);
        return write.promise;
      },
    },
    send: (to, message) => this.out.push(`sends ${message.join()} to ${to}`),
    onAnswer: () => this.out.push("answers"),
    onNews: ({ type }) => this.out.push(`tells ${type}`),
    onFailure: ({ message }) => this.out.push(message),
  });

  /** The oldest write is on disk, or has failed. */
  disk(failure?: Error): void {
    const write = this.#writes.shift()!;
    if (failure) write.reject(failure);
    else write.resolve();
  }

  async handles(count: number): Promise<void> {
    await vi.waitUntil(() => this.handled.length >= count);
  }

  async puts(count: number): Promise<readonly string[]> {
    await vi.waitUntil(() => this.out.length >= count);
    return this.out;
  }
}

test("what stands behind a write waits until it is on disk, also what later events lead to", async () => {
  const bench = new Bench();
  bench.effects = ({ type }) => {
    if (type === "woken") return [];
    return type === "message"
      ? [persist, send, answer]
      : [{ type: "news", news: { type: "late" } }];
  };
  bench.runner.start();
  bench.runner.receive(peer, new Uint8Array());
  bench.runner.request(id, read);
  await bench.handles(3);
  expect(bench.out).toEqual(["writes"]);
  bench.disk();
  expect(await bench.puts(4)).toEqual(["writes", "sends 7 to n2", "answers", "tells late"]);
});

test("if the disk refuses, nothing that stands behind is carried out, and no event is handled", async () => {
  const bench = new Bench();
  bench.effects = () => [persist, send];
  bench.runner.start();
  await bench.puts(1);
  bench.disk(new Error("it is full"));
  const told = await bench.puts(2);
  expect(told).toEqual(["writes", "the process could not carry out persist: it is full"]);
  expect(bench.runner.request(id, read)).toBe(false);
});

test("a machine that throws ends its process with one sentence", async () => {
  const bench = new Bench();
  bench.effects = () => {
    throw new Error("a record cannot be read");
  };
  bench.runner.start();
  expect(await bench.puts(1)).toEqual([
    "the process could not handle woken: a record cannot be read",
  ]);
});

test("it is woken when it asked to be, and not before its start", async () => {
  const bench = new Bench();
  bench.runner.receive(peer, new Uint8Array());
  expect(bench.handled).toEqual([]);
  bench.effects = () => {
    const isFirst = bench.handled.length === 1;
    return isFirst ? [{ type: "wake", at: performance.now() as Elapsed }] : [];
  };
  bench.runner.start();
  await bench.handles(3);
  expect(bench.handled.map(({ type }) => type)).toEqual(["woken", "message", "woken"]);
});

test("above the limit messages are lost and requests are not taken", async () => {
  const bench = new Bench();
  for (let count = 0; count < eventsMax; count++) bench.runner.receive(peer, new Uint8Array());
  expect(bench.runner.request(id, read)).toBe(false);
  bench.runner.receive(peer, new Uint8Array());
  bench.runner.start();
  await bench.handles(eventsMax + 1);
  expect(bench.runner.request(id, read)).toBe(true);
  await bench.handles(eventsMax + 2);
  expect(bench.handled.at(-1)).toEqual({ type: "requested", id, command: read });
});

test("who stops it waits for what was decided before", async () => {
  const bench = new Bench();
  bench.effects = () => [persist, send];
  bench.runner.start();
  await bench.puts(1);
  const stopped = bench.runner.stop().then(() => bench.out.push("stopped"));
  bench.disk();
  await stopped;
  expect(bench.out).toEqual(["writes", "sends 7 to n2", "stopped"]);
});
