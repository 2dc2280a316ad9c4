/** `powlab wallet psbt`: makes, reads, signs and finishes partially signed transactions. */

import type { Command } from "commander";
import { paramsOf } from "../../../src/consensus/params.ts";
import type { Verdict } from "../../../src/primitives/verdict.ts";
import type { Account } from "../../../src/wallet/keys.ts";
import type { Psbt, PsbtInput, PsbtProblem } from "../../../src/wallet/psbt.ts";
import { withExamples } from "../examples.ts";
import { readGiven, textOf } from "../given-content.ts";
import { withNetworkOption } from "../network-option.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { withJsonOption } from "../remote.ts";
import { formatFacts, formatTable } from "../table.ts";
import {
  heldWords,
  makePayment,
  type PaymentOptions,
  withPaymentOptions,
} from "./asked-payment.ts";
import { openWallet, type WalletOptions, withWalletOptions } from "./file.ts";

type Network = Pick<WalletOptions, "network">;
type JsonOption = { readonly json?: true };

export function registerPsbt(wallet: Command): void {
  const group = wallet.command("psbt").description("make, sign and finish a PSBT (BIP174)");
  withExamples(group, [
    ["powlab wallet psbt create ADDRESS 1.5", "a payment, not yet signed"],
    ["powlab wallet psbt sign payment.psbt", "sign it, here or on another machine"],
    ["powlab wallet psbt finish SIGNED", "print the transaction's hex"],
  ]);
  const source = "in base64 or hex, a file with it, or - for standard input";
  const creating = group.command("create").description("make a payment for others to sign");
  withExamples(withPaymentOptions(creating).action(create), [
    ["powlab wallet psbt create ADDRESS 1.5"],
  ]);
  const showing = group.command("show").description("what it spends and pays").action(show);
  withJsonOption(withNetworkOption(showing)).argument("<psbt>", source);
  withExamples(showing, [["powlab wallet psbt show payment.psbt"]]);
  const signing = group.command("sign").description("sign what this wallet can; no node is asked");
  withJsonOption(withWalletOptions(signing)).argument("<psbt>", source).action(sign);
  withExamples(signing, [["powlab wallet psbt sign payment.psbt"]]);
  const finishing = group
    .command("finish")
    .description("the transaction's hex, once all have signed");
  withJsonOption(finishing).argument("<psbt>", source).action(finish);
  withExamples(finishing, [["powlab wallet psbt finish signed.psbt"]]);
}

async function create(to: string, amount: string | undefined, options: PaymentOptions) {
  const { answer, account, address } = await makePayment(to, amount, options, (wallet, payment) =>
    wallet.plan(payment),
  );
  const { Psbt } = await import("../../../src/wallet/psbt.ts");
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  const { plan, changeKey } = answer;
  const psbt = Psbt.ofPayment(plan, changeKey, account).toBase64();
  if (options.json) return writeJson({ psbt, address, fee: plan.fee, change: plan.change });
  write(psbt);
  say(
    `The fee is ${formatAmount(plan.fee)}, the change ${formatAmount(plan.change)}. ${heldWords}`,
  );
  say("Next: powlab wallet psbt sign PSBT");
}

async function show(source: string, options: Network & JsonOption): Promise<void> {
  const psbt = await readPsbt(source);
  const { addressPrefix: prefix } = paramsOf(options.network);
  const { txidOf } = await import("../../../src/primitives/transaction.ts");
  const facts = {
    txid: txidOf(psbt.transaction),
    ...(psbt.fee !== undefined && { fee: psbt.fee }),
    inputs: await Promise.all(psbt.inputs.map((input) => inputFacts(input, prefix))),
    outputs: await Promise.all(
      psbt.outputs.map(async ({ value, script }) => ({
        value,
        address: await receiver(script, prefix),
      })),
    ),
  };
  if (options.json) return writeJson(facts);
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  const amount = (value: number | undefined) => (value === undefined ? "?" : formatAmount(value));
  write(formatFacts({ txid: facts.txid, fee: amount(facts.fee) }));
  write("");
  write(
    formatTable(
      [
        { title: "" },
        { title: "amount", align: "right" },
        { title: "address" },
        { title: "state" },
      ],
      [
        ...facts.inputs.map(({ value, address, state }) => ["in", amount(value), address, state]),
        ...facts.outputs.map(({ value, address }) => ["out", amount(value), address, ""]),
      ],
    ),
  );
}

