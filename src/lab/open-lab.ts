/** Opens a lab and closes it: folder, HTTP, nodes, first blocks, links, miners, payments. */

import "../io/platform/polyfill.ts";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Router } from "express";
import { attackerName } from "../attacks/record/participants.ts";
import { lab, type Params, regtest } from "../consensus/params.ts";
import type { Participant, Shares } from "../contract/network.ts";
import type { RegtestMining } from "../contract/regtest.ts";
import type { Summary } from "../contract/timeline.ts";
import { type ClaimedFolder, claimFolder } from "../io/disk/folder.ts";
import { readToken } from "../io/disk/token.ts";
import type { Access } from "../io/http/access.ts";
import { createApp } from "../io/http/app.ts";
import { pageRoutes } from "../io/http/page/page.ts";
import { type PortChoice, type RunningServer, serve } from "../io/http/server.ts";
import { MinerPool } from "../io/mining/miner-pool.ts";
import { readVersion } from "../io/platform/version.ts";
import { encodeBlock } from "../primitives/block.ts";
import type { Milliseconds } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { asError } from "../primitives/error-message.ts";
import type { HasherName } from "../primitives/hashing.ts";
import { createRandom } from "../primitives/random.ts";
import { Lab } from "./lab.ts";
import { mineFunding } from "./money/funding.ts";
import { NodeWallet } from "./money/node-wallet.ts";
import { planTraffic, Traffic } from "./money/traffic.ts";
import { LeverError } from "./nodes/lever-error.ts";
import { LocalMember, type Member, type MemberOptions, startMember } from "./nodes/member.ts";
import { makeEqualParticipants, makeParticipants, minersOf } from "./nodes/participants.ts";
import { startRemoteMember } from "./nodes/remote-member.ts";
import { changeShares, describeSharesProblem, equalShares } from "./nodes/shares.ts";
import { connectedLinks } from "./nodes/topology.ts";
import { faucetName } from "./regtest/chain-levers.ts";
import type { RegtestParts } from "./regtest/regtest-chain.ts";
import { sendAgain, type Snapshot } from "./regtest/snapshot.ts";
import { labRoutes, memberRoutes } from "./routes.ts";
import { Announcement } from "./running/announcement.ts";
import { labNameOf, newLabFolder, removeOldLabs, timelineName } from "./timeline/kept-labs.ts";
import { type LabListener, Timeline } from "./timeline/timeline.ts";

export type LabOptions = {
  /** For a lab on regtest instead of the network of labs. */
  readonly regtest?: RegtestOptions;
  readonly nodes: number;
  readonly seed: string;
  /** Of some miners; the others share the rest. */
  readonly shares: Shares;
  /** Of all miners together, per second. */
  readonly hashrate: number;
  /** Of every link, each way. Without it blocks arrive so fast that there are no forks. */
  readonly latencyMs: number;
  /** Payments a second; 0 for none. */
  readonly traffic: number;
  readonly apiPort: PortChoice;
  /** Who may ask the nodes' APIs beside programs and pages of this machine. */
  readonly access?: Access;
  /** A fresh temporary folder if it is missing. */
  readonly data?: string;
  readonly processes: "one" | "one-each";
  /** Whether commands find it without being told where it is: not one that ends with its attack. */
  readonly isAnnounced: boolean;
  readonly hasher?: HasherName;
  readonly onEvent: LabListener;
  /** Called with a failure that the lab has mended by itself. */
  readonly onWarning: (warning: Error) => void;
};

export type RegtestOptions = {
  readonly mining: RegtestMining;
  /** What the lab goes on from; its nodes and seed are those of the snapshot. */
  readonly snapshot?: Snapshot;
};

export const defaultNodes = 6;
export const defaultRegtestNodes = 3;
export const defaultHashrate = 40_000;
export const defaultTraffic = 2;
export const defaultLatencyMs = 80;

/** Whole coinbases that a faucet has at the start, beside its part of what is distributed. */
const faucetCoinbases = 10;

/** Where a node listened before it went down. */
type FormerPlace = Pick<MemberOptions, "listen" | "apiPort">;

/** A lab that runs until it is closed. */
export type OpenLab = {
  readonly lab: Lab;
  /**
   * Ends everything. What is worth keeping stays in the lab's folder.
   *
   * @param patienceMs how long the network may take to agree on its last block.
   */
  readonly close: (patienceMs: number) => Promise<Summary>;
};

