/** Chaos: nodes under faults must keep every promise, and agree once the faults are over. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { News } from "../../node/news.ts";
import type { BlockHash, PeerId } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import {
  type ChainFault,
  ChainFaultInjector,
  describeChainFault,
} from "../chain-world/chain-faults.ts";
import type { ChainHost } from "../chain-world/chain-host.ts";
import { ChainWorld, hashrateOf } from "../chain-world/chain-world.ts";
import { findDisagreement } from "../chain-world/checks/agreement.ts";
import { allChecks } from "../chain-world/checks/all-checks.ts";
import type { ChainCheck } from "../chain-world/checks/check.ts";
import { findUntold } from "../chain-world/checks/payments-spread.ts";
import { ChainTranscript } from "../chain-world/transcript.ts";
import { BrokenPromiseError, type Failure, findFailure } from "../engine/promise.ts";
import { describeStrike } from "../engine/strike.ts";
import { guardTime } from "../engine/time-guard.ts";
import { type ChaosPlan, type ChaosSetup, safetyMs } from "./plan.ts";
import type { ChaosNetwork } from "./rules.ts";
import { Traffic } from "./traffic.ts";

export type ChaosRun = {
  readonly plan: ChaosPlan;
  readonly setup: ChaosSetup;
  /** Makes new ones for each run, because they have state; all if it is left out. */
  readonly makeChecks?: () => readonly ChainCheck[];
  readonly onLine?: (line: string) => void;
};

export type ChaosOutcome = {
  readonly network: ChaosNetwork;
  readonly seed: number | string;
  readonly failure: Failure | undefined;
  /** The best block of the first honest node in the end. */
  readonly tip: BlockHash | undefined;
  readonly height: number;
  readonly faults: number;
  /** How often each verb struck, if it did. */
  readonly struck: Readonly<Partial<Record<ChainFault["verb"], number>>>;
  readonly payments: number;
  readonly reorganisations: number;
  /** The most blocks that any node took back at once. */
  readonly depthMax: number;
  /** Blocks that honest nodes rejected. */
  readonly rejected: number;
  readonly bans: number;
  readonly elapsedMs: number;
  /** Events that nodes handled. */
  readonly steps: number;
};

/** How long the best branch may take to reach everybody, by requests that are repeated. */
const patienceMs = 240_000;
/** A few blocks of a miner with a small share take minutes; they never take this long. */
const miningMs = 36_000_000;
/** Events of all nodes in one millisecond of virtual time. */
const stepsPerInstantMax = 2_000;
const paymentsMeanMs = 2_000;
const templateRenewalMs = 20_000;

export function runChaos(run: ChaosRun): ChaosOutcome {
  return new Run(run).complete();
}

class Run {
  readonly #run: ChaosRun;
  readonly #world: ChainWorld;
  readonly #transcript: ChainTranscript;
  readonly #injector: ChainFaultInjector;
  readonly #traffic: Traffic;
  /** The nodes that never turn byzantine. */
  readonly #honest: readonly string[];
  readonly #struck: Partial<Record<ChainFault["verb"], number>> = {};
  readonly #counts = { reorganisations: 0, depthMax: 0, rejected: 0, bans: 0 };

