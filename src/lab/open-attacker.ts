/** An attacker that joins nodes which run already: its node, its miner, and a coin to pay with. */

import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { AttackOptions } from "../attacks/catalogue.ts";
import { attackerName, shopName } from "../attacks/record/participants.ts";
import { type NetworkName, networkNames, type Params, paramsOf } from "../consensus/params.ts";
import type { AttackReport } from "../contract/attacks.ts";
import type { LabFacts } from "../contract/timeline.ts";
import { type ClaimedFolder, claimFolder } from "../io/disk/folder.ts";
import { MinerPool } from "../io/mining/miner-pool.ts";
import { readVersion } from "../io/platform/version.ts";
import { describeAddressProblem, scriptOfAddress } from "../primitives/address.ts";
import type { Elapsed, Milliseconds } from "../primitives/brand.ts";
import { bytesToHex } from "../primitives/bytes.ts";
import { counted, percent } from "../primitives/figures.ts";
import type { HasherName } from "../primitives/hashing.ts";
import { NodeClient } from "../wallet/client.ts";
import { Campaign } from "./attacks/campaign.ts";
import { estimateHashrate } from "./attacks/hashrate-estimate.ts";
import { JoinedNetwork } from "./attacks/joined-network.ts";
import { NodeWallet } from "./money/node-wallet.ts";
import { LeverError } from "./nodes/lever-error.ts";
import { type LocalMember, startMember } from "./nodes/member.ts";
import { newLabFolder, removeOldLabs, timelineName } from "./timeline/kept-labs.ts";
import { type LabListener, Timeline } from "./timeline/timeline.ts";

export type AttackerOptions = {
  /** The multiaddr of a node of the network. */
  readonly connect: string;
  /** The REST API of the shop's node. */
  readonly shop: string;
  /** An address of the shop's wallet; the one that its node mines for if it is missing. */
  readonly payTo?: string;
  /** Of all hash power, the attacker's own included. */
  readonly share: number;
  /** The attacker's hashes a second, in place of the share. */
  readonly hashrate?: number;
  /** Its key and its identity follow from this text, so it finds coins of an earlier run again. */
  readonly seed: string;
  readonly hasher?: HasherName;
  /** Breaks the opening off. */
  readonly signal: AbortSignal;
  readonly onEvent: LabListener;
  /** Called with sentences about what it does before it attacks. */
  readonly onNote: (note: string) => void;
  readonly onWarning: (warning: Error) => void;
};

const lookIntervalMs = 200;
const joiningMsMax = 60_000;
const coinMsMax = 10 * 60_000;
/** Then the speed of the miner is known. */
const measuringMs = 4_000;
/** A miner that reaches less than this part of what it may hash is too slow for it. */
const reachedMin = 0.9;

export type OpenAttacker = {
  /** Returns at once. */
  readonly begin: (options: AttackOptions) => void;
  /** Resolves when the attack has ended, in whatever way. */
  readonly untilEnded: () => Promise<AttackReport>;
  /** Ends everything; the timeline stays. */
  readonly close: () => Promise<void>;
};

/**
 * Opens only the attacker; it mines in public until it has a coin to pay with.
 *
 * @throws LeverError if an address is not on this machine, or the network is too young to attack.
 * @throws NodeUnreachableError if the shop's node does not answer.
 */
export async function openAttacker(options: AttackerOptions): Promise<OpenAttacker> {
  for (const address of [options.shop, options.connect]) requireThisMachine(address);
  const resources = new AttackerResources(options);
  try {
    return await resources.open();
  } catch (error) {
    await resources.close();
    throw error;
  }
}

const ownHosts: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];
const ownMultiaddr =
  /^\/(ip4\/127(\.\d{1,3}){3}|ip6\/::1|dns[46]?\/localhost)\/tcp\/\d+(\/p2p\/\w+)?$/;

/**
 * @param address a URL or a multiaddr.
 * @throws LeverError that names an address of another machine.
 */
