/** Runs of protocols that golden files keep: without faults, and under a preset of config/faults. */

import { readFileSync } from "node:fs";
import { createRandom } from "../../src/primitives/random.ts";
import { protocolNamed } from "../../src/protocols/catalogue.ts";
import { edgesOf } from "../../src/sim/engine/topology.ts";
import { parseFaultFile } from "../../src/sim/files/fault-file.ts";
import { processRoles } from "../../src/sim/process-world/process-world.ts";
import { runProtocol } from "../../src/sim/process-world/protocol-run.ts";
import { type Scenario, type Write, writeOutcome } from "./scenario.ts";

type ProtocolTranscript = {
  readonly name: string;
  readonly nodes: number;
  readonly preset?: string;
  readonly requests: number;
  /** Three, if left out. */
  readonly clients?: number;
};

export const protocolScenarios: readonly Scenario[] = [
  scenarioOf({ name: "single-copy", nodes: 3, preset: "leader-crash", requests: 60 }),
  scenarioOf({ name: "last-writer", nodes: 3, requests: 15 }),
  scenarioOf({ name: "raft", nodes: 7, preset: "figure-7", requests: 250, clients: 7 }),
  scenarioOf({ name: "raft", nodes: 5, preset: "figure-8", requests: 200, clients: 5 }),
];

function scenarioOf(run: ProtocolTranscript): Scenario {
  const { name, nodes, preset, requests, clients } = run;
  const faults = preset === undefined ? "" : ` --faults ${preset}`;
  const size = nodes === protocolNamed(name)?.usualNodes ? "" : ` --nodes ${nodes}`;
  const crowd = clients === undefined ? "" : ` --clients ${clients}`;
  return {
    name: `protocol-${name}${preset === undefined ? "" : `-${preset}`}`,
    command: `powlab protocol ${name}${size}${crowd} --requests ${requests}${faults}`,
    shows: [],
    transcribe: (write) => transcribe(run, write),
  };
}

function transcribe(run: ProtocolTranscript, write: Write): void {
  const { name, nodes, preset, requests, clients = 3 } = run;
  const entry = protocolNamed(name);
  if (entry === undefined) throw new Error(`there is no protocol ${name}`);
  const names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
  const edges = edgesOf({ type: "complete" }, nodes, createRandom("graph"));
  const conditions = edges.map(() => ({ latencyMinMs: 10, jitterMs: 0, loss: 0 }));
  const outcome = runProtocol({
    protocol: entry.protocol,
    workload: entry.workload,
    network: { names, edges, conditions },
    seed: "1",
    faults: preset === undefined ? [] : faultsOf(preset, names),
    clients,
    requestsMax: requests,
    durationMs: 30_000,
    onLine: write,
  });
  writeOutcome(write, { ...outcome, history: outcome.history?.length });
}

function faultsOf(preset: string, names: readonly string[]) {
  const text = readFileSync(`config/faults/${preset}.json`, "utf8");
  const parsed = parseFaultFile(text, { names, roles: processRoles });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}
