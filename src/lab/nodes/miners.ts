/** The nodes of a lab that mine: with which share of the hash power, and whom their blocks pay. */

import type { Shares } from "../../contract/network.ts";
import { LeverError } from "./lever-error.ts";
import type { Members } from "./members.ts";
import { changeShares, describeSharesProblem } from "./shares.ts";

export type MinersOptions = {
  readonly members: Members;
  readonly shares: Shares;
  /** Of all miners together, per second. */
  readonly hashrate: number;
  /** The output script, as hex, that a miner's blocks pay. */
  readonly payToOf: (name: string) => string;
};

/** Who mines in a lab, on whatever network it is. */
export type LabMiners = Pick<
  Miners,
  "shares" | "hashrateOf" | "setShares" | "start" | "startAgain" | "stop"
>;

export class Miners {
  readonly #options: MinersOptions;
  #shares: Shares;

  constructor(options: MinersOptions) {
    this.#options = options;
    this.#shares = options.shares;
  }

  get shares(): Shares {
    return this.#shares;
  }

  /** What a node may hash a second; null if it is no miner. */
  hashrateOf(name: string): number | null {
    const share = this.#shares[name];
    return share === undefined ? null : share * this.#options.hashrate;
  }

  /** @throws LeverError if these are no shares, or not those of miners. */
  async setShares(changes: Shares): Promise<void> {
    const changed = changeShares(this.#shares, changes);
    if (!changed.ok) throw new LeverError(describeSharesProblem(changed.problem));
    this.#shares = changed.value;
    await this.#applyShares();
  }

  /** Lets all miners that are up mine. */
  async start(): Promise<void> {
    const { members, payToOf } = this.#options;
    await this.#applyShares();
    await members.ask(this.#names, (miner) => miner.mine(payToOf(miner.name)));
  }

  /** Lets a node mine that has started again; does nothing if it is no miner. */
  async startAgain(name: string): Promise<void> {
    const hashrate = this.hashrateOf(name);
    if (hashrate === null) return;
    const miner = this.#options.members.memberOf(name);
    await miner.setHashrate(hashrate);
    await miner.mine(this.#options.payToOf(name));
  }

  /** Also of nodes that are no miners, or that end meanwhile. */
  async stop(): Promise<void> {
    const { up } = this.#options.members;
    await Promise.all(up.map((member) => member.mine(null).catch(() => undefined)));
  }

  async #applyShares(): Promise<void> {
    await this.#options.members.ask(this.#names, (miner) =>
      miner.setHashrate(this.hashrateOf(miner.name) ?? 0),
    );
  }

  get #names(): readonly string[] {
    return Object.keys(this.#shares);
  }
}
