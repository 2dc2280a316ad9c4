/** Selfish mining in virtual time: what a miner earns that withholds its blocks for a while. */

import { notStubborn, SelfishMining } from "../../attacks/selfish-mining/behaviour.ts";
import { selfishMiningTerms, type Stubbornness } from "../../attacks/selfish-mining/terms.ts";
import type { News } from "../../node/news.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { shareParameter, switchParameter, wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { selfishRevenue } from "../../theory/mining.ts";
import { requireCount, requireWithin } from "../../theory/statistics.ts";
import { takeCensus } from "../chain-world/census.ts";
import { SimulatedWallet } from "../chain-world/simulated-wallet.ts";
import { defaultConditions, type LinkConditions } from "../engine/link.ts";
import { intervalMs, percent, Run } from "./run.ts";
import { defineScenario, type RunOptions } from "./scenario.ts";
import { stubbornness, stubbornnessOf } from "./stubbornness.ts";

export type SelfishMiningRun = RunOptions & {
  /** Mallory's part of the hash power, above 0 and below one half. */
  readonly share: number;
  /** Those that all miners find together, at least. */
  readonly blocks: number;
  /**
   * Mallory's links: as slow as all others, or so fast that many nodes receive her blocks first.
   */
  readonly links: "equal" | "fast";
  readonly stubborn?: Stubbornness | undefined;
};

export type SelfishMiningOutcome = {
  readonly outcome: "gained" | "lost";
  readonly seed: string;
  readonly share: number;
  /** Blocks that were found, and those that ended up on the active branch. */
  readonly found: number;
  readonly active: number;
  /** Mallory's part of those on the active branch, with its standard error. */
  readonly revenue: number;
  readonly error: number;
  /** Honest blocks that decided a tie, and those of them on mallory's side. */
  readonly ties: number;
  readonly tiesWon: number;
  /** The latter by the former; 0 without a tie. */
  readonly gamma: number;
  /** What Eyal and Sirer's miner earns at this gamma, and how far off that is; not if stubborn. */
  readonly theory: number | undefined;
  readonly z: number | undefined;
  readonly agreement: boolean;
  readonly elapsedMs: number;
  readonly steps: number;
};

/** Fewer say nothing about a share. */
const blocksMin = 100;

const parameters = {
  share: shareParameter("mallory's part of the hash power", {
    min: 0.001,
    max: 0.49,
    initial: selfishMiningTerms.share.default,
  }),
  blocks: wholeParameter("how many blocks all miners find", {
    min: blocksMin,
    max: 100_000,
    initial: 500,
  }),
  fast: switchParameter("give mallory links so fast that most nodes receive her blocks first"),
  stubborn: stubbornness,
};

export const selfishMining = defineScenario<typeof parameters>({
  name: "selfish-mining",
  summary: "a miner that keeps its blocks back; gamma results from the network's delays",
  parameters,
  examples: [
    ["--seed 1 --blocks 100", "slow links: gamma is small"],
    ["--fast --blocks 100", "fast links: gamma is large"],
    ["--stubborn lead,trail-1 --blocks 100", "a stubborn miner"],
  ],
  next: "powlab experiment selfish-mining",
  run: ({ fast, stubborn: list, ...values }, options) => {
    const links = fast ? "fast" : "equal";
    const stubborn = stubbornnessOf(list);
    return { outcome: runSelfishMining({ ...values, ...options, links, stubborn }) };
  },
});

const honestNames = ["miner-1", "miner-2", "miner-3", "miner-4", "miner-5", "miner-6"];
const fastConditions: LinkConditions = { ...defaultConditions, latencyMinMs: 1, jitterMs: 1 };
const patienceIntervals = 100;

export function runSelfishMining(options: SelfishMiningRun): SelfishMiningOutcome {
  requireWithin("share", options.share, Number.MIN_VALUE, 0.5 - Number.EPSILON);
  requireCount("blocks", options.blocks, blocksMin);
  return new SelfishMiningAttack(options).run();
}

