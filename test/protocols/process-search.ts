/**
 * Every state that a few processes can reach with a set of messages: each may be delivered at any
 * time, any number of times, or never, so loss, doubling, delay and reordering are all in it. No
 * timer fires. It ends at the first state that is refused, which is one of the nearest.
 */

import type { Elapsed, PeerId } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import type { Command } from "../../src/protocols/process/key-value.ts";
import type { ProcessEvent, Step } from "../../src/protocols/process/process.ts";
import type { News, Protocol } from "../../src/protocols/process/protocol.ts";
import { namesOf } from "./process-network.ts";

export type Letter<M> = { readonly from: PeerId; readonly to: PeerId; readonly message: M };

type Disk = ReadonlyMap<string, Uint8Array>;

export type Member<S> = { readonly state: S; readonly disk: Disk };

export type Reached<S, M> = {
  readonly members: readonly Member<S>[];
  readonly letters: readonly Letter<M>[];
};

export type SearchOptions<S, M> = {
  readonly count: number;
  /** What is asked, once each, at any time. */
  readonly requests: readonly { readonly at: PeerId; readonly command: Command }[];
  /** How many restarts there may be in all. */
  readonly restarts?: number;
  /** Says what is wrong with a state, if anything is. */
  readonly check: (reached: Reached<S, M>) => string | undefined;
};

export type Found = {
  readonly states: number;
  readonly problem?: string;
  /** The steps to the state that is refused. */
  readonly path?: readonly string[];
};

/** Members and letters are numbered as they appear: equal ones have one number. */
type Node = {
  readonly members: readonly number[];
  /** In ascending order. */
  readonly letters: readonly number[];
  /** One bit for each request. */
  readonly asked: number;
  readonly restarts: number;
  readonly parent: Node | undefined;
  readonly action: string;
};

/** What one event makes of one member. */
type Outcome = { readonly member: number; readonly letters: readonly number[] };

export function search<S, M, N extends News>(
  protocol: Protocol<S, M, N>,
  options: SearchOptions<S, M>,
): Found {
  return new Search(protocol, options).run();
}

class Search<S, M, N extends News> {
  readonly #protocol: Protocol<S, M, N>;
  readonly #options: SearchOptions<S, M>;
  readonly #names: readonly PeerId[];
  readonly #seen = new Set<string>();
  readonly #members = new Numbered<Member<S>>();
  readonly #letters = new Numbered<Letter<M>>();
  readonly #outcomes = new Map<string, Outcome>();
  #next: Node[] = [];

  constructor(protocol: Protocol<S, M, N>, options: SearchOptions<S, M>) {
    this.#protocol = protocol;
    this.#options = options;
    this.#names = namesOf(options.count);
  }

  run(): Found {
    const members = this.#names.map((name) => this.#lifeOf(name, new Map()).member);
    const root = { members, letters: [], asked: 0, restarts: 0, parent: undefined, action: "" };
    this.#add(root);
    while (this.#next.length > 0) {
      const level = this.#next;
      this.#next = [];
      for (const node of level) {
        const problem = this.#options.check({
          members: node.members.map((number) => this.#members.at(number)),
          letters: node.letters.map((number) => this.#letters.at(number)),
        });
        if (problem !== undefined) return { states: this.#seen.size, problem, path: pathTo(node) };
        this.#visitAll(node);
      }
    }
    return { states: this.#seen.size };
  }

  #lifeOf(name: PeerId, disk: Disk): Outcome {
    const state = this.#protocol.start({ name, members: this.#names }, disk);
    return this.#outcome(name, disk, this.#step(state, { type: "started" }));
  }

  #outcome(at: PeerId, disk: Disk, step: Step<S, M, N>): Outcome {
    const letters = step.effects.flatMap((effect) => {
      if (effect.type !== "send") return [];
      const letter = { from: at, to: effect.to, message: effect.message };
      return [this.#letters.numberOf(JSON.stringify(letter), letter)];
    });
    const member = this.#numberOf({ state: step.state, disk: written(disk, step) });
    return { member, letters: [...new Set(letters)] };
  }

  #numberOf(member: Member<S>): number {
    const disk = [...member.disk].map(([key, value]) => `${key}=${value.join()}`);
    return this.#members.numberOf(JSON.stringify([member.state, disk.sort()]), member);
  }

