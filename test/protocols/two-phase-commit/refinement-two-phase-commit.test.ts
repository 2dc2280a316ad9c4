/** Every state of our two-phase commit is one of the 288 of Gray and Lamport's model. */

import { expect, test } from "vitest";
import { beginningOf } from "../../../src/protocols/two-phase-commit/message.ts";
import { commitMutants } from "../../../src/protocols/two-phase-commit/mutants.ts";
import {
  type TwoPhaseCommit,
  twoPhaseCommit,
} from "../../../src/protocols/two-phase-commit/two-phase-commit.ts";
import { namesOf } from "../process-network.ts";
import { type Reached, search } from "../process-search.ts";
import { abstractOf, type GrayLamportState } from "./refinement-two-phase-commit.ts";

const managers = [0, 1, 2];

/** All states of the model with 3 resource managers. */
function grayLamportStates(): ReadonlySet<string> {
  const no = managers.map(() => false);
  const first: GrayLamportState = {
    rmState: managers.map(() => "working"),
    tmState: "init",
    tmPrepared: no,
    sentPrepared: no,
    sentCommit: false,
    sentAbort: false,
  };
  const seen = new Set([JSON.stringify(first)]);
  let level: readonly GrayLamportState[] = [first];
  while (level.length > 0) {
    const next: GrayLamportState[] = [];
    for (const state of level.flatMap(successorsOf)) {
      const text = JSON.stringify(state);
      if (seen.has(text)) continue;
      seen.add(text);
      next.push(state);
    }
    level = next;
  }
  return seen;
}

function successorsOf(state: GrayLamportState): readonly GrayLamportState[] {
  const { rmState, tmState, tmPrepared, sentPrepared, sentCommit, sentAbort } = state;
  const isInit = tmState === "init";
  const next: GrayLamportState[] = managers.flatMap((at) => {
    const become = (now: GrayLamportState["rmState"][number]) => {
      return { ...state, rmState: rmState.with(at, now) };
    };
    const isWorking = rmState[at] === "working";
    return [
      ...(isInit && sentPrepared[at] ? [{ ...state, tmPrepared: tmPrepared.with(at, true) }] : []),
      ...(isWorking
        ? [{ ...become("prepared"), sentPrepared: sentPrepared.with(at, true) }, become("aborted")]
        : []),
      ...(sentCommit ? [become("committed")] : []),
      ...(sentAbort ? [become("aborted")] : []),
    ];
  });
  if (isInit && !tmPrepared.includes(false)) {
    next.push({ ...state, tmState: "committed", sentCommit: true });
  }
  if (isInit) next.push({ ...state, tmState: "aborted", sentAbort: true });
  return next;
}

const published = grayLamportStates();

type CommitReached = Reached<
  ReturnType<TwoPhaseCommit["start"]>,
  Parameters<TwoPhaseCommit["encode"]>[0]
>;

function statesOf(protocol: TwoPhaseCommit, restarts: number) {
  const reached = new Set<string>();
  let outside = 0;
  const check = ({ members, letters }: CommitReached) => {
    const states = members.map(({ state }) => state);
    // A transaction has a number of the life that it is begun in: all that there may be.
    for (let life = 1; life <= restarts + 1; life++) {
      const text = JSON.stringify(abstractOf(states, letters, beginningOf(life) + 1));
      reached.add(text);
      if (!published.has(text)) outside++;
    }
    return undefined;
  };
  const command = { type: "write", key: "x", value: 0 } as const;
  const requests = [{ at: namesOf(1)[0]!, command }];
  const { states } = search(protocol, { count: 4, requests, restarts, check });
  return { states, outside, reached: reached.size };
}

test("the model has as many states as TLC counts", () => {
  expect(published.size).toBe(288);
});

test("no state of our two-phase commit is outside of the model, with up to two restarts", () => {
  const { states, outside, reached } = statesOf(twoPhaseCommit(), 2);
  expect({ states, outside, reached }).toEqual({ states: 1671, outside: 0, reached: 61 });
});

test("mutants leave the model", () => {
  for (const name of [
    "commits-with-a-majority",
    "decision-in-memory",
    "forgets-before-acknowledgements",
  ]) {
    const mutant = commitMutants.find((other) => other.name === name)!;
    expect(statesOf(mutant.protocol, 2).outside, name).toBeGreaterThan(0);
  }
});
