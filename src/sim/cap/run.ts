/** One protocol under the schedule, with clients: all that happened, as plain data. */

import { type HistoryEvent, type Operation, operationsOf } from "../../checkers/history.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Command } from "../../protocols/process/key-value.ts";
import { namesIn } from "../engine/faults.ts";
import type { Carried } from "../engine/link.ts";
import { describeStrike, type Strike } from "../engine/strike.ts";
import { Clients } from "../process-world/clients.ts";
import { type FinalAnswer, KeyValueWorkload, type Workload } from "../process-world/workload.ts";
import { countDisagreeing } from "./agreement.ts";
import { Audit, type FinalValues } from "./audit.ts";
import { type CapFault, describeCapFault } from "./cap-fault.ts";
import { partsOf } from "./parts.ts";
import { endOf, type Phase, phasesOf } from "./schedule.ts";
import type { CapSystem, TakenBack } from "./system.ts";

export type CapRunOptions = {
  readonly system: CapSystem;
  readonly seed: number | string;
  readonly faults: readonly CapFault[];
  /** The whole time behind the last fault. */
  readonly wholeMs: number;
};

/** A phase as it was for this protocol: roles have become nodes. */
export type PhaseSeen = Phase & {
  /** What struck, in words. */
  readonly struck: readonly string[];
  /** Nodes that reach each other, those that the faults name first. */
  readonly sides: readonly (readonly string[])[];
  readonly down: readonly string[];
  readonly lying: readonly string[];
  /** Nodes that contradicted others at the worst moment of it. */
  readonly disagreeing: number;
};

/** What a client asked, and what came of it; times stand in the events. */
export type CapRequest = Operation & {
  /** The node beside which the client stands. */
  readonly beside: string;
};

export type AuditedKeys = { readonly fromMs: number; readonly values: FinalValues };

export type CapRun = {
  readonly names: readonly string[];
  readonly phases: readonly PhaseSeen[];
  /** In the order in which they were asked. */
  readonly requests: readonly CapRequest[];
  readonly history: readonly HistoryEvent[];
  /** What crossed links in the first, whole phase. */
  readonly carried: Carried;
  /** False where protocols hold nothing for certain. */
  readonly holdsPrefixes: boolean;
  readonly disagreeingInTheEnd: number;
  readonly takenBack: TakenBack | undefined;
  /** What keys held before the first lie and in the end, for those that were in use by then. */
  readonly audits: readonly AuditedKeys[];
  readonly patience: string;
  readonly endMs: number;
};

/** Between two looks at what nodes hold. */
const lookMs = 500;
/** Behind the last request. */
const settleMsMax = 20_000;

export function runCap(options: CapRunOptions): CapRun {
  return new Run(options).run();
}

class Run {
  readonly #options: CapRunOptions;
  readonly #system: CapSystem;
  readonly #workload: NamedWorkload;
  readonly #clients: Clients;
  readonly #phases: readonly Phase[];
  readonly #seen = new Map<string, PhaseSeen>();
  readonly #struck = new Map<CapFault, Strike<CapFault>>();
  readonly #audits: { readonly fromMs: number; readonly audit: Audit }[] = [];
  readonly #endMs: number;
  #carried: Carried = { messages: 0, bytes: 0 };
  #holdsPrefixes = false;

