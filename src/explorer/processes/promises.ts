/** What protocols promise, as it can be seen in one state of all processes. */

import type { Answer, Command } from "../../protocols/process/key-value.ts";
import type { LogCell, ProcessView } from "../../protocols/process/protocol.ts";
import { isLinearizable, type SequentialObject } from "../engine/history.ts";
import { plainKey } from "../engine/numbering.ts";
import type { ClientHistory } from "./client-requests.ts";

export type Snapshot = {
  readonly views: readonly ProcessView[];
  readonly history: ClientHistory;
};

export type SnapshotPromise = {
  readonly name: string;
  readonly holds: (snapshot: Snapshot) => boolean;
};

export const agreement: SnapshotPromise = {
  name: "agreement: no two processes decide differently",
  holds: ({ views }) => {
    const known = new Map<string, string>();
    return views.every(({ decisions }) => {
      return Object.entries(decisions).every(([name, value]) => {
        const key = plainKey(value);
        const isSame = (known.get(name) ?? key) === key;
        known.set(name, key);
        return isSame;
      });
    });
  },
};

export const electionSafety: SnapshotPromise = {
  name: "election safety: no two leaders in one era",
  holds: ({ views }) => {
    const eras = views.filter(({ isLeader }) => isLeader).map(({ era }) => era);
    return new Set(eras).size === eras.length;
  },
};

export const committedAgreement = sameCommands(
  "state-machine safety: no two processes commit different entries at one index",
);

export const noFork = sameCommands(
  "no fork: no two processes commit different commands at one index",
);

/** Not the eras: a later leader of Multi-Paxos, or view of PBFT, may commit an entry again in its own. */
function sameCommands(name: string): SnapshotPromise {
  const holds = ({ views }: Snapshot): boolean => {
    const known = new Map<number, string>();
    return views.every((view) => {
      return [...committedCells(view)].every(([index, { command }]) => {
        const isSame = (known.get(index) ?? command) === command;
        known.set(index, command);
        return isSame;
      });
    });
  };
  return { name, holds };
}

/** Judged at a leader of the highest era only: an older one may not know what came later. */
export const leaderCompleteness: SnapshotPromise = {
  name: "leader completeness: the leader of the highest era has every committed entry",
  holds: ({ views }) => {
    const highest = Math.max(...views.map(({ era }) => era));
    const leaders = views.filter(({ isLeader, era }) => isLeader && era === highest);
    return leaders.every(({ log }) => {
      if (log === undefined) return true;
      return views.every((view) => {
        return [...committedCells(view)].every(([index, { era, command }]) => {
          if (index < log.firstIndex) return true;
          const own = log.cells[index - log.firstIndex];
          return own?.era === era && own.command === command;
        });
      });
    });
  },
};

export function linearizable<S>(object: SequentialObject<S, Command, Answer>): SnapshotPromise {
  const known = new WeakMap<ClientHistory, boolean>();
  return {
    name: "linearizable",
    holds: ({ history }) => {
      const verdict = known.get(history) ?? isLinearizable(history, object);
      known.set(history, verdict);
      return verdict;
    },
  };
}

function* committedCells({ log }: ProcessView): Generator<readonly [number, LogCell]> {
  if (log === undefined) return;
  for (const [position, cell] of log.cells.entries()) {
    const index = log.firstIndex + position;
    if (index <= log.committed) yield [index, cell];
  }
}
