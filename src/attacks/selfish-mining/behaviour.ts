/** What the attacker's node does in selfish mining. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Now } from "../../machine/now.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { type Behaviour, publish } from "../behaviour/behaviour.ts";
import { SecretBranch } from "../behaviour/secret-branch.ts";
import { emptySelection, SecretMiner } from "../behaviour/secret-miner.ts";
import type { Stubbornness } from "./terms.ts";

/** As Eyal and Sirer's miner. */
export const notStubborn: Stubbornness = { lead: false, equalFork: false, trail: 0 };

export type Finder = "self" | "others";

/** Blocks above the fork: those of the attacker, revealed or not, and those of the others. */
export type SelfishRace = { readonly own: number; readonly rival: number };

/** `match` reveals as many blocks as the rival has, `publish` all; that and `abandon` end a race. */
export type SelfishMove = "wait" | "match" | "publish" | "abandon";

/**
 * What to do about a block that was just found.
 *
 * @see Eyal & Sirer, Majority Is Not Enough: Bitcoin Mining Is Vulnerable, 2014, algorithm 1;
 *   Nayak, Kumar, Miller & Shi, Stubborn Mining, 2016
 */
export function decideSelfish(
  { own, rival }: SelfishRace,
  finder: Finder,
  stubborn: Stubbornness,
): SelfishMove {
  const lead = own - rival;
  if (finder === "self") {
    const decidesTie = lead === 1 && rival > 0;
    return decidesTie && !stubborn.equalFork ? "publish" : "wait";
  }
  if (own === 0 || lead < -stubborn.trail) return "abandon";
  if (lead < 0) return "wait";
  return lead === 1 && !stubborn.lead ? "publish" : "match";
}

/** A fork at which honest miners have to choose, as it stands. */
export type SelfishTie = { readonly own: TreeEntry; readonly rival: TreeEntry };

/** How it stands. */
export type SelfishState = {
  readonly race: SelfishRace;
  /** How often it revealed blocks that it had kept back. */
  readonly revelations: number;
  /** How it looked to all other nodes after the last of these. */
  readonly revealed: SelfishRace | undefined;
};

export type SelfishOptions = {
  readonly node: Node;
  /** The script that gets the rewards of blocks on a branch that is behind. */
  readonly payTo: Uint8Array;
  readonly stubborn?: Stubbornness;
};

/** All blocks weigh the same. An ended race leaves no secrets, and the next begins where it ended. */
export class SelfishMining implements Behaviour {
  readonly #stubborn: Stubbornness;
  readonly #miner: SecretMiner;
  #branch: SecretBranch;
  #race: SelfishRace = { own: 0, rival: 0 };
  #rivalTip: TreeEntry;
  #tie: SelfishTie | undefined;
  #revelations = 0;
  #revealed: SelfishRace | undefined;
  #phase: "mining" | "ending" | "ended" = "mining";

  constructor({ node, payTo, stubborn }: SelfishOptions) {
    this.#stubborn = stubborn ?? notStubborn;
    this.#miner = new SecretMiner(payTo);
    this.#branch = new SecretBranch(node.chain, { type: "mined-blocks" });
    this.#rivalTip = this.#branch.fork;
  }

  get race(): SelfishRace {
    return this.#race;
  }

  get state(): SelfishState {
    return { race: this.#race, revelations: this.#revelations, revealed: this.#revealed };
  }

  get tie(): SelfishTie | undefined {
    return this.#tie;
  }

  /** Ends it with the next event: it reveals all that it has, and is honest from then on. */
  end(): void {
    if (this.#phase === "mining") this.#phase = "ending";
  }

  /** Whether this block must stay secret. */
  isSecret(hash: BlockHash): boolean {
    return this.#branch.isHidden(hash);
  }

  filter(effects: readonly Effect[], node: Node, now: Now): readonly Effect[] {
    if (this.#phase === "ended") return effects;
    this.#branch.learn(effects);
    const finder = this.#measure(node);
    const isRival = finder === "others" && this.#race.own > 0;
    const carried = this.#miner.withhold(effects).flatMap((effect) => {
      return this.#branch.conceal(isRival ? notRelaying(effect) : effect) ?? [];
    });
    // Behind the write of the newest block, so that it is on disk before it is published.
    if (this.#phase === "ending") return [...carried, ...this.#conclude(node, now)];
    return [...carried, ...this.#react(finder, node), ...this.#mine(node, now)];
  }

  #conclude(node: Node, now: Now): Effect[] {
    this.#phase = "ended";
    const published = this.#publish(Infinity, node);
    this.#beginAnew(node);
    return [...published, ...this.#miner.mineHonestly(now)];
  }

  #react(finder: Finder | undefined, node: Node): Effect[] {
    if (finder === undefined) return [];
    switch (decideSelfish(this.#race, finder, this.#stubborn)) {
      case "wait":
        if (finder === "others") this.#tie = undefined;
        return [];
      case "match":
        return this.#match(node);
      case "publish": {
        const published = this.#publish(Infinity, node);
        this.#beginAnew(node);
        return published;
      }
      case "abandon":
        this.#beginAnew(node);
        return [];
    }
  }

  /** Answers who found a block. */
  #measure(node: Node): Finder | undefined {
    const { tip } = this.#branch;
    const rival = this.#branch.rivalTip();
    const { fork } = node.chain.tree.path(rival, tip);
    const race = { own: tip.height - fork.height, rival: rival.height - fork.height };
    const hasRivalMoved = rival !== this.#rivalTip;
    const hasOwnMoved = race.own !== this.#race.own;
    this.#rivalTip = rival;
    this.#race = race;
    if (hasRivalMoved) return "others";
    return hasOwnMoved ? "self" : undefined;
  }

  #match(node: Node): Effect[] {
    const own = this.#branch.blocks.find(({ height }) => height === this.#rivalTip.height);
    this.#tie = own && { own, rival: this.#rivalTip };
    return this.#publish(this.#rivalTip.height, node);
  }

  #publish(heightMax: number, node: Node): Effect[] {
    const revealed = this.#branch.reveal(heightMax);
    const last = revealed.at(-1);
    if (last !== undefined) {
      const { rival } = this.#race;
      this.#revelations += 1;
      this.#revealed = { own: last.height - this.#rivalTip.height + rival, rival };
    }
    return publish(revealed, node);
  }

  #beginAnew(node: Node): void {
    this.#branch = new SecretBranch(node.chain, { type: "mined-blocks" });
    this.#rivalTip = this.#branch.fork;
    this.#race = { own: 0, rival: 0 };
    this.#tie = undefined;
  }

  /** Its own node mines on the secret branch by itself, unless that is behind or came up late. */
  #mine(node: Node, now: Now): Effect[] {
    const { tip } = this.#branch;
    if (this.#race.own === 0 || tip === node.chain.tip) return this.#miner.mineHonestly(now);
    return this.#miner.mineOn(tip, emptySelection, node, now);
  }
}

/** Others receive a rival block without our help, and ours sooner. */
function notRelaying(effect: Effect): Effect {
  if (effect.type !== "judge-gossip" || effect.verdict !== "accept") return effect;
  return { ...effect, verdict: "ignore" };
}
