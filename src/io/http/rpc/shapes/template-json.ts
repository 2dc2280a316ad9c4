/** The next block in the shape of Bitcoin Core's `getblocktemplate`. */

import { earliestTime, timeOfChild } from "../../../../consensus/header.ts";
import { weightMax } from "../../../../consensus/limits.ts";
import type { Params } from "../../../../consensus/params.ts";
import type { MempoolEntry } from "../../../../mempool/entry.ts";
import type { Milliseconds, Txid } from "../../../../primitives/brand.ts";
import { bytesToHex } from "../../../../primitives/bytes.ts";
import { encodeStripped, encodeTransaction } from "../../../../primitives/transaction.ts";
import type { NextBlock } from "../../../queries/next-blocks.ts";
import { hex32, hex256 } from "../call/figures.ts";
import type { Members } from "./transaction-json.ts";

export type TemplateOptions = {
  readonly params: Params;
  readonly now: Milliseconds;
  /**
   * Adds a whole coinbase transaction, for miners that cannot pay a taproot address themselves. It
   * has no witness: `submitblock` puts it back.
   *
   * @see BIP22, "coinbasetxn"
   */
  readonly withCoinbase: boolean;
};

/** @see BIP22, BIP23, BIP145; Bitcoin Core 28, getblocktemplate */
export function templateJson(next: NextBlock, options: TemplateOptions): Members {
  const { template, parent, entries, reward, revision } = next;
  const { params, now, withCoinbase } = options;
  const { header, transactions } = template.block;
  const [coinbase] = transactions;
  if (coinbase === undefined) throw new Error("a template has a coinbase");
  const timeMin = earliestTime(parent, params);
  const commitment = coinbase.outputs.at(-1)?.script ?? new Uint8Array();
  return {
    capabilities: ["proposal"],
    version: header.version,
    rules: ["csv", "!segwit", "taproot"],
    vbavailable: {},
    vbrequired: 0,
    previousblockhash: parent.hash,
    transactions: transactionsJson(entries),
    coinbaseaux: {},
    coinbasevalue: reward,
    ...(withCoinbase && { coinbasetxn: { data: bytesToHex(encodeStripped(coinbase)) } }),
    longpollid: `${parent.hash}${revision}`,
    target: hex256(template.target),
    mintime: timeMin,
    mutable: ["time", "transactions", "prevblock"],
    noncerange: "00000000ffffffff",
    sigoplimit: 80_000,
    sizelimit: weightMax,
    weightlimit: weightMax,
    curtime: timeOfChild(parent, params, now),
    bits: hex32(header.bits),
    height: template.height,
    default_witness_commitment: bytesToHex(commitment),
  };
}

/** `depends` counts from one. A key path spend has no signature operations of the kind that is counted. */
function transactionsJson(entries: readonly MempoolEntry[]): Members[] {
  const positions = new Map<Txid, number>(entries.map(({ txid }, i) => [txid, i + 1]));
  return entries.map(({ transaction, txid, wtxid, fee, weight }) => ({
    data: bytesToHex(encodeTransaction(transaction)),
    txid,
    hash: wtxid,
    depends: transaction.inputs.flatMap(({ previous }) => positions.get(previous.txid) ?? []),
    fee,
    sigops: 0,
    weight,
  }));
}
