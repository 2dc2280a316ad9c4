/** The method that takes a child with its parents. */

import { isChildWithParentsTree, type PackagedResult } from "../../../../mempool/package.ts";
import type { MempoolPolicy } from "../../../../mempool/policy.ts";
import type { Satoshi } from "../../../../primitives/brand.ts";
import { type Transaction, txidOf, wtxidOf } from "../../../../primitives/transaction.ts";
import { unreachable } from "../../../../primitives/verdict.ts";
import { submitPackage } from "../../../queries/submissions.ts";
import { coins } from "../call/figures.ts";
import type { Json, Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { amount, list, optional } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { refusalOf } from "../shapes/refusal.ts";
import {
  checkBurn,
  checkCount,
  checkFeeRateMax,
  feeRateMaxDefault,
  transactionFrom,
} from "./sending.ts";

export type PackageBounds = {
  /** How few transactions are a package. */
  readonly countMin: 1 | 2;
  /** Satoshis for 1,000 virtual bytes; 0 sets no limit. */
  readonly feeRateMax: Satoshi;
  /** In each output that cannot be spent. */
  readonly burnMax: Satoshi;
};

export const packageBounds: PackageBounds = {
  countMin: 2,
  feeRateMax: feeRateMaxDefault,
  burnMax: 0 as Satoshi,
};

export const packageMethods: readonly Method[] = [
  method("submitpackage", {
    about: "Takes a child with its unconfirmed parents, which it may pay for; parents come first.",
    category: "Rawtransactions",
    parameters: {
      package: list('["rawtx",...]'),
      maxfeerate: optional(amount, packageBounds.feeRateMax),
      maxburnamount: optional(amount, packageBounds.burnMax),
    },
    answer: ({ package: raw, maxfeerate, maxburnamount }, { served }) =>
      submitRawPackage(
        raw,
        { ...packageBounds, feeRateMax: maxfeerate, burnMax: maxburnamount },
        served,
      ),
  }),
];

/**
 * @param raw transactions in hex, parents first.
 * @throws RpcError
 * @see Bitcoin Core 28, submitpackage
 */
export async function submitRawPackage(
  raw: readonly Json[],
  { countMin, feeRateMax, burnMax }: PackageBounds,
  served: RpcNode["served"],
): Promise<Writable> {
  checkCount(raw, countMin);
  checkFeeRateMax(feeRateMax);
  const transactions = raw.map(transactionFrom);
  for (const transaction of transactions) checkBurn(transaction, burnMax);
  if (transactions.length > 1 && !isChildWithParentsTree(transactions)) {
    throw new RpcError(
      rpcCodes.verification,
      "package topology disallowed. not child-with-parents or parents depend on each other.",
    );
  }
  const { problem, results } = await submitPackage(served, transactions, feeRateMax || Infinity);
  const { policy } = served.node.mempool;
  return {
    package_msg: problem?.rule ?? "success",
    "tx-results": Object.fromEntries(
      transactions.map((transaction, position) => {
        return [wtxidOf(transaction), resultJson(transaction, results[position], policy)];
      }),
    ),
    "replaced-transactions": results.flatMap((each) => {
      return each.status === "admitted" ? each.replaced.map(txidOf) : [];
    }),
  };
}

function resultJson(
  transaction: Transaction,
  result: PackagedResult | undefined,
  policy: MempoolPolicy,
): Writable {
  const txid = txidOf(transaction);
  if (result === undefined) return { txid, error: "unevaluated" };
  switch (result.status) {
    case "rejected":
      return { txid, error: refusalOf(result.problem, transaction, policy).message };
    case "other-witness":
      return { txid, "other-wtxid": result.entry.wtxid };
    case "known": {
      const { virtualSizeBytes: vsize, fee } = result.entry;
      return { txid, vsize, fees: { base: coins(fee) } };
    }
    case "admitted": {
      const { virtualSizeBytes: vsize, fee } = result.entry;
      const { fees, virtualSizeBytes, includes } = result.effective;
      const rate = coins(Math.floor((fees * 1000) / virtualSizeBytes));
      const effective = { "effective-feerate": rate, "effective-includes": includes };
      return { txid, vsize, fees: { base: coins(fee), ...effective } };
    }
    default:
      return unreachable(result);
  }
}