async function inputFacts({ point, coin, state }: PsbtInput, prefix: string) {
  const address = coin === undefined ? "unknown" : await receiver(coin.script, prefix);
  return { txid: point.txid, vout: point.index, value: coin?.value, address, state };
}

/** An address, or the script's hex if it has none here. */
async function receiver(script: Uint8Array, prefix: string): Promise<string> {
  const { addressOfScript } = await import("../../../src/primitives/address.ts");
  const { bytesToHex } = await import("../../../src/primitives/bytes.ts");
  return addressOfScript(script, prefix) ?? bytesToHex(script);
}

async function sign(source: string, options: WalletOptions & JsonOption): Promise<void> {
  const psbt = await readPsbt(source);
  const { account } = await openWallet(options);
  const signed = await accepted(psbt.sign(account));
  const text = psbt.toBase64();
  const unsigned = psbt.inputs.filter(({ state }) => state === "unsigned").length;
  if (options.json) return writeJson({ psbt: text, signed, complete: unsigned === 0 });
  write(text);
  say(await describePayments(psbt, account, paramsOf(options.network).addressPrefix));
  const made = signed.length === 0 ? "All inputs of this wallet were signed before" : "Signed";
  if (unsigned > 0) say(`${made}; ${unsigned} of ${psbt.inputs.length} inputs wait for others.`);
  else say(`${made}. Next: powlab wallet psbt finish PSBT`);
}

/** Whom the payment pays, without what comes back to the wallet. */
async function describePayments(psbt: Psbt, account: Account, prefix: string): Promise<string> {
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  const { isOwnOutput } = await import("../../../src/wallet/psbt.ts");
  const others = psbt.outputs.filter((output) => !isOwnOutput(account, output));
  const paid = await Promise.all(
    others.map(
      async ({ value, script }) => `${formatAmount(value)} to ${await receiver(script, prefix)}`,
    ),
  );
  return `It pays ${paid.join(", ") || "this wallet only"}; the fee is ${formatAmount(psbt.fee ?? 0)}.`;
}

async function finish(source: string, options: JsonOption): Promise<void> {
  const psbt = await readPsbt(source);
  const transaction = await accepted(psbt.finish());
  const { bytesToHex } = await import("../../../src/primitives/bytes.ts");
  const { encodeTransaction, txidOf } = await import("../../../src/primitives/transaction.ts");
  const hex = bytesToHex(encodeTransaction(transaction));
  if (options.json) return writeJson({ txid: txidOf(transaction), hex });
  write(hex);
  say("Next: powlab tx send HEX");
}

/** How a PSBT begins: in base64, or in hex. @see BIP174, "Specification" */
const psbtPattern = /^(cHNidP|70736274ff)/i;

async function readPsbt(source: string): Promise<Psbt> {
  const content = await readGiven(source, psbtPattern, "PSBT");
  const { Psbt } = await import("../../../src/wallet/psbt.ts");
  return accepted(Psbt.decode(await bytesIn(content)));
}

/** Bytes as they are in a file, or written as base64 or hex. */
async function bytesIn(content: Uint8Array): Promise<Uint8Array> {
  const text = textOf(content);
  if (text === undefined) return content;
  const { base64 } = await import("@scure/base");
  const { hexToBytes } = await import("../../../src/primitives/bytes.ts");
  const hex = hexToBytes(text);
  if (hex.ok) return hex.value;
  try {
    return base64.decode(text);
  } catch {
    throw new CliError("This is no PSBT: it is neither base64 nor hex.", exitCodes.usage);
  }
}

async function accepted<Value>(verdict: Verdict<Value, PsbtProblem>): Promise<Value> {
  if (verdict.ok) return verdict.value;
  const { describePsbtProblem } = await import("../../../src/wallet/psbt.ts");
  const { problem } = verdict;
  const exitCode = problem.rule === "malformed" ? exitCodes.usage : exitCodes.failed;
  throw new CliError(describePsbtProblem(problem), exitCode);
}
