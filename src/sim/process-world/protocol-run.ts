/** One run of a protocol with clients, from a seed: what it cost, how available it was, what it broke. */

import type { HistoryEvent } from "../../checkers/history.ts";
import type { Workload as WorkloadName } from "../../protocols/catalogue.ts";
import type { Behaviour } from "../../protocols/process/behaviour.ts";
import type { Value } from "../../protocols/process/key-value.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { costOfProtocol } from "../../theory/protocol-cost.ts";
import { type Failure, findFailure } from "../engine/promise.ts";
import { type DeviationCounts, type ProcessFault, turnsIn } from "./byzantine.ts";
import type { ClientTimes, Ended } from "./client.ts";
import { Cluster, type Elected, type Found } from "./cluster.ts";
import { createProcessChecks } from "./process-checks.ts";
import { instantDisk, type ProcessNetwork } from "./process-world.ts";
import { judgeAnswers, judgedPromises } from "./verdicts.ts";
import { KeyValueWorkload } from "./workload.ts";

export type ProtocolRun = {
  readonly protocol: Protocol;
  readonly workload: WorkloadName;
  readonly network: ProcessNetwork;
  readonly seed: number | string;
  readonly faults: readonly ProcessFault[];
  readonly behaviours?: readonly Behaviour[];
  readonly clients: number;
  readonly requestsMax?: number;
  /** It ends when all requests have ended, or at the latest then. */
  readonly durationMs: number;
  readonly values?: readonly Value[];
  readonly onLine?: (line: string) => void;
};

export type Messages = {
  readonly byKind: Readonly<Record<string, number>>;
  readonly total: number;
  /** Links that they, and requests of clients, were put on. */
  readonly crossings: number;
  readonly bytes: number;
  /**
   * For each request, beyond what is sent without any, and without the kinds that a formula counts
   * apart; undefined with faults, or without requests. */
  readonly perRequest: number | undefined;
};

export type Latency = {
  readonly medianMs: number | undefined;
  /** The median where the client stands beside the process that leads. */
  readonly atLeaderMs: number | undefined;
  readonly elsewhereMs: number | undefined;
  /** Of one way over a link, if all links have the same and nothing random. */
  readonly oneWayMs: number | undefined;
};

export type Availability = {
  readonly asked: number;
  readonly answered: number;
  readonly aborted: number;
  /** Without an answer in time. */
  readonly givenUp: number;
  /** The longest time in which no request was answered. */
  readonly longestPauseMs: number;
};

/** What byzantine processes did, and what honest ones can prove of them. */
export type Byzantine = {
  readonly deviations: DeviationCounts;
  readonly evidence: readonly Found[];
};

export type ProtocolOutcome = {
  readonly messages: Messages;
  readonly latency: Latency;
  readonly availability: Availability;
  readonly elected: readonly Elected[];
  /** Undefined if there was no byzantine process, and the protocol signs nothing that would prove one. */
  readonly byzantine?: Byzantine;
  readonly promises: readonly string[];
  readonly failure: Failure | undefined;
  readonly elapsedMs: number;
  readonly steps: number;
  /** Undefined where one value is decided. */
  readonly history: readonly HistoryEvent[] | undefined;
};

/** In a transcript for people to read: slow. */
export const transcriptTimes: ClientTimes = { thinkMeanMs: 500, retryMs: 500, timeoutMs: 2_000 };

export function runProtocol(run: ProtocolRun): ProtocolOutcome {
  const checks = createProcessChecks(run.protocol.name);
  const cluster = new Cluster({ ...run, disk: instantDisk, times: transcriptTimes, checks });
  const { world, clients, workload } = cluster;
  const failure = findFailure(() => {
    cluster.begin();
    const isOver = () => clients.isFinished;
    if (!world.runUntil(isOver, run.durationMs)) {
      clients.end();
      world.runUntil(isOver, transcriptTimes.timeoutMs);
    }
    world.checkAll();
    judgeAnswers(workload);
  });
  if (failure) cluster.say("", `BROKEN: ${failure.message}`);
  const elapsedMs = world.clock.elapsedMs;
  return {
    messages: countMessages(run, cluster),
    latency: latencyOf(clients.ended, run.network),
    availability: availabilityOf(clients.asked, clients.ended, elapsedMs),
    elected: cluster.elected,
    ...byzantineOf(run, cluster),
    promises: [...checks.map(({ name }) => name), ...judgedPromises(workload)],
    failure,
    elapsedMs,
    steps: world.steps,
    history: workload instanceof KeyValueWorkload ? workload.history : undefined,
  };
}

