/** The rules for a block: alone, then after its parent. */

import { type Block, strippedSizeOfBlock, weightOfBlock } from "../primitives/block.ts";
import type { Milliseconds } from "../primitives/brand.ts";
import { ByteWriter, equalBytes } from "../primitives/bytes.ts";
import { sha256d, zeroHash } from "../primitives/hash.ts";
import { merkleRoot } from "../primitives/merkle.ts";
import { findCommitment, heightPush } from "../primitives/script.ts";
import { hasWitness, isCoinbase, txidOf, wtxidOf } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { Ancestor } from "./ancestor.ts";
import { checkHeaderInContext, checkProofOfWork } from "./header.ts";
import { weightMax } from "./limits.ts";
import { isFinal } from "./locks.ts";
import type { Params } from "./params.ts";
import type { BlockProblem } from "./problem.ts";
import { checkTransaction } from "./transaction.ts";

declare const checked: unique symbol;
declare const placed: unique symbol;

/** A block that is right in itself. Only `checkBlock` makes one. */
export type CheckedBlock = Block & { readonly [checked]: true };

/**
 * A block that is right where it stands, but for the coins; of a template the proof of work is
 * still to be found. Only `placeBlock` and `placeTemplate` make one.
 */
export type PlacedBody = Block & { readonly [placed]: true };

/** A proven block that is right where it stands, but for the coins. Only `placeBlock` makes one. */
export type PlacedBlock = CheckedBlock & PlacedBody;

/**
 * Checks what needs nothing but the block: proof, merkle root, size, coinbase, transactions.
 *
 * @see Bitcoin Core, CheckBlock, whose order this keeps
 */
export function checkBlock(block: Block, params: Params): Verdict<CheckedBlock, BlockProblem> {
  const proof = checkProofOfWork(block.header, params);
  if (!proof.ok) return proof;
  const problem = findBodyProblem(block);
  return problem ? broken(problem) : valid(block as CheckedBlock);
}

function findBodyProblem(block: Block): BlockProblem | undefined {
  const problem = checkMerkleRoot(block) ?? checkLength(block) ?? checkCoinbasePlace(block);
  if (problem) return problem;
  for (const transaction of block.transactions) {
    const verdict = checkTransaction(transaction);
    if (!verdict.ok) return verdict.problem;
  }
  return undefined;
}

function checkMerkleRoot({ header, transactions }: Block): BlockProblem | undefined {
  if (transactions.length === 0) return { rule: "bad-blk-length", sizeBytes: 0 };
  const { root, isMutated } = merkleRoot(transactions.map(txidOf));
  if (root !== header.merkleRoot) return { rule: "bad-txnmrklroot" };
  return isMutated ? { rule: "bad-txns-duplicate" } : undefined;
}

function checkLength(block: Block): BlockProblem | undefined {
  const sizeBytes = strippedSizeOfBlock(block);
  return sizeBytes * 4 > weightMax ? { rule: "bad-blk-length", sizeBytes } : undefined;
}

function checkCoinbasePlace({ transactions }: Block): BlockProblem | undefined {
  const [first, ...others] = transactions;
  if (first === undefined || !isCoinbase(first)) return { rule: "bad-cb-missing" };
  return others.some(isCoinbase) ? { rule: "bad-cb-multiple" } : undefined;
}

/**
 * Checks what needs the blocks before it, but no coins: header, locks, height, witnesses, weight.
 *
 * @see Bitcoin Core, ContextualCheckBlock, whose order this keeps
 */
export function placeBlock(
  block: CheckedBlock,
  parent: Ancestor,
  params: Params,
  now: Milliseconds,
): Verdict<PlacedBlock, BlockProblem> {
  const problem = findPlaceProblem(block, parent, params, now);
  return problem ? broken(problem) : valid(block as PlacedBlock);
}

/** Checks a block that has no proof of work yet: all else that the two above would find. */
export function placeTemplate(
  block: Block,
  parent: Ancestor,
  params: Params,
  now: Milliseconds,
): Verdict<PlacedBody, BlockProblem> {
  const problem = findBodyProblem(block) ?? findPlaceProblem(block, parent, params, now);
  return problem ? broken(problem) : valid(block as PlacedBody);
}

function findPlaceProblem(
  block: Block,
  parent: Ancestor,
  params: Params,
  now: Milliseconds,
): BlockProblem | undefined {
  const header = checkHeaderInContext(block.header, parent, params, now);
  if (!header.ok) return header.problem;
  const height = parent.height + 1;
  return (
    checkAbsoluteLocks(block, height, parent.medianTime) ??
    checkCoinbaseHeight(block, height) ??
    checkWitnessCommitment(block) ??
    checkWeight(block)
  );
}

function checkAbsoluteLocks(
  { transactions }: Block,
  height: number,
  medianTime: number,
): BlockProblem | undefined {
  const areFinal = transactions.every((transaction) => isFinal(transaction, height, medianTime));
  return areFinal ? undefined : { rule: "bad-txns-nonfinal", lock: "absolute" };
}

function checkCoinbaseHeight({ transactions }: Block, height: number): BlockProblem | undefined {
  const script = transactions[0]?.inputs[0]?.scriptSig ?? new Uint8Array();
  const push = heightPush(height);
  const isRight = equalBytes(script.subarray(0, push.length), push);
  return isRight ? undefined : { rule: "bad-cb-height", height };
}

/** @see BIP141, "Commitment structure" */
function checkWitnessCommitment({ transactions }: Block): BlockProblem | undefined {
  const coinbase = transactions[0];
  const commitment = findCommitment(coinbase?.outputs ?? []);
  if (commitment === undefined) {
    return transactions.some(hasWitness) ? { rule: "unexpected-witness" } : undefined;
  }
  const witness = coinbase?.inputs[0]?.witness ?? [];
  const [reserved] = witness;
  if (witness.length !== 1 || reserved?.length !== 32) return { rule: "bad-witness-nonce-size" };
  const expected = witnessCommitment(transactions.slice(1).map(wtxidOf), reserved);
  return equalBytes(commitment, expected) ? undefined : { rule: "bad-witness-merkle-match" };
}

/**
 * The 32 bytes by which a coinbase commits to all witnesses.
 *
 * @param wtxids of all transactions but the coinbase, whose place is taken by zero.
 * @param reserved 32 bytes, the only item of the coinbase's witness.
 */
export function witnessCommitment(wtxids: readonly string[], reserved: Uint8Array): Uint8Array {
  const { root } = merkleRoot([zeroHash, ...wtxids]);
  return new ByteWriter().hash(root).bytes(reserved).read(sha256d);
}

function checkWeight(block: Block): BlockProblem | undefined {
  const weight = weightOfBlock(block);
  return weight > weightMax ? { rule: "bad-blk-weight", weight } : undefined;
}
