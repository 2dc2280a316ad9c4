/**
 * Lamport's Paxos: acceptors vote in numbered ballots, and each ballot has a leader of its own.
 *
 * Messages are a set that only grows. As an acceptor promises and votes at most once in a ballot,
 * and a leader proposes at most once, the set is kept as one cell for each possible sender and
 * ballot: the cells say exactly which messages were sent. Quorums are all sets of just more than
 * half of the acceptors. A move is counted as often as TLC counts it: once for each quorum and
 * each message that allows it.
 *
 * @see Paxos.tla and MCPaxos.tla in tlaplus/Examples, PaxosHowToWinATuringAward
 */

import type { Model, Visit } from "../engine/model.ts";
import { compare, least, permutations } from "../engine/orbit.ts";
import type { Words } from "../engine/words.ts";

/** A ballot and a value as one number above 0: `ballot * values + value + 1`. */
type Vote = number;
/** What an acceptor said when it promised: nothing yet, no vote, or its last vote plus 1. */
type Answer = number;

const unpromised: Answer = 0;
const withoutVote: Answer = 1;
const none = -1;

export type Acceptor = {
  /** The highest ballot it takes part in, or -1. */
  readonly ballot: number;
  /** Its vote in the highest ballot it voted in, or 0. */
  readonly vote: Vote;
  /** For each ballot: the answer in its message 1b. */
  readonly promised: readonly Answer[];
  /** For each ballot: 1 if its message 2b was sent. */
  readonly voted: readonly number[];
};

export type State = {
  /** For each ballot: 1 if its message 1a was sent. */
  readonly begun: readonly number[];
  /** For each ballot: the value in its message 2a, or -1. */
  readonly proposed: readonly number[];
  readonly acceptors: readonly Acceptor[];
};

export type Sizes = {
  readonly acceptors: number;
  readonly values: number;
  /** Numbered from 0. */
  readonly ballots: number;
};

export function lamportPaxos(sizes: Sizes): Model<State> {
  const { acceptors, values, ballots } = sizes;
  const quorums = subsets(acceptors, Math.floor(acceptors / 2) + 1);
  const cells = (content: number): number[] => Array.from({ length: ballots }, () => content);
  const fresh = { ballot: none, vote: 0, promised: cells(unpromised), voted: cells(0) };
  const initial: State = {
    begun: cells(0),
    proposed: cells(none),
    acceptors: Array.from({ length: acceptors }, () => fresh),
  };
  const chosenIn = (state: State): readonly number[] => chosenValues(state, quorums);
  const renamings = permutations(values);
  return {
    initial: () => [initial],
    moves: (state, visit) => {
      lead(state, sizes, quorums, visit);
      for (let i = 0; i < acceptors; i++) answer(state, i, values, visit);
    },
    encode,
    promises: [
      { name: "at most one value is chosen", holds: (state) => isAgreed(chosenIn(state)) },
    ],
    goals: [{ name: "a value is chosen", holds: (state) => chosenIn(state).length > 0 }],
    representative: (state) => {
      const renamed = renamings.map((names) => withSortedAcceptors(rename(state, names, values)));
      return renamed[least(renamed.map(codeOf))] ?? state;
    },
    show: (state) => state,
  };
}

/** What the leaders of all ballots may do: begin a ballot (1a), propose a value (2a). */
function lead(
  state: State,
  { values, ballots }: Sizes,
  quorums: readonly (readonly number[])[],
  visit: Visit<State>,
): void {
  const { begun, proposed, acceptors } = state;
  for (let ballot = 0; ballot < ballots; ballot++) {
    const isBegun = begun[ballot] === 1;
    visit(`begin ballot ${ballot}`, isBegun ? state : { ...state, begun: begun.with(ballot, 1) });
    if (proposed[ballot] !== none) continue;
    for (const quorum of quorums) {
      let latest: Answer = withoutVote;
      let isComplete = true;
      for (const i of quorum) {
        const said = (acceptors[i] as Acceptor).promised[ballot] as Answer;
        if (said === unpromised) isComplete = false;
        if (said > latest) latest = said;
      }
      if (!isComplete) continue;
      if (latest === withoutVote) {
        for (let value = 0; value < values; value++) propose(state, ballot, value, visit);
        continue;
      }
      const value = (latest - withoutVote - 1) % values;
      for (const i of quorum) {
        if ((acceptors[i] as Acceptor).promised[ballot] !== latest) continue;
        propose(state, ballot, value, visit);
      }
    }
  }
}

