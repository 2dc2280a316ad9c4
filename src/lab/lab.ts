/** A lab: a whole network on this machine, with wallets, payments, levers and a timeline. */

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type AttackOptions, attacks } from "../attacks/catalogue.ts";
import { payeeEntryName } from "../attacks/record/participants.ts";
import type { AttackReport } from "../contract/attacks.ts";
import type { LabJson, PaymentOrder } from "../contract/lab.ts";
import type { Groups, Link, Shares } from "../contract/network.ts";
import type { LabFacts, Summary } from "../contract/timeline.ts";
import { tokenName } from "../io/disk/token.ts";
import type { Elapsed, Milliseconds, Txid } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { messageOf } from "../primitives/error-message.ts";
import { NodeClient } from "../wallet/client.ts";
import type { AttackedLab } from "./attacks/attacked-lab.ts";
import { Campaign } from "./attacks/campaign.ts";
import { labJson } from "./lab-json.ts";
import type { LabParts } from "./lab-parts.ts";
import type { NodeWallet } from "./money/node-wallet.ts";
import { makeOrderedPayment, makePlannedPayment, type Wallets } from "./money/payer.ts";
import type { PlannedPayment } from "./money/traffic.ts";
import { LeverError } from "./nodes/lever-error.ts";
import { LeverQueue } from "./nodes/lever-queue.ts";
import { type LinkOrder, Links } from "./nodes/links.ts";
import type { Member } from "./nodes/member.ts";
import { Members } from "./nodes/members.ts";
import { type LabMiners, Miners } from "./nodes/miners.ts";
import { RegtestChain } from "./regtest/regtest-chain.ts";
import type { ServedLab } from "./routes.ts";
import { MeasurementPoll } from "./timeline/measurement-poll.ts";
import { NetworkObserver } from "./timeline/network-observer.ts";
import type { Timeline } from "./timeline/timeline.ts";

/** How long an event waits for the nodes that have not reported it. */
const pendingMsMax = 500;
/** Enough for a block to reach all nodes. */
const spreadMs = 1_500;
const pendingIntervalMs = 100;
const agreementIntervalMs = 25;

export class Lab implements ServedLab, AttackedLab, Wallets {
  readonly observer: NetworkObserver;
  readonly payeeEntry = payeeEntryName;
  readonly scriptOf = (name: string): Uint8Array => this.walletOf(name).key.script;
  readonly #parts: LabParts;
  readonly #members: Members;
  readonly #campaign: Campaign;
  readonly #links: Links;
  readonly #miners: LabMiners;
  readonly #regtest: RegtestChain | undefined;
  readonly #pendingTimer: NodeJS.Timeout;
  readonly #measurements: MeasurementPoll;
  readonly #closing = new AbortController();
  #openedAtMs = performance.now();
  readonly #levers = new LeverQueue();