export function requireThisMachine(address: string): void {
  if (ownMultiaddr.test(address)) return;
  if (URL.canParse(address) && ownHosts.includes(new URL(address).hostname)) return;
  throw new LeverError(
    `${address} is no address of this machine: powlab attacks nodes at 127.0.0.1, ::1 or ` +
      "localhost only.",
  );
}

/** The parts that must be closed again, as far as they are open. */
class AttackerResources {
  readonly #options: AttackerOptions;
  readonly #closing = new AbortController();
  #folder: ClaimedFolder | undefined;
  #timeline: Timeline | undefined;
  #pool: MinerPool | undefined;
  #attacker: LocalMember | undefined;
  #campaign: Campaign | undefined;

  constructor(options: AttackerOptions) {
    this.#options = options;
  }

  async open(): Promise<OpenAttacker> {
    const shop = new NodeClient(this.#options.shop);
    const { network } = await shop.node();
    const params = paramsOf(knownNetwork(network));
    const shopScript = await this.#shopScript(shop, params);
    const wallet = new NodeWallet(this.#options.seed, attackerName, params);
    const honestHashrate = await estimateHashrate(shop, wallet.key.address);

    const timeline = await this.#record(params, honestHashrate);
    const attacker = await this.#join(params, shop);
    const { record, path: timelinePath } = timeline;
    const parts = { attacker, wallet, shop, shopScript, honestHashrate, timelinePath, record };
    const joined = new JoinedNetwork(parts);
    const share = await this.#prepare(joined, wallet, honestHashrate);
    const tell = (facts: LabFacts): void => record(facts, Date.now() as Milliseconds);
    const beforeVerdict = (): void => joined.observer.writePending(Infinity as Elapsed);
    const { signal } = this.#closing;
    const campaign = new Campaign({ lab: joined, tell, beforeVerdict, signal });
    this.#campaign = campaign;
    return {
      begin: (attack) => campaign.begin({ ...attack, share }),
      untilEnded: async () => {
        await campaign.ended;
        return campaign.report;
      },
      close: () => this.close(),
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#campaign?.ended;
    await this.#attacker?.stop();
    await this.#pool?.stop();
    try {
      await this.#timeline?.close();
    } finally {
      const path = this.#folder?.path;
      const left = this.#campaign === undefined ? "" : attackerName;
      if (path !== undefined) await rm(join(path, left), { recursive: true, force: true });
      await this.#folder?.release();
    }
  }

  async #shopScript(shop: NodeClient, { addressPrefix }: Params): Promise<Uint8Array> {
    const address = this.#options.payTo ?? (await shop.mining()).address;
    if (address === null) {
      throw new LeverError(
        "The shop's node mines for no address, so it is not known where to pay: name an address " +
          'of the shop\'s wallet with --pay, such as --pay "$(powlab wallet address)".',
      );
    }
    const script = scriptOfAddress(address, addressPrefix);
    if (script.ok) return script.value;
    throw new LeverError(describeAddressProblem(address, script.problem));
  }

  async #record(params: Params, hashrate: number) {
    await removeOldLabs();
    const folder = await claimFolder(await newLabFolder());
    this.#folder = folder;
    const timeline = await Timeline.open(join(folder.path, timelineName));
    this.#timeline = timeline;
    const record = (facts: LabFacts, at: Milliseconds): void => timeline.add(facts, at);
    const { seed, shop: url } = this.#options;
    const nodes = [
      { name: attackerName, role: "miner" },
      { name: shopName, role: "shop" },
    ] as const;
    const facts = { version: readVersion(), network: params.name, seed, url, hashrate, nodes };
    const { spacingSeconds: blockIntervalSeconds } = params;
    record(
      { type: "opening", ...facts, latencyMs: 0, blockIntervalSeconds },
      Date.now() as Milliseconds,
    );
    timeline.onEvent(this.#options.onEvent);
    return { record, path: timeline.path };
  }

  /** Returns when the attacker's node has the chain of the shop's. */
  async #join({ name: network }: Params, shop: NodeClient): Promise<LocalMember> {
    const { seed, connect, hasher, onWarning, onNote } = this.#options;
    const pool = new MinerPool({
      threads: Math.max(1, availableParallelism() - 1),
      ...(hasher && { hasher }),
      onSolved: (solved) => this.#attacker?.full.runner.solved(solved),
      onError: onWarning,
    });
    this.#pool = pool;
    const folder = join(this.#folder?.path ?? "", attackerName);
    const attacker = await startMember({ network, name: attackerName, seed, folder }, pool);
    this.#attacker = attacker;
    await attacker.dial(connect);
    const complaint = `${attackerName}'s node did not get the shop's chain from ${connect}`;
    await this.#until(joiningMsMax, complaint, async () => {
      const [own, theirs] = await Promise.all([attacker.status(), shop.node()]);
      return own.tip === theirs.tip;
    });
    onNote(`${attackerName} has joined the network "${network}" at ${connect}`);
    return attacker;
  }

