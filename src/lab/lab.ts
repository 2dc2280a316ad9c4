/** A lab: a whole network on this machine, with purses, payments, levers and a timeline. */

import type { AttackOptions, AttackReport } from "../contract/attacks.ts";
import type { LabJson, LabNodeJson, PaymentOrder } from "../contract/lab.ts";
import type { Groups, Link, Participant, Shares } from "../contract/network.ts";
import type { LabFacts, Summary } from "../contract/timeline.ts";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lab as params } from "../consensus/params.ts";
import type { Milliseconds, Txid } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { NodeClient } from "../wallet/client.ts";
import { Campaign } from "./attacks/campaign.ts";
import { Crew } from "./nodes/crew.ts";
import { LeverError } from "./lever-error.ts";
import type { Member, MemberStatus } from "./nodes/member.ts";
import { Meter } from "./timeline/meter.ts";
import { carryOut, payOrder, type Bank } from "./money/payer.ts";
import type { Purse } from "./money/purse.ts";
import { castOf, minersOf } from "./nodes/roster.ts";
import type { ServedLab } from "./routes.ts";
import { changeShares, describeSharesProblem } from "./nodes/shares.ts";
import type { Stage } from "./attacks/stage.ts";
import type { Timeline } from "./timeline/timeline.ts";
import type { PlannedPayment } from "./money/traffic.ts";
import { Wiring, type LinkOrder } from "./nodes/wiring.ts";
import { Witness } from "./timeline/witness.ts";

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
  /** Starts a node again from its own folder, where the former one listened. */
  readonly startAgain: (former: Member) => Promise<Member>;
};

/** The file in the lab's folder with what its levers ask for. */
export const tokenName = "token";
/** How long one line waits for the nodes that have not told yet. */
const settleMs = 500;
/** In which a block reaches everybody, with room to spare. */
const spreadMs = 1_500;
const settleIntervalMs = 100;
const agreementIntervalMs = 25;

