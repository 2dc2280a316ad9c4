/** Selfish mining in virtual time: what a miner earns that keeps its blocks back for a while. */

import { selfishRevenue } from "../../theory/mining.ts";
import {
  notStubborn,
  SelfishMining,
  type Stubbornness,
} from "../../attacks/selfish-mining/behaviour.ts";
import { requireCount, requireWithin } from "../../theory/statistics.ts";
import type { News } from "../../node/news.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { createRandom } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { takeCensus } from "../census.ts";
import { defaultLaw, type LinkLaw } from "../link.ts";
import { Purse } from "../purse.ts";
import { Transcript } from "../transcript.ts";
import { hashrateOf, World } from "../world.ts";

export type SelfishMiningRun = {
  readonly seed: number | string;
  /** Mallory's part of the hash power, above 0 and below one half. */
  readonly share: number;
  /** Those that all miners find together, at least. */
  readonly blocks: number;
  /** Mallory's links: as slow as everybody's, or so fast that many hear of her blocks first. */
  readonly links: "equal" | "fast";
  readonly stubborn?: Stubbornness;
  readonly verifier: SignatureVerifier;
  readonly onLine?: (line: string) => void;
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

const honestNames = ["miner-1", "miner-2", "miner-3", "miner-4", "miner-5", "miner-6"];
/** So much longer than a message takes that honest miners hardly ever find two blocks at once. */
const intervalMs = 20_000;
const fastLaw: LinkLaw = { ...defaultLaw, latencyMinMs: 1, jitterMs: 1 };
const patienceIntervals = 100;
/** Fewer say nothing about a share. */
export const selfishBlocksMin = 100;

export function runSelfishMining(run: SelfishMiningRun): SelfishMiningOutcome {
  requireWithin("share", run.share, Number.MIN_VALUE, 0.5 - Number.EPSILON);
  requireCount("blocks", run.blocks, selfishBlocksMin);
  return new Play(run).perform();
}

class Play {
  readonly #run: SelfishMiningRun;
  readonly #world: World;
  readonly #transcript: Transcript;
  readonly #mallory: Purse;
  #found = 0;
  #ties = 0;
  #tiesWon = 0;

  constructor(run: SelfishMiningRun) {
    this.#run = run;
    this.#world = new World({
      seed: run.seed,
      verifier: run.verifier,
      templateRenewalMs: intervalMs,
    });
    this.#transcript = new Transcript(this.#world, run.onLine ?? (() => undefined));
    this.#mallory = new Purse(createRandom("selfish-mining").fork("mallory"));
  }

  perform(): SelfishMiningOutcome {
    this.#openCurtain();
    const attack = this.#beginAttack();
    this.#world.onNews((name, news) => this.#watch(attack, name, news));
    const isEnough = () => this.#found >= this.#run.blocks && attack.race.own === 0;
    const limitMs = (this.#run.blocks + patienceIntervals) * intervalMs * 2;
    if (!this.#world.runUntil(isEnough, limitMs)) throw new Error("the last race does not end");
    const hasSettled = () => this.#world.haveAgreed();
    const agreement = this.#world.runUntil(hasSettled, patienceIntervals * intervalMs);
    return this.#judge(agreement);
  }

  #openCurtain(): void {
    const { share, links, seed } = this.#run;
    const { params } = this.#world;
    this.#tell(`seed ${seed}: mallory has ${percent(share)} of the hash power`);
    const random = createRandom("selfish-mining");
    const payTo = this.#mallory.script;
    this.#world.add("mallory", { hashrate: hashrateOf(share, intervalMs, params), payTo });
    const honestRate = hashrateOf((1 - share) / honestNames.length, intervalMs, params);
    for (const [position, name] of honestNames.entries()) {
      const { script } = new Purse(random.fork(name));
      this.#world.add(name, { hashrate: honestRate, payTo: script });
      this.#world.connect("mallory", name, links === "fast" ? fastLaw : defaultLaw);
      for (const other of honestNames.slice(0, position)) this.#world.connect(other, name);
    }
  }

  #beginAttack(): SelfishMining {
    const node = this.#world.node("mallory");
    const { stubborn = notStubborn } = this.#run;
    const attack = new SelfishMining({ node, payTo: this.#mallory.script, stubborn });
    this.#world.setBehaviour("mallory", attack);
    this.#say("mallory", "keeps to herself from now on what she finds");
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
    this.#say(name, `decides a tie for ${isOurs ? "mallory" : "the others"}`);
  }

  #judge(agreement: boolean): SelfishMiningOutcome {
    const { share, seed, stubborn } = this.#run;
    const [anyone = ""] = honestNames;
    const census = takeCensus(this.#world.node(anyone), this.#mallory.script);
    const gamma = this.#ties === 0 ? 0 : this.#tiesWon / this.#ties;
    const theory = stubborn === undefined ? selfishRevenue(share, gamma) : undefined;
    this.#tell(`mallory has ${percent(census.share)} of ${census.blocks} active blocks`);
    this.#tell(`${this.#tiesWon} of ${this.#ties} ties went her way`);
    if (theory !== undefined) this.#tell(`theory: ${percent(theory)} at that gamma`);
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
      elapsedMs: this.#world.clock.elapsedMs,
      steps: this.#world.steps,
    };
  }

  #say(who: string, text: string): void {
    this.#transcript.say(this.#world.host(who).name, text);
  }

  #tell(text: string): void {
    this.#transcript.say("", text);
  }
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}
