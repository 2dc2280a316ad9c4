/** `powlab tx decode`: what the bytes of a transaction say; no node is asked. */

import type { Command } from "commander";
import type { NetworkName } from "../../src/consensus/params.ts";
import type { TransactionJson } from "../../src/contract/node-api.ts";
import type { Transaction } from "../../src/primitives/transaction.ts";
import { withExamples } from "./examples.ts";
import { readGiven, textOf } from "./given-content.ts";
import { withNetworkOption } from "./network-option.ts";
import { CliError, exitCodes, write, writeJson } from "./output.ts";
import { withJsonOption } from "./remote.ts";
import { formatFacts, formatTable } from "./table.ts";

type DecodeOptions = { readonly network: NetworkName; readonly json?: true };

export function registerDecode(tx: Command): void {
  const decoding = tx.command("decode").description("what the bytes of a transaction say");
  withJsonOption(withNetworkOption(decoding))
    .argument("<hex|file>", "its bytes as hex digits, a file with them, or - for standard input")
    .action(showDecoded);
  withExamples(decoding, [
    ["powlab tx decode 0200…"],
    ["powlab tx decode signed.hex --json", "in the shape of the API's GET /tx/TXID"],
  ]);
}

async function showDecoded(source: string, options: DecodeOptions): Promise<void> {
  const transaction = await readTransaction(source);
  const { paramsOf } = await import("../../src/consensus/params.ts");
  const { transactionJson } = await import("../../src/io/http/esplora/shapes.ts");
  const { virtualSizeOf, wtxidOf } = await import("../../src/primitives/transaction.ts");
  const prefix = paramsOf(options.network).addressPrefix;
  const found = { transaction, spent: [], confirmedBy: undefined };
  // Only a chain knows what is spent, so what is paid, and where it is confirmed.
  const { txid, version, locktime, vin, vout, size, weight } = transactionJson(found, prefix);
  const wtxid = wtxidOf(transaction);
  const vsize = virtualSizeOf(transaction);
  const decoded = { txid, wtxid, version, locktime, size, vsize, weight, vin, vout };
  if (options.json) return writeJson(decoded);
  const { formatAmount } = await import("../../src/primitives/amount.ts");
  const sizes = `${size} bytes, ${vsize} virtual bytes, weight ${weight}`;
  write(formatFacts({ txid, wtxid, version, "lock time": locktime, size: sizes }));
  write("");
  write(describeParts(decoded, formatAmount));
}

function describeParts(
  { vin, vout }: Pick<TransactionJson, "vin" | "vout">,
  format: (satoshis: number) => string,
): string {
  const inputs = vin.map((input) => [
    "in",
    "",
    input.is_coinbase ? "newly made" : `${input.txid}:${input.vout}`,
  ]);
  const outputs = vout.map((output) => [
    "out",
    format(output.value),
    output.scriptpubkey_address ?? output.scriptpubkey_asm,
  ]);
  const columns = [
    { title: "" },
    { title: "amount", align: "right" },
    { title: "coin or address" },
  ] as const;
  return formatTable(columns, [...inputs, ...outputs]);
}

const hexPattern = /^[0-9a-f]+$/i;
const psbtPattern = /^(cHNidP|70736274ff)/i;

async function readTransaction(source: string): Promise<Transaction> {
  const content = await readGiven(source, hexPattern, "transaction in hex");
  const text = textOf(content);
  if (text !== undefined && psbtPattern.test(text)) {
    throw new CliError(
      "This is a PSBT, not yet a transaction: read it with `powlab wallet psbt show`.",
      exitCodes.usage,
    );
  }
  const { hexToBytes } = await import("../../src/primitives/bytes.ts");
  const { decodeTransaction } = await import("../../src/primitives/transaction.ts");
  const bytes = text === undefined ? ({ ok: true, value: content } as const) : hexToBytes(text);
  const decoded = bytes.ok ? decodeTransaction(bytes.value) : bytes;
  if (decoded.ok) return decoded.value;
  throw new CliError(`This is no transaction: ${decoded.problem.reason}.`, exitCodes.usage);
}