export class Lab implements ServedLab, Stage, Bank {
  readonly witness: Witness;
  readonly #parts: LabParts;
  readonly #crew: Crew;
  readonly #campaign: Campaign;
  readonly #wiring: Wiring;
  readonly #settling: NodeJS.Timeout;
  readonly #meter: Meter;
  readonly #closing = new AbortController();
  #openedAtMs = Date.now();
  #shares: Shares;
  #isStarted = false;
  /** Ends when the last one has done its work. */
  #levers: Promise<unknown> = Promise.resolve();

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#shares = parts.shares;
    const names = parts.roster.map(({ name }) => name);
    this.#crew = new Crew(names);
    this.#wiring = new Wiring(names, parts.latencyMs, this.#crew);
    this.witness = new Witness(names, (facts, at) => parts.timeline.add(facts, at));
    this.#settling = setInterval(() => {
      this.witness.settle((Date.now() - settleMs) as Milliseconds);
    }, settleIntervalMs);
    this.#campaign = new Campaign({
      stage: this,
      tell: (facts) => this.tell(facts),
      beforeVerdict: () => this.witness.settle(Infinity as Milliseconds),
      signal: this.#closing.signal,
    });
    this.#meter = new Meter({
      members: () => this.members,
      tell: (facts) => this.tell(facts),
    });
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

  get timeline(): Timeline {
    return this.#parts.timeline;
  }

  get timelinePath(): string {
    return this.timeline.path;
  }

  get shares(): Shares {
    return this.#shares;
  }

  /** Those that are up. */
  get members(): readonly Member[] {
    return this.#crew.up;
  }

  get links(): readonly Link[] {
    return this.#wiring.links;
  }

  get isPartitioned(): boolean {
    return this.#wiring.partition !== null;
  }

  get names(): readonly string[] {
    return this.#crew.names;
  }

  /** Undefined if it is down, not ready yet, or nobody. */
  memberNamed(name: string): Member | undefined {
    return this.#crew.upNamed(name);
  }

  purseOf(name: string): Purse {
    const purse = this.#parts.purses.get(name);
    if (purse === undefined) throw new LeverError(`${name} has no purse: it is no node here.`);
    return purse;
  }

  clientOf(name: string): NodeClient {
    return new NodeClient(this.apiOf(name));
  }

  /** Where a node's REST API is. */
  apiOf(name: string): string {
    const { api } = this.#crew.memberOf(name);
    return typeof api === "string" ? api : `${this.url}/${name}/api`;
  }

  tell(facts: LabFacts): void {
    this.#parts.timeline.add(facts, Date.now() as Milliseconds);
  }

  // --- Its beginning -------------------------------------------------------------------------

  /** Takes a node in that has its first blocks; what it tells from now on is part of the story. */
  async admit(member: Member): Promise<void> {
    const { name } = member;
    this.#crew.add(member);
    member.onFailure((reason) => this.#lose(member, { type: "node-failed", node: name, reason }));
    const { tip, height, work } = await member.status();
    this.witness.placeTip(name, tip, height);
    member.onNews((news, isSecret) => {
      if (this.memberNamed(name) !== member) return; // what it does while it ends is nobody's news
      this.#parts.timeline.add({ type: "news", node: name, news }, news.at);
      this.witness.hear(name, news, isSecret);
    });
    const { peerId } = member;
    this.tell({ type: "node-up", node: name, peerId, height, tip, work });
  }

  connect(links: readonly Link[]): Promise<void> {
    return this.#wiring.connect(links);
  }

  /** Tells what it is going to be, first of all. */
  tellOpening(): void {
    const { version, seed, url, hashrate, latencyMs, roster: nodes } = this.#parts;
    const facts = { version, network: params.name, seed, url, hashrate, latencyMs };
    this.tell({ type: "opening", ...facts, blockIntervalSeconds: params.spacingSeconds, nodes });
  }

  /** Tells that all are here. */
  tellStart(): void {
    this.#openedAtMs = Date.now();
    this.#isStarted = true;
    const { version, seed, url, hashrate, data, roster } = this.#parts;
    const nodes = roster.map(({ name, role }) => {
      const { peerId, listen } = this.#crew.memberOf(name);
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
    const miners = minersOf(this.#parts.roster);
    await this.#crew.ask(miners, (miner) => miner.mine(this.#rewardOf(miner.name)));
  }

  /** An output script as hex. */
  #rewardOf(name: string): string {
    return bytesToHex(this.purseOf(name).key.script);
  }

  async pay(payment: PlannedPayment): Promise<void> {
    const { from, to, via } = payment;
    if (![from, to, via].every((name) => this.#crew.isUp(name))) return;
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
    const miners = Object.keys(this.#shares);
    await this.#crew.ask(miners, (miner) => miner.setHashrate(this.#budgetOf(miner.name) ?? 0));
  }

  /** What it may hash a second; null if it does not mine. */
  #budgetOf(name: string): number | null {
    const share = this.#shares[name];
    return share === undefined ? null : share * this.#parts.hashrate;
  }

  async partition(groups: Groups): Promise<void> {
    await this.#pull(async () => {
      const complete = await this.#wiring.part(groups);
      this.tell({ type: "partitioned", groups: complete });
    });
  }

  async heal(): Promise<void> {
    await this.#pull(async () => {
      await this.#wiring.heal();
      this.tell({ type: "healed" });
    });
  }

  async setLink(order: LinkOrder): Promise<void> {
    await this.#pull(async () => {
      this.tell({ type: "link", ...(await this.#wiring.setLink(order)) });
    });
  }

  async crash(name: string): Promise<void> {
    await this.#pull(async () => {
      const member = this.#crew.memberOf(name);
      if (!this.#crew.isUp(name)) throw new LeverError(`${name} is down already; restart it.`);
      if (this.#campaign.cast.includes(name)) {
        throw new LeverError(`${name} takes part in the attack; crash it after the verdict.`);
      }
      this.#lose(member, { type: "node-down", node: name });
      await member.crash();
    });
  }

  /** As it was, from what is on its disk. */
  async restart(name: string): Promise<void> {
    await this.#pull(async () => {
      const former = this.#crew.memberOf(name);
      if (this.#crew.isUp(name)) throw new LeverError(`${name} is up; crash it first.`);
      await this.admit(await this.#startAgain(former));
      await this.#wiring.rejoin(name);
      const budget = this.#budgetOf(name);
      if (budget === null) return;
      await this.#crew.memberOf(name).setHashrate(budget);
      await this.#crew.memberOf(name).mine(this.#rewardOf(name));
    });
  }

  async #startAgain(former: Member): Promise<Member> {
    try {
      await former.stop(); // one that failed may still be about to
      return await this.#parts.startAgain(former);
    } catch (error) {
      throw new LeverError(`${former.name} does not start: ${messageOf(error)}. Try again.`);
    }
  }

  /** From now on nobody counts on this node. */
  #lose(member: Member, facts: LabFacts): void {
    if (this.memberNamed(member.name) !== member) return;
    this.#crew.lose(member);
    this.witness.lose(member.name);
    this.tell(facts);
  }

  /** One lever at a time: each finds the network as the one before has left it. */
  async #pull(act: () => Promise<void>): Promise<void> {
    const pulled = this.#levers.then(() => {
      if (this.#closing.signal.aborted) throw new LeverError("The lab is closing.");
      if (!this.#isStarted) throw new LeverError("The lab is opening; try again in a moment.");
      return act();
    });
    this.#levers = pulled.catch(() => undefined);
    await pulled;
  }

  async makePayment(order: PaymentOrder): Promise<{ readonly txid: Txid; readonly via: string }> {
    this.#crew.demandUp([order.from]);
    const paid = await payOrder(this, order);
    this.tell({ type: "payment", ...paid });
    return { txid: paid.txid, via: paid.via };
  }

  /** Returns at once; `attackReport` tells how it goes on. */
  beginAttack(options: AttackOptions): void {
    this.#crew.demandUp(castOf(options.type));
    this.#campaign.begin(options);
  }

  attackReport(): AttackReport {
    return this.#campaign.report;
  }

  /** Resolves when the attack that is under way has ended, in whatever way. */
  async untilAttackEnded(): Promise<AttackReport> {
    await this.#campaign.ended;
    return this.attackReport();
  }

  async describe(): Promise<LabJson> {
    const { version, seed, hashrate, timeline, roster } = this.#parts;
    return {
      version,
      network: "lab",
      seed,
      hashrate,
      nodes: await Promise.all(roster.map((participant) => this.#describeNode(participant))),
      partition: this.#wiring.partition,
      agreement: this.witness.isAgreed,
      attack: this.attackReport().state,
      timeline: timeline.path,
    };
  }

  async #describeNode({ name, role }: Participant): Promise<LabNodeJson> {
    const { peerId } = this.#crew.memberOf(name);
    const { height, tip, hashesPerSecond, peers } = await this.#statusOf(name);
    return {
      name,
      role,
      url: this.apiOf(name),
      peerId,
      address: this.purseOf(name).key.address,
      isUp: this.#crew.isUp(name),
      share: this.#shares[name] ?? null,
      hashrate: this.#budgetOf(name),
      hashesPerSecond,
      height,
      tip,
      peers: this.members.filter((each) => peers.includes(each.peerId)).map((each) => each.name),
    };
  }

  /** Of a node that is down: where it stood when it was last heard of. */
  async #statusOf(name: string): Promise<Omit<MemberStatus, "work">> {
    const member = this.memberNamed(name);
    try {
      if (member !== undefined) return await member.status();
    } catch (error) {
      if (this.memberNamed(name) === member) throw error;
    }
    const stand = this.witness.tipOf(name);
    if (stand === undefined) throw new LeverError(`${name} is not ready yet; try again.`);
    return { height: stand.height, tip: stand.hash, hashesPerSecond: 0, peers: [] };
  }

  // --- Its end -------------------------------------------------------------------------------

  /**
   * Lets the miners rest, and gives the last block time to reach everybody. Two rivals of equal
   * work would stay for ever: as long as there is patience, mining goes on until one has won.
   */
  async conclude(patienceMs: number): Promise<Summary> {
    clearInterval(this.#settling);
    this.#meter.stop();
    this.#closing.abort();
    await this.#levers;
    await this.#campaign.ended;
    const deadlineMs = Date.now() + patienceMs;
    await this.#rest();
    await this.untilAgreed(Math.min(patienceMs, spreadMs));
    while (!this.witness.isAgreed && this.#wiring.isWhole && Date.now() < deadlineMs) {
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
    const tips = this.witness.honest.flatMap((name) => this.witness.tipOf(name) ?? []);
    const [best] = tips.sort((a, b) => b.height - a.height);
    return {
      type: "summary",
      height: best?.height ?? 0,
      agreement: this.witness.isAgreed,
      nodes: this.#parts.roster.length,
      ...this.witness.counts,
      transactionsConfirmed: best === undefined ? 0 : this.witness.transactionsUpTo(best.hash),
      durationSeconds: Math.round((Date.now() - this.#openedAtMs) / 100) / 10,
      data: this.#parts.data,
      timeline: this.timelinePath,
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
