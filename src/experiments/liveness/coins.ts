/** One schedule for two protocols: it keeps the deterministic one from deciding, and not the coins. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { type BenOr, benOr } from "../../protocols/ben-or/ben-or.ts";
import { benOrMutants } from "../../protocols/ben-or/mutants.ts";
import { benOrWorstTied } from "../../theory/ben-or.ts";
import { zScore } from "../../theory/statistics.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, exactly, type Finding } from "../engine/finding.ts";
import { roundsToDecision, worstSchedule } from "./lockstep.ts";

const parameters = {
  nodes: wholeParameter("members, of which half propose 1", { min: 2, max: 7, initial: 4 }),
  runs: wholeParameter("decisions by coins", { min: 200, max: 100_000, initial: 4_000 }),
  rounds: wholeParameter("rounds without coins", { min: 10, max: 10_000, initial: 10_000 }),
};

/** Standard errors that a share may be off. */
const scoreMax = 4;
/** Parts of the mean at which the distribution is compared. */
const marks = [0.5, 1, 2, 3] as const;
const manyRounds = 1_000_000;

export const coins = defineExact<typeof parameters>({
  id: "coins",
  code: "L7a",
  group: "liveness",
  title: "A schedule against coins",
  claim: "A schedule that keeps a deterministic protocol from deciding cannot foresee coins.",
  lines: "L22-34,383",
  source: "Ben-Or 1983; tied after k rounds with probability (1 − 2^(1−n))^(k−1)",
  parameters,
  quick: { runs: 800, rounds: 500 },
  examples: [["--nodes 6 --runs 2000", "six coins that must fall alike"]],
  examine: ({ nodes, runs, rounds }, seed) => {
    const without = decide(deterministic(), nodes, rounds, seed);
    const decided = Array.from({ length: runs }, (_, run) => {
      return decide(benOr(), nodes, manyRounds, `${seed} ${run}`) ?? Infinity;
    });
    return [
      exactly(`without coins: the decision in ${rounds} rounds`, without ?? "none", "none"),
      exactly(
        "with coins: runs without a decision",
        decided.filter((at) => at > manyRounds).length,
        0,
      ),
      ...marks.map((mark) => sharesAt(Math.ceil(mark * 2 ** (nodes - 1)), decided, nodes)),
    ];
  },
});

function deterministic(): BenOr {
  const mutant = benOrMutants.find(({ name }) => name === "no-coin");
  if (mutant === undefined) throw new Error("there is no Ben-Or without a coin");
  return mutant.protocol;
}

function decide(protocol: BenOr, nodes: number, roundsMax: number, seed: string) {
  const random = createRandom(seed, "coins");
  return roundsToDecision({ protocol, nodes, schedule: worstSchedule, random, roundsMax });
}

/** How many are tied after so many rounds, against theory. */
function sharesAt(rounds: number, decided: readonly number[], nodes: number): Finding {
  const share = decided.filter((at) => at > rounds).length / decided.length;
  const expected = benOrWorstTied(nodes, rounds);
  const off = Math.abs(zScore(share, expected, decided.length));
  const shares = `${share.toFixed(4)} for ${expected.toFixed(4)}`;
  return atMost(`tied after ${rounds} rounds (${shares}): standard errors off`, off, scoreMax);
}
