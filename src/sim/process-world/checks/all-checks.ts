/** All checks of processes for one run: new ones each time, because they have state. */

import type { Workload } from "../../../protocols/catalogue.ts";
import type { ProcessCheck } from "./process-check.ts";

export function allProcessChecks(_workload: Workload): readonly ProcessCheck[] {
  return [];
}
