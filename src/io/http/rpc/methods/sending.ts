/** Methods that submit transactions, or ask what would come of it. */

import { feeFor } from "../../../../mempool/fee-rate.ts";
import { packageLimits, type PackageProblem } from "../../../../mempool/package.ts";
import type { MempoolProblem } from "../../../../mempool/problem.ts";
import type { Satoshi } from "../../../../primitives/brand.ts";
import {
  type Transaction,
  txidOf,
  virtualSizeOf,
  wtxidOf,
} from "../../../../primitives/transaction.ts";
import { submitTransaction } from "../../../queries/submissions.ts";
import { reasonOf } from "../../core-error.ts";
import { coins } from "../call/figures.ts";
import type { Json, Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { amount, list, optional, stringFrom, text } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { decodedTransaction } from "../shapes/decoded.ts";
import { alreadyMined, refusalOf } from "../shapes/refusal.ts";
import { isInNoCoin } from "../shapes/script-kind.ts";

/** For 1,000 virtual bytes: a tenth of a coin. @see DEFAULT_MAX_RAW_TX_FEE_RATE */
export const feeRateMaxDefault = 10_000_000 as Satoshi;
const coin = 100_000_000;

export const sendingMethods: readonly Method[] = [
  method("sendrawtransaction", {
    about: "Submits a transaction, which is passed on to all peers; answers its id.",
    category: "Rawtransactions",
    parameters: {
      hexstring: text,
      maxfeerate: optional(amount, feeRateMaxDefault),
      maxburnamount: optional(amount, 0 as Satoshi),
    },
    answer: ({ hexstring, maxfeerate, maxburnamount }, node) => {
      const transaction = decodedTransaction(hexstring, "TX decode failed. " + inputsAdvice);
      checkBurn(transaction, maxburnamount);
      checkFeeRateMax(maxfeerate);
      return send(node, transaction, maxfeerate);
    },
  }),
  method("testmempoolaccept", {
    about: "Whether transactions would be admitted to the mempool; nothing changes.",
    category: "Rawtransactions",
    parameters: {
      rawtxs: list('["rawtx",...]'),
      maxfeerate: optional(amount, feeRateMaxDefault),
    },
    answer: ({ rawtxs, maxfeerate }, node) => {
      checkCount(rawtxs, 1);
      checkFeeRateMax(maxfeerate);
      return tested(node, rawtxs.map(transactionFrom), maxfeerate);
    },
  }),
];

const inputsAdvice = "Make sure the tx has at least one input.";

export function transactionFrom(value: Json): Transaction {
  const hex = stringFrom(value);
  return decodedTransaction(hex, `TX decode failed: ${hex} ${inputsAdvice}`);
}

export function checkCount(raw: readonly Json[], min: number): void {
  const max = packageLimits.transactionsMax;
  if (raw.length >= min && raw.length <= max) return;
  const problem = `Array must contain between ${min} and ${max} transactions.`;
  throw new RpcError(rpcCodes.parameter, problem);
}

export function checkFeeRateMax(feeRateMax: Satoshi): void {
  if (feeRateMax < coin) return;
  const problem = "Fee rates larger than or equal to 1BTC/kvB are not accepted";
  throw new RpcError(rpcCodes.parameter, problem);
}

export function checkBurn({ outputs }: Transaction, burnMax: Satoshi): void {
  const isBurnt = outputs.some(({ script, value }) => isInNoCoin(script) && value > burnMax);
  if (!isBurnt) return;
  const problem = "Unspendable output exceeds maximum configured by user (maxburnamount)";
  throw new RpcError(rpcCodes.verification, problem);
}

/** The highest fee that a rate allows, rounded up; undefined if there is no limit. */
function feeMaxOf(transaction: Transaction, feeRateMax: Satoshi): number | undefined {
  if (feeRateMax === 0) return undefined;
  return feeFor(feeRateMax, virtualSizeOf(transaction));
}

async function send(
  { served }: RpcNode,
  transaction: Transaction,
  feeRateMax: Satoshi,
): Promise<Writable> {
  const { mempool } = served.node;
  const view = served.node.nextBlockView();
  const txid = txidOf(transaction);
  const isMined = transaction.outputs.some((_output, index) => view.coinAt({ txid, index }));
  if (isMined) throw alreadyMined();
  if (mempool.has(txid)) return txid;
  const judged = mempool.test(transaction, view);
  if (!judged.ok) throw refusalOf(judged.problem, transaction, mempool.policy);
  const feeMax = feeMaxOf(transaction, feeRateMax);
  if (feeMax !== undefined && judged.value.fee > feeMax) {
    const problem = "Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)";
    throw new RpcError(rpcCodes.verification, problem);
  }
  const result = await submitTransaction(served, transaction);
  if (result.status !== "rejected") return txid;
  throw refusalOf(result.problem, transaction, mempool.policy);
}

/** One is tested as if it were sent; several as a package, in which none may replace another's. */
function tested(
  { served }: RpcNode,
  transactions: readonly Transaction[],
  feeRateMax: Satoshi,
): Writable {
  const { mempool } = served.node;
  const view = served.node.nextBlockView();
  const [only] = transactions;
  const verdict =
    transactions.length === 1 && only !== undefined
      ? ({ ok: true, value: [mempool.test(only, view)] } as const)
      : mempool.testPackage(transactions, view);
  if (!verdict.ok) return transactions.map((each) => packageErrorJson(each, verdict.problem));
  let isOver = false;
  return transactions.map((transaction, i) => {
    const names = namesOf(transaction);
    const judged = verdict.value[i];
    if (judged === undefined || isOver) return names;
    if (!judged.ok) return { ...names, allowed: false, "reject-reason": wordFor(judged.problem) };
    const { fee } = judged.value;
    const feeMax = feeMaxOf(transaction, feeRateMax);
    if (feeMax !== undefined && fee > feeMax) {
      isOver = true;
      return { ...names, allowed: false, "reject-reason": "max-fee-exceeded" };
    }
    return {
      ...names,
      allowed: true,
      vsize: virtualSizeOf(transaction),
      fees: feesJson(transaction, fee),
    };
  });
}

function namesOf(transaction: Transaction): { readonly txid: string; readonly wtxid: string } {
  return { txid: txidOf(transaction), wtxid: wtxidOf(transaction) };
}

function packageErrorJson(transaction: Transaction, { rule }: PackageProblem): Writable {
  return { ...namesOf(transaction), "package-error": rule };
}

/** For coins that are missing this method has a word of its own. */
function wordFor(problem: MempoolProblem): string {
  return problem.rule === "bad-txns-inputs-missingorspent" ? "missing-inputs" : reasonOf(problem);
}

function feesJson(transaction: Transaction, fee: Satoshi): Writable {
  return {
    base: coins(fee),
    "effective-feerate": coins(Math.trunc((fee * 1000) / virtualSizeOf(transaction))),
    "effective-includes": [wtxidOf(transaction)],
  };
}
