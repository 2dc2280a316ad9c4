/** The links between a lab's nodes: who dials whom, which are cut or slow, and the partition. */

import type { LinkChange } from "../../contract/lab.ts";
import type { Groups, Link } from "../../contract/network.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { LeverError } from "./lever-error.ts";
import type { Member } from "./member.ts";
import { completeGroups, describePartitionProblem, isSeparated } from "./partition.ts";
import { componentsOf, isBetween, missingLinks, neighboursOf } from "./topology.ts";

/** A node's end of its links. */
export type LinkEnd = Pick<
  Member,
  "name" | "peerId" | "listen" | "dial" | "cut" | "heal" | "slowDown"
>;

/** The wanted state of a link, with the lab's usual delay if none is given. */
export type LinkOrder = {
  readonly between: readonly [string, string];
  readonly state: "cut" | "open";
  readonly delayMs?: number;
};

/** All nodes that ever started, by name. */
export interface LinkEnds {
  memberOf(name: string): LinkEnd;
  isUp(name: string): boolean;
}

/** Of one link: each takes up to five seconds where the machine is busy. */
const dialTriesMax = 6;

/**
 * Keeps the wanted state of every link and applies it to the nodes' gates, also to those of a node
 * that starts again. A link may be cut alone, by a partition, or both: it is open when neither holds.
 */
export class Links {
  readonly #names: readonly string[];
  readonly #latencyMs: number;
  readonly #ends: LinkEnds;
  readonly #links: Link[] = [];
  /** Links that are cut alone, by `pairOf`. */
  readonly #cuts = new Set<string>();
  /** Of links with another delay than the usual one, by `pairOf`. */
  readonly #delaysMs = new Map<string, number>();
  #groups: Groups | null = null;

  /** @param latencyMs what every link takes, each way. */
  constructor(names: readonly string[], latencyMs: number, ends: LinkEnds) {
    this.#names = names;
    this.#latencyMs = latencyMs;
    this.#ends = ends;
  }

  get links(): readonly Link[] {
    return this.#links;
  }

  /** Who cannot reach whom; null if all are one network. */
  get partition(): Groups | null {
    return this.#groups;
  }

  /** Whether all nodes that are up are connected. */
  get isWhole(): boolean {
    return this.#components.length <= 1;
  }

