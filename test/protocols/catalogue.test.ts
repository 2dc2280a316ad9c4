/** What holds for every protocol of the catalogue. */

import { describe, expect, test } from "vitest";
import type { Elapsed, PeerId } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { protocolNamed, protocols, type Workload } from "../../src/protocols/catalogue.ts";
import type { Command } from "../../src/protocols/process/key-value.ts";
import { ProcessNetwork } from "./process-network.ts";

const lines = protocols.map((entry) => [entry.name, entry] as const);

const commands: Readonly<Record<Workload, Command>> = {
  "key-value": { type: "write", key: "x", value: false },
  decision: { type: "propose", value: false },
  bit: { type: "propose", value: 0 },
};

test("names are found, each once", () => {
  const names = protocols.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, protocol } of protocols) expect(protocolNamed(name)?.protocol).toBe(protocol);
  expect(protocolNamed("unknown")).toBeUndefined();
});

describe.each(lines)("%s", (_, { protocol, workload, mutants, usualNodes }) => {
  const command = commands[workload];

  test("some member answers, and every message of the run has words and can be read", () => {
    const network = new ProcessNetwork(protocol, { count: usualNodes });
    network.runTo(3000);
    network.names.forEach((name, at) => {
      network.request(name, { client: `c${at}`, number: 1 }, command);
    });
    network.runTo(9000);
    const answered = network.answers.filter(({ answer }) => {
      return answer.type === "written" || answer.type === "decided";
    });
    expect(answered.length).toBeGreaterThan(0);
    for (const { message } of network.sent) {
      expect(protocol.describe(message)).not.toBe("");
      expect(protocol.decode(protocol.encode(message))).toEqual({ ok: true, value: message });
    }
    for (const { news } of network.news) expect(protocol.tell(news)).not.toBe("");
  });

  test("one member alone answers, also after a restart", () => {
    const network = new ProcessNetwork(protocol, { count: 1 });
    network.runTo(3000);
    const [name] = network.names as [PeerId];
    for (const number of [1, 2]) {
      network.request(name, { client: "c", number }, command);
      network.runTo(network.now + 3000);
      expect(network.answerTo({ client: "c", number })?.answer.type).toMatch(/^(written|decided)$/);
      network.crash(name);
      network.restart(name);
      network.runTo(network.now + 3000);
    }
    expect(network.sent).toEqual([]);
    expect(network.view(name).blocked).toEqual([]);
  });

  test("bytes that are no message are refused, and change nothing", () => {
    for (const text of ["", "{", "[]", "{}", '{"type":"prepare"}', '{"type":"commit"}', '"ask"']) {
      expect(protocol.decode(new TextEncoder().encode(text)).ok).toBe(false);
    }
    const [name, from] = ["n1", "n2"] as PeerId[] as [PeerId, PeerId];
    const moment = { now: 0 as Elapsed, random: createRandom(1) };
    const before = protocol.start({ name, members: [name, from] }, new Map());
    const event = { type: "malformed", from, problem: "it is not JSON" } as const;
    expect(protocol.step(before, event, moment)).toEqual({ state: before, effects: [] });
  });

  test("mutants have names of their own", () => {
    expect(new Set(mutants.map((mutant) => mutant.name)).size).toBe(mutants.length);
  });
});
