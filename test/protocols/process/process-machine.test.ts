/** A protocol as a machine: bytes on the wire, records on a disk, one first event in every life. */

import { expect, test } from "vitest";
import type { Elapsed, Milliseconds, PeerId } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { lastWriter } from "../../../src/protocols/last-writer/last-writer.ts";
import {
  ProcessMachine,
  type ProcessMachineEffect,
} from "../../../src/protocols/process/process-machine.ts";
import type { Protocol } from "../../../src/protocols/process/protocol.ts";
import { singleCopy } from "../../../src/protocols/single-copy/single-copy.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";

const [n1, n2, n3] = ["n1", "n2", "n3"] as PeerId[] as [PeerId, PeerId, PeerId];
const now = { wall: 0 as Milliseconds, elapsed: 0 as Elapsed };

function machineOf(protocol: Protocol, name: PeerId, store = new MemoryStore()): ProcessMachine {
  const setting = { name, members: [n1, n2, n3] };
  return new ProcessMachine({ protocol, setting, store, random: createRandom(1) });
}

function sent(effects: readonly ProcessMachineEffect[]) {
  return effects.flatMap((effect) => (effect.type === "send" ? [effect] : []));
}

test("a write goes from a forwarder to the keeper and back, and outlives the keeper", () => {
  const store = new MemoryStore();
  const [keeper, forwarder] = [machineOf(singleCopy, n1, store), machineOf(singleCopy, n2)];
  const id = { client: "c", number: 1 };
  const command = { type: "write", key: "x", value: false } as const;
  const [forward] = sent(forwarder.handle({ type: "requested", id, command }, now));
  expect(forward?.to).toBe(n1);
  const effects = keeper.handle({ type: "message", from: n2, message: forward!.message }, now);
  expect(effects.map(({ type }) => type)).toEqual(["news", "persist", "send"]);
  const [reply] = sent(effects);
  expect(forwarder.handle({ type: "message", from: n1, message: reply!.message }, now)).toEqual([
    { type: "answer", id, answer: { type: "written" } },
  ]);
  const next = machineOf(singleCopy, n1, store);
  const read = { type: "read", key: "x" } as const;
  const answers = next.handle(
    { type: "requested", id: { client: "d", number: 1 }, command: read },
    now,
  );
  expect(answers.at(-1)).toMatchObject({ answer: { type: "read", value: false } });
});

test("of two writes at once the one of the higher name stays everywhere", () => {
  const machines = [n1, n2, n3].map((name) => machineOf(lastWriter, name));
  const letters = machines.slice(0, 2).flatMap((machine, at) => {
    const command = { type: "write", key: "x", value: at } as const;
    const id = { client: `c${at}`, number: 1 };
    const from = [n1, n2][at]!;
    return sent(machine.handle({ type: "requested", id, command }, now)).map((send) => {
      return { from, ...send };
    });
  });
  expect(letters).toHaveLength(4);
  for (const { from, to, message } of letters) {
    machines[[n1, n2, n3].indexOf(to)]!.handle({ type: "message", from, message }, now);
  }
  const values = machines.map((machine) => {
    const command = { type: "read", key: "x" } as const;
    return machine.handle({ type: "requested", id: { client: "r", number: 1 }, command }, now);
  });
  for (const effects of values) expect(effects).toMatchObject([{ answer: { value: 1 } }]);
});

test("bytes that are no message change nothing", () => {
  const texts = ["", "{", "[]", '{"type":"copy"}', '{"type":"copy","copy":{"x":{"value":[]}}}'];
  for (const protocol of [singleCopy, lastWriter] as readonly Protocol[]) {
    const machine = machineOf(protocol, n1);
    machine.handle({ type: "woken" }, now);
    const before = machine.state;
    for (const text of [...texts, "\u0000"]) {
      const message = new TextEncoder().encode(text);
      expect(machine.handle({ type: "message", from: n2, message }, now)).toEqual([]);
    }
    expect(machine.state).toBe(before);
    const notText = Uint8Array.of(0xff, 0xfe);
    expect(protocol.decode(notText)).toEqual({ ok: false, problem: "it is not UTF-8" });
  }
});
