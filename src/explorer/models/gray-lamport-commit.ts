/**
 * Two-phase commit: a coordinator that receives "prepared" from every manager says "commit".
 *
 * Messages are a set that only grows, so loss, duplication and reordering are all included. As in
 * the published model, a manager prepares and aborts without being asked.
 *
 * @see TwoPhase.tla; Jim Gray and Leslie Lamport, Consensus on Transaction Commit, 2003
 */

import type { Model, Visit } from "../engine/model.ts";
import { sorted } from "../engine/orbit.ts";
import { codeOf, isAtomic, type Standing } from "./transaction-commit.ts";

export type Manager = {
  readonly standing: Standing;
  /** Its message "prepared" is among the messages. */
  readonly hasSent: boolean;
  /** The coordinator has received it. */
  readonly isCounted: boolean;
};

export type State = {
  readonly coordinator: "waiting" | "committed" | "aborted";
  /** The coordinator's message to all, once it was sent. */
  readonly order: "none" | "commit" | "abort";
  readonly managers: readonly Manager[];
};

const coordinators = ["waiting", "committed", "aborted"] as const;
const orders = ["none", "commit", "abort"] as const;

export function grayLamportCommit(managers: number): Model<State> {
  const fresh: Manager = { standing: "working", hasSent: false, isCounted: false };
  return {
    initial: () => [
      {
        coordinator: "waiting",
        order: "none",
        managers: Array.from({ length: managers }, () => fresh),
      },
    ],
    moves,
    encode: ({ coordinator, order, managers: each }, words) => {
      words.push(coordinators.indexOf(coordinator));
      words.push(orders.indexOf(order));
      for (const manager of each) words.push(codeOfManager(manager));
    },
    promises: [
      {
        name: "no manager commits while another aborts",
        holds: (state) => isAtomic(standingsOf(state)),
      },
    ],
    goals: [
      {
        name: "all commit",
        holds: (state) => standingsOf(state).every((each) => each === "committed"),
      },
      {
        name: "all abort",
        holds: (state) => standingsOf(state).every((each) => each === "aborted"),
      },
    ],
    representative: (state) => ({ ...state, managers: sorted(state.managers, codeOfManager) }),
    show: (state) => state,
  };
}

/** What the specification, `transaction-commit`, knows of a state. */
export function standingsOf({ managers }: State): readonly Standing[] {
  return managers.map(({ standing }) => standing);
}

function moves(state: State, visit: Visit<State>): void {
  const { coordinator, order, managers } = state;
  if (coordinator === "waiting") {
    if (managers.every(({ isCounted }) => isCounted)) {
      visit("coordinator commits", { ...state, coordinator: "committed", order: "commit" });
    }
    visit("coordinator aborts", { ...state, coordinator: "aborted", order: "abort" });
  }
  for (const [i, manager] of managers.entries()) {
    const name = i + 1;
    const turns = (label: string, changed: Partial<Manager>): void => {
      visit(label, { ...state, managers: managers.with(i, { ...manager, ...changed }) });
    };
    if (coordinator === "waiting" && manager.hasSent) {
      turns(`coordinator receives prepared ${name}`, { isCounted: true });
    }
    if (manager.standing === "working") {
      turns(`prepare ${name}`, { standing: "prepared", hasSent: true });
      turns(`choose to abort ${name}`, { standing: "aborted" });
    }
    if (order === "commit") turns(`receive commit ${name}`, { standing: "committed" });
    if (order === "abort") turns(`receive abort ${name}`, { standing: "aborted" });
  }
}

function codeOfManager({ standing, hasSent, isCounted }: Manager): number {
  return codeOf(standing) + (hasSent ? 4 : 0) + (isCounted ? 8 : 0);
}
