/** The scenarios that `powlab simulate` makes commands of. */

import { doubleSpend } from "./double-spend.ts";
import { eclipse } from "./eclipse.ts";
import { partition } from "./partition.ts";
import type { Scenario } from "./scenario.ts";
import { selfishMining } from "./selfish-mining.ts";
import { sybil } from "./sybil.ts";

/** In the order in which they are listed. */
export const scenarios: readonly Scenario[] = [
  doubleSpend,
  selfishMining,
  eclipse,
  sybil,
  partition,
];
