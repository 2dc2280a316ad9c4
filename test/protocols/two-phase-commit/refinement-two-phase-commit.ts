/**
 * What members of our two-phase commit and the messages sent so far are in Gray and Lamport's
 * published model: the state of each resource manager (our participants), of the transaction
 * manager (our coordinator), whom it knows to be prepared, and the set of messages ever sent.
 *
 * @see tlaplus/Examples, transaction_commit/TwoPhase.tla
 */

import {
  beginningOf,
  type CommitMessage,
} from "../../../src/protocols/two-phase-commit/message.ts";
import type { CommitState } from "../../../src/protocols/two-phase-commit/state.ts";
import type { Letter } from "../process-search.ts";

export type ResourceManager = "working" | "prepared" | "committed" | "aborted";

export type GrayLamportState = {
  readonly rmState: readonly ResourceManager[];
  readonly tmState: "init" | "committed" | "aborted";
  readonly tmPrepared: readonly boolean[];
  /** Has each resource manager sent that it is prepared? */
  readonly sentPrepared: readonly boolean[];
  readonly sentCommit: boolean;
  readonly sentAbort: boolean;
};

/**
 * What a coordinator that has crashed in between knew of votes is not told by its state: for an
 * abort the model does not need it.
 *
 * @param number of a transaction; it may be of a life that has not begun.
 */
export function abstractOf(
  states: readonly CommitState[],
  letters: readonly Letter<CommitMessage>[],
  number: number,
): GrayLamportState {
  const [coordinator, ...participants] = states;
  if (coordinator === undefined) throw new Error("there is no coordinator");
  const rmState = participants.map(({ prepared, decided }): ResourceManager => {
    if (decided[number] !== undefined)
      return decided[number] === "commit" ? "committed" : "aborted";
    return prepared[number] === undefined ? "working" : "prepared";
  });
  const hasBegun = number <= beginningOf(coordinator.life) + coordinator.begun;
  const isOpen = coordinator.open[number] !== undefined;
  const isCommitted = rmState.includes("committed") || coordinator.decided[number] === "commit";
  const tmState = isCommitted ? "committed" : hasBegun && !isOpen ? "aborted" : "init";
  const hasVoted = participants.map(({ setting }, at) => {
    const isSure = rmState[at] === "prepared" || rmState[at] === "committed";
    return (
      isSure ||
      letters.some(({ from, message }) => {
        return (
          from === setting.name &&
          message.type === "vote" &&
          message.number === number &&
          message.isYes
        );
      })
    );
  });
  return {
    rmState,
    tmState,
    tmPrepared: participants.map(({ setting }) => {
      return isCommitted || (coordinator.open[number]?.yes.includes(setting.name) ?? false);
    }),
    sentPrepared: hasVoted,
    sentCommit: tmState === "committed",
    sentAbort: tmState === "aborted",
  };
}