  constructor(parts: LabParts) {
    this.#parts = parts;
    const names = parts.participants.map(({ name }) => name);
    this.#members = new Members(names);
    this.#links = new Links(names, parts.latencyMs, this.#members);
    this.observer = new NetworkObserver(names, (facts, at) => parts.timeline.add(facts, at));
    const miners = {
      members: this.#members,
      shares: parts.shares,
      hashrate: parts.hashrate,
      payToOf: (name: string) => bytesToHex(this.scriptOf(name)),
    };
    const record = (facts: LabFacts): void => this.record(facts);
    const common = { ...miners, links: this.#links, observer: this.observer, record };
    const levers = { wallets: this, queue: this.#levers, seed: parts.seed };
    this.#regtest = parts.regtest && new RegtestChain({ ...common, ...levers, ...parts.regtest });
    this.#miners = this.#regtest?.miners ?? new Miners(miners);
    this.#pendingTimer = setInterval(() => {
      this.observer.writePending((performance.now() - pendingMsMax) as Elapsed);
    }, pendingIntervalMs);
    this.#campaign = new Campaign({
      lab: this,
      tell: record,
      beforeVerdict: () => this.observer.writePending(Infinity as Elapsed),
      signal: this.#closing.signal,
    });
    this.#measurements = new MeasurementPoll({
      members: () => this.members,
      record,
    });
  }

  /** @throws LeverError if this lab is not on regtest. */
  get regtest(): RegtestChain {
    if (this.#regtest !== undefined) return this.#regtest;
    throw new LeverError(
      "Blocks cost work on this network: open a lab with `powlab lab --network regtest` for that.",
    );
  }

  get token(): string {
    return this.#parts.token;
  }

  get tokenFile(): string {
    return join(this.folder, tokenName);
  }

  get folder(): string {
    return this.#parts.data;
  }

  get url(): string {
    return this.#parts.url;
  }

  get timeline(): Timeline {
    return this.#parts.timeline;
  }

  get timelinePath(): string {
    return this.timeline.path;
  }

  get shares(): Shares {
    return this.#miners.shares;
  }

  /** Those that are up. */
  get members(): readonly Member[] {
    return this.#members.up;
  }

  get links(): readonly Link[] {
    return this.#links.links;
  }

  get isPartitioned(): boolean {
    return this.#links.partition !== null;
  }

  get names(): readonly string[] {
    return this.#members.names;
  }

  /** Undefined if it is down, not ready yet, or no node of this lab. */
  memberNamed(name: string): Member | undefined {
    return this.#members.upNamed(name);
  }

  walletOf(name: string): NodeWallet {
    const wallet = this.#parts.wallets.get(name);
    if (wallet === undefined)
      throw new LeverError(`${name} has no wallet: there is no such node here.`);
    return wallet;
  }

  clientOf(name: string): NodeClient {
    return new NodeClient(this.apiOf(name));
  }

  /** Where a node's REST API is. */
  apiOf(name: string): string {
    const { api } = this.#members.memberOf(name);
    return typeof api === "string" ? api : `${this.url}/${name}/api`;
  }

  record(facts: LabFacts): void {
    this.#parts.timeline.add(facts, Date.now() as Milliseconds);
  }

  // --- Start --------------------------------------------------------------------------------

  /** Adds a node that has its first blocks; from now on its news is recorded. */
  async admit(member: Member): Promise<void> {
    const { name } = member;
    this.#members.add(member);
    member.onFailure((reason) =>
      this.#markDown(member, { type: "node-failed", node: name, reason }),
    );
    const { tip, height, work } = await member.status();
    this.observer.setTip(name, tip, height);
    member.onNews((news, isSecret) => {
      if (this.memberNamed(name) !== member) return; // of a node that is ending or was replaced
      this.#parts.timeline.add({ type: "news", node: name, news }, news.at);
      this.observer.receive(name, news, isSecret, performance.now() as Elapsed);
      this.#regtest?.miners.noteNews(name, news);
    });
    const { peerId } = member;
    this.record({ type: "node-up", node: name, peerId, height, tip, work });
  }

  /** @param groups a partition in which the network begins. */
  async connect(links: readonly Link[], groups: Groups | null = null): Promise<void> {
    if (groups !== null) await this.#links.split(groups);
    await this.#links.connect(links);
  }

  /** Records what the lab will consist of: the first line of its timeline. */
  recordOpening(): void {
    const { params, version, seed, url, hashrate, latencyMs, participants: nodes } = this.#parts;
    const facts = { version, network: params.name, seed, url, hashrate, latencyMs };
    this.record({ type: "opening", ...facts, blockIntervalSeconds: params.spacingSeconds, nodes });
  }

  /** Records that all nodes are up and linked. */
  recordStart(): void {
    this.#openedAtMs = performance.now();
    this.#levers.open();
    const { params, version, seed, url, hashrate, data, participants } = this.#parts;
    const nodes = participants.map(({ name, role }) => {
      const { peerId, listen } = this.#members.memberOf(name);
      const { words, key } = this.walletOf(name);
      const { address } = key;
      return { name, role, url: this.apiOf(name), peerId, listen, address, words };
    });
    const height = Math.max(
      ...participants.map(({ name }) => this.observer.tipOf(name)?.height ?? 0),
    );
    const facts = { version, network: params.name, seed, url, hashrate, height, data };
    const { shares, links, timelinePath: timeline } = this;
    this.record({ type: "started", ...facts, nodes, shares, links, timeline });
  }

  startMining(): Promise<void> {
    return this.#miners.start();
  }

  async pay(payment: PlannedPayment): Promise<void> {
    const { from, to, via } = payment;
    if (![from, to, via].every((name) => this.#members.isUp(name))) return;
    const outcome = await makePlannedPayment(this, payment);
    if (outcome !== undefined && !this.#closing.signal.aborted) this.record(outcome);
  }

  // --- Levers --------------------------------------------------------------------------------

  async setShares(changes: Shares): Promise<void> {
    await this.#miners.setShares(changes);
    this.record({ type: "shares", shares: this.shares });
  }

  async partition(groups: Groups): Promise<void> {
    await this.#levers.run(async () => {
      const complete = await this.#links.split(groups);
      this.record({ type: "partitioned", groups: complete });
    });
  }

  async heal(): Promise<void> {
    await this.#levers.run(async () => {
      await this.#links.heal();
      await this.#regtest?.levers.untilHealed();
      this.record({ type: "healed" });
    });
  }

  async setLink(order: LinkOrder): Promise<void> {
    await this.#levers.run(async () => {
      this.record({ type: "link", ...(await this.#links.setLink(order)) });
    });
  }

  async crash(name: string): Promise<void> {
    await this.#levers.run(async () => {
      const member = this.#members.memberOf(name);
      if (!this.#members.isUp(name)) throw new LeverError(`${name} is down already; restart it.`);
      if (this.#campaign.participants.includes(name)) {
        throw new LeverError(`${name} takes part in the attack; crash it after the verdict.`);
      }
      this.#markDown(member, { type: "node-down", node: name });
      await member.crash();
    });
  }

  /** Starts a node again with what is on its disk, its links and its share. */
  async restart(name: string): Promise<void> {
    await this.#levers.run(async () => {
      const former = this.#members.memberOf(name);
      if (this.#members.isUp(name)) throw new LeverError(`${name} is up; crash it first.`);
      await this.admit(await this.#startAgain(former));
      await this.#links.rejoin(name);
      await this.#miners.startAgain(name);
    });
  }

  async #startAgain(former: Member): Promise<Member> {
    try {
      await former.stop(); // one that failed may not have ended yet
      return await this.#parts.startAgain(former);
    } catch (error) {
      throw new LeverError(`${former.name} does not start: ${messageOf(error)}. Try again.`);
    }
  }

  /** From now on the node counts as down. */
  #markDown(member: Member, facts: LabFacts): void {
    if (this.memberNamed(member.name) !== member) return;
    this.#members.markDown(member);
    this.observer.markDown(member.name);
    this.record(facts);
  }

  async makePayment(order: PaymentOrder): Promise<{ readonly txid: Txid; readonly via: string }> {
    this.#members.requireUp([order.from]);
    const paid = await makeOrderedPayment(this, order);
    this.record({ type: "payment", ...paid });
    return { txid: paid.txid, via: paid.via };
  }

  /** Returns at once; `attackReport` has its progress. */
  beginAttack(options: AttackOptions): void {
    if (this.#regtest !== undefined) {
      throw new LeverError(
        "Attacks race by hash power, which regtest has none of: use `powlab lab`.",
      );
    }
    this.#members.requireUp(attacks[options.type].participants);
    this.#campaign.begin(options);
  }

  endAttack(): Promise<void> {
    return this.#campaign.end();
  }

  attackReport(): AttackReport {
    return this.#campaign.report;
  }

  /** Resolves when the attack that is under way has ended, in whatever way. */
  async untilAttackEnded(): Promise<AttackReport> {
    await this.#campaign.ended;
    return this.attackReport();
  }

  describe(): Promise<LabJson> {
    return labJson({
      ...this.#parts,
      network: this.#parts.params.name,
      timelinePath: this.timelinePath,
      members: this.#members,
      miners: this.#miners,
      links: this.#links,
      observer: this.observer,
      attack: this.attackReport().state,
      addressOf: (name) => this.walletOf(name).key.address,
      apiOf: (name) => this.apiOf(name),
    });
  }

  // --- End -----------------------------------------------------------------------------------

  /**
   * Stops mining and gives the last block time to reach all nodes. Two branches of equal work would
   * stay for ever, so mining goes on until one has won, or `patienceMs` have passed.
   */
  async conclude(patienceMs: number): Promise<Summary> {
    clearInterval(this.#pendingTimer);
    this.#measurements.stop();
    this.#closing.abort();
    await this.#levers.close();
    await this.#campaign.ended;
    const deadlineMs = performance.now() + patienceMs;
    await this.#miners.stop();
    await this.untilAgreed(Math.min(patienceMs, spreadMs));
    while (!this.observer.isAgreed && this.#links.isWhole && performance.now() < deadlineMs) {
      await this.#miners.start();
      await this.untilAgreed(deadlineMs - performance.now());
      await this.#miners.stop();
      await this.untilAgreed(Math.min(deadlineMs - performance.now(), spreadMs));
    }
    this.observer.writePending(Infinity as Elapsed);
    const summary = this.#summarise();
    this.record(summary);
    return summary;
  }

  /** Whether all honest nodes came to have one tip in that time. */
  async untilAgreed(patienceMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + patienceMs;
    while (!this.observer.isAgreed && performance.now() < deadlineMs)
      await pause(agreementIntervalMs);
    return this.observer.isAgreed;
  }

  #summarise(): Summary {
    const tips = this.observer.honest.flatMap((name) => this.observer.tipOf(name) ?? []);
    const [best] = tips.sort((a, b) => b.height - a.height);
    return {
      type: "summary",
      height: best?.height ?? 0,
      agreement: this.observer.isAgreed,
      nodes: this.#parts.participants.length,
      ...this.observer.counts,
      transactionsConfirmed: best === undefined ? 0 : this.observer.transactionsUpTo(best.hash),
      durationSeconds: Math.round((performance.now() - this.#openedAtMs) / 100) / 10,
      data: this.#parts.data,
      timeline: this.timelinePath,
    };
  }
}
