/** `powlab wallet send`: makes a payment. */

import { type Params, paramsOf } from "../../../src/consensus/params.ts";
import type { Satoshi } from "../../../src/primitives/brand.ts";
import { unreachable } from "../../../src/primitives/verdict.ts";
import type { PaymentProblem } from "../../../src/wallet/wallet.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { sendOrExplain } from "../remote.ts";
import { openWallet } from "./file.ts";
import { type UseOptions, useWallet } from "./use.ts";

/** What is asked for in place of an amount to send all there is. */
export const everything = "all";

export type SendOptions = UseOptions & { readonly feeRate?: number };

export async function send(
  to: string,
  amountText: string | undefined,
  options: SendOptions,
): Promise<void> {
  const { address, amount } = await parseRequest(to, amountText);
  const script = await parseAddress(address, paramsOf(options.network));
  const open = await openWallet(options);
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  const { feeRate } = options;
  const sent = await useWallet(open, options, (wallet) =>
    sendOrExplain(() => wallet.pay({ script, amount, ...(feeRate !== undefined && { feeRate }) })),
  );
  if (!sent.ok) throw new CliError(await describePaymentProblem(sent.problem));
  if (options.json) return writeJson({ ...sent.value, address });
  const { txid, fee, change } = sent.value;
  write(txid);
  say(
    `${formatAmount(sent.value.amount)} coins are on their way to ${address}; ` +
      `the fee is ${formatAmount(fee)}, the change ${formatAmount(change)}.`,
  );
  say(`Next: powlab tx show ${txid}`);
}

/** Whom to pay and how much; a link may say both. */
async function parseRequest(
  to: string,
  amountText: string | undefined,
): Promise<{ readonly address: string; readonly amount: Satoshi | typeof everything }> {
  const { describeUriProblem, parsePaymentRequest } =
    await import("../../../src/wallet/payment-uri.ts");
  const request = parsePaymentRequest(to);
  if (!request.ok) throw new CliError(describeUriProblem(request.problem), exitCodes.usage);
  const { address, amount: asked } = request.value;
  if (amountText === undefined) {
    if (asked !== undefined) return { address, amount: asked };
    throw new CliError("Say how much: powlab wallet send ADDRESS 1.5", exitCodes.usage);
  }
  const amount = amountText === everything ? everything : await parseCoins(amountText);
  if (asked === undefined || asked === amount) return { address, amount };
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  throw new CliError(
    `The link asks for ${formatAmount(asked)} coins, and you say ${amountText}: say one of them.`,
    exitCodes.usage,
  );
}

async function describePaymentProblem(problem: PaymentProblem): Promise<string> {
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  switch (problem.rule) {
    case "not-enough-funds":
      return (
        `There are ${formatAmount(problem.available)} coins to spend, ` +
        `and with the fee this takes ${formatAmount(problem.required)}. ` +
        "`powlab wallet balance` shows what is not yet confirmed or mature."
      );
    case "chain-too-long":
      return (
        "All coins that are left are change of payments that wait, " +
        "and nodes accept no longer chain of them: wait for the next block, then send again."
      );
    case "dust":
      return (
        `The smallest amount that nodes relay is ${formatAmount(problem.smallest)} coins, ` +
        `${problem.smallest} satoshis.`
      );
    case "coins-in-use":
      return (
        `Coins of ${formatAmount(problem.value)} are used by another payment that is being made: ` +
        "send again when it has ended. If it was cut off, they are free again after ten minutes."
      );
    default:
      return unreachable(problem);
  }
}

async function parseAddress(address: string, params: Params): Promise<Uint8Array> {
  const { describeAddressProblem, scriptOfAddress } =
    await import("../../../src/primitives/address.ts");
  const script = scriptOfAddress(address, params.addressPrefix);
  if (script.ok) return script.value;
  throw new CliError(describeAddressProblem(address, script.problem), exitCodes.usage);
}

async function parseCoins(amount: string): Promise<Satoshi> {
  const { describeAmountProblem, parseAmount } = await import("../../../src/primitives/amount.ts");
  const parsed = parseAmount(amount);
  if (parsed.ok) return parsed.value;
  throw new CliError(describeAmountProblem(amount, parsed.problem), exitCodes.usage);
}
