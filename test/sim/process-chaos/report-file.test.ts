/** Reports of chaos that another machine wrote: read back they are the same text, key by key. */

import { expect, test } from "vitest";
import { JsonReader } from "../../../src/primitives/json-reader.ts";
import { protocolNamed } from "../../../src/protocols/catalogue.ts";
import type { ChaosOutcome } from "../../../src/sim/chaos/chaos.ts";
import { planChaos } from "../../../src/sim/chaos/plan.ts";
import { readChainReport } from "../../../src/sim/chaos/report-file.ts";
import { investigateProcessChaos } from "../../../src/sim/process-chaos/chaos.ts";
import { planProcessChaos } from "../../../src/sim/process-chaos/plan.ts";
import { readProcessReport } from "../../../src/sim/process-chaos/report-file.ts";

/** The text of what was read. */
function readBack(report: unknown, read: (reader: JsonReader) => unknown): string {
  const verdict = JsonReader.read(JSON.stringify(report), read);
  if (!verdict.ok) throw new Error(verdict.problem);
  return JSON.stringify(verdict.value);
}

function processReport(mutant: string | undefined, seed: number) {
  const entry = protocolNamed("two-phase-commit")!;
  const { protocol } = entry.mutants.find(({ name }) => name === mutant) ?? entry;
  const plan = planProcessChaos(seed, { protocol: entry.protocol.name, nodes: 4 });
  return investigateProcessChaos({ plan, entry: { ...entry, protocol } });
}

const chainOutcome: ChaosOutcome = {
  network: "lab",
  seed: 1,
  failure: { promise: "agreement", message: "n1 and n2 differ" },
  tip: undefined,
  height: 9,
  faults: 3,
  struck: { crash: 2, "turn-byzantine": 1 },
  payments: 4,
  reorganisations: 1,
  depthMax: 2,
  rejected: 0,
  bans: 0,
  elapsedMs: 99.5,
  steps: 1000,
};

test("a run that keeps its promises, and one that fails with its shortest schedule", () => {
  const good = processReport(undefined, 1);
  expect(good.outcome.failure).toBeUndefined();
  expect(readBack(good, readProcessReport)).toBe(JSON.stringify(good));
  const failing = [1, 2, 3, 4, 5, 6, 7, 8]
    .map((seed) => processReport("aborts-alone-in-doubt", seed))
    .filter(({ outcome }) => outcome.failure !== undefined);
  expect(failing.length).toBeGreaterThan(0);
  for (const report of failing) {
    expect(readBack(report, readProcessReport)).toBe(JSON.stringify(report));
  }
});

test("every fault that is drawn for processes, and for the chain", () => {
  const { outcome } = processReport(undefined, 1);
  for (let seed = 1; seed <= 100; seed++) {
    const { faults } = planProcessChaos(seed, { protocol: "raft", nodes: 5 });
    const report = { outcome, shortest: faults };
    expect(readBack(report, readProcessReport)).toBe(JSON.stringify(report));
    const ofChain = { outcome: chainOutcome, shortest: planChaos(seed).faults };
    expect(readBack(ofChain, readChainReport)).toBe(JSON.stringify(ofChain));
  }
});

test("processes that turn byzantine, and how often they deviated", () => {
  const { outcome } = processReport(undefined, 1);
  const deviating = { ...outcome, deviations: { silent: 7 } };
  for (let seed = 1; seed <= 100; seed++) {
    const { faults } = planProcessChaos(seed, { protocol: "pbft", nodes: 7 });
    const report = { outcome: deviating, shortest: faults };
    expect(readBack(report, readProcessReport)).toBe(JSON.stringify(report));
  }
});

test.each([
  [{ struck: { melt: 1 } }, 'outcome.struck: has no verb "melt"'],
  [{ tip: "ab" }, "outcome.tip: must be a block's hash"],
  [{ height: -1 }, "outcome.height: must be a whole number of at least 0"],
  [{ network: "main" }, "outcome.network: must be one of"],
])("a report with %j is refused", (wrong, why) => {
  const text = JSON.stringify({ outcome: { ...chainOutcome, ...wrong } });
  const verdict = JsonReader.read(text, readChainReport);
  expect(verdict.ok ? "" : verdict.problem).toContain(why);
});