  get #components(): readonly (readonly string[])[] {
    const up = this.#names.filter((name) => this.#ends.isUp(name));
    const open = this.#links.filter(({ from, to }) => !this.#isCut(from, to));
    return componentsOf(up, open);
  }

  /** The nodes that are up and connected with this one, itself included. */
  reachableFrom(name: string): readonly string[] {
    return this.#components.find((names) => names.includes(name)) ?? [];
  }

  async connect(links: readonly Link[]): Promise<void> {
    await this.#dialAll(links);
    this.#links.push(...links);
  }

  /** Splits the network; nodes in no group are one more. Each group stays connected in itself. */
  async split(groups: Groups): Promise<Groups> {
    const completed = completeGroups(this.#names, groups);
    if (!completed.ok) throw new LeverError(describePartitionProblem(completed.problem));
    await this.#change(() => (this.#groups = completed.value));
    await this.connect(completed.value.flatMap((group) => missingLinks(group, this.#links)));
    return completed.value;
  }

  /** Mends everything: the partition, and the links that were cut or slowed one by one. */
  async heal(): Promise<void> {
    if (this.#groups === null && this.#cuts.size === 0 && this.#delaysMs.size === 0) {
      throw new LeverError(
        "There is nothing to heal: no partition, and no link that is cut or slow.",
      );
    }
    await this.#change(() => {
      this.#groups = null;
      this.#cuts.clear();
      this.#delaysMs.clear();
    });
    await this.#retime();
  }

  async setLink({ between, state, delayMs }: LinkOrder): Promise<LinkChange> {
    const [a, b] = between;
    this.#checkLink(a, b);
    const pair = pairOf(a, b);
    if (delayMs !== undefined) this.#delaysMs.set(pair, delayMs);
    else if (state === "open") this.#delaysMs.delete(pair);
    await this.#change(() => {
      if (state === "cut") this.#cuts.add(pair);
      else this.#cuts.delete(pair);
    });
    await Promise.all([this.#slowDown(a, b), this.#slowDown(b, a)]);
    return { between, isCut: state === "cut", delayMs: this.#delayMsBetween(a, b) };
  }

  /** Restores the links of a node that has started again. It dials, as others do not know it is up. */
  async rejoin(name: string): Promise<void> {
    await this.#ends.memberOf(name).cut(this.#peersOf(name, "cut"));
    await Promise.all(this.#names.map((to) => this.#slowDown(name, to)));
    await this.#dialAll(neighboursOf(name, this.#links).map((to) => ({ from: name, to })));
  }

  #checkLink(a: string, b: string): void {
    for (const name of [a, b]) {
      if (this.#names.includes(name)) continue;
      throw new LeverError(
        `There is no node ${name} here; the nodes are ${this.#names.join(", ")}.`,
      );
    }
    if (!this.#links.some((link) => isBetween(link, a, b))) {
      const others = [...new Set(neighboursOf(a, this.#links))].join(", ");
      throw new LeverError(
        `${a} has no link with ${b}; its links are with ${others || "no node"}.`,
      );
    }
    if (isSeparated(this.#groups, a, b)) {
      throw new LeverError(
        `${a} and ${b} are in different groups of the partition: heal the network first.`,
      );
    }
  }

  /** Applies the cuts as they are after `act`, and dials links that were cut before it. */
  async #change(act: () => void): Promise<void> {
    const before = this.#links.filter(({ from, to }) => this.#isCut(from, to));
    act();
    await Promise.all(
      this.#names.filter((name) => this.#ends.isUp(name)).map((name) => this.#setGate(name)),
    );
    await this.#dialAll(before);
  }

  async #setGate(name: string): Promise<void> {
    const end = this.#ends.memberOf(name);
    await end.cut(this.#peersOf(name, "cut"));
    await end.heal(this.#peersOf(name, "open"));
  }

  #peersOf(name: string, state: "cut" | "open"): PeerId[] {
    const others = this.#names.filter((other) => other !== name);
    const isWanted = (other: string): boolean => this.#isCut(name, other) === (state === "cut");
    return others.filter(isWanted).map((other) => this.#ends.memberOf(other).peerId);
  }

  /** Applies the delays of all links. */
  async #retime(): Promise<void> {
    const ends = this.#links.flatMap(({ from, to }) => [[from, to] as const, [to, from] as const]);
    await Promise.all(ends.map(([from, to]) => this.#slowDown(from, to)));
  }

  async #slowDown(from: string, to: string): Promise<void> {
    if (from === to || !this.#ends.isUp(from)) return;
    const { peerId } = this.#ends.memberOf(to);
    await this.#ends.memberOf(from).slowDown(peerId, this.#delayMsBetween(from, to));
  }

  #delayMsBetween(a: string, b: string): number {
    return this.#delaysMs.get(pairOf(a, b)) ?? this.#latencyMs;
  }

  /** Dials those that are not cut and whose nodes are both up. */
  async #dialAll(links: readonly Link[]): Promise<void> {
    const fit = links.filter(({ from, to }) => {
      return !this.#isCut(from, to) && this.#ends.isUp(from) && this.#ends.isUp(to);
    });
    await Promise.all(fit.map((link) => this.#dial(link)));
  }

  async #dial({ from, to }: Link): Promise<void> {
    const [caller, answerer] = [this.#ends.memberOf(from), this.#ends.memberOf(to)];
    const [address] = answerer.listen;
    if (address === undefined) throw new Error(`${to} listens nowhere`);
    await Promise.all([this.#slowDown(from, to), this.#slowDown(to, from)]);
    await this.#insist(() => caller.dial(address), [from, to]);
  }

  /** Tries again: on a busy machine a connection may well be too late. */
  async #insist(dial: () => Promise<void>, ends: readonly [string, string]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await dial();
        return;
      } catch (error) {
        const isUseless = !ends.every((name) => this.#ends.isUp(name)) || this.#isCut(...ends);
        if (isUseless || tries === dialTriesMax) throw error;
      }
    }
  }

  #isCut(a: string, b: string): boolean {
    return this.#cuts.has(pairOf(a, b)) || isSeparated(this.#groups, a, b);
  }
}

/** The same for both directions. */
function pairOf(a: string, b: string): string {
  return [a, b].sort().join(" ");
}