  constructor(options: CapRunOptions) {
    const { system, seed, faults, wholeMs } = options;
    const random = createRandom(seed).fork("cap");
    this.#options = options;
    this.#system = system;
    this.#endMs = Math.max(endOf(faults), faults[0]?.atMs ?? 0) + wholeMs;
    this.#phases = phasesOf(faults, this.#endMs);
    this.#workload = new NamedWorkload(new KeyValueWorkload(system.clock, random.fork("workload")));
    this.#clients = new Clients({
      world: system,
      workload: this.#workload,
      random: random.fork("clients"),
      times: system.times,
      places: system.names.map((name) => [name]),
      afterAbort: "ask-again",
      asksFirst: "beside",
      ...(system.patienceMsOf && { patienceMsOf: system.patienceMsOf }),
    });
  }

  run(): CapRun {
    const { faults } = this.#options;
    const system = this.#system;
    system.begin();
    // Behind the start of each phase, so that its faults have struck.
    system.schedule(faults, (strike) => this.#struck.set(scheduledOf(strike, faults), strike));
    for (const phase of this.#phases) this.#watch(phase);
    this.#auditBeforeLies();
    this.#clients.begin();
    system.runFor(this.#endMs);
    this.#clients.end();
    const patienceMs = system.patienceMsOf?.(system.names[0] as PeerId) ?? system.times.timeoutMs;
    system.runUntil(() => this.#clients.isFinished, patienceMs);
    const everLying = [...this.#seen.values()].flatMap(({ lying }) => lying);
    this.#settle(everLying);
    const { history } = this.#workload;
    const endMs = system.clock.elapsedMs;
    this.#audit("auditor");
    for (const { audit } of this.#audits) audit.finish();
    return {
      names: system.names,
      phases: this.#phases.map(({ letter }) => this.#seen.get(letter) as PhaseSeen),
      requests: this.#requests(),
      history,
      carried: this.#carried,
      holdsPrefixes: this.#holdsPrefixes,
      disagreeingInTheEnd: this.#countDisagreeing(everLying),
      takenBack: system.takenBack,
      audits: this.#audits.map(({ fromMs, audit }) => ({ fromMs, values: audit.values })),
      patience: system.patience,
      endMs,
    };
  }

  /** In the middle of the whole time before, so that what a lie destroys counts as that. */
  #auditBeforeLies(): void {
    const lie = this.#options.faults.find(({ verb }) => verb === "lie");
    const atMs = (lie?.atMs ?? 0) - this.#options.wholeMs / 2;
    if (atMs > 0) this.#system.clock.after(atMs, () => this.#audit("early-auditor"));
  }

  #audit(name: string): void {
    const fromMs = this.#system.clock.elapsedMs;
    const audit = new Audit(this.#system, name, keysIn(this.#workload.history));
    this.#audits.push({ fromMs, audit });
  }

  /** Nodes that have met again need some time to agree. */
  #settle(lying: readonly string[]): void {
    for (let waitedMs = 0; waitedMs < settleMsMax; waitedMs += lookMs) {
      if (this.#countDisagreeing(lying) === 0) return;
      this.#system.runFor(lookMs);
    }
  }

  #watch(phase: Phase): void {
    const { clock } = this.#system;
    clock.after(phase.fromMs, () => clock.after(1, () => this.#see(phase)));
    for (let at = phase.fromMs + lookMs; at < phase.toMs; at += lookMs) {
      clock.after(at, () => this.#look(phase));
    }
    if (phase.letter === this.#phases[0]?.letter) {
      clock.after(phase.toMs, () => (this.#carried = this.#system.links.carried));
    }
  }

  #see(phase: Phase): void {
    const { names, links } = this.#system;
    const isRunning = (name: PeerId) => this.#system.isRunning(name);
    const strikes = phase.faults.flatMap((fault) => this.#struck.get(fault) ?? []);
    const struck = strikes.map((strike) => (strike.type === "struck" ? strike.fault : undefined));
    const named = struck.flatMap((fault) => (fault === undefined ? [] : namesIn(fault)));
    const parts = partsOf(names, links, isRunning);
    const rankOf = (part: readonly string[]) => {
      const ranks = part.map((name) => named.indexOf(name)).filter((rank) => rank >= 0);
      return Math.min(Infinity, ...ranks);
    };
    this.#seen.set(phase.letter, {
      ...phase,
      struck: strikes.map((strike) => describeStrike(strike, describeCapFault)),
      sides: parts.toSorted((a, b) => compare(rankOf(a), rankOf(b))),
      down: names.filter((name) => !isRunning(name)),
      lying: struck.flatMap((fault) => (fault?.verb === "lie" ? [fault.node] : [])),
      disagreeing: 0,
    });
  }

  #look({ letter }: Phase): void {
    const seen = this.#seen.get(letter);
    if (seen === undefined) return;
    const disagreeing = Math.max(seen.disagreeing, this.#countDisagreeing(seen.lying));
    this.#seen.set(letter, { ...seen, disagreeing });
  }

  #countDisagreeing(lying: readonly string[]): number {
    const honest = this.#system.names.filter((name) => !lying.includes(name));
    const held = honest.flatMap((name) => this.#system.heldBy(name) ?? []);
    if (held.length > 0) this.#holdsPrefixes = true;
    return countDisagreeing(held);
  }

  #requests(): readonly CapRequest[] {
    const { names } = this.#system;
    const operations = operationsOf(this.#workload.history);
    if (!operations.ok) throw new Error(operations.problem.reason);
    return operations.value.map((operation) => {
      const client = this.#workload.clients.get(operation.invocation.process) ?? "";
      return { ...operation, beside: names[Number(client.slice(1)) - 1] ?? "" };
    });
  }
}

/** The same workload; it notes which client is which process of the history. */
class NamedWorkload implements Workload {
  readonly clients = new Map<number, string>();
  readonly #inner: KeyValueWorkload;

  constructor(inner: KeyValueWorkload) {
    this.#inner = inner;
  }

  get history(): readonly HistoryEvent[] {
    return this.#inner.history;
  }

  ask(client: string): Command {
    const command = this.#inner.ask(client);
    const invocation = this.history.at(-1);
    if (invocation !== undefined) this.clients.set(invocation.process, client);
    return command;
  }

  answered(client: string, answer: FinalAnswer): void {
    this.#inner.answered(client, answer);
  }

  givenUp(client: string): void {
    this.#inner.givenUp(client);
  }
}

function keysIn(history: readonly HistoryEvent[]): readonly string[] {
  return [...new Set(history.map(({ key }) => key))];
}

/** A strike has names where the schedule has roles: it is found by its verb and time. */
function scheduledOf(strike: Strike<CapFault>, faults: readonly CapFault[]): CapFault {
  const { verb, atMs, lastsMs } = strike.fault;
  const found = faults.find((fault) => {
    return (
      fault === strike.fault ||
      (fault.verb === verb && fault.atMs === atMs && fault.lastsMs === lastsMs)
    );
  });
  if (found === undefined) throw new Error(`${verb} at ${atMs} ms was not scheduled`);
  return found;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