  constructor(run: ChaosRun) {
    const { plan, setup } = run;
    const { seed, faults } = plan;
    const { params, verifier, wallets, headStart } = setup;
    const random = createRandom(seed);
    this.#run = run;
    const checks = (run.makeChecks ?? allChecks)();
    this.#world = new ChainWorld({ seed, verifier, params, checks, templateRenewalMs });
    this.#transcript = new ChainTranscript(this.#world, run.onLine ?? (() => undefined));
    this.#injector = new ChainFaultInjector(this.#world, random.fork("byzantine"), (strike) => {
      this.#report(describeStrike(strike, describeChainFault));
      if (strike.type === "skipped") return;
      const { verb } = strike.fault;
      this.#struck[verb] = (this.#struck[verb] ?? 0) + 1;
    });
    this.#traffic = new Traffic({
      world: this.#world,
      random: random.fork("traffic"),
      wallets,
      coins: headStart.coins,
      meanMs: paymentsMeanMs,
    });
    const byzantine = faults.flatMap((fault) =>
      fault.verb === "turn-byzantine" ? [fault.node] : [],
    );
    this.#honest = plan.names.filter((name) => !byzantine.includes(name));
  }

  complete(): ChaosOutcome {
    const failure = findFailure(() => this.#runPhases());
    if (failure) this.#report(`FAILS: ${failure.message}`);
    const host = this.#honestHosts.find(({ isRunning }) => isRunning);
    const tip = host?.node.chain.tip;
    return {
      network: this.#run.setup.network,
      seed: this.#run.plan.seed,
      failure,
      tip: tip?.hash,
      height: tip?.height ?? 0,
      faults: this.#run.plan.faults.length,
      struck: this.#struck,
      payments: this.#traffic.payments,
      ...this.#counts,
      elapsedMs: this.#world.clock.elapsedMs,
      steps: this.#world.steps,
    };
  }

  #runPhases(): void {
    this.#populate();
    this.#runUnderFaults();
    this.#spread();
    this.#agree();
    this.#tellWaiting();
    this.#world.checkAll();
  }

  #populate(): void {
    const { plan, setup } = this.#run;
    this.#report(
      `seed ${plan.seed} on ${setup.network}: ${plan.names.length} nodes, ${plan.edges.length} links`,
    );
    for (const [position, name] of plan.names.entries()) {
      const hashrate = hashrateOf(plan.shares[position] ?? 0, setup.intervalMs, setup.params);
      const payTo = setup.wallets[position % setup.wallets.length]?.script;
      const { records } = setup.headStart;
      this.#world.add(name, { hashrate, records, ...(payTo && { payTo }) });
    }
    for (const [position, [a, b]] of plan.edges.entries()) {
      const conditions = plan.conditions[position];
      this.#world.connect(plan.names[a] ?? "", plan.names[b] ?? "", conditions);
    }
    this.#world.onNews((name, news) => this.#count(name, news));
    guardTime(this.#world, stepsPerInstantMax);
  }

  #count(name: PeerId, news: News): void {
    if (!this.#honest.includes(name)) return;
    const counts = this.#counts;
    if (news.type === "block-rejected") counts.rejected += 1;
    if (news.type === "reorganised") {
      counts.reorganisations += 1;
      counts.depthMax = Math.max(counts.depthMax, news.back.length);
    }
    if (news.type !== "peer-banned") return;
    counts.bans += 1;
    if (!this.#honest.includes(news.peer)) return;
    const message = `${name} bans ${news.peer}, which is honest: ${news.reason}`;
    throw new BrokenPromiseError("honest nodes are not banned", message);
  }

  /** Safety: while faults go on, every check holds after every step. */
  #runUnderFaults(): void {
    this.#injector.schedule(this.#run.plan.faults);
    this.#traffic.begin();
    this.#world.runFor(safetyMs);
    this.#traffic.end();
    this.#injector.endAll();
    this.#report("all faults are over");
  }

  /** Liveness without a new block: the work that any honest node has reaches every other one. */
  #spread(): void {
    for (const name of this.#world.names) this.#mineAt(name, undefined);
    const isSpread = () => this.#honestHosts.every(({ isQuiet }) => isQuiet) && this.#isLevel();
    const waitMs = patienceMs + this.#aheadMs();
    if (this.#world.runUntil(isSpread, waitMs)) return;
    throw new BrokenPromiseError("the best branch spreads", `after ${waitMs} ms: ${this.#tips()}`);
  }

  /** How far clocks that were wrong put a block ahead of the time: no right one lets it in before. */
  #aheadMs(): number {
    const times = this.#honestHosts.flatMap(({ node }) => {
      return [...timesOnBranch(node.chain.tip)];
    });
    return Math.max(0, Math.max(...times) * 1000 - this.#world.clock.now);
  }

  /** Liveness with a new block on top of all, also of those that byzantine nodes still hold back. */
  #agree(): void {
    const [name] = this.#honest;
    const payTo = this.#run.setup.wallets[0]?.script;
    if (name === undefined || payTo === undefined) throw new Error("at least one node is honest");
    const heights = this.#world.names.map((each) => this.#world.node(each).chain.tip.height);
    const highest = Math.max(...heights);
    this.#mineAt(name, payTo);
    const hasMined = () => this.#world.node(name).chain.tip.height > highest;
    const isMined = this.#world.runUntil(hasMined, miningMs);
    this.#mineAt(name, undefined);
    if (!isMined) throw new BrokenPromiseError("miners mine", `${name} finds no block`);
    const waitMs = patienceMs + this.#aheadMs();
    const haveAgreed = this.#world.runUntil(() => this.#world.haveAgreed(this.#honest), waitMs);
    const subjects = this.#honest.map((each) => this.#world.subject(each));
    const disagreement = haveAgreed ? findDisagreement(subjects) : this.#tips();
    if (disagreement === undefined) return;
    throw new BrokenPromiseError("all agree", `after ${waitMs} ms: ${disagreement}`);
  }

  /** Liveness of payments: what waits at one honest node comes to wait at its honest neighbours. */
  #tellWaiting(): void {
    const isTold = () => this.#findUntold() === undefined;
    if (this.#world.runUntil(isTold, patienceMs)) return;
    throw new BrokenPromiseError(
      "what waits is told",
      `after ${patienceMs} ms: ${this.#findUntold() ?? ""}`,
    );
  }

  #findUntold(): string | undefined {
    const { links } = this.#world;
    for (const from of this.#honestHosts) {
      const reached = this.#honestHosts.filter((to) => links.between(from.name, to.name)?.isOpen);
      for (const to of reached) {
        const untold = findUntold(this.#world.subject(from.name), this.#world.subject(to.name));
        if (untold !== undefined) return untold;
      }
    }
    return undefined;
  }

  #mineAt(name: string, payTo: Uint8Array | undefined): void {
    this.#world.host(name).command({ type: "set-mining", payTo });
  }

  #isLevel(): boolean {
    const [first, ...others] = this.#honestHosts.map(({ node }) => node.chain.tip.work);
    return others.every((work) => work === first);
  }

  #tips(): string {
    const tips = this.#honestHosts.map(({ name, node }) => `${name} ${node.chain.tip.height}`);
    return `heights are ${tips.join(", ")}`;
  }

  get #honestHosts(): readonly ChainHost[] {
    return this.#honest.map((name) => this.#world.host(name));
  }

  #report(text: string): void {
    this.#transcript.say("", text);
  }
}

/** Of the headers from a block down to genesis, in seconds. */
function* timesOnBranch(tip: TreeEntry): Iterable<number> {
  for (let entry: TreeEntry | undefined = tip; entry; entry = entry.parent) yield entry.header.time;
}
