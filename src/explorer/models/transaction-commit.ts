/**
 * What every commit protocol must do: all managers commit, or all abort.
 *
 * @see TCommit.tla; Jim Gray and Leslie Lamport, Consensus on Transaction Commit, 2003
 */

import type { Model } from "../engine/model.ts";
import { sorted } from "../engine/orbit.ts";

const standings = ["working", "prepared", "committed", "aborted"] as const;
export type Standing = (typeof standings)[number];

/** Where each manager stands. */
type State = readonly Standing[];

export function transactionCommit(managers: number): Model<State> {
  return {
    initial: () => [Array.from({ length: managers }, () => "working" as const)],
    moves: (state, visit) => {
      const mayCommit = state.every((each) => each === "prepared" || each === "committed");
      const mayAbort = !state.includes("committed");
      for (const [i, standing] of state.entries()) {
        const becomes = (next: Standing): void => visit(`${next} ${i + 1}`, state.with(i, next));
        if (standing === "working") becomes("prepared");
        if (standing === "prepared" && mayCommit) becomes("committed");
        if ((standing === "working" || standing === "prepared") && mayAbort) becomes("aborted");
      }
    },
    encode: (state, words) => words.pushList(state.map(codeOf)),
    promises: [{ name: "no manager commits while another aborts", holds: isAtomic }],
    goals: [
      { name: "all commit", holds: (state) => state.every((each) => each === "committed") },
      { name: "all abort", holds: (state) => state.every((each) => each === "aborted") },
    ],
    representative: (state) => sorted(state, codeOf),
    show: (state) => state,
  };
}

export function codeOf(standing: Standing): number {
  return standings.indexOf(standing);
}

export function isAtomic(state: readonly Standing[]): boolean {
  return !(state.includes("committed") && state.includes("aborted"));
}
