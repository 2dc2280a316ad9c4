/** A world of processes with its clients, its faults and its transcript: what every run of one needs. */

import type { PeerId } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { Workload as WorkloadName } from "../../protocols/catalogue.ts";
import type { Behaviour } from "../../protocols/process/behaviour.ts";
import type { Evidence } from "../../protocols/process/evidence.ts";
import type { Value } from "../../protocols/process/key-value.ts";
import type { News, Protocol } from "../../protocols/process/protocol.ts";
import { FaultInjector } from "../engine/fault-injector.ts";
import type { DiskConditions } from "../engine/machine-host.ts";
import { describeStrike, type Strike } from "../engine/strike.ts";
import { guardTime } from "../engine/time-guard.ts";
import { Transcript } from "../engine/transcript.ts";
import {
  ByzantineProcesses,
  describeProcessFault,
  type ProcessFault,
  type ProcessTurn,
  turnsIn,
} from "./byzantine.ts";
import type { ClientTimes } from "./client.ts";
import { Clients } from "./clients.ts";
import type { ProcessCheck } from "./process-check.ts";
import type { ProcessHost, ProcessKind } from "./process-host.ts";
import { type ProcessNetwork, ProcessWorld } from "./process-world.ts";
import { describeEnded } from "./words.ts";
import { createWorkload, type RecordedWorkload } from "./workload.ts";

export type ClusterOptions = {
  readonly protocol: Protocol;
  readonly workload: WorkloadName;
  readonly seed: number | string;
  readonly network: ProcessNetwork;
  readonly disk?: DiskConditions;
  readonly faults: readonly ProcessFault[];
  /** Those that its processes may have; none if left out. */
  readonly behaviours?: readonly Behaviour[];
  readonly clients: number;
  readonly requestsMax?: number;
  readonly times: ClientTimes;
  /** What is proposed in turn, where one value is decided. */
  readonly values?: readonly Value[];
  readonly checks: readonly ProcessCheck[];
  /** Called with each fault before it strikes. */
  readonly onStrike?: (strike: Strike<ProcessFault>) => void;
  readonly onLine?: (line: string) => void;
};

/** A process that came to lead. */
export type Elected = { readonly name: PeerId; readonly era: number; readonly atMs: number };

/** Evidence of a byzantine process, and the process that has it. */
export type Found = { readonly by: PeerId; readonly atMs: number; readonly evidence: Evidence };

/** Events of all processes in one millisecond of virtual time. */
const stepsPerInstantMax = 5_000;

export class Cluster {
  readonly world: ProcessWorld;
  readonly clients: Clients;
  readonly workload: RecordedWorkload;
  readonly #options: ClusterOptions;
  readonly byzantine: ByzantineProcesses;
  readonly #injector: FaultInjector<ProcessKind, ProcessHost, ProcessTurn>;
  readonly #transcript: Transcript<News> | undefined;
  readonly #elected: Elected[] = [];
  readonly #evidence: Found[] = [];
  /** For each process, the era in which it was last seen to lead. */
  readonly #ledEra = new Map<PeerId, number>();

  constructor(options: ClusterOptions) {
    const { protocol, seed, network, disk, checks, onLine } = options;
    const random = createRandom(seed).fork("clients");
    this.#options = options;
    const setting = { protocol, seed, network, checks, ...(disk && { disk }) };
    this.world = new ProcessWorld(setting);
    const tell = describerOf(protocol);
    this.#transcript = onLine && new Transcript(this.world, tell, onLine);
    const turns = turnsIn(options.faults);
    this.byzantine = new ByzantineProcesses(this.world, options.behaviours ?? [], turns);
    this.#injector = new FaultInjector<ProcessKind, ProcessHost, ProcessTurn>(this.world, {
      onStrike: (strike) => {
        options.onStrike?.(strike);
        this.say("", describeStrike(strike, describeProcessFault));
      },
      extension: this.byzantine,
    });
    const { clock } = this.world;
    this.workload = createWorkload({ ...options, clock, random: random.fork("workload") });
    this.clients = this.#createClients();
  }

  /** Starts processes and clients, and schedules the faults. */
  begin(): void {
    guardTime(this.world, stepsPerInstantMax);
    // A process that comes to lead has news of it; one that leads from its start has none.
    this.world.onNews((name, news) => {
      this.#noteLeader(this.world.host(name));
      this.#noteEvidence(name, news);
    });
    this.world.begin();
    for (const host of this.world.hosts) this.#noteLeader(host);
    this.#injector.schedule(this.#options.faults);
    this.clients.begin();
  }

  /** Ends all faults for ever. */
  endFaults(): void {
    this.#injector.endAll();
    this.say("", "all faults are over");
  }

  /** In the order of their times; one that leads on in a later era counts again. */
  get elected(): readonly Elected[] {
    return this.#elected;
  }

  /** What honest processes can prove of others, in the order in which they found it. */
  get evidence(): readonly Found[] {
    return this.#evidence;
  }

  /** A line of the transcript, if there is one. */
  say(who: string, text: string): void {
    this.#transcript?.say(who as PeerId | "", text);
  }

  #createClients(): Clients {
    const { seed, network, clients, times, requestsMax } = this.#options;
    const { names } = network;
    const places = Array.from({ length: clients }, (_, position) => {
      const first = position % names.length;
      return [...names.slice(first), ...names.slice(0, first)];
    });
    return new Clients({
      world: this.world,
      workload: this.workload,
      random: createRandom(seed).fork("clients"),
      times,
      places,
      ...(requestsMax !== undefined && { requestsMax }),
      onEnded: (ended) => this.say(ended.client, describeEnded(ended)),
    });
  }

  #noteEvidence(by: PeerId, news: News): void {
    const evidence = this.#options.protocol.evidenceIn?.(news);
    if (evidence === undefined || !this.world.host(by).isHonest) return;
    this.#evidence.push({ by, atMs: this.world.clock.elapsedMs, evidence });
  }

  #noteLeader({ name, view }: ProcessHost): void {
    if (!view.isLeader || this.#ledEra.get(name) === view.era) return;
    this.#ledEra.set(name, view.era);
    this.#elected.push({ name, era: view.era, atMs: this.world.clock.elapsedMs });
  }
}

/** News that all processes have of one thing, one after the other. */
const shared: readonly string[] = [
  ...["committed", "applied", "replaced", "pre-prepared", "prepared", "stable"],
];

/** @param news the type of a piece of news. */
export function isOfAll(news: string): boolean {
  return shared.includes(news);
}

/** Of news that all have the transcript has the first only: who votes and leads is what differs. */
function describerOf(protocol: Protocol): (news: News) => string | undefined {
  const told = new Set<string>();
  return (news) => {
    const text = protocol.tell(news);
    if (!isOfAll(news.type)) return text;
    if (told.has(text)) return undefined;
    told.add(text);
    return text;
  };
}
