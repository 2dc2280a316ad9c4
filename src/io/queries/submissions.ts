/** Submits to a node what was made elsewhere: a transaction, a block. */

import type { HeadersProblem } from "../../chain/headers.ts";
import type { PackageResult } from "../../mempool/package.ts";
import type { MempoolProblem } from "../../mempool/problem.ts";
import type { Answer, BlockResult, ReselectionOutcome } from "../../node/effect.ts";
import type { Command } from "../../node/event.ts";
import type { Block } from "../../primitives/block.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import type { Header } from "../../primitives/header.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import type { ServedNode } from "./served-node.ts";

export type TransactionResult =
  /** `known`: it waits already, which is no mistake: wallets submit again to be sure. */
  | { readonly status: "admitted" | "known"; readonly txid: Txid }
  | { readonly status: "rejected"; readonly txid: Txid; readonly problem: MempoolProblem };

type Runner = Pick<ServedNode, "runner">;

/** Resolves when the node has decided; if it took the transaction, it gossips it. */
export async function submitTransaction(
  served: Runner,
  transaction: Transaction,
): Promise<TransactionResult> {
  const command = { type: "submit-transaction", transaction } as const;
  const { verdict } = await answerTo(served, command, "transaction");
  const txid = txidOf(transaction);
  if (verdict.ok) return { status: "admitted", txid };
  const { problem } = verdict;
  const isWaiting =
    problem.rule === "txn-already-in-mempool" ||
    problem.rule === "txn-same-nonwitness-data-in-mempool";
  return isWaiting ? { status: "known", txid } : { status: "rejected", txid, problem };
}

/** Resolves when the block is on disk, or refused. */
export async function submitBlock(served: Runner, block: Block): Promise<BlockResult> {
  const { result } = await answerTo(served, { type: "submit-block", block }, "block");
  return result;
}

/** Resolves when what can wait of a package waits; that is gossiped. */
export async function submitPackage(
  served: Runner,
  transactions: readonly Transaction[],
  feeRateMaxPerKvb = Infinity,
): Promise<PackageResult> {
  const command = { type: "submit-package", transactions, feeRateMaxPerKvb } as const;
  const { result } = await answerTo(served, command, "package");
  return result;
}

/** The rule that a header breaks; undefined if it is known now. */
export async function submitHeader(
  served: Runner,
  header: Header,
): Promise<HeadersProblem | undefined> {
  const { problem } = await answerTo(served, { type: "submit-header", header }, "header");
  return problem;
}

/** Resolves when what it does to the tip is on disk. */
export async function reselect(
  served: Runner,
  type: "invalidate-block" | "reconsider-block" | "prefer-block",
  hash: BlockHash,
): Promise<ReselectionOutcome> {
  const { outcome } = await answerTo(served, { type, hash }, "reselection");
  return outcome;
}

/** The same for a block that was made here. */
export async function submitMinedBlock(served: Runner, block: Block): Promise<BlockResult> {
  const command = { type: "submit-block", block, origin: "mined" } as const;
  const { result } = await answerTo(served, command, "block");
  return result;
}

async function answerTo<Type extends Answer["type"]>(
  { runner }: Runner,
  command: Command,
  type: Type,
): Promise<Answer & { readonly type: Type }> {
  const answer = await runner.command(command);
  if (!isOf(answer, type)) throw new Error(`${answer.type} is no answer to ${command.type}`);
  return answer;
}

function isOf<Type extends Answer["type"]>(
  answer: Answer,
  type: Type,
): answer is Answer & { readonly type: Type } {
  return answer.type === type;
}
