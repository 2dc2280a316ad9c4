/** Meets a mutant: runs what leads to its mistake, and says which check caught it after which steps. */

import { explore } from "../../explorer/engine/explore.ts";
import { decisionObject, keyValueObject } from "../../explorer/processes/client-requests.ts";
import {
  agreement,
  committedAgreement,
  linearizable,
  type SnapshotPromise,
} from "../../explorer/processes/promises.ts";
import { protocolModel } from "../../explorer/processes/protocol-model.ts";
import { counted } from "../../primitives/figures.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { ProtocolEntry } from "../../protocols/catalogue.ts";
import { pbftMutants } from "../../protocols/pbft/mutants.ts";
import { pbftRules } from "../../protocols/pbft/rules.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { raftMutants } from "../../protocols/raft/mutants.ts";
import { raftRules } from "../../protocols/raft/rules.ts";
import { runProcessChaos } from "../../sim/process-chaos/chaos.ts";
import { planProcessChaos } from "../../sim/process-chaos/plan.ts";
import { leaderAfterHoles } from "../paxos/gaps.ts";
import { scenes as pbftScenes } from "../pbft/mutant-scenes.ts";
import { ConstantWorld } from "../processes/constant-world.ts";
import { scenes } from "../raft/mutant-scenes.ts";
import {
  coordinator,
  outcomesOf,
  transactionWorld,
  write,
} from "../two-phase-commit/transaction.ts";
import { type Bounds, type Way, wayOf } from "./ways.ts";

export type Meeting = {
  /** What was run, in a few words. */
  readonly how: string;
  /** The names of the checks that caught something; none for a control. */
  readonly broken: readonly string[];
  /** What led to it: each step where all are known, or the end of a transcript. */
  readonly steps: readonly string[];
  /** How many steps led to it; undefined for a run in which time passes and clients go on. */
  readonly stepsCount: number | undefined;
};

/** The mutant itself, or the protocol's own rules on the same way: those break nothing. */
export type Rules = "mutant" | "right";

/** @throws RangeError if the protocol has no such mutant. */
export function meetMutant(
  entry: ProtocolEntry,
  name: string,
  rules: Rules = "mutant",
  way: Way = wayOf(entry.name, name),
): Meeting {
  const mutant = entry.mutants.find((each) => each.name === name);
  if (mutant === undefined) throw new RangeError(`${entry.name} has no mutant ${name}`);
  const protocol = rules === "mutant" ? mutant.protocol : entry.protocol;
  switch (way.type) {
    case "script":
      return followScript(name, mutant.caughtBy, rules);
    case "scene":
      return followScene(name, rules);
    case "search":
      return search(entry, protocol, mutant.caughtBy, way);
    case "one-down":
      return askWithOneDown(protocol, way.nodes);
    case "holes":
      return askAfterHoles(protocol, way.nodes);
    case "crash":
      return crashCoordinator(protocol, way);
    case "chaos":
      return runChaos(entry, protocol, way);
    default:
      return unreachable(way);
  }
}

/** Where clients go on, the end of the run is shown. */
function followScene(name: string, which: Rules): Meeting {
  const mutant = pbftMutants.find((each) => each.name === name);
  const scene = pbftScenes[name];
  if (mutant === undefined || scene === undefined) throw new RangeError(`no script for ${name}`);
  const rules = which === "mutant" ? { ...pbftRules, ...mutant.replaced } : pbftRules;
  const { broken, steps, isRun } = scene(rules);
  return {
    how: isRun ? "a run with byzantine processes" : "a script",
    broken,
    steps: isRun ? steps.slice(-transcriptLines) : steps,
    stepsCount: isRun ? undefined : steps.length,
  };
}

function followScript(name: string, caughtBy: string | undefined, which: Rules): Meeting {
  const mutant = raftMutants.find((each) => each.name === name);
  const scene = scenes[name];
  if (mutant === undefined || scene === undefined) throw new RangeError(`no script for ${name}`);
  const rules = which === "mutant" ? { ...raftRules, ...mutant.rules } : raftRules;
  const { steps, brokenAfter } = scene({ ...mutant.options, rules });
  const isRun = caughtBy === "liveness";
  const count = brokenAfter.get(caughtBy ?? "") ?? steps.length;
  return {
    how: isRun ? "a run of a minute with one process down" : "a script",
    broken: [...brokenAfter.keys()],
    steps: isRun ? steps.slice(-transcriptLines) : steps.slice(0, count),
    stepsCount: isRun ? undefined : count,
  };
}

/** A search ends there, if it was not clear before. */
const statesMax = 2_000_000;

