/** What is signed, and when signatures prove something: pure checks, which change nothing. */

import type { PeerId } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { sha256 } from "../../primitives/hash.ts";
import type { KeyValueState } from "../process/key-value.ts";
import { remembering } from "../process/shared-view.ts";
import { requestText } from "../process/signatures.ts";
import type {
  Committed,
  NewView,
  Operation,
  Prepared,
  Proposal,
  SignedBy,
  Stable,
  ViewChange,
  Vote,
} from "./message.ts";

/** Says whether one member signed a text. */
export type Verify = (signer: string, text: string, signature: string) => boolean;

/** What it takes to judge certificates. */
export type Judge = {
  readonly members: readonly PeerId[];
  readonly quorum: number;
  readonly verify: Verify;
  /** Are so many prepares, besides the proposal, enough? */
  readonly isPrepared: (prepares: number, quorum: number) => boolean;
};

const encoder = new TextEncoder();

function digestOfText(text: string): string {
  return bytesToHex(sha256(encoder.encode(text)));
}

const noOpDigest = digestOfText("no-op");

export const digestOf = remembering((operation: Operation): string => {
  if (operation.type === "no-op") return noOpDigest;
  return digestOfText(requestText(operation.id, operation.command));
});

/** Processes that carried out the same operations have the same data, key by key in the same order. */
export function digestOfData(data: KeyValueState): string {
  return digestOfText(JSON.stringify(data));
}

export type Phase = "pre-prepare" | "prepare" | "commit";

/** What a proposal or a vote says, as it is signed. */
export function phaseText(phase: Phase, { view, number, digest }: Omit<Vote, keyof SignedBy>) {
  return `pbft ${phase} view ${view} number ${number} digest ${digest}`;
}

export function checkpointText({ number, digest }: Pick<Stable, "number" | "digest">): string {
  return `pbft checkpoint number ${number} digest ${digest}`;
}

/** Operations are covered by their digests. */
export function viewChangeText({ view, stable, prepared }: Omit<ViewChange, keyof SignedBy>) {
  const shown = prepared.map((each) => {
    return [each.view, each.number, each.digest, each.signature, each.prepares];
  });
  return `pbft view-change ${view} ${digestOfText(JSON.stringify([stable, shown]))}`;
}

export function newViewText({ view, viewChanges, proposals }: Omit<NewView, "signature">): string {
  const shown = viewChanges.map(({ signer, signature }) => [signer, signature]);
  return `pbft new-view ${view} ${digestOfText(JSON.stringify([shown, proposals]))}`;
}

/** The primary of a view: members take turns. */
export function primaryOf(view: number, members: readonly PeerId[]): PeerId {
  return members[view % members.length] as PeerId;
}

/** A no-op needs no client. */
export function isAsked(operation: Operation, verify: Verify): boolean {
  if (operation.type === "no-op") return true;
  const { id, command, signature } = operation;
  return verify(id.client, requestText(id, command), signature);
}

export function isProposal(proposal: Proposal, { members, verify }: Judge): boolean {
  const { view, digest, operation, signature } = proposal;
  if (digestOf(operation) !== digest) return false;
  const primary = primaryOf(view, members);
  return (
    verify(primary, phaseText("pre-prepare", proposal), signature) && isAsked(operation, verify)
  );
}

export function isPreparedProof(prepared: Prepared, judge: Judge): boolean {
  if (!isProposal(prepared, judge)) return false;
  const primary = primaryOf(prepared.view, judge.members);
  const prepares = prepared.prepares.filter(({ signer }) => signer !== primary);
  const count = countSigned(prepares, phaseText("prepare", prepared), judge);
  return judge.isPrepared(count, judge.quorum);
}

/** The digest covers the operation, so the client's signature need not be seen again. */
export function isCommittedProof(committed: Committed, judge: Judge): boolean {
  if (digestOf(committed.operation) !== committed.digest) return false;
  const count = countSigned(committed.commits, phaseText("commit", committed), judge);
  return count >= judge.quorum;
}

/** The state before the first operation needs no proof. */
export function isStableProof(stable: Stable, judge: Judge): boolean {
  if (stable.number === 0) return true;
  return countSigned(stable.checkpoints, checkpointText(stable), judge) >= judge.quorum;
}

export function isViewChange(viewChange: ViewChange, judge: Judge): boolean {
  const { view, stable, prepared, signer, signature } = viewChange;
  if (!judge.members.includes(signer)) return false;
  if (!judge.verify(signer, viewChangeText(viewChange), signature)) return false;
  return (
    isStableProof(stable, judge) &&
    prepared.every((each) => each.view < view && isPreparedProof(each, judge))
  );
}

/** A quorum of members has left the earlier views; whether the proposals follow is another question. */
export function isNewViewProof(newView: NewView, judge: Judge): boolean {
  const { view, viewChanges, signature } = newView;
  if (!judge.verify(primaryOf(view, judge.members), newViewText(newView), signature)) return false;
  const signers = new Set(viewChanges.map(({ signer }) => signer));
  if (signers.size < judge.quorum) return false;
  return viewChanges.every((each) => each.view === view && isViewChange(each, judge));
}

/** How many members signed the text. */
function countSigned(signed: readonly SignedBy[], text: string, judge: Judge): number {
  const signers = new Set<PeerId>();
  for (const { signer, signature } of signed) {
    if (signers.has(signer) || !judge.members.includes(signer)) continue;
    if (judge.verify(signer, text, signature)) signers.add(signer);
  }
  return signers.size;
}
