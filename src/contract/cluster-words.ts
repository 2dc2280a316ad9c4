/** The lines of a cluster's timeline in words. */

import { unreachable } from "../primitives/verdict.ts";
import type { ClusterEvent, ClusterVerdict } from "./cluster.ts";

/** Who, and what happened to it; empty for what concerns all. */
export type ClusterLine = { readonly who: string; readonly text: string };

/** One line for each event but the verdict. */
export function clusterLine(event: Exclude<ClusterEvent, ClusterVerdict>): ClusterLine {
  switch (event.type) {
    case "opening": {
      const { protocol, mutant, nodes, seed } = event;
      const which = mutant === null ? protocol : `${protocol} with the mutant ${mutant}`;
      return { who: "", text: `${which}: ${nodes.length} processes, seed ${seed}` };
    }
    case "started":
      return { who: "", text: `all processes are up; levers at ${event.control}` };
    case "news":
      return { who: event.node, text: event.text };
    case "leads":
      return { who: event.node, text: `leads in era ${event.era}` };
    case "request":
      return { who: event.client, text: event.text };
    case "fault":
      return { who: "", text: event.text };
    case "fault-over":
      return { who: "", text: `over: ${event.text}` };
    case "node-up":
      return { who: event.node, text: `is up, process ${event.pid}` };
    case "node-down":
      return { who: event.node, text: "was killed" };
    case "node-failed":
      return { who: event.node, text: `has failed: ${event.reason}` };
    default:
      return unreachable(event);
  }
}

/** The headline first. */
export function clusterVerdictLines(verdict: ClusterVerdict): readonly string[] {
  const { asked, answered, aborted, unknown, longestPauseMs, durationSeconds } = verdict;
  const counts = [
    `${answered} of ${asked} requests answered`,
    ...(aborted > 0 ? [`${aborted} aborted`] : []),
    ...(unknown > 0 ? [`${unknown} of unknown outcome`] : []),
  ];
  return [
    headline(verdict),
    `${counts.join(", ")} in ${durationSeconds} s; the longest pause ${longestPauseMs} ms`,
    `timeline ${verdict.timeline}`,
  ];
}

function headline({ outcome, promises, broken }: ClusterVerdict): string {
  switch (outcome) {
    case "holds":
      return `HOLDS: ${promises.join(", ")}`;
    case "broken":
      return `BROKEN: ${broken?.promise ?? ""}: ${broken?.message ?? ""}`;
    case "undecided":
      return `UNDECIDED: ${broken?.message ?? ""}`;
    default:
      return unreachable(outcome);
  }
}
