/**
 * Proof of work as a key-value store: full nodes that all mine, and clients whose writes are
 * transactions. A write is answered when its transaction is in a block of the node that was asked;
 * a read is answered at once from that node's active branch.
 */

import { createByzantine } from "../../attacks/byzantine/byzantine.ts";
import { regtest } from "../../consensus/params.ts";
import type { News } from "../../node/news.ts";
import type { PeerId, Txid } from "../../primitives/brand.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import { unreachable } from "../../primitives/verdict.ts";
import {
  type Answer,
  type Command,
  type RequestId,
  valueAt,
} from "../../protocols/process/key-value.ts";
import type { ChainHost, ChainKind } from "../chain-world/chain-host.ts";
import { ChainWorld, defaultStart, hashrateOf } from "../chain-world/chain-world.ts";
import { fakeSigner, fakeVerifier } from "../chain-world/fake-signature.ts";
import { type HeadStart, mineHeadStart } from "../chain-world/head-start.ts";
import { SimulatedWallet } from "../chain-world/simulated-wallet.ts";
import type { Clock } from "../engine/clock.ts";
import { FaultInjector } from "../engine/fault-injector.ts";
import type { Links } from "../engine/links.ts";
import type { Strike } from "../engine/strike.ts";
import { peerName, type Roles } from "../engine/world.ts";
import type { ClientTimes } from "../process-world/client.ts";
import type { AnswerListener } from "../process-world/parcel.ts";
import type { ProcessNetwork } from "../process-world/process-world.ts";
import { BranchLedger } from "./branch-ledger.ts";
import { type CapFault, type Lie, Lies } from "./cap-fault.ts";
import { DataWallet } from "./data-wallet.ts";
import { partOf } from "./parts.ts";
import { type CapSystem, type Held, nameOfWrite, type TakenBack } from "./system.ts";

/** Between two blocks of the whole network, in the mean: so many of the longest one-way delays. */
const spacingDelays = 50;
/** Clients wait so many mean block spacings of their own part. */
const patienceSpacings = 30;
/** Then a client hands in its transaction again, in spacings of the whole network. */
const retrySpacings = 5;
const thinkMeanMs = 100;
const coinsEach = 16;

/** A miner is what leads here: all are equal, and the first of those that run is taken. */
class CapChainWorld extends ChainWorld {
  override readonly roles = {
    "richest-miner": () => this.#running[0],
    leader: () => this.#running[0],
    coordinator: () => this.#running[0],
    follower: () => this.#running[1],
  } satisfies Roles;

  get #running(): readonly PeerId[] {
    return this.hosts.filter(({ isRunning }) => isRunning).map(({ name }) => name);
  }
}

type Asked = {
  readonly id: RequestId;
  readonly transaction: Transaction;
  readonly txid: Txid;
  readonly beside: PeerId;
  /** As `key value`. */
  readonly write: string;
};

export class ChainSystem implements CapSystem {
  readonly names: readonly PeerId[];
  readonly leader = undefined;
  readonly spacingMs: number;
  readonly times: ClientTimes;
  readonly patience: string;
  readonly #world: CapChainWorld;
  readonly #network: ProcessNetwork;
  readonly #random: Random;
  readonly #headStart: HeadStart;
  readonly #miners: SimulatedWallet;
  readonly #wallets: ReadonlyMap<string, DataWallet>;
  readonly #ledgers: ReadonlyMap<PeerId, BranchLedger>;
  readonly #asked = new Map<string, Asked>();
  readonly #byTxid = new Map<Txid, Asked>();
  readonly #answered = new Set<Txid>();
  readonly #takenBack = new Set<Txid>();
  readonly #listeners: AnswerListener[] = [];
  #depth = 0;

