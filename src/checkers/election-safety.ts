/** Election safety: an era has at most one leader. @see Ongaro, Ousterhout, Raft (extended), figure 3 */

import type { ProcessState, Property } from "./property.ts";

export function createElectionSafety(): Property {
  const leaders = new Map<number, string>();
  return {
    name: "election-safety",
    findBreach({ name, view }: ProcessState) {
      if (!view.isLeader) return undefined;
      const leader = leaders.get(view.era) ?? name;
      leaders.set(view.era, leader);
      return leader === name ? undefined : `${leader} and ${name} both lead era ${view.era}`;
    },
  };
}