/** @throws Error that says what is wrong and what to do; nothing is left running then. */
export async function openLab(options: LabOptions): Promise<OpenLab> {
  const resources = new LabResources(options);
  try {
    const lab = await resources.open();
    return { lab, close: (patienceMs) => resources.conclude(lab, patienceMs) };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

/** The parts of a lab that must be closed again, as far as they are open. */
class LabResources {
  readonly #options: LabOptions;
  readonly #params: Params;
  /** Of a lab on regtest. */
  readonly #faucet: NodeWallet | undefined;
  readonly #members: Member[] = [];
  #folder: ClaimedFolder | undefined;
  #timeline: Timeline | undefined;
  #server: RunningServer | undefined;
  #pool: MinerPool | undefined;
  #traffic: Traffic | undefined;
  readonly #announcement = new Announcement();
  #isReady = false;

  constructor(options: LabOptions) {
    this.#options = options;
    this.#params = options.regtest === undefined ? lab : regtest;
    this.#faucet = options.regtest && new NodeWallet(options.seed, faucetName, regtest);
  }

  async open(): Promise<Lab> {
    const { nodes, seed, hashrate, latencyMs, apiPort } = this.#options;
    const isRegtest = this.#options.regtest !== undefined;
    const participants = (isRegtest ? makeEqualParticipants : makeParticipants)(nodes);
    const shares = sharesOf(minersOf(participants), this.#options.shares);
    const folder = await this.#claim();
    const token = await readToken(folder);
    const timeline = await Timeline.open(join(folder.path, timelineName));
    this.#timeline = timeline;
    timeline.onEvent(this.#options.onEvent);
    const wallets = new Map(
      participants.map(({ name }) => [name, new NodeWallet(seed, name, this.#params)]),
    );
    const routes = Router();
    const app = createApp({
      routes: { "/": routes },
      ...(this.#options.access && { access: this.#options.access }),
      isReady: () => this.#isReady,
      onFailure: (error) => this.#options.onWarning(asError(error)),
    });

    this.#server = await serve(app, { port: apiPort });
    const { url, portNote } = this.#server;
    if (portNote !== undefined) this.#options.onWarning(new Error(portNote));
    const [version, data] = [readVersion(), folder.path];
    const choices = { params: this.#params, seed, participants, shares, hashrate, latencyMs };
    const regtestParts = this.#regtestParts();
    const startAgain = (former: Member): Promise<Member> => this.#startAgain(opened, former);
    const places = { url, token, data, timeline };
    const opened: Lab = new Lab({
      ...choices,
      ...places,
      ...(regtestParts && { regtest: regtestParts }),
      version,
      wallets,
      startAgain,
    });
    routes.use(pageRoutes({ kind: "lab", token }));
    routes.use("/lab", labRoutes(opened));
    routes.use(memberRoutes(opened));
    opened.recordOpening(); // the page asks for it
    await this.#announce(opened);
    await this.#populate(opened, participants, wallets);
    await this.#begin(opened, participants);
    return opened;
  }

  /** Nodes start while their first blocks are mined. */
  async #populate(
    opened: Lab,
    participants: readonly Participant[],
    wallets: ReadonlyMap<string, NodeWallet>,
  ): Promise<void> {
    const starting = participants.map(async ({ name }) => {
      this.#members.push(await this.#startMember(opened, name));
    });
    const { snapshot } = this.#options.regtest ?? {};
    const hexes = snapshot === undefined ? await this.#mineFunding(opened, wallets) : [];
    await allEnded(starting);
    const isNew = await this.#areAllNew();
    if (!isNew && snapshot !== undefined) {
      throw new LeverError(
        `${this.#folder?.path ?? ""} holds a lab: a snapshot needs a new folder.`,
      );
    }
    const places = participants.map(({ name }) => name);
    this.#members.sort((a, b) => places.indexOf(a.name) - places.indexOf(b.name));
    for (const member of this.#members) {
      if (isNew) await member.acceptBlocks(hexes);
      const saved = snapshot?.nodes.find(({ name }) => name === member.name);
      if (saved) await member.acceptBlocks(saved.blocks);
      await opened.admit(member);
      if (saved) await sendAgain(saved, opened.clientOf(member.name));
    }
    if (!isNew) await this.#requireCoins(opened, places);
  }

  /** On regtest there is no attacker: the faucet has most of the coins. */
  async #mineFunding(
    opened: Lab,
    wallets: ReadonlyMap<string, NodeWallet>,
  ): Promise<readonly string[]> {
    const faucet = this.#faucet;
    const blocks = await mineFunding({
      params: this.#params,
      wallets: [...(faucet ? [faucet] : []), ...wallets.values()],
      richest: faucet ?? opened.walletOf(attackerName),
      keptCoinbases: faucet ? faucetCoinbases : 0,
      now: Date.now() as Milliseconds,
    });
    return blocks.map((block) => bytesToHex(encodeBlock(block)));
  }

  #regtestParts(): RegtestParts | undefined {
    const { regtest: chosen, seed } = this.#options;
    if (chosen === undefined || this.#faucet === undefined) return undefined;
    const random = createRandom(seed, "lab").fork("miners");
    return { mining: chosen.mining, faucet: this.#faucet, random };
  }

  /** Wallets follow from the seed, and those of another seed never could pay. */
  async #requireCoins(opened: Lab, names: readonly string[]): Promise<void> {
    const { seed, nodes, onWarning } = this.#options;
    const poor: string[] = [];
    for (const name of names) {
      const { coins } = await opened.clientOf(name).coinPage(opened.walletOf(name).key.address);
      if (coins.length === 0) poor.push(name);
    }
    const data = this.#folder?.path ?? "";
    if (poor.length === names.length) {
      throw new Error(
        `The lab in ${data} was opened with another seed than "${seed}": none of its wallets ` +
          "has a coin there. Give that seed with --seed, or another folder with --data.",
      );
    }
    if (poor.length === 0) return;
    const reason = `the lab in ${data} may have been opened with fewer than ${nodes} nodes`;
    onWarning(new Error(`${poor.join(", ")} cannot pay, because they have no coins: ${reason}.`));
  }

  /** A lab that continues in the folder of an earlier one is funded already. */
  async #areAllNew(): Promise<boolean> {
    const states = await Promise.all(this.#members.map((member) => member.status()));
    return states.every(({ height }) => height === 0);
  }

  async #begin(opened: Lab, participants: readonly Participant[]): Promise<void> {
    const { seed, traffic } = this.#options;
    const random = createRandom(seed, "lab");
    const names = participants.map(({ name }) => name);
    const { partition = null } = this.#options.regtest?.snapshot ?? {};
    await opened.connect(connectedLinks(names, random.fork("links")), partition);
    opened.recordStart();
    await opened.startMining();
    if (traffic > 0) {
      const plan = planTraffic(names, traffic, random.fork("traffic"));
      this.#traffic = new Traffic(plan, (payment) => opened.pay(payment));
      this.#traffic.start();
    }
    this.#isReady = true;
    const apis = names.map((name) => [name, opened.apiOf(name)] as const);
    await this.#announcement.ready(Object.fromEntries(apis));
  }

  async #announce({ url, tokenFile, timelinePath: timeline }: Lab): Promise<void> {
    if (!this.#options.isAnnounced) return;
    const data = this.#folder?.path ?? "";
    const [name, network] = [labNameOf(data), this.#params.name];
    await this.#announcement.open({ kind: "lab", name, network, url, data, tokenFile, timeline });
  }

  async conclude(opened: Lab, patienceMs: number): Promise<Summary> {
    await this.#announcement.withdraw();
    const trafficEnded = this.#traffic?.stop();
    const summary = await opened.conclude(patienceMs);
    await trafficEnded;
    await this.close();
    return summary;
  }

  /** In the reverse order of opening; a part that cannot be closed does not keep others open. */
  async close(): Promise<void> {
    await this.#traffic?.stop();
    await this.#announcement.withdraw();
    await this.#server?.close();
    await Promise.allSettled(this.#members.map((member) => member.stop()));
    await this.#pool?.stop();
    try {
      await this.#timeline?.close();
    } finally {
      await this.#clear();
      await this.#folder?.release();
    }
  }

  async #claim(): Promise<ClaimedFolder> {
    const { data } = this.#options;
    if (data === undefined) await removeOldLabs();
    const path = data === undefined ? await newLabFolder() : resolve(data);
    this.#folder = await claimFolder(path);
    return this.#folder;
  }

  async #startMember(opened: Lab, name: string, where: FormerPlace = {}): Promise<Member> {
    const { seed, processes, hasher, access } = this.#options;
    const folder = join(this.#folder?.path ?? "", name);
    const options = {
      network: this.#params.name,
      name,
      seed,
      folder,
      ...where,
      ...(hasher && { hasher }),
      ...(access && { access }),
    };
    if (processes === "one-each") return startRemoteMember(options);
    // On regtest the lab makes the blocks: a thread that searches would find thousands a second.
    if (this.#options.regtest === undefined) this.#pool ??= this.#startPool(opened);
    return startMember(options, this.#pool);
  }

  /** At the addresses of the former one, so that people and other nodes still reach it. */
  async #startAgain(opened: Lab, former: Member): Promise<Member> {
    const { name, api } = former;
    const listen = former.listen.map((address) => address.split("/p2p/", 1).join());
    const apiPort = typeof api === "string" ? { apiPort: Number(new URL(api).port) } : {};
    const member = await this.#startMember(opened, name, { listen, ...apiPort });
    this.#members[this.#members.indexOf(former)] = member;
    return member;
  }

  /** One pool serves all miners, so that their hash rates keep the exact ratio of their shares. */
  #startPool(opened: Lab): MinerPool {
    const { hasher } = this.#options;
    return new MinerPool({
      threads: 1,
      ...(hasher && { hasher }),
      onSolved: (solved) => {
        const member = opened.memberNamed(solved.miner);
        if (member instanceof LocalMember) member.full.runner.solved(solved);
      },
      onError: this.#options.onWarning,
    });
  }

  /** Of a temporary folder only the timeline is kept, and nothing if the lab did not open. */
  async #clear(): Promise<void> {
    const path = this.#folder?.path;
    if (path === undefined || this.#options.data !== undefined) return;
    const names = this.#isReady ? this.#members.map(({ name }) => name) : [""];
    for (const name of names) await rm(join(path, name), { recursive: true, force: true });
  }
}

function sharesOf(miners: readonly string[], changes: Shares): Shares {
  const shares = changeShares(equalShares(miners), changes);
  if (!shares.ok) throw new LeverError(describeSharesProblem(shares.problem));
  return shares.value;
}

/** Waits for all, also if one fails: what starts late must be stopped, too. */
async function allEnded(promises: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(promises);
  await Promise.all(promises);
}
