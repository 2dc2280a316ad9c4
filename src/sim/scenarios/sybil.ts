/** Sybils in virtual time: many identities with little hash power among few with much. */

import { shareParameter, wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { requireCount, requireWithin, zScore } from "../../theory/statistics.ts";
import { takeCensus } from "../chain-world/census.ts";
import { SimulatedWallet } from "../chain-world/simulated-wallet.ts";
import { intervalMs, percent, Run } from "./run.ts";
import { defineScenario, type RunOptions } from "./scenario.ts";

export type SybilRun = RunOptions & {
  /** The part of the hash power that all of mallory's identities have together. */
  readonly share: number;
  readonly identities: number;
  /** The height at which the census is taken. */
  readonly blocks: number;
};

export type SybilOutcome = {
  readonly seed: string;
  readonly share: number;
  readonly identities: number;
  /** Mallory's part of all nodes, which buys her nothing. */
  readonly nodesPart: number;
  readonly blocks: number;
  /** Her part of the blocks, and how far it is from her share, in standard errors. */
  readonly blocksPart: number;
  readonly z: number;
  readonly elapsedMs: number;
  readonly steps: number;
};

const identitiesMax = 50;
const blocksMin = 40;
/** An honest run is hardly ever so many standard errors off. */
const scoreMax = 4;

const parameters = {
  share: shareParameter("what all sybils together have of the hash power", {
    min: 0.001,
    max: 0.999,
    initial: 0.2,
  }),
  identities: wholeParameter("how many sybils", { min: 1, max: identitiesMax, initial: 12 }),
  blocks: wholeParameter("how many blocks are found", {
    min: blocksMin,
    max: 100_000,
    initial: 200,
  }),
};

export const sybil = defineScenario<typeof parameters>({
  name: "sybil",
  summary: "many identities with little hash power: blocks go by power, not by number",
  parameters,
  examples: [["--identities 12 --share 0.2 --blocks 60", "80 % of the nodes, 20 % of the power"]],
  next: "powlab simulate partition",
  run: (values, options) => {
    const outcome = runSybil({ ...values, ...options });
    if (Math.abs(outcome.z) < scoreMax) return { outcome };
    const failure =
      `The sybils' part of the blocks is ${Math.abs(outcome.z).toFixed(1)} standard errors from ` +
      `their share of the power, and must be within ${scoreMax}.`;
    return { outcome, failure };
  },
});

const honestNames = ["miner-1", "miner-2", "miner-3"];

export function runSybil(options: SybilRun): SybilOutcome {
  requireWithin("share", options.share, Number.MIN_VALUE, 1 - Number.EPSILON);
  requireCount("identities", options.identities, 1, identitiesMax);
  requireCount("blocks", options.blocks, blocksMin);
  return new SybilAttack(options).run();
}

class SybilAttack extends Run<SybilOutcome> {
  readonly #options: SybilRun;
  readonly #random = createRandom("sybil");
  readonly #mallory = new SimulatedWallet(this.#random.fork("mallory")).script;
  readonly #others = new SimulatedWallet(this.#random.fork("others")).script;

  constructor(options: SybilRun) {
    super(options, { templateRenewalMs: intervalMs });
    this.#options = options;
  }

  override run(): SybilOutcome {
    const { seed, share, identities, blocks } = this.#options;
    const names = Array.from({ length: identities }, (_, position) => `sybil-${position + 1}`);
    this.addMiners(names, share, { payTo: this.#mallory });
    this.addMiners(honestNames, 1 - share, { payTo: this.#others });
    this.world.connectAll();
    const [observer = ""] = honestNames;
    const isDone = () => this.heightOf(observer) >= blocks && this.world.haveAgreed();
    if (!this.world.runUntil(isDone, 10 * blocks * intervalMs)) throw new Error("no blocks came");

    const census = takeCensus(this.world.node(observer), this.#mallory);
    const nodesPart = identities / this.world.names.length;
    this.tell(`mallory has ${percent(nodesPart)} of all nodes`);
    this.tell(`she has ${percent(share)} of the hash power`);
    this.tell(`she has ${percent(census.share)} of ${census.blocks} blocks`);
    return {
      seed: String(seed),
      share,
      identities,
      nodesPart,
      blocks: census.blocks,
      blocksPart: census.share,
      z: zScore(census.share, share, census.blocks),
      ...this.cost,
    };
  }
}