class SelfishMiningAttack extends Run<SelfishMiningOutcome> {
  readonly #options: SelfishMiningRun;
  readonly #mallory = new SimulatedWallet(createRandom("selfish-mining").fork("mallory"));
  #found = 0;
  #ties = 0;
  #tiesWon = 0;

  constructor(options: SelfishMiningRun) {
    super(options, { templateRenewalMs: intervalMs });
    this.#options = options;
  }

  override run(): SelfishMiningOutcome {
    this.#setUp();
    const attack = this.#beginAttack();
    this.world.onNews((name, news) => this.#watch(attack, name, news));
    const isEnough = () => this.#found >= this.#options.blocks && attack.race.own === 0;
    const limitMs = (this.#options.blocks + patienceIntervals) * intervalMs * 2;
    if (!this.world.runUntil(isEnough, limitMs)) throw new Error("the last race does not end");
    const hasSettled = () => this.world.haveAgreed();
    const agreement = this.world.runUntil(hasSettled, patienceIntervals * intervalMs);
    return this.#outcomeWith(agreement);
  }

  #setUp(): void {
    const { share, links, seed } = this.#options;
    this.tell(`seed ${seed}: mallory has ${percent(share)} of the hash power`);
    const random = createRandom("selfish-mining");
    this.addMiners(["mallory"], share, { payTo: this.#mallory.script });
    for (const [position, name] of honestNames.entries()) {
      const { script } = new SimulatedWallet(random.fork(name));
      this.addMiners([name], (1 - share) / honestNames.length, { payTo: script });
      this.world.connect("mallory", name, links === "fast" ? fastConditions : defaultConditions);
      for (const other of honestNames.slice(0, position)) this.world.connect(other, name);
    }
  }

  #beginAttack(): SelfishMining {
    const node = this.world.node("mallory");
    const { stubborn = notStubborn } = this.#options;
    const attack = new SelfishMining({ node, payTo: this.#mallory.script, stubborn });
    this.world.setBehaviour("mallory", attack);
    this.say("mallory", "keeps her blocks private from now on");
    return attack;
  }

  #watch(attack: SelfishMining, name: PeerId, news: News): void {
    if (news.type !== "block-accepted" || news.origin !== "mined") return;
    this.#found += 1;
    if (name === "mallory" || attack.tie === undefined) return;
    const { previous } = news.block.header;
    const isOurs = previous === attack.tie.own.hash;
    if (!isOurs && previous !== attack.tie.rival.hash) return;
    this.#ties += 1;
    if (isOurs) this.#tiesWon += 1;
    this.say(name, `decides a tie for ${isOurs ? "mallory" : "the others"}`);
  }

  #outcomeWith(agreement: boolean): SelfishMiningOutcome {
    const { share, seed, stubborn } = this.#options;
    const [anyone = ""] = honestNames;
    const census = takeCensus(this.world.node(anyone), this.#mallory.script);
    const gamma = this.#ties === 0 ? 0 : this.#tiesWon / this.#ties;
    const theory = stubborn === undefined ? selfishRevenue(share, gamma) : undefined;
    this.tell(`mallory has ${percent(census.share)} of ${census.blocks} active blocks`);
    this.tell(`${this.#tiesWon} of ${this.#ties} ties went her way`);
    if (theory !== undefined) this.tell(`theory: ${percent(theory)} at that gamma`);
    return {
      outcome: census.share > share ? "gained" : "lost",
      seed: String(seed),
      share,
      found: this.#found,
      active: census.blocks,
      revenue: census.share,
      error: census.error,
      ties: this.#ties,
      tiesWon: this.#tiesWon,
      gamma,
      theory,
      z: theory === undefined ? undefined : (census.share - theory) / census.error,
      agreement,
      ...this.cost,
    };
  }
}
