/** Chaos for a protocol: its promises hold while faults go on, and its clients are answered afterwards. */

import { behavioursOf, type ProtocolEntry } from "../../protocols/catalogue.ts";
import { isProof } from "../../protocols/process/evidence.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import { investigate, type Report } from "../engine/investigate.ts";
import { BrokenPromiseError, type Failure, findFailure } from "../engine/promise.ts";
import type { DeviationCounts, ProcessFault } from "../process-world/byzantine.ts";
import type { ClientTimes, Ended } from "../process-world/client.ts";
import { Cluster } from "../process-world/cluster.ts";
import { createProcessChecks } from "../process-world/process-checks.ts";
import { judgeAnswers } from "../process-world/verdicts.ts";
import { type ProcessPlan, safetyMs } from "./plan.ts";
import { addStrike, kindOf, stateAtStrike, type StrikeCounts } from "./strike-counts.ts";

export type ProcessChaosRun = {
  readonly plan: ProcessPlan;
  /** Of the catalogue, or with a mutant's protocol in place of its own. */
  readonly entry: Pick<ProtocolEntry, "workload" | "behaviours"> & { readonly protocol: Protocol };
  readonly onLine?: (line: string) => void;
};

export type ProcessChaosOutcome = {
  readonly seed: number | string;
  readonly failure: Failure | undefined;
  readonly faults: number;
  readonly strikes: StrikeCounts;
  readonly asked: number;
  readonly answered: number;
  readonly aborted: number;
  readonly givenUp: number;
  /** How often a process came to lead. */
  readonly elected: number;
  /** The highest term, view or round in which a process came to lead; 0 where there are none. */
  readonly eraMax: number;
  /** Of each behaviour that a process had. */
  readonly deviations: DeviationCounts;
  /** How often an honest process had evidence against another one. */
  readonly evidence: number;
  readonly messages: number;
  readonly steps: number;
  readonly elapsedMs: number;
};

export type ProcessChaosReport = Report<ProcessChaosOutcome, ProcessFault>;

const clientsCount = 3;
const times: ClientTimes = { thinkMeanMs: 250, retryMs: 600, timeoutMs: 3_000 };
/** Links that are not throttled hold less. */
const backlogMsMin = 5_000;
/** How long it may take, when all faults are over, until each client is answered. */
const patienceMs = 30_000;

/** Runs a plan, and if it fails finds a shortest list of faults that still fails. */
export function investigateProcessChaos(run: ProcessChaosRun): ProcessChaosReport {
  const { plan, entry } = run;
  return investigate(
    plan.faults,
    (faults) => runProcessChaos({ ...run, plan: { ...plan, faults } }),
    (faults) => runProcessChaos({ entry, plan: { ...plan, faults } }),
  );
}

export function runProcessChaos(run: ProcessChaosRun): ProcessChaosOutcome {
  return new Run(run).complete();
}

class Run {
  readonly #plan: ProcessPlan;
  readonly #cluster: Cluster;
  #strikes: StrikeCounts = {};