  /** Mines in public until there is a coin to pay with. @returns the share that is reached. */
  async #prepare(joined: JoinedNetwork, wallet: NodeWallet, honest: number): Promise<number> {
    const { onNote, hashrate } = this.#options;
    const wanted = hashrate === undefined ? this.#options.share : hashrate / (hashrate + honest);
    await joined.follow(this.#closing.signal);
    await joined.setShares({ [attackerName]: wanted });
    onNote(
      `the others hash about ${rounded(honest)} times a second, as their last blocks show, and ` +
        `she ${rounded((honest * wanted) / (1 - wanted))} times: ${percent(wanted)} of the power`,
    );
    const attacker = joined.memberNamed(attackerName);
    await attacker?.mine(bytesToHex(wallet.key.script));
    const startedAtMs = performance.now();
    const hasCoin = async () => (await wallet.spendableCoins(joined.clientOf())).length > 0;
    if (!(await hasCoin())) {
      const { coinbase_maturity: depth } = await joined.clientOf().node();
      onNote(`she mines a coin to pay with, which can be spent ${counted(depth, "block")} later`);
    }
    await this.#until(coinMsMax, `${attackerName} has found no block to be paid with`, async () => {
      return performance.now() - startedAtMs >= measuringMs && (await hasCoin());
    });
    return this.#reached(joined, honest, wanted);
  }

  /** @throws LeverError with the complaint if it does not come to that. */
  async #until(
    patienceMs: number,
    complaint: string,
    check: () => Promise<boolean>,
  ): Promise<void> {
    const { signal } = this.#options;
    const deadlineMs = performance.now() + patienceMs;
    while (!(await check())) {
      if (performance.now() >= deadlineMs)
        throw new LeverError(`${complaint} in ${patienceMs / 1000} s.`);
      await pause(lookIntervalMs, undefined, { signal });
    }
  }

  /** A machine that is too slow for the share that is wanted has a smaller one. */
  async #reached(joined: JoinedNetwork, honest: number, wanted: number): Promise<number> {
    const speed = (await joined.memberNamed(attackerName)?.status())?.hashesPerSecond ?? 0;
    const share = speed / (speed + honest);
    if (share >= wanted * reachedMin) return wanted;
    this.#options.onNote(
      `this machine hashes ${rounded(speed)} times a second for her: ${percent(share)} of the power`,
    );
    return share;
  }
}

function knownNetwork(name: string): NetworkName {
  const known = networkNames.find((each) => each === name);
  if (known !== undefined) return known;
  throw new LeverError(`The shop's node is on the network "${name}", which powlab does not know.`);
}

/** With two digits, as it is an estimate. */
function rounded(hashrate: number): string {
  return Number(hashrate.toPrecision(2)).toLocaleString("en");
}
