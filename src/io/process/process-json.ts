/** The view of a process as JSON for other programs. */

import type { ProcessJson } from "../../contract/process-api.ts";
import type { Setting } from "../../protocols/process/process.ts";
import type { LogCell, ProcessView } from "../../protocols/process/protocol.ts";

/** The latest ones are shown. */
const cellsMax = 20;
const decisionsMax = 20;

export function processJson(
  protocol: string,
  { name, members }: Pick<Setting, "name" | "members">,
  view: ProcessView,
): ProcessJson {
  const { role, era, isLeader, votedFor = null, decisions, blocked } = view;
  return {
    ...{ name, protocol, members, role, era, isLeader, votedFor },
    log: view.log === undefined ? null : logJson(view.log),
    decisions: Object.fromEntries(Object.entries(decisions).slice(-decisionsMax)),
    blocked,
  };
}

function logJson(log: NonNullable<ProcessView["log"]>): ProcessJson["log"] {
  const { firstIndex, committed, applied, cells } = log;
  const numbered = cells.map(({ era, command }: LogCell, at) => {
    return { index: firstIndex + at, era, command };
  });
  const lastIndex = firstIndex + cells.length - 1;
  return { firstIndex, lastIndex, committed, applied, cells: numbered.slice(-cellsMax) };
}
