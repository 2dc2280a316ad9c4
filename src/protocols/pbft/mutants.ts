/** PBFT with a rule replaced by a wrong one, each with what must catch it. */

import { apply } from "../process/key-value.ts";
import type { Mutant } from "../process/protocol.ts";
import { majorityOf } from "../process/quorum.ts";
import { type Pbft, pbft } from "./pbft.ts";
import { type PbftRules, pbftRules } from "./rules.ts";

export type PbftMutant = Mutant & {
  /** The wrong rules. */
  readonly replaced: Partial<PbftRules>;
  readonly protocol: Pbft;
};

const noFork = "no-fork";

export const pbftMutants: readonly PbftMutant[] = [
  mutant(
    {
      name: "quorum-is-majority",
      mistake:
        "A quorum is a majority of all: of seven two quorums may share one, and that one may be byzantine.",
      caughtBy: noFork,
      essayLine: 284,
    },
    { quorum: majorityOf },
  ),
  mutant(
    {
      name: "half-may-be-byzantine",
      mistake: "It tolerates f of 2f + 1, with quorums of f + 1, which share one replica.",
      caughtBy: noFork,
      essayLine: 291,
    },
    {
      tolerated: (count) => Math.floor((count - 1) / 2),
      quorum: (count) => Math.floor((count - 1) / 2) + 1,
      answersNeeded: (count) => Math.floor((count - 1) / 2) + 1,
    },
  ),
  mutant(
    {
      name: "prepares-besides-proposal",
      mistake:
        "A quorum of backups must prepare besides the primary: with f silent ones there are too few.",
      caughtBy: "liveness",
      essayLine: 247,
    },
    { isPrepared: (prepares, quorum) => prepares >= quorum },
  ),
  mutant(
    {
      name: "without-commit",
      mistake:
        "What is prepared is carried out at once: others may not know that it is, and change the view.",
      caughtBy: noFork,
    },
    { isCommitted: () => true },
  ),
  mutant(
    {
      name: "signatures-unchecked",
      mistake: "Whatever is said in the name of another replica counts.",
      caughtBy: noFork,
    },
    { isSigned: () => true },
  ),
  mutant(
    {
      name: "second-proposal",
      mistake: "A backup accepts another proposal for a number that it has accepted one for.",
      caughtBy: noFork,
    },
    { mayAccept: () => true },
  ),
  mutant(
    {
      name: "new-view-unchecked",
      mistake: "Backups take from a new primary whatever it proposes again.",
      caughtBy: noFork,
    },
    { isRenewal: () => true },
  ),
  mutant(
    {
      name: "prepared-not-shown",
      mistake: "Replicas leave a view without showing what they have prepared in it.",
      caughtBy: noFork,
    },
    { shows: () => [] },
  ),
  mutant(
    {
      name: "gaps-stay",
      mistake: "A new primary proposes nothing for numbers in which nothing was prepared.",
      caughtBy: "liveness",
    },
    {
      choice: (prepared) => (prepared.length === 0 ? undefined : pbftRules.choice(prepared)),
    },
  ),
  mutant(
    {
      name: "proofs-in-memory",
      mistake: "A replica forgets in a crash what it has accepted and prepared.",
      caughtBy: noFork,
    },
    { writesBeforeSending: () => [] },
  ),
  mutant(
    {
      name: "one-answer",
      mistake: "Clients accept the first answer, though a byzantine replica may have given it.",
      caughtBy: "linearizability",
    },
    { answersNeeded: () => 1 },
  ),
  mutant(
    {
      name: "without-sessions",
      mistake: "A request that is ordered twice is carried out twice.",
      caughtBy: "linearizability",
    },
    { carryOut: (data, { command }) => apply(data, command) },
  ),
];

function mutant(what: Mutant, replaced: Partial<PbftRules>): PbftMutant {
  return { ...what, replaced, protocol: pbft({}, { ...pbftRules, ...replaced }) };
}
