/** Transactions in the shapes of Bitcoin Core. */

import type { Coin } from "../../../../consensus/coin.ts";
import { bytesToHex } from "../../../../primitives/bytes.ts";
import {
  encodeTransaction,
  type Input,
  isCoinbase,
  type Output,
  totalSizeOf,
  type Transaction,
  txidOf,
  virtualSizeOf,
  weightOf,
  wtxidOf,
} from "../../../../primitives/transaction.ts";
import { coins } from "../call/figures.ts";
import type { Writable } from "../call/json.ts";
import { asmOf, scriptJson } from "./script-json.ts";

export type Members = { readonly [name: string]: Writable | undefined };

/** @param prefix of the network's addresses. */
export type TransactionShape = {
  readonly prefix: string;
  /** What its inputs spend, in their order, where that is known and wanted. */
  readonly spent?: readonly Coin[];
  /** Whether to show what is spent, or only the fee that follows from it. */
  readonly showsSpent?: boolean;
};

/** Without its hex. @see Bitcoin Core, TxToUniv */
export function transactionJson(transaction: Transaction, shape: TransactionShape): Members {
  const { prefix, spent, showsSpent = false } = shape;
  const isMinted = isCoinbase(transaction);
  const valueIn = spent?.reduce((sum, { output }) => sum + output.value, 0);
  const valueOut = transaction.outputs.reduce((sum, { value }) => sum + value, 0);
  return {
    txid: txidOf(transaction),
    hash: wtxidOf(transaction),
    version: transaction.version >>> 0,
    size: totalSizeOf(transaction),
    vsize: virtualSizeOf(transaction),
    weight: weightOf(transaction),
    locktime: transaction.lockTime,
    vin: transaction.inputs.map((input, i) => {
      return isMinted
        ? mintedJson(input)
        : inputJson(input, prefix, showsSpent ? spent?.[i] : undefined);
    }),
    vout: transaction.outputs.map((output, n) => outputJson(output, n, prefix)),
    fee: valueIn === undefined || isMinted ? undefined : coins(valueIn - valueOut),
  };
}

export function hexOf(transaction: Transaction): string {
  return bytesToHex(encodeTransaction(transaction));
}

function mintedJson({ scriptSig, witness, sequence }: Input): Members {
  return { coinbase: bytesToHex(scriptSig), txinwitness: witnessJson(witness), sequence };
}

function inputJson(input: Input, prefix: string, spent: Coin | undefined): Members {
  const { previous, scriptSig, witness, sequence } = input;
  return {
    txid: previous.txid,
    vout: previous.index,
    scriptSig: { asm: asmOf(scriptSig), hex: bytesToHex(scriptSig) },
    txinwitness: witnessJson(witness),
    prevout: spent && {
      generated: spent.isCoinbase,
      height: spent.height,
      value: coins(spent.output.value),
      scriptPubKey: scriptJson(spent.output.script, prefix),
    },
    sequence,
  };
}

function witnessJson(witness: readonly Uint8Array[]): Writable | undefined {
  return witness.length === 0 ? undefined : witness.map(bytesToHex);
}

function outputJson({ value, script }: Output, n: number, prefix: string): Members {
  return { value: coins(value), n, scriptPubKey: scriptJson(script, prefix) };
}
