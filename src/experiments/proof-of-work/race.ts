/** Races without nodes: only who finds the next block is drawn; no messages, no time. */

import { decideDoubleSpend, type DoubleSpendTerms } from "../../attacks/double-spend/behaviour.ts";
import { decideSelfish, type Finder } from "../../attacks/selfish-mining/behaviour.ts";
import type { Stubbornness } from "../../attacks/selfish-mining/terms.ts";
import type { Random } from "../../primitives/random.ts";
import { requireCount, requireWithin } from "../../theory/statistics.ts";

export type DoubleSpendRace = DoubleSpendTerms & {
  /** The attacker's part of the hash power. */
  readonly share: number;
  /** Secret blocks that the attacker holds when the race begins. */
  readonly premine: 0 | 1;
};

/** Runs one race until the attacker publishes or gives up; true if it publishes. */
export function raceDoubleSpend(race: DoubleSpendRace, random: Random): boolean {
  let secret: number = race.premine;
  let honest = 0;
  for (;;) {
    const lead = secret - honest;
    const standing = { lead, isHeavier: lead > 0, confirmations: honest };
    const phase = decideDoubleSpend(standing, race);
    if (phase !== "mining") return phase === "published";
    if (random.nextFloat() < race.share) secret += 1;
    else honest += 1;
  }
}

/** Successes among so many races. */
export function countDoubleSpends(race: DoubleSpendRace, runs: number, random: Random): number {
  requireWithin("share", race.share, 0, 1);
  requireCount("runs", runs, 1);
  let successes = 0;
  for (let run = 0; run < runs; run++) if (raceDoubleSpend(race, random)) successes += 1;
  return successes;
}

export type SelfishTerms = {
  readonly share: number;
  /** The share of the honest power that extends the attacker's branch in a tie. */
  readonly gamma: number;
  readonly stubborn: Stubbornness;
};

/** Blocks on the best branch that one race decided upon. */
export type SelfishOutcome = { readonly own: number; readonly others: number };

/**
 * Runs races until so many blocks are found, and the last race is decided.
 *
 * @param onRace called for every race: from one block that all agree on to the next.
 */
export function raceSelfish(
  terms: SelfishTerms,
  blocks: number,
  random: Random,
  onRace: (outcome: SelfishOutcome) => void,
): void {
  requireWithin("share", terms.share, 0, 1 - Number.EPSILON);
  requireWithin("gamma", terms.gamma, 0, 1);
  requireCount("blocks", blocks, 1);
  for (let found = 0; found < blocks;) {
    const race = new SelfishMiningRace(terms, random);
    while (!race.isOver) {
      race.findBlock();
      found += 1;
    }
    onRace(race.outcome);
  }
}

class SelfishMiningRace {
  readonly #terms: SelfishTerms;
  readonly #random: Random;
  /** Blocks above the fork. */
  #own = 0;
  #rival = 0;
  /** The honest miners know a branch of the attacker that is as long as theirs. */
  #isTied = false;
  /** The attacker's blocks below the fork, since the race began. */
  #settled = 0;
  #outcome: SelfishOutcome | undefined;

  constructor(terms: SelfishTerms, random: Random) {
    this.#terms = terms;
    this.#random = random;
  }

  get isOver(): boolean {
    return this.#outcome !== undefined;
  }

  get outcome(): SelfishOutcome {
    if (this.#outcome === undefined) throw new Error("the race is not over");
    return this.#outcome;
  }

  findBlock(): void {
    const isOwn = this.#random.nextFloat() < this.#terms.share;
    if (isOwn) this.#own += 1;
    else this.#extendPublic();
    this.#decide(isOwn ? "self" : "others");
  }

  #extendPublic(): void {
    const isOnOurs = this.#isTied && this.#random.nextFloat() < this.#terms.gamma;
    if (isOnOurs) this.#moveForkUp();
    this.#rival += 1;
  }

  /** An honest miner took the attacker's side: what was revealed is what all agree on. */
  #moveForkUp(): void {
    this.#settled += this.#rival;
    this.#own -= this.#rival;
    this.#rival = 0;
  }

  #decide(finder: Finder): void {
    const race = { own: this.#own, rival: this.#rival };
    switch (decideSelfish(race, finder, this.#terms.stubborn)) {
      case "wait":
        if (finder === "others") this.#isTied = false;
        return;
      case "match":
        this.#isTied = true;
        return;
      case "publish":
        this.#outcome = { own: this.#settled + this.#own, others: 0 };
        return;
      case "abandon":
        this.#outcome = { own: this.#settled, others: this.#rival };
        return;
    }
  }
}

/** How many blocks the halves of a split network find before it heals: the fewer of both. */
export function racePartition(share: number, intervals: number, random: Random): number {
  return Math.min(
    countArrivals(share * intervals, random),
    countArrivals((1 - share) * intervals, random),
  );
}

function countArrivals(duration: number, random: Random): number {
  let count = 0;
  for (let at = random.nextExponential(1); at < duration; at += random.nextExponential(1))
    count += 1;
  return count;
}

/** A node takes its peers at random; true if all of them are the attacker's. */
export function drawEclipse(share: number, peers: number, random: Random): boolean {
  for (let peer = 0; peer < peers; peer++) if (random.nextFloat() >= share) return false;
  return true;
}
