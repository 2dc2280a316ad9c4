/** Raft's five promises (paper, Figure 3), checked after every step of a process. */

import { createElectionSafety } from "../../checkers/election-safety.ts";
import { createLeaderAppendOnly } from "../../checkers/leader-append-only.ts";
import { createLeaderCompleteness } from "../../checkers/leader-completeness.ts";
import { createLogMatching } from "../../checkers/log-matching.ts";
import type { Property } from "../../checkers/property.ts";
import { createStateMachineSafety } from "../../checkers/state-machine-safety.ts";
import type { ProcessView } from "../../protocols/process/protocol.ts";
import type { RaftNews } from "../../protocols/raft/news.ts";
import type { RaftState } from "../../protocols/raft/state.ts";

export class Promises {
  /** The names of those that were broken. */
  readonly broken = new Set<string>();
  readonly #properties: readonly Property[] = [
    createElectionSafety(),
    createLeaderAppendOnly(),
    createLogMatching(),
    createLeaderCompleteness(),
    createStateMachineSafety(),
  ];

  readonly #copies = new Map<number, string>();

  /** @param before the step, @param news of the step. */
  check(before: RaftState, state: RaftState, view: ProcessView, news: readonly RaftNews[]): void {
    const process = { name: state.setting.name, view };
    for (const property of this.#properties) {
      if (property.findBreach(process) !== undefined) this.broken.add(property.name);
    }
    if (!isWithoutGap(before, news) || !this.#isSameCopy(state))
      this.broken.add("state-machine-safety");
  }

  /** Processes that have applied equally much have equal copies. */
  #isSameCopy({ applied, data }: RaftState): boolean {
    const sorted = Object.entries(data.values).sort(([a], [b]) => (a < b ? -1 : 1));
    const copy = JSON.stringify(sorted);
    const known = this.#copies.get(applied) ?? copy;
    this.#copies.set(applied, known);
    return known === copy;
  }
}

/** Each entry is applied behind the one before it, or behind a snapshot. */
function isWithoutGap(before: RaftState, news: readonly RaftNews[]): boolean {
  let last = before.applied;
  for (const piece of news) {
    if (piece.type === "snapshot-installed") last = piece.index;
    if (piece.type !== "applied") continue;
    if (piece.index !== last + 1) return false;
    last = piece.index;
  }
  return true;
}
