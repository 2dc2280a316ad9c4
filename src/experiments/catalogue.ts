/** Every experiment there is: the command line and the report are derived from this list. */

import type { Experiment } from "./engine/experiment.ts";
import { difficulty } from "./proof-of-work/difficulty.ts";
import { doubleSpend } from "./proof-of-work/double-spend.ts";
import { eclipse } from "./proof-of-work/eclipse.ts";
import { partition } from "./proof-of-work/partition.ts";
import { selfishMining } from "./proof-of-work/selfish-mining.ts";
import { stale } from "./proof-of-work/stale.ts";

/** In the order in which they are listed and reported. */
export const experiments: readonly Experiment[] = [
  doubleSpend,
  selfishMining,
  eclipse,
  partition,
  stale,
  difficulty,
];
