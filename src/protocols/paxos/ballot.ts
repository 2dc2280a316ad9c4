/** The numbers of proposals: a round, and the proposer's name, so that no two proposers share one. */

import type { PeerId } from "../../primitives/brand.ts";
import type { JsonReader } from "../../primitives/json-reader.ts";
import { readCount, readName } from "../process/wire.ts";

export type Ballot = {
  /** From 1; 0 stands before every ballot. */
  readonly round: number;
  readonly name: PeerId;
};

/** Lower than the ballot of every proposer. */
export const noBallot: Ballot = { round: 0, name: "" as PeerId };

/** Is `a` the higher one: by round, then by name? */
export function isHigherBallot(a: Ballot, b: Ballot): boolean {
  return a.round === b.round ? a.name > b.name : a.round > b.round;
}

export function isSameBallot(a: Ballot, b: Ballot): boolean {
  return a.round === b.round && a.name === b.name;
}

export function readBallot(reader: JsonReader): Ballot {
  const fields = reader.object(["round", "name"]);
  return { round: readCount(fields.get("round")), name: readName(fields.get("name")) };
}

export function describeBallot({ round, name }: Ballot): string {
  return `${round}.${name}`;
}
