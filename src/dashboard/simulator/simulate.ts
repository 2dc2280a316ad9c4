/** Computes a run of a protocol, with its clients and faults, and records it. */

import { operationsOf } from "../../checkers/history.ts";
import { checkLinearizability } from "../../checkers/linearizability.ts";
import { createRandom } from "../../primitives/random.ts";
import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import {
  behavioursOf,
  type ProtocolEntry,
  protocolNamed,
  protocols,
} from "../../protocols/catalogue.ts";
import { defaultConditions } from "../../sim/engine/link.ts";
import { type Failure, findFailure } from "../../sim/engine/promise.ts";
import { edgesOf } from "../../sim/engine/topology.ts";
import type { ProcessFault } from "../../sim/process-world/byzantine.ts";
import { Cluster } from "../../sim/process-world/cluster.ts";
import { createProcessChecks } from "../../sim/process-world/process-checks.ts";
import { parseProcessFaultFile } from "../../sim/process-world/process-fault-file.ts";
import { instantDisk, type ProcessNetwork } from "../../sim/process-world/process-world.ts";
import { transcriptTimes } from "../../sim/process-world/protocol-run.ts";
import { judgeAnswers, judgedPromises } from "../../sim/process-world/verdicts.ts";
import { KeyValueWorkload } from "../../sim/process-world/workload.ts";
import { type Meanings, MessageRecorder, noting } from "./message-recorder.ts";
import type { RunRecord, RunVerdict } from "./run-record.ts";
import { RunRecorder } from "./run-recorder.ts";
import type { RunSettings } from "./run-settings.ts";
import { formatFault, isMessageFault, type MessageFault, type ScheduledFault } from "./schedule.ts";

/** @returns as problem a sentence about the settings or the schedule. */
export function simulate(
  settings: RunSettings,
  schedule: readonly ScheduledFault[],
): Verdict<RunRecord, string> {
  const entry = protocolNamed(settings.protocol);
  if (entry === undefined) {
    const known = protocols.map(({ name }) => name).join(", ");
    return broken(`There is no protocol ${settings.protocol}, only ${known}.`);
  }
  const mutant = entry.mutants.find(({ name }) => name === settings.mutant);
  if (settings.mutant !== undefined && mutant === undefined) {
    return broken(`${entry.name} has no mutant ${settings.mutant}.`);
  }
  const names = Array.from({ length: settings.nodes }, (_, at) => `n${at + 1}`);
  const checked = checkSchedule(schedule, names, entry);
  if (!checked.ok) return checked;
  const run = new Run(settings, schedule, { ...entry, ...mutant, name: entry.name }, names);
  return valid(run.record());
}

/** The names in it, and the bounds of its numbers. */
function checkSchedule(
  schedule: readonly ScheduledFault[],
  names: readonly string[],
  entry: ProtocolEntry,
): Verdict<unknown, string> {
  const ofMessages = schedule.filter(isMessageFault);
  const stranger = ofMessages
    .flatMap(({ from, to }) => [from, to])
    .find((name) => !names.includes(name));
  if (stranger !== undefined) return broken(`The schedule names ${stranger}, which is not there.`);
  const impossible = ofMessages.find((fault) => !isPossible(fault));
  if (impossible !== undefined) {
    return broken(
      `The schedule cannot be run: in “${formatFault(impossible)}” the delay must be at least 0, ` +
        "and the number and the moment whole, the number from 1 on.",
    );
  }
  const behaviours = behavioursOf(entry).map(({ name }) => name);
  const text = JSON.stringify(processFaultsIn(schedule));
  const checked = parseProcessFaultFile(text, { names, behaviours });
  return checked.ok ? checked : broken(`The schedule cannot be run: ${checked.problem}.`);
}

/** Messages are counted from 1 within whole milliseconds. */
function isPossible({ number, atMs, byMs }: MessageFault): boolean {
  const isCounted = Number.isSafeInteger(number) && number >= 1;
  return isCounted && Number.isSafeInteger(atMs) && Number.isFinite(byMs) && byMs >= 0;
}

function processFaultsIn(schedule: readonly ScheduledFault[]): readonly ProcessFault[] {
  return schedule.filter((fault): fault is ProcessFault => !isMessageFault(fault));
}

class Run {
  readonly #settings: RunSettings;
  readonly #schedule: readonly ScheduledFault[];
  readonly #names: readonly string[];
  readonly #recorder: RunRecorder;
  readonly #messages: MessageRecorder;
  readonly #cluster: Cluster;
  readonly #promises: readonly string[];

