/** What replicas decide, each decision one function. */

import type { Write } from "../../machine/store.ts";
import { type Applied, applyOnce, type KeyValueState } from "../process/key-value.ts";
import { byzantineMaxOf, byzantineQuorumOf } from "../process/quorum.ts";
import type { Signatures } from "../process/signatures.ts";
import { digestOf } from "./certificate.ts";
import type { Operation, Prepared, Proposal, Renewed } from "./message.ts";

/** What a new view says of a number. */
export type Choice = Pick<Proposal, "digest" | "operation">;

export type PbftRules = {
  /** f: how many of so many members may be byzantine. */
  tolerated(count: number): number;
  /** How many members can decide. */
  quorum(count: number): number;
  /** How many equal answers a client needs. */
  answersNeeded(count: number): number;
  isSigned(signatures: Signatures, signer: string, text: string, signature: string): boolean;
  /** Does a backup accept a proposal, given what it accepted in this view for the same number? */
  mayAccept(proposal: Proposal, accepted: Proposal | undefined): boolean;
  /** Are so many prepares of backups, besides the primary's proposal, enough? */
  isPrepared(prepares: number, quorum: number): boolean;
  /** What is prepared: are so many commits enough to carry it out? */
  isCommitted(commits: number, quorum: number): boolean;
  /** Which of what it has prepared does a member show when it leaves a view? */
  shows(prepared: readonly Prepared[]): readonly Prepared[];
  /** What a new primary proposes for a number, given all that is shown to be prepared there. */
  choice(prepared: readonly Prepared[]): Choice | undefined;
  /** Are a new primary's proposals those that follow from the view changes it shows? */
  isRenewal(claimed: readonly Renewed[], computed: readonly Omit<Renewed, "signature">[]): boolean;
  /** What is written to disk before a message leaves. */
  writesBeforeSending(records: readonly Write[]): readonly Write[];
  /** What an operation makes of the data. */
  carryOut(data: KeyValueState, operation: Extract<Operation, { type: "request" }>): Applied;
};

export const pbftRules: PbftRules = {
  tolerated: byzantineMaxOf,
  quorum: byzantineQuorumOf,
  answersNeeded: (count) => byzantineMaxOf(count) + 1,
  isSigned: (signatures, signer, text, signature) => signatures.verify(signer, text, signature),
  mayAccept: (proposal, accepted) => accepted === undefined || accepted.digest === proposal.digest,
  isPrepared: (prepares, quorum) => prepares >= quorum - 1,
  isCommitted: (commits, quorum) => commits >= quorum,
  shows: (prepared) => prepared,
  choice: (prepared) => latestOf(prepared) ?? noOp,
  isRenewal: (claimed, computed) =>
    claimed.length === computed.length &&
    claimed.every(({ number, digest }, at) => {
      return number === computed[at]?.number && digest === computed[at]?.digest;
    }),
  writesBeforeSending: (records) => records,
  carryOut: (data, { id, command }) => applyOnce(data, id, command),
};

const noOp: Choice = { digest: digestOf({ type: "no-op" }), operation: { type: "no-op" } };

/** In one view at most one digest of a number is prepared, so the latest view decides. */
function latestOf(prepared: readonly Prepared[]): Prepared | undefined {
  let latest: Prepared | undefined;
  for (const each of prepared) if (latest === undefined || each.view > latest.view) latest = each;
  return latest;
}
