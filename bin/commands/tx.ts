/** `powlab tx`: look at a transaction, or give one to a running node. */

import { text } from "node:stream/consumers";
import type { Command } from "commander";
import type { TransactionJson, TransactionOutcomeJson } from "../../src/contract/node-api.ts";
import type { Txid } from "../../src/primitives/brand.ts";
import { withExamples } from "./examples.ts";
import { CliError, exitCodes, say, write, writeJson } from "./output.ts";
import { askNode, type RemoteOptions, sendOrExplain, withRemoteOptions } from "./remote.ts";
import { formatFacts, formatTable } from "./table.ts";
import { registerDecode } from "./tx-decode.ts";

const fromStandardInput = "-";

export function register(program: Command): void {
  const tx = program.command("tx").description("read and send transactions");
  withExamples(tx, [
    ["powlab tx show TXID"],
    ["powlab tx decode 0200…"],
    ["powlab tx send - < signed.hex"],
  ]);
  const show = withRemoteOptions(tx.command("show").description("a transaction and its status"))
    .argument("<txid>", "64 hex digits")
    .action(showTransaction);
  withExamples(show, [["powlab tx show TXID"]]);
  registerDecode(tx);
  const send = withRemoteOptions(
    tx.command("send").description("give a signed transaction to the node"),
  )
    .argument("<hex>", "its bytes as hex digits, or - to read them from standard input")
    .action(sendTransaction);
  withExamples(send, [["powlab tx send 0200…"], ["powlab tx send - < signed.hex"]]);
}

async function showTransaction(name: string, options: RemoteOptions): Promise<void> {
  const { parseHash } = await import("../../src/primitives/hash.ts");
  const txid = parseHash<Txid>(name);
  if (!txid.ok) {
    throw new CliError(`${JSON.stringify(name)}: ${txid.problem.reason}.`, exitCodes.usage);
  }
  const outcome = await askNode(options, (client) => client.transactionOutcome(txid.value));
  if (options.json) return writeJson(outcome);
  const { formatAmount } = await import("../../src/primitives/amount.ts");
  write(describeOutcome(outcome, formatAmount));
  const { status } = outcome;
  say(`Next: powlab chain ${status.confirmed ? `block ${status.block_height}` : "tip"}`);
}

type Format = (satoshis: number) => string;

function describeOutcome(outcome: TransactionOutcomeJson, format: Format): string {
  const { txid, transaction, replaced_by: by, orphaned_at: left } = outcome;
  const facts = formatFacts({
    txid,
    state: describeState(outcome),
    ...(by !== undefined && { "replaced by": by }),
    ...(left && { "left behind": `in block ${left.block_hash}, height ${left.block_height}` }),
    ...(transaction && {
      fee: format(transaction.fee),
      size: `${transaction.size} bytes, weight ${transaction.weight}`,
    }),
  });
  return transaction ? `${facts}\n\n${describeCoins(transaction, format)}` : facts;
}

function describeState({
  state,
  status,
  confirmations,
  ...outcome
}: TransactionOutcomeJson): string {
  switch (state) {
    case "confirmed":
      return status.confirmed
        ? `confirmed ${confirmations} times, in block ${status.block_height}`
        : state;
    case "waiting":
      return "waiting for a block";
    case "gone": {
      const reason = outcome.removed_because;
      return reason === undefined ? state : `${state}: ${reason}`;
    }
  }
}

function describeCoins({ vin, vout }: TransactionJson, format: Format): string {
  const inputs = vin.map(({ is_coinbase: isCoinbase, prevout }) => [
    "in",
    isCoinbase || prevout === null ? "-" : format(prevout.value),
    isCoinbase ? "newly made" : (prevout?.scriptpubkey_address ?? "unknown"),
  ]);
  const outputs = vout.map(({ value, scriptpubkey_address: address, scriptpubkey_type: type }) => [
    "out",
    format(value),
    address ?? type,
  ]);
  const columns = [
    { title: "" },
    { title: "amount", align: "right" },
    { title: "address" },
  ] as const;
  return formatTable(columns, [...inputs, ...outputs]);
}

async function sendTransaction(source: string, options: RemoteOptions): Promise<void> {
  const { hexToBytes } = await import("../../src/primitives/bytes.ts");
  const { decodeTransaction } = await import("../../src/primitives/transaction.ts");
  const hex = (source === fromStandardInput ? await text(process.stdin) : source).trim();
  const bytes = hexToBytes(hex);
  const decoded = bytes.ok ? decodeTransaction(bytes.value) : bytes;
  if (!decoded.ok) {
    throw new CliError(`This is no transaction: ${decoded.problem.reason}.`, exitCodes.usage);
  }
  const txid = await askNode(options, (client) => sendOrExplain(() => client.sendTransaction(hex)));
  if (options.json) return writeJson({ txid });
  write(txid);
  say(`Next: powlab tx show ${txid}`);
}