function search(
  { workload }: ProtocolEntry,
  protocol: Protocol,
  caughtBy: string | undefined,
  { nodes, crashes, timeouts, erasMax, requests }: Bounds,
): Meeting {
  const check = caughtBy ?? "agreement";
  const budget = { crashes, timeouts, losses: 0, duplicates: 0 };
  const model = protocolModel({
    ...{ protocol, nodes, budget, requests, post: "set", eraMax: erasMax, goals: [] },
    promises: [promiseOf(check, workload)],
  });
  const exploration = explore(model, { statesMax, endsAtViolation: true });
  const [violation] = exploration.violations;
  const steps = violation === undefined ? [] : exploration.traceTo(violation).moves;
  const requestsCount = counted(requests.flat().length, "request");
  const searched = exploration.ending === "states" ? "the first steps" : "all steps";
  const bounds = `${nodes} processes, ${requestsCount}, crashes ≤ ${crashes}, time-outs ≤ ${timeouts}`;
  return {
    how: `a search of ${searched}: ${bounds}; ${exploration.counts.unique} states`,
    broken: violation === undefined ? [] : [check],
    steps,
    stepsCount: steps.length,
  };
}

/** @param check a check of runs, by its name. @returns what it demands of one state. */
function promiseOf(check: string, workload: ProtocolEntry["workload"]): SnapshotPromise {
  switch (check) {
    case "agreement":
    case "atomicity":
      return agreement;
    case "state-machine-safety":
      return committedAgreement;
    case "linearizability":
      return workload === "key-value" ? linearizable(keyValueObject) : linearizable(decisionObject);
    default:
      throw new RangeError(`no promise of a state is named ${check}`);
  }
}

const delayMs = 50;
const patienceMs = 60_000;

function askWithOneDown(protocol: Protocol, nodes: number): Meeting {
  const world = new ConstantWorld({ protocol, nodes, delayMs, seed: "1" });
  const [first, second] = world.names;
  if (first === undefined || second === undefined) throw new RangeError("one must be left");
  const id = { client: "c1", number: 1 };
  world.crash(second);
  world.request(first, id, { type: "propose", value: 0 });
  const isAnswered = world.runUntil(() => world.answerTo(id) !== undefined, patienceMs);
  return answeredOrNot(isAnswered, `one of ${nodes} processes is down`, [
    `${second} crashes`,
    `c1 asks ${first}: propose 0`,
  ]);
}

function askAfterHoles(protocol: Protocol, nodes: number): Meeting {
  const { world, leader, steps } = leaderAfterHoles(protocol, { nodes, commands: 5, seed: "1" });
  const id = { client: "after", number: 1 };
  world.request(leader, id, { type: "write", key: "x", value: 0 });
  const isAnswered = world.runUntil(() => world.answerTo(id) !== undefined, patienceMs);
  return answeredOrNot(isAnswered, `${nodes} processes, and a leader that crashes`, [
    ...steps,
    `another client asks ${leader}: write x 0`,
  ]);
}

function answeredOrNot(isAnswered: boolean, how: string, before: readonly string[]): Meeting {
  const end = isAnswered ? "it is answered" : `${patienceMs / 1000} s pass without an answer`;
  const steps = [...before, end];
  const broken = isAnswered ? [] : ["liveness"];
  return { how, broken, steps, stepsCount: steps.length };
}

function crashCoordinator(
  protocol: Protocol,
  { participants, effect }: Extract<Way, { readonly type: "crash" }>,
): Meeting {
  const world = transactionWorld({ protocol, participants, delayMs, seed: "1" });
  world.crashPoints.set(coordinator, (_, number) => number === effect);
  write(world);
  world.runFor(patienceMs);
  const steps = [
    ...world.sent.map(({ atMs, from, to, message }) => {
      return { atMs, text: `${from} → ${to}: ${protocol.describe(message)}` };
    }),
    ...world.told.map(({ atMs, by, news }) => ({ atMs, text: `${by} ${protocol.tell(news)}` })),
  ];
  return {
    how: `${participants} participants, and a coordinator that crashes before its effect ${effect}`,
    broken: outcomesOf(world) > 1 ? ["atomicity"] : [],
    steps: steps.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs, text }) => `${atMs} ms  ${text}`),
    stepsCount: steps.length,
  };
}

/** Enough to see how it came to it. */
const transcriptLines = 12;

function runChaos(
  { name, workload, usualNodes: nodes }: ProtocolEntry,
  protocol: Protocol,
  { seed, faults }: Extract<Way, { readonly type: "chaos" }>,
): Meeting {
  const plan = { ...planProcessChaos(seed, { protocol: name, nodes }), faults };
  const lines: string[] = [];
  const { failure } = runProcessChaos({
    plan,
    entry: { workload, protocol },
    onLine: (line) => lines.push(line),
  });
  return {
    how: `chaos of seed ${seed} with ${counted(faults.length, "fault")}`,
    broken: failure === undefined ? [] : [failure.promise],
    steps: lines.slice(-transcriptLines),
    stepsCount: undefined,
  };
}