  /** @param clients the names of those that will ask. */
  constructor(seed: number | string, network: ProcessNetwork, clients: readonly string[]) {
    this.#random = createRandom(seed).fork("chain");
    this.#network = network;
    this.names = network.names.map(peerName);
    this.spacingMs =
      spacingDelays * Math.max(...network.conditions.map((each) => each.latencyMinMs), 1);
    const retryMs = retrySpacings * this.spacingMs;
    this.times = { thinkMeanMs, retryMs, timeoutMs: patienceSpacings * this.spacingMs };
    this.patience =
      `${patienceSpacings} mean block spacings of their own part, ` +
      `${this.times.timeoutMs / 1000} s in the whole network`;
    const owners = clients.map((name) => new SimulatedWallet(this.#random.fork(name), fakeSigner));
    this.#miners = new SimulatedWallet(this.#random.fork("miners"), fakeSigner);
    this.#headStart = mineHeadStart({
      params: regtest,
      verifier: fakeVerifier,
      start: defaultStart,
      rich: owners.flatMap(({ script }) => Array.from({ length: coinsEach }, () => script)),
      rest: this.#miners.script,
    });
    const { coins, height } = this.#headStart;
    this.#wallets = new Map(
      owners.map((owner, at) => {
        const own = coins.slice(at * coinsEach, (at + 1) * coinsEach);
        return [clients[at] as string, new DataWallet(owner, own)];
      }),
    );
    this.#ledgers = new Map(this.names.map((name) => [name, new BranchLedger(height)]));
    this.#world = new CapChainWorld({ seed, verifier: fakeVerifier, params: regtest });
  }

  get clock(): Clock {
    return this.#world.clock;
  }

  get links(): Links {
    return this.#world.links;
  }

  begin(): void {
    const { records } = this.#headStart;
    const hashrate = hashrateOf(1 / this.names.length, this.spacingMs, regtest);
    this.#world.onNews((name, news) => this.#follow(name, news));
    for (const name of this.names) {
      this.#world.add(name, { records, hashrate, payTo: this.#miners.script });
    }
    const { edges, conditions } = this.#network;
    for (const [position, [a, b]] of edges.entries()) {
      this.#world.connect(this.names[a] as string, this.names[b] as string, conditions[position]);
    }
  }

  schedule(faults: readonly CapFault[], onStrike: (strike: Strike<CapFault>) => void): void {
    const lies = new Lies<ChainKind, ChainHost>((name) => {
      return createByzantine("invalid-blocks", this.#random.fork(`lies of ${name}`));
    });
    const extension = lies;
    new FaultInjector<ChainKind, ChainHost, Lie>(this.#world, { onStrike, extension }).schedule(
      faults,
    );
  }

  runFor(durationMs: number): void {
    this.#world.runFor(durationMs);
  }

  runUntil(isSo: () => boolean, durationMs: number): boolean {
    return this.#world.runUntil(isSo, durationMs);
  }

  isRunning(name: PeerId): boolean {
    return this.#world.host(name).isRunning;
  }

  /** Longer where fewer miners are left. */
  readonly patienceMsOf = (beside: PeerId): number => {
    const part = partOf(beside, this.links, (name) => this.isRunning(name));
    return (this.times.timeoutMs * this.names.length) / Math.max(1, part.length);
  };

  onAnswer(listener: AnswerListener): void {
    this.#listeners.push(listener);
  }

  request(beside: PeerId, id: RequestId, command: Command): void {
    const host = this.#world.host(beside);
    if (!host.isRunning || host.isPaused || host.store.isDamaged) return;
    const ledger = this.#ledgers.get(beside) as BranchLedger;
    if (command.type === "read") {
      this.#tell(id, { type: "read", value: valueAt(ledger.state, command.key) }, beside);
      return;
    }
    const asked = this.#askedFor(id, command, beside);
    const answer = ledger.answerTo(asked.txid);
    if (answer !== undefined) this.#answer(asked, answer);
    else if (!host.node.mempool.has(asked.txid)) {
      host.command({ type: "submit-transaction", transaction: asked.transaction });
    }
  }

  heldBy(name: PeerId): Held | undefined {
    if (!this.isRunning(name)) return undefined;
    const { hashes } = this.#ledgers.get(name) as BranchLedger;
    return { type: "prefix", first: 1, cells: hashes };
  }

  /** In the end, by the branch of the first node that runs. */
  get takenBack(): TakenBack {
    const judge = this.names.find((name) => this.isRunning(name));
    const ledger = judge && this.#ledgers.get(judge);
    const gone = [...this.#takenBack].filter((txid) => ledger?.answerTo(txid) === undefined);
    const writes = [...this.#takenBack].flatMap((txid) => this.#byTxid.get(txid)?.write ?? []);
    return { writes, gone: gone.length, depth: this.#depth };
  }

  /** The same request is the same transaction, however often it is asked. */
  #askedFor(id: RequestId, command: Command, beside: PeerId): Asked {
    const name = `${id.client}/${id.number}`;
    const known = this.#asked.get(name);
    if (known !== undefined) return known;
    const [owner = ""] = id.client.split(".");
    const transaction = (this.#wallets.get(owner) as DataWallet).pay(id, command);
    const asked = { id, transaction, txid: txidOf(transaction), beside, write: writeOf(command) };
    this.#asked.set(name, asked);
    this.#byTxid.set(asked.txid, asked);
    return asked;
  }

  #follow(name: PeerId, news: News): void {
    if (news.type !== "tip-extended" && news.type !== "reorganised") return;
    if (news.type === "reorganised") this.#depth = Math.max(this.#depth, news.back.length);
    const ledger = this.#ledgers.get(name) as BranchLedger;
    const { left, entered } = ledger.follow(this.#world.node(name).chain);
    for (const txid of left) {
      if (this.#answered.has(txid) && this.#byTxid.get(txid)?.beside === name)
        this.#takenBack.add(txid);
    }
    for (const txid of entered) {
      const asked = this.#byTxid.get(txid);
      const answer = ledger.answerTo(txid);
      if (asked?.beside === name && answer !== undefined) this.#answer(asked, answer);
    }
  }

  /** Once: what enters another branch later was answered before. */
  #answer({ id, txid, beside }: Asked, answer: Answer): void {
    if (this.#answered.has(txid)) return;
    this.#answered.add(txid);
    this.#tell(id, answer, beside);
  }

  #tell(id: RequestId, answer: Answer, at: PeerId): void {
    for (const listener of this.#listeners) listener(id, answer, at);
  }
}

function writeOf(command: Command): string {
  switch (command.type) {
    case "write":
      return nameOfWrite(command.key, command.value);
    case "compare-and-set":
      return nameOfWrite(command.key, command.to);
    case "read":
    case "propose":
      return "";
    default:
      return unreachable(command);
  }
}