function byzantineOf(
  { protocol, faults }: ProtocolRun,
  { byzantine, evidence }: Cluster,
): Pick<ProtocolOutcome, "byzantine"> {
  if (protocol.evidenceIn === undefined && turnsIn(faults).length === 0) return {};
  return { byzantine: { deviations: byzantine.deviations, evidence } };
}

function countMessages(run: ProtocolRun, { world, clients }: Cluster): Messages {
  const { byKind, bytes } = world.counts;
  const total = sum(Object.values(byKind));
  const answered = clients.ended.filter(isAnswered).length;
  const isComparable = run.faults.length === 0 && answered > 0;
  const background = isComparable ? countWithoutRequests(run, world.clock.elapsedMs) : 0;
  const apart = sum(
    (costOfProtocol(run.protocol.name)?.apart ?? []).map((kind) => byKind[kind] ?? 0),
  );
  const perRequest = isComparable ? (total - apart - background) / answered : undefined;
  return { byKind, total, crossings: world.post.crossings, bytes, perRequest };
}

/** The same world for the same time, and no client asks anything: heartbeats, elections. */
function countWithoutRequests(run: ProtocolRun, durationMs: number): number {
  const { protocol, workload, network, seed } = run;
  const options = { protocol, workload, network, seed, disk: instantDisk, faults: [], clients: 0 };
  const { world } = new Cluster({ ...options, times: transcriptTimes, checks: [] });
  world.begin();
  world.runFor(durationMs);
  return sum(Object.values(world.counts.byKind));
}

function latencyOf(ended: readonly Ended[], network: ProcessNetwork): Latency {
  const answered = ended.filter(isAnswered);
  const medianOf = (some: readonly Ended[]) => median(some.map(({ latencyMs }) => latencyMs));
  return {
    medianMs: medianOf(answered),
    atLeaderMs: medianOf(answered.filter(({ isBesideLeader }) => isBesideLeader)),
    elsewhereMs: medianOf(answered.filter(({ isBesideLeader }) => !isBesideLeader)),
    oneWayMs: oneWayOf(network),
  };
}

/** In milliseconds; undefined unless all links take the same time, and nothing is random. */
export function oneWayOf({ conditions }: ProcessNetwork): number | undefined {
  const [first, ...others] = conditions;
  if (first === undefined) return undefined;
  const isConstant = [first, ...others].every((each) => {
    const isRandom = each.jitterMs > 0 || (each.spreadMs ?? 0) > 0 || each.loss > 0;
    return !isRandom && each.latencyMinMs === first.latencyMinMs;
  });
  return isConstant && first.latencyMinMs > 0 ? first.latencyMinMs : undefined;
}

function availabilityOf(asked: number, ended: readonly Ended[], elapsedMs: number): Availability {
  const answered = ended.filter(isAnswered);
  const times = answered.map(({ askedAtMs, latencyMs }) => askedAtMs + latencyMs);
  const gaps = [...times, elapsedMs].map((time, at) => time - (times[at - 1] ?? 0));
  return {
    asked,
    answered: answered.length,
    aborted: ended.filter(({ answer }) => answer?.type === "aborted").length,
    givenUp: ended.filter(({ answer }) => answer === undefined).length,
    longestPauseMs: Math.max(...gaps),
  };
}

/** An abort is no answer to what was asked. */
function isAnswered({ answer }: Ended): boolean {
  return answer !== undefined && answer.type !== "aborted";
}

/** The lower one of two in the middle. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