function propose(state: State, ballot: number, value: number, visit: Visit<State>): void {
  const proposed = state.proposed.with(ballot, value);
  visit(`propose value ${value + 1} in ballot ${ballot}`, { ...state, proposed });
}

/** What an acceptor may answer: a promise (1b), a vote (2b). */
function answer(state: State, i: number, values: number, visit: Visit<State>): void {
  const { begun, proposed, acceptors } = state;
  const acceptor = acceptors[i] as Acceptor;
  const becomes = (label: string, next: Acceptor): void => {
    visit(label, { begun, proposed, acceptors: acceptors.with(i, next) });
  };
  for (let ballot = 0; ballot < begun.length; ballot++) {
    if (begun[ballot] === 1 && ballot > acceptor.ballot) {
      const promised = acceptor.promised.with(ballot, withoutVote + acceptor.vote);
      becomes(`acceptor ${i + 1} promises ballot ${ballot}`, { ...acceptor, ballot, promised });
    }
    const value = proposed[ballot] as number;
    if (value === none || ballot < acceptor.ballot) continue;
    const vote = ballot * values + value + 1;
    const voted = acceptor.voted.with(ballot, 1);
    const { promised } = acceptor;
    becomes(`acceptor ${i + 1} votes in ballot ${ballot}`, { ballot, vote, promised, voted });
  }
}

function encode({ begun, proposed, acceptors }: State, words: Words): void {
  for (let ballot = 0; ballot < begun.length; ballot++) {
    words.push((begun[ballot] as number) + 2 * ((proposed[ballot] as number) + 1));
  }
  for (let i = 0; i < acceptors.length; i++) {
    const { ballot, vote, promised, voted } = acceptors[i] as Acceptor;
    words.push((ballot + 1) * 65_536 + vote);
    for (let b = 0; b < promised.length; b++) {
      words.push((promised[b] as number) * 2 + (voted[b] as number));
    }
  }
}

/** The values that a quorum has voted for in one ballot. */
function chosenValues(state: State, quorums: readonly (readonly number[])[]): readonly number[] {
  const chosen = state.proposed.filter((value, ballot) => {
    const hasVoted = (i: number): boolean => state.acceptors[i]?.voted[ballot] === 1;
    return value !== none && quorums.some((quorum) => quorum.every(hasVoted));
  });
  return [...new Set(chosen)];
}

function isAgreed(chosen: readonly number[]): boolean {
  return chosen.length <= 1;
}

/** The same state with other names for the values. */
function rename(state: State, names: readonly number[], values: number): State {
  const nameOf = (value: number): number => (value === none ? none : (names[value] as number));
  const ofVote = (vote: Vote): Vote => {
    if (vote === 0) return 0;
    const value = (vote - 1) % values;
    return vote - value + nameOf(value);
  };
  const ofAnswer = (said: Answer): Answer => {
    return said <= withoutVote ? said : withoutVote + ofVote(said - withoutVote);
  };
  return {
    begun: state.begun,
    proposed: state.proposed.map(nameOf),
    acceptors: state.acceptors.map((each) => ({
      ...each,
      vote: ofVote(each.vote),
      promised: each.promised.map(ofAnswer),
    })),
  };
}

function withSortedAcceptors(state: State): State {
  const acceptors = state.acceptors.toSorted((a, b) => compare(codeOfOne(a), codeOfOne(b)));
  return { ...state, acceptors };
}

function codeOfOne({ ballot, vote, promised, voted }: Acceptor): readonly number[] {
  return [ballot, vote, ...promised, ...voted];
}

function codeOf({ proposed, acceptors }: State): readonly number[] {
  return [...proposed, ...acceptors.flatMap(codeOfOne)];
}

/** All sets of this many of the numbers from 0 to length - 1. */
function subsets(length: number, size: number, first = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(0, length - first) }, (_, i) => first + i).flatMap(
    (least) => {
      return subsets(length, size - 1, least + 1).map((rest) => [least, ...rest]);
    },
  );
}
