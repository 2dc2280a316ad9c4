/** Checkpoints: when a quorum has reached the same state, all before it is forgotten. */

import { checkpointText, digestOfData, isStableProof } from "./certificate.ts";
import type { Stable } from "./message.ts";
import { type CheckpointVote, checkpointVotesMax, slotRemoval, stableRecord } from "./state.ts";
import type { Turn } from "./turn.ts";

/** Says which state it has reached, and keeps that until it is stable. */
export function takeCheckpoint(turn: Turn): void {
  const { state } = turn;
  const number = state.executed;
  const digest = digestOfData(state.data);
  state.snapshots = { ...state.snapshots, [number]: state.data };
  const signature = turn.sign(checkpointText({ number, digest }));
  const vote = { number, digest, signer: turn.name, signature };
  state.checkpoints = [...state.checkpoints, vote];
  turn.sendToOthers({ type: "checkpoint", ...vote });
  tryStabilize(turn, vote);
}

export function receiveCheckpoint(turn: Turn, vote: CheckpointVote): void {
  const { state } = turn;
  const { number, digest, signer, signature } = vote;
  if (number <= state.stable.number || signer === turn.name) return;
  if (!turn.members.includes(signer)) return;
  const own = state.checkpoints.filter((other) => other.signer === signer);
  if (own.some((other) => other.number === number)) return;
  if (!turn.verify(signer, checkpointText({ number, digest }), signature)) return;
  const [oldest] = own.length < checkpointVotesMax ? [] : own;
  const { number: numberOf, digest: digestOf } = vote;
  const kept = { number: numberOf, digest: digestOf, signer, signature };
  state.checkpoints = [...state.checkpoints.filter((other) => other !== oldest), kept];
  tryStabilize(turn, vote);
}

function tryStabilize(turn: Turn, { number, digest }: Pick<Stable, "number" | "digest">): void {
  const votes = turn.state.checkpoints.filter((vote) => {
    return vote.number === number && vote.digest === digest;
  });
  if (votes.length < turn.quorum) return;
  const checkpoints = votes.map(({ signer, signature }) => ({ signer, signature }));
  adopt(turn, { number, digest, checkpoints });
}

/** @param stable proven. Who has not reached that state itself has to ask for it. */
export function adopt(turn: Turn, stable: Stable): void {
  const { state } = turn;
  if (stable.number <= state.stable.number) return;
  const data = state.snapshots[stable.number];
  if (data === undefined) {
    if (stable.number > state.executed) state.isBehind = true;
    return;
  }
  if (digestOfData(data) === stable.digest) stabilize(turn, stable, data);
}

/** A checkpoint with its proof, from a member that is further. */
export function receiveStable(turn: Turn, stable: Stable): void {
  if (stable.number <= turn.state.stable.number) return;
  if (isStableProof(stable, turn.judge)) adopt(turn, stable);
}

/** From now on the log begins behind this checkpoint. */
export function stabilize(turn: Turn, stable: Stable, data: Turn["state"]["data"]): void {
  const { state } = turn;
  const { number } = stable;
  const count = number - state.stable.number;
  for (const [position, { proposal }] of state.slots.slice(0, count).entries()) {
    if (proposal !== undefined) turn.write(slotRemoval(state.stable.number + 1 + position));
  }
  state.slots = state.slots.slice(count);
  state.stable = stable;
  state.stableData = data;
  state.snapshots = above(state.snapshots, number);
  state.checkpoints = state.checkpoints.filter((vote) => vote.number > number);
  state.next = Math.max(state.next, number + 1);
  turn.write(stableRecord(state));
  turn.tell({ type: "stable", number });
}

function above<T>(records: Readonly<Record<number, T>>, number: number): Record<number, T> {
  return Object.fromEntries(Object.entries(records).filter(([key]) => Number(key) > number));
}
