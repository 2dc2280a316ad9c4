/** What is claimed of time, and of messages that may be lost. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import type { Experiment } from "../engine/experiment.ts";
import { clocks } from "./clocks.ts";
import { twoGenerals } from "./two-generals.ts";

/** Those that estimate something in many runs. */
export const timeExperiments: readonly Experiment[] = [twoGenerals];

/** Those whose outcome is exact. */
export const exactTimeExperiments: readonly ExactExperiment[] = [clocks];
