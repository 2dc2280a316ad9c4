/** Every state of our Paxos is one of the 3,921 of Lamport's model. */

import { expect, test } from "vitest";
import type { PeerId } from "../../../src/primitives/brand.ts";
import type { Ballot } from "../../../src/protocols/paxos/ballot.ts";
import { paxosMutants } from "../../../src/protocols/paxos/mutants.ts";
import { type Paxos, paxos } from "../../../src/protocols/paxos/paxos.ts";
import type { Value } from "../../../src/protocols/process/key-value.ts";
import { namesOf } from "../process-network.ts";
import { search } from "../process-search.ts";
import { abstractOf, type LamportMessage, type LamportState, textOf } from "./refinement-paxos.ts";

const values: readonly Value[] = [0, false];
const acceptors = [0, 1, 2];
const ballots = [0, 1];

/** All states of the model: 3 acceptors, 2 values, ballots 0 and 1. */
function lamportStates(): ReadonlySet<string> {
  const none = {
    maxBal: [-1, -1, -1],
    maxVBal: [-1, -1, -1],
    maxVal: [null, null, null],
    msgs: [],
  };
  const seen = new Set([textOf(none)]);
  let level: readonly LamportState[] = [none];
  while (level.length > 0) {
    const next: LamportState[] = [];
    for (const state of level.flatMap(successorsOf)) {
      const text = textOf(state);
      if (seen.has(text)) continue;
      seen.add(text);
      next.push(state);
    }
    level = next;
  }
  return seen;
}

function successorsOf(state: LamportState): readonly LamportState[] {
  const phase1a = ballots.map((ballot) => sending(state, ["1a", ballot]));
  const proposals = ballots.flatMap((ballot) => {
    return values
      .filter((value) => mayPropose(state, ballot, value))
      .map((value) => {
        return sending(state, ["2a", ballot, value]);
      });
  });
  const answers = state.msgs.flatMap((message) =>
    acceptors.flatMap((a) => answer(state, a, message)),
  );
  return [...phase1a, ...proposals, ...answers];
}

function sending(state: LamportState, message: LamportMessage): LamportState {
  return { ...state, msgs: [...state.msgs, message] };
}

function answer(state: LamportState, a: number, message: LamportMessage): readonly LamportState[] {
  const promised = state.maxBal[a]!;
  if (message[0] === "1a" && message[1] > promised) {
    const answered = ["1b", a, message[1], state.maxVBal[a]!, state.maxVal[a]!] as const;
    return [{ ...sending(state, answered), maxBal: state.maxBal.with(a, message[1]) }];
  }
  if (message[0] === "2a" && message[1] >= promised) {
    const next = sending(state, ["2b", a, message[1], message[2]]);
    return [
      {
        ...next,
        maxBal: state.maxBal.with(a, message[1]),
        maxVBal: state.maxVBal.with(a, message[1]),
        maxVal: state.maxVal.with(a, message[2]),
      },
    ];
  }
  return [];
}

/** Has a majority promised, and is the value the one that its highest acceptance asks for? */
function mayPropose({ msgs }: LamportState, ballot: number, value: Value): boolean {
  if (msgs.some((message) => message[0] === "2a" && message[1] === ballot)) return false;
  const promises = msgs.filter((message) => message[0] === "1b" && message[2] === ballot);
  return acceptors.some((left) => {
    const quorum = promises.filter((message) => message[1] !== left);
    if (new Set(quorum.map((message) => message[1])).size < 2) return false;
    const accepted = quorum.flatMap((message) => (message[0] === "1b" ? [message] : []));
    const highest = Math.max(...accepted.map((message) => message[3]));
    const isFree = highest === -1;
    return isFree || accepted.some((message) => message[3] === highest && message[4] === value);
  });
}

const lamport = lamportStates();

const names = namesOf(3) as [PeerId, PeerId, PeerId];

/** n1 and n2 have one ballot each. Depending on who is first, n1's may be the higher one. */
function statesOutside(protocol: Paxos): { readonly outside: number; readonly states: number } {
  let outside = 0;
  const requests = values.map((value, at) => {
    return { at: names[at]!, command: { type: "propose", value } as const };
  });
  const check: Parameters<
    typeof search<ReturnType<Paxos["start"]>, Parameters<Paxos["encode"]>[0], { type: string }>
  >[1]["check"] = ({ members, letters }) => {
    const states = members.map(({ state }) => state);
    const used = states.flatMap(({ proposal }) =>
      proposal === undefined ? [] : [proposal.ballot],
    );
    const inOrder = [...used].sort((a, b) => rankOf(a) - rankOf(b));
    const numberOf = (ballot: Ballot) => {
      return inOrder.findIndex((other) => rankOf(other) === rankOf(ballot));
    };
    if (!lamport.has(textOf(abstractOf(states, letters, numberOf)))) outside++;
    return undefined;
  };
  const { states } = search(protocol, { count: 3, requests, check });
  return { outside, states };
}

function rankOf({ round, name }: Ballot): number {
  return round === 0 ? -1 : round * 10 + names.indexOf(name);
}

test("the model has as many states as TLC counts", () => {
  expect(lamport.size).toBe(3921);
});

test("no state of our Paxos is outside of the model", () => {
  expect(statesOutside(paxos({ announces: false }))).toEqual({ outside: 0, states: 18_340 });
});

test("a mutant leaves the model", () => {
  const mutant = paxosMutants.find(({ name }) => name === "own-value-always")!;
  expect(statesOutside(mutant.protocol).outside).toBeGreaterThan(0);
});
