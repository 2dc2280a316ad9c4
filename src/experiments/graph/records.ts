/** What is claimed of graphs: of their shapes, of what crosses their edges, and of what spreads. */

import type { ExactExperiment } from "../engine/exact-experiment.ts";
import type { Experiment } from "../engine/experiment.ts";
import { broadcast } from "./broadcast.ts";
import { centres } from "./centres.ts";
import { failures } from "./failures.ts";
import { hubs } from "./hubs.ts";
import { links } from "./links.ts";
import { reliability } from "./reliability.ts";
import { suspicion } from "./suspicion.ts";
import { weights } from "./weights.ts";

/** Those that estimate something in many runs. */
export const graphExperiments: readonly Experiment[] = [reliability, suspicion, failures, weights];

/** Those whose outcome is exact. */
export const exactGraphExperiments: readonly ExactExperiment[] = [links, hubs, centres, broadcast];