  #step(state: S, event: ProcessEvent<M>): Step<S, M, N> {
    return this.#protocol.step(state, event, { now: 0 as Elapsed, random: createRandom(1) });
  }

  #visitAll(node: Node): void {
    for (const number of node.letters) {
      const { from, to, message } = this.#letters.at(number);
      const event = { type: "received", from, message } as const;
      const action = `${from} to ${to}: ${this.#protocol.describe(message)}`;
      this.#visit(node, { at: to, name: `letter ${number}`, event, action });
    }
    this.#options.requests.forEach(({ at, command }, number) => {
      const asked = node.asked | (1 << number);
      if (asked === node.asked) return;
      const event = {
        type: "requested",
        id: { client: `c${number}`, number: 1 },
        command,
      } as const;
      const name = `request ${number}`;
      this.#visit({ ...node, asked, parent: node }, { at, name, event, action: `${at} is asked` });
    });
    if (node.restarts === (this.#options.restarts ?? 0)) return;
    this.#names.forEach((name, at) => {
      const life = this.#lifeOf(name, this.#members.at(node.members[at]!).disk);
      const restarts = node.restarts + 1;
      this.#reach({ ...node, restarts }, node, { at, outcome: life, action: `${name} restarts` });
    });
  }

  #visit(
    node: Node,
    doing: {
      readonly at: PeerId;
      readonly name: string;
      readonly event: ProcessEvent<M>;
      readonly action: string;
    },
  ): void {
    const index = this.#names.indexOf(doing.at);
    const before = node.members[index]!;
    const outcome = this.#outcomeOf(before, doing);
    this.#reach(node, node, { at: index, outcome, action: doing.action });
  }

  #reach(
    node: Node,
    parent: Node,
    what: { readonly at: number; readonly outcome: Outcome; readonly action: string },
  ): void {
    const { at, outcome, action } = what;
    const letters = outcome.letters.filter((letter) => !node.letters.includes(letter));
    this.#add({
      ...node,
      members: node.members.with(at, outcome.member),
      letters:
        letters.length === 0 ? node.letters : [...node.letters, ...letters].sort((a, b) => a - b),
      parent,
      action,
    });
  }

  #outcomeOf(
    before: number,
    doing: { readonly at: PeerId; readonly name: string; readonly event: ProcessEvent<M> },
  ): Outcome {
    const key = `${before} ${doing.name}`;
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const { state, disk } = this.#members.at(before);
    const step = this.#step(state, doing.event);
    const outcome = this.#outcome(doing.at, disk, step);
    this.#outcomes.set(key, outcome);
    return outcome;
  }

  #add(node: Node): void {
    const { members, letters, asked, restarts } = node;
    const key = `${members.join()} ${letters.join()} ${asked} ${restarts}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#next.push(node);
  }
}

class Numbered<T> {
  readonly #numbers = new Map<string, number>();
  readonly #items: T[] = [];

  numberOf(key: string, item: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#items.length);
    return this.#items.push(item) - 1;
  }

  at(number: number): T {
    return this.#items[number]!;
  }
}

function written<S, M, N>(disk: Disk, { effects }: Step<S, M, N>): Disk {
  let next: Map<string, Uint8Array> | undefined;
  for (const effect of effects) {
    if (effect.type !== "persist") continue;
    next ??= new Map(disk);
    for (const write of effect.batch) {
      if (write.type === "put") next.set(write.key, write.value);
      else next.delete(write.key);
    }
  }
  return next ?? disk;
}

function pathTo(node: Node): readonly string[] {
  const path: string[] = [];
  let at: Node | undefined = node;
  while (at !== undefined) {
    if (at.action !== "" && at.action !== path[0]) path.unshift(at.action);
    at = at.parent;
  }
  return path;
}