  constructor({ plan, entry, onLine }: ProcessChaosRun) {
    this.#plan = plan;
    const { seed, network, faults } = plan;
    this.#cluster = new Cluster({
      ...{ seed, network, faults, times, clients: clientsCount },
      protocol: entry.protocol,
      workload: entry.workload,
      behaviours: behavioursOf(entry),
      checks: createProcessChecks(entry.protocol.name),
      onStrike: (strike) => {
        const state = stateAtStrike(strike, this.#cluster.world);
        this.#strikes = addStrike(this.#strikes, kindOf(strike.fault), state);
      },
      ...(onLine && { onLine }),
    });
  }

  complete(): ProcessChaosOutcome {
    const { clients, world, elected } = this.#cluster;
    const failure = findFailure(() => this.#runPhases());
    if (failure) this.#cluster.say("", `FAILS: ${failure.message}`);
    const { ended } = clients;
    return {
      seed: this.#plan.seed,
      failure,
      faults: this.#plan.faults.length,
      strikes: this.#strikes,
      asked: clients.asked,
      answered: ended.filter(isAnswered).length,
      aborted: ended.filter(({ answer }) => answer?.type === "aborted").length,
      givenUp: ended.filter(({ answer }) => answer === undefined).length,
      elected: elected.length,
      eraMax: Math.max(0, ...elected.map(({ era }) => era)),
      deviations: this.#cluster.byzantine.deviations,
      evidence: this.#cluster.evidence.length,
      messages: world.post.messages,
      steps: world.steps,
      elapsedMs: world.clock.elapsedMs,
    };
  }

  #runPhases(): void {
    this.#runUnderFaults();
    this.#answerEach();
    this.#finish();
  }

  /** Safety: while faults go on, every check holds after every step. */
  #runUnderFaults(): void {
    const { seed, network } = this.#plan;
    const [nodes, links] = [network.names.length, network.edges.length];
    this.#cluster.say("", `seed ${seed}: ${nodes} processes, ${links} links`);
    this.#cluster.begin();
    this.#cluster.world.runFor(safetyMs);
    this.#cluster.endFaults();
    this.#emptyLinks();
  }

  /** What a throttled link still holds keeps back all that comes behind it. */
  #emptyLinks(): void {
    const { world } = this.#cluster;
    const busyMs = Math.max(0, ...world.links.all.map((link) => link.busyMs));
    if (busyMs > backlogMsMin) world.runFor(busyMs);
  }

  /** Liveness: without faults, and with as many processes down as it tolerates, each client is answered. */
  #answerEach(): void {
    const { world, clients } = this.#cluster;
    for (const name of this.#plan.downAtLast) {
      world.crash(name);
      this.#cluster.say("", `crash ${name} for good`);
    }
    const sinceMs = world.clock.elapsedMs;
    const before = clients.ended.length;
    const answered = new Set<string>();
    let seen = before;
    const areAnswered = () => {
      for (; seen < clients.ended.length; seen += 1) {
        const ended = clients.ended[seen] as Ended;
        if (ended.askedAtMs >= sinceMs && isAnswered(ended)) answered.add(ended.client);
      }
      return answered.size === clients.names.length;
    };
    if (world.runUntil(areAnswered, patienceMs)) {
      this.#unblock();
      return;
    }
    const waiting = clients.names.filter((name) => !answered.has(name));
    const message = `${patienceMs} ms after the last fault no request of ${waiting.join(", ")} is answered`;
    throw new BrokenPromiseError("liveness", message);
  }

  /** No more is asked, and what a process has locked is decided. */
  #unblock(): void {
    const { world, clients } = this.#cluster;
    clients.end();
    const findBlocked = () =>
      world.hosts.find((host) => host.isRunning && host.view.blocked.length > 0);
    if (world.runUntil(() => findBlocked() === undefined, patienceMs)) return;
    const host = findBlocked();
    const locks = host?.view.blocked.join(", ") ?? "";
    const message = `${patienceMs} ms after the last request ${host?.name ?? ""} is blocked on ${locks}`;
    throw new BrokenPromiseError("no-blocked-participant", message);
  }

  #finish(): void {
    const { world, clients, workload } = this.#cluster;
    world.runUntil(() => clients.isFinished, times.timeoutMs);
    world.checkAll();
    judgeAnswers(workload);
    this.#requireProofs();
  }

  /** No honest process is accused, and what is shown proves itself. */
  #requireProofs(): void {
    const { evidence: found, byzantine } = this.#cluster;
    for (const { by, evidence } of found) {
      const { culprit, about } = evidence;
      const isRight = isProof(evidence, fakeSignatures(by)) && !byzantine.isHonest(culprit);
      if (isRight) continue;
      const message = `${by} accuses ${culprit}, which is honest, for ${about}`;
      throw new BrokenPromiseError("evidence", message);
    }
  }
}

/** An abort is no answer to what was asked. */
function isAnswered({ answer }: Ended): boolean {
  return answer !== undefined && answer.type !== "aborted";
}
