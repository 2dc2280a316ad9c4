import { describe, expect, test } from "vitest";
import type { Model } from "../../../src/explorer/engine/model.ts";
import { checkRefinement } from "../../../src/explorer/engine/refinement.ts";
import {
  grayLamportCommit,
  standingsOf,
  type State,
} from "../../../src/explorer/models/gray-lamport-commit.ts";
import { transactionCommit } from "../../../src/explorer/models/transaction-commit.ts";

type Clock = { readonly hour: number; readonly minute: number };

/** Shows hours and minutes. @param faulty a clock that loses the last hour of the day. */
function clock(faulty: boolean): Model<Clock> {
  return {
    initial: () => [{ hour: 0, minute: 0 }],
    moves: ({ hour, minute }, visit) => {
      if (minute < 59) visit("a minute", { hour, minute: minute + 1 });
      else visit("an hour", { hour: faulty && hour === 22 ? 0 : (hour + 1) % 24, minute: 0 });
    },
    encode: ({ hour, minute }, words) => {
      words.push(hour);
      words.push(minute);
    },
    promises: [],
    goals: [],
    show: (state) => state,
  };
}

/** Shows hours only, and begins at any of these. */
function hourClock(...first: readonly number[]): Model<number> {
  return {
    initial: () => first,
    moves: (hour, visit) => visit("an hour", (hour + 1) % 24),
    encode: (hour, words) => words.push(hour),
    promises: [],
    goals: [],
    show: (hour) => hour,
  };
}

const hourOf = ({ hour }: Clock): number => hour;

describe("a clock with minutes", () => {
  test("does what a clock with hours allows: most steps change no hour", () => {
    const { violation, covered, exploration } = checkRefinement({
      concrete: clock(false),
      abstract: hourClock(0),
      abstractOf: hourOf,
    });
    expect(violation).toBe(undefined);
    expect(covered).toBe(24);
    expect(exploration.counts.unique).toBe(24 * 60);
  });

  test("that loses an hour is caught at that step, after the shortest way", () => {
    const { violation } = checkRefinement({
      concrete: clock(true),
      abstract: hourClock(0),
      abstractOf: hourOf,
    });
    expect(violation!.trace.moves.length).toBe(23 * 60);
    expect(violation!.abstractStates.slice(-2)).toEqual([22, 0]);
  });

  test("may take two steps at once only if that is allowed", () => {
    const refinement = { concrete: clock(true), abstract: hourClock(0), abstractOf: hourOf };
    expect(checkRefinement({ ...refinement, stepsMax: 2 }).violation).toBe(undefined);
  });

  test("must begin where the other may begin", () => {
    const { violation } = checkRefinement({
      concrete: clock(false),
      abstract: hourClock(1, 2),
      abstractOf: hourOf,
    });
    expect(violation!.trace.moves).toEqual([]);
    expect(violation!.abstractStates).toEqual([0]);
  });
});

describe("two-phase commit", () => {
  test("does what its specification allows, in all 288 states, and reaches all 34 of it", () => {
    const { violation, covered, exploration } = checkRefinement({
      concrete: grayLamportCommit(3),
      abstract: transactionCommit(3),
      abstractOf: standingsOf,
    });
    expect(violation).toBe(undefined);
    expect(exploration.counts.unique).toBe(288);
    expect(covered).toBe(34);
  });

  test("with a coordinator that counts a majority only is caught", () => {
    const honest = grayLamportCommit(3);
    const hasty: Model<State> = {
      ...honest,
      initial: () => honest.initial(),
      moves: (state, visit) => {
        honest.moves(state, visit);
        const counted = state.managers.filter(({ isCounted }) => isCounted);
        if (state.coordinator !== "waiting" || counted.length < 2) return;
        visit("coordinator commits", { ...state, coordinator: "committed", order: "commit" });
      },
    };
    const { violation } = checkRefinement({
      concrete: hasty,
      abstract: transactionCommit(3),
      abstractOf: standingsOf,
    });
    // Two prepare, both are counted, the coordinator commits, and a manager obeys.
    expect(violation!.trace.moves.length).toBe(6);
    expect(violation!.trace.moves.at(-1)).toMatch(/^receive commit/);
  });
});
