/** The schedule of faults for `powlab cap`: a file, or a preset. */

import { type CapFault, lieReader } from "../../../src/sim/cap/cap-fault.ts";
import { usualSchedule, usualScheduleTimes } from "../../../src/sim/cap/schedule.ts";
import { parseFaultFile } from "../../../src/sim/files/fault-file.ts";
import { processRoles } from "../../../src/sim/process-world/process-world.ts";
import { readFaultFile } from "../protocol/files.ts";

/** The whole time behind the last fault. */
export const usualWholeMs = usualScheduleTimes.wholeMs;

/** @param text undefined for the usual one. @param names of the nodes that there are. */
export async function readCapSchedule(
  text: string | undefined,
  names: readonly string[],
): Promise<readonly CapFault[]> {
  if (text === undefined) return usualSchedule(names, usualScheduleTimes);
  const terms = { names, roles: processRoles, extra: { lie: lieReader } };
  return await readFaultFile(text, (read) => parseFaultFile(read, terms));
}
