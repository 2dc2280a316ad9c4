/** Carries out what users ask a node to do: each command leads to one answer, behind its effects. */

import type { Chain, Reselection } from "../chain/chain.ts";
import type { TreeEntry } from "../chain/tree.ts";
import type { Now } from "../machine/now.ts";
import { type Admission, type Mempool, newIn, type PackageAdmission } from "../mempool/mempool.ts";
import type { Mining } from "../mempool/mining.ts";
import type { MempoolProblem } from "../mempool/problem.ts";
import type { NextBlockView } from "../mempool/view.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHash } from "../primitives/brand.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { unreachable, type Verdict } from "../primitives/verdict.ts";
import type { Answer, BlockResult, Effect, ReselectionOutcome } from "./effect.ts";
import type { Command, NodeEvent } from "./event.ts";
import { type BlockOrigin, type News, newsOfAdmission } from "./news.ts";

/** What of a node commands need: its parts, and its ways to act on them. */
export type CommandParts = {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly mining: Mining;
  readonly view: () => NextBlockView;
  readonly admit: (transaction: Transaction) => Verdict<Admission, MempoolProblem>;
  readonly admitPackage: (
    transactions: readonly Transaction[],
    feeRateMaxPerKvb: number | undefined,
  ) => PackageAdmission;
  readonly submitBlock: (block: Block, origin: BlockOrigin) => BlockResult;
  /** Persists and reports what a change of marks or of the order of branches led to. */
  readonly reselect: (reselection: Reselection) => void;
  /** Sends transactions to all peers, soon. */
  readonly send: (transactions: readonly Transaction[]) => void;
  readonly report: (news: readonly News[]) => void;
};

/** Emit the result: what the command changes has its effects before it. */
export function answerCommand(
  { id, command }: NodeEvent & { readonly type: "command" },
  parts: CommandParts,
  now: Now,
): Effect {
  return { type: "answer", id, answer: execute(command, parts, now) };
}

function execute(command: Command, parts: CommandParts, now: Now): Answer {
  const { chain, mempool, mining } = parts;
  switch (command.type) {
    case "submit-transaction":
      return submitTransaction(command.transaction, parts);
    case "submit-package":
      return submitPackage(command, parts);
    case "submit-header": {
      const verdict = chain.acceptHeaders([command.header], now.wall, 0n);
      return { type: "header", problem: verdict.ok ? undefined : verdict.problem };
    }
    case "submit-block": {
      const result = parts.submitBlock(command.block, command.origin ?? "submitted");
      return { type: "block", result };
    }
    case "invalidate-block":
      return reselect(command.hash, (entry) => chain.invalidate(entry), parts);
    case "reconsider-block":
      return reselect(command.hash, (entry) => chain.reconsider(entry), parts);
    case "prefer-block":
      return reselect(command.hash, (entry) => chain.prefer(entry), parts);
    case "restore-mempool": {
      // Nothing is sent: peers ask for what waits here when they join.
      const restored = mempool.restore(command.entries, parts.view(), now);
      parts.report(restored.flatMap((each) => newsOfAdmission(each, mempool)));
      return { type: "restored", count: restored.length };
    }
    case "set-mining":
      mining.payToScript(command.payTo);
      return { type: "mining", payTo: command.payTo };
    default:
      return unreachable(command);
  }
}

function submitTransaction(transaction: Transaction, parts: CommandParts): Answer {
  const verdict = parts.admit(transaction);
  if (verdict.ok) parts.send(newIn(verdict.value));
  return { type: "transaction", verdict };
}

function submitPackage(
  { transactions, feeRateMaxPerKvb }: Command & { readonly type: "submit-package" },
  { admitPackage, send }: CommandParts,
): Answer {
  const result = admitPackage(transactions, feeRateMaxPerKvb);
  send(result.admissions.flatMap(newIn));
  return { type: "package", result };
}

function reselect(
  hash: BlockHash,
  select: (entry: TreeEntry) => Reselection,
  { chain, reselect: carryOut }: CommandParts,
): Answer {
  const entry = chain.tree.get(hash);
  if (entry === undefined) return { type: "reselection", outcome: { status: "unknown" } };
  const reselection = select(entry);
  carryOut(reselection);
  const status = reselection.change === undefined ? "stays" : "moved";
  const outcome: ReselectionOutcome = { status, tip: chain.tip.hash };
  return { type: "reselection", outcome };
}