  constructor(
    settings: RunSettings,
    schedule: readonly ScheduledFault[],
    entry: ProtocolEntry,
    names: readonly string[],
  ) {
    this.#settings = settings;
    this.#schedule = schedule;
    this.#names = names;
    const meanings: Meanings = new Map();
    const { protocol, workload } = entry;
    const checks = createProcessChecks(entry.name);
    this.#recorder = new RunRecorder(protocol);
    this.#cluster = new Cluster({
      ...{ protocol: noting(protocol, meanings), workload, checks, times: transcriptTimes },
      ...{ seed: settings.seed, network: networkOf(names, settings), disk: instantDisk },
      ...{ faults: processFaultsIn(schedule), behaviours: behavioursOf(entry) },
      clients: settings.clients,
      onStrike: (strike) => this.#recorder.noteStrike(strike),
    });
    this.#promises = [...checks.map(({ name }) => name), ...judgedPromises(this.#cluster.workload)];
    const faults = schedule.filter((fault): fault is MessageFault => isMessageFault(fault));
    const { world } = this.#cluster;
    this.#messages = new MessageRecorder({
      ...{ protocol, meanings, faults, clock: world.clock },
      listener: {
        sent: ({ from, to, text }, message) => {
          const told = `${from} sends ${to}: ${text}`;
          this.#recorder.add({ sign: "sent", node: from, message, text: told });
        },
        arrived: ({ from, to, text }, message) => {
          const told = `${to} receives from ${from}: ${text}`;
          this.#recorder.add({ sign: "arrived", node: to, message, text: told });
        },
        struck: (fault) => this.#recorder.noteMessageFault(fault),
      },
    });
    world.post.observe(this.#messages);
    this.#recorder.attach(this.#cluster);
  }

  record(): RunRecord {
    const { world, workload } = this.#cluster;
    const failure = findFailure(() => {
      this.#cluster.begin();
      this.#goOn();
      world.checkAll();
      judgeAnswers(workload);
    });
    const endMs = world.clock.elapsedMs;
    this.#recorder.observe();
    if (failure) this.#recorder.add({ sign: "broken", text: failure.message });
    return {
      ...{ settings: this.#settings, schedule: this.#schedule, names: this.#names, endMs },
      entries: this.#recorder.entries,
      messages: this.#messages.finish(
        endMs,
        this.#settings.delayMsMax,
        this.#recorder.struck.map(({ atMs }) => atMs),
      ),
      stages: this.#recorder.stages,
      operations: this.#recorder.operations,
      struck: this.#recorder.struck,
      verdict: this.#judge(failure),
    };
  }

  /** Until its time is over and every request has ended. */
  #goOn(): void {
    const { world, clients } = this.#cluster;
    const isOver = () => {
      this.#recorder.observe();
      return this.#recorder.isFull || clients.isFinished;
    };
    if (this.#settings.clients > 0 && world.runUntil(isOver, this.#settings.durationMs)) return;
    clients.end();
    if (this.#settings.clients === 0) {
      world.runUntil(() => isOver() && false, this.#settings.durationMs);
    } else world.runUntil(isOver, transcriptTimes.timeoutMs);
  }

  #judge(failure: Failure | undefined): RunVerdict {
    const holds = [...new Set(this.#promises)].filter((promise) => promise !== failure?.promise);
    const refused = failure?.promise === "linearizability" ? this.#findRefused() : undefined;
    return { holds, broken: failure, refused };
  }

  /** Histories and operations end in the same order. */
  #findRefused(): number | undefined {
    const { workload } = this.#cluster;
    if (!(workload instanceof KeyValueWorkload)) return undefined;
    const operations = operationsOf(workload.history);
    if (!operations.ok) return undefined;
    const verdict = checkLinearizability(operations.value, { model: "cas" });
    if (verdict.outcome !== "refused") return undefined;
    const before = workload.history.slice(0, verdict.refusal.operation.returnedAt);
    return before.filter(({ type }) => type !== "invoke").length;
  }
}

/** All linked with all. */
function networkOf(names: readonly string[], settings: RunSettings): ProcessNetwork {
  const edges = edgesOf({ type: "complete" }, names.length, createRandom("graph"));
  const { delayMsMin: latencyMinMs, delayMsMax } = settings;
  const spreadMs = delayMsMax - latencyMinMs;
  const conditions = { ...defaultConditions, latencyMinMs, spreadMs, jitterMs: 0 };
  return { names, edges, conditions: edges.map(() => conditions) };
}
