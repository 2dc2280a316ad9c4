/** A lab: a whole network on this machine, with purses, payments, levers and a timeline. */

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Milliseconds } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { NodeClient } from "../wallet/client.ts";
import { attackLive, type Stage } from "./attack.ts";
import type { AttackOptions, AttackStep } from "./attack-report.ts";
import type { LabFacts, Summary } from "./event.ts";
import type { AttackReport, LabJson } from "./lab-json.ts";
import { LeverError } from "./lever-error.ts";
import type { Member } from "./member.ts";
import { completeGroups, describePartitionProblem, type Groups } from "./partition.ts";
import { carryOut, type Bank } from "./payer.ts";
import type { Purse } from "./purse.ts";
import { minersOf, type Participant } from "./roster.ts";
import type { ServedLab } from "./routes.ts";
import { changeShares, describeSharesProblem, type Shares } from "./shares.ts";
import type { Timeline } from "./timeline.ts";
import { missingLinks, type Link } from "./topology.ts";
import type { PlannedPayment } from "./traffic.ts";
import { Witness } from "./witness.ts";

export type LabParts = {
  readonly version: string;
  readonly seed: string;
  readonly roster: readonly Participant[];
  readonly shares: Shares;
  /** Of all miners together, per second. */
  readonly hashrate: number;
  /** What every link takes, each way. */
  readonly latencyMs: number;
  readonly url: string;
  readonly token: string;
  readonly data: string;
  readonly timeline: Timeline;
  readonly purses: ReadonlyMap<string, Purse>;
};

/** The file in the lab's folder with what its levers ask for. */
export const tokenName = "token";
/** How long one line waits for the nodes that have not told yet. */
const settleMs = 500;
/** In which a block reaches everybody, with room to spare. */
const spreadMs = 1_500;
const settleIntervalMs = 100;
const agreementIntervalMs = 25;

const noAttack: AttackReport = { state: "none", steps: [], verdict: null, reason: null };

