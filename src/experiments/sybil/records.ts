/** What is claimed of many names; their share of blocks and of addresses are with proof of work. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import { names } from "./names.ts";

export const sybilExperiments: readonly ExactExperiment[] = [names];