export class Lab implements ServedLab, Stage, Bank {
  readonly witness: Witness;
  readonly #parts: LabParts;
  readonly #members = new Map<string, Member>();
  readonly #links: Link[] = [];
  readonly #settling: NodeJS.Timeout;
  readonly #closing = new AbortController();
  #openedAtMs = Date.now();
  #shares: Shares;
  #partition: Groups | null = null;
  #report: AttackReport = noAttack;
  #attack: Promise<void> = Promise.resolve();

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#shares = parts.shares;
    const names = parts.roster.map(({ name }) => name);
    this.witness = new Witness(names, (facts, at) => parts.timeline.add(facts, at));
    this.#settling = setInterval(() => {
      this.witness.settle((Date.now() - settleMs) as Milliseconds);
    }, settleIntervalMs);
  }

  get token(): string {
    return this.#parts.token;
  }

  get tokenFile(): string {
    return join(this.#parts.data, tokenName);
  }

  get url(): string {
    return this.#parts.url;
  }

  get timelinePath(): string {
    return this.#parts.timeline.path;
  }

  get latencyMs(): number {
    return this.#parts.latencyMs;
  }

  get shares(): Shares {
    return this.#shares;
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  get links(): readonly Link[] {
    return this.#links;
  }

  get isPartitioned(): boolean {
    return this.#partition !== null;
  }

  memberNamed(name: string): Member | undefined {
    return this.#members.get(name);
  }

  purseOf(name: string): Purse {
    return present(this.#parts.purses.get(name), name);
  }

  clientOf(name: string): NodeClient {
    return new NodeClient(this.apiOf(name));
  }

  /** Where a node's REST API is. */
  apiOf(name: string): string {
    const api = this.#members.get(name)?.api;
    return typeof api === "string" ? api : `${this.#parts.url}/${name}/api`;
  }

  tell(facts: LabFacts): void {
    this.#parts.timeline.add(facts, Date.now() as Milliseconds);
  }

  // --- Its beginning -------------------------------------------------------------------------

  /** Takes a node in that has its first blocks; what it tells from now on is part of the story. */
  async admit(member: Member): Promise<void> {
    const { name } = member;
    this.#members.set(name, member);
    member.onFailure((reason) => this.tell({ type: "node-failed", node: name, reason }));
    const { tip, height } = await member.status();
    this.witness.placeTip(name, tip, height);
    member.onNews((news, isSecret) => {
      this.#parts.timeline.add({ type: "news", node: name, news }, news.at);
      this.witness.hear(name, news, isSecret);
    });
  }

  async connect(links: readonly Link[]): Promise<void> {
    await Promise.all(links.map((link) => this.#dial(link)));
    this.#links.push(...links);
  }

  /** Tells who is here, first of all. */
  tellStart(): void {
    this.#openedAtMs = Date.now();
    const { version, seed, url, hashrate, data, roster } = this.#parts;
    const nodes = roster.map(({ name, role }) => {
      const { peerId, listen } = this.#memberOf(name);
      const { words, key } = this.purseOf(name);
      const { address } = key;
      return { name, role, url: this.apiOf(name), peerId, listen, address, words };
    });
    const height = Math.max(...roster.map(({ name }) => this.witness.tipOf(name)?.height ?? 0));
    const facts = { version, network: "lab", seed, url, hashrate, height, data };
    const { shares, links, timelinePath: timeline } = this;
    this.tell({ type: "started", ...facts, nodes, shares, links, timeline });
  }

  async startMining(): Promise<void> {
    await this.#applyShares();
    const miners = minersOf(this.#parts.roster).map((name) => this.#memberOf(name));
    await Promise.all(
      miners.map((member) => member.mine(bytesToHex(this.purseOf(member.name).key.script))),
    );
  }

  async pay(payment: PlannedPayment): Promise<void> {
    const outcome = await carryOut(this, payment);
    if (outcome !== undefined && !this.#closing.signal.aborted) this.tell(outcome);
  }

  // --- Its levers ----------------------------------------------------------------------------

  async setShares(changes: Shares): Promise<void> {
    const changed = changeShares(this.#shares, changes);
    if (!changed.ok) throw new LeverError(describeSharesProblem(changed.problem));
    this.#shares = changed.value;
    await this.#applyShares();
    this.tell({ type: "shares", shares: this.#shares });
  }

  async #applyShares(): Promise<void> {
    await Promise.all(
      Object.entries(this.#shares).map(([name, share]) =>
        this.#memberOf(name).setHashrate(share * this.#parts.hashrate),
      ),
    );
  }

  /** Those that are in no group make one more. Each group stays connected in itself. */
  async partition(groups: Groups): Promise<void> {
    const names = [...this.#members.keys()];
    const completed = completeGroups(names, groups);
    if (!completed.ok) throw new LeverError(describePartitionProblem(completed.problem));
    const complete = completed.value;
    if (this.isPartitioned) await this.#unite();
    this.#partition = complete;
    await Promise.all(
      complete.flatMap((group) => {
        const strangers = this.members.filter(({ name }) => !group.includes(name));
        const peers = strangers.map(({ peerId }) => peerId);
        return group.map((name) => this.#memberOf(name).cut(peers));
      }),
    );
    await this.connect(complete.flatMap((group) => missingLinks(group, this.#links)));
    this.tell({ type: "partitioned", groups: complete });
  }

  async heal(): Promise<void> {
    if (!this.isPartitioned) throw new LeverError("The network is not partitioned.");
    await this.#unite();
    this.tell({ type: "healed" });
  }

  async #unite(): Promise<void> {
    this.#partition = null;
    await Promise.all(this.members.map((member) => member.heal()));
  }

  /** Returns at once; `attackReport` tells how it goes on. */
  beginAttack(options: AttackOptions): void {
    if (this.#report.state === "running") {
      throw new LeverError("An attack is under way; wait for its verdict.");
    }
    this.#report = { ...noAttack, state: "running" };
    this.#attack = this.#runAttack(options);
  }

  async #runAttack(options: AttackOptions): Promise<void> {
    const tell = (step: AttackStep): void => {
      this.#report = { ...this.#report, steps: [...this.#report.steps, step] };
      this.tell({ type: "attack", step });
    };
    const { signal } = this.#closing;
    try {
      const verdict = await attackLive(this, { options, tell, signal });
      this.#report = { ...this.#report, state: "ended", verdict };
      this.witness.settle(Infinity as Milliseconds); // the verdict comes after what it speaks of
      this.tell(verdict);
    } catch (error) {
      const reason = signal.aborted ? "the lab was closed" : messageOf(error);
      this.#report = { ...this.#report, state: "broken-off", reason };
      this.tell({ type: "attack", step: { type: "broken-off", reason } });
    }
  }

  attackReport(): AttackReport {
    return this.#report;
  }

  /** Resolves when the attack that is under way has ended, in whatever way. */
  async untilAttackEnded(): Promise<AttackReport> {
    await this.#attack;
    return this.#report;
  }

  async describe(): Promise<LabJson> {
    const { version, seed, hashrate, timeline } = this.#parts;
    const nodes = this.#parts.roster.map(async ({ name, role }) => {
      const member = this.#memberOf(name);
      const { height, tip, hashesPerSecond, peers } = await member.status();
      const share = this.#shares[name] ?? null;
      return {
        name,
        role,
        url: this.apiOf(name),
        peer_id: member.peerId,
        address: this.purseOf(name).key.address,
        share,
        hashrate: share === null ? null : share * hashrate,
        hashes_per_second: hashesPerSecond,
        height,
        tip,
        peers: this.members.filter(({ peerId }) => peers.includes(peerId)).map((each) => each.name),
      };
    });
    return {
      version,
      network: "lab",
      seed,
      hashrate,
      nodes: await Promise.all(nodes),
      partition: this.#partition,
      agreement: this.witness.isAgreed,
      attack: this.#report.state,
      timeline: timeline.path,
    };
  }

  // --- Its end -------------------------------------------------------------------------------

  /**
   * Lets the miners rest, and gives the last block time to reach everybody. Two rivals of equal
   * work would stay for ever: as long as there is patience, mining goes on until one has won.
   */
  async conclude(patienceMs: number): Promise<Summary> {
    clearInterval(this.#settling);
    this.#closing.abort();
    await this.#attack;
    const deadlineMs = Date.now() + patienceMs;
    await this.#rest();
    await this.untilAgreed(Math.min(patienceMs, spreadMs));
    while (!this.witness.isAgreed && !this.isPartitioned && Date.now() < deadlineMs) {
      await this.startMining();
      await this.untilAgreed(deadlineMs - Date.now());
      await this.#rest();
      await this.untilAgreed(Math.min(deadlineMs - Date.now(), spreadMs));
    }
    this.witness.settle(Infinity as Milliseconds);
    const summary = this.#summarise();
    this.tell(summary);
    return summary;
  }

  async #rest(): Promise<void> {
    await Promise.all(this.members.map((member) => member.mine(null).catch(() => undefined)));
  }

  /** Whether all honest nodes came to have one tip in that time. */
  async untilAgreed(patienceMs: number): Promise<boolean> {
    const deadlineMs = Date.now() + patienceMs;
    while (!this.witness.isAgreed && Date.now() < deadlineMs) await pause(agreementIntervalMs);
    return this.witness.isAgreed;
  }

  #summarise(): Summary {
    const best = this.witness.honest
      .map((name) => this.witness.tipOf(name))
      .reduce((highest, tip) => ((tip?.height ?? 0) > (highest?.height ?? 0) ? tip : highest));
    return {
      type: "summary",
      height: best?.height ?? 0,
      agreement: this.witness.isAgreed,
      nodes: this.#members.size,
      ...this.witness.counts,
      transactionsConfirmed: best === undefined ? 0 : this.witness.transactionsUpTo(best.hash),
      durationSeconds: Math.round((Date.now() - this.#openedAtMs) / 100) / 10,
      data: this.#parts.data,
      timeline: this.timelinePath,
    };
  }

  #memberOf(name: string): Member {
    return present(this.#members.get(name), name);
  }

  async #dial({ from, to }: Link): Promise<void> {
    const [address] = this.#memberOf(to).listen;
    if (address === undefined) throw new Error(`${to} listens nowhere`);
    const [caller, answerer] = [this.#memberOf(from), this.#memberOf(to)];
    const { latencyMs } = this;
    await Promise.all([
      caller.slowDown(answerer.peerId, latencyMs),
      answerer.slowDown(caller.peerId, latencyMs),
    ]);
    await caller.dial(address);
  }
}

function present<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new LeverError(`${name} is no node here, or is not ready yet.`);
  return found;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
