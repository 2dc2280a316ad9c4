/** A payment as it is typed: to whom, how much, at which fee; and why it cannot be made. */

import type { Command } from "commander";
import { type Params, paramsOf } from "../../../src/consensus/params.ts";
import type { Satoshi } from "../../../src/primitives/brand.ts";
import { unreachable, type Verdict } from "../../../src/primitives/verdict.ts";
import type { Account } from "../../../src/wallet/keys.ts";
import type { Payment, PaymentProblem, Wallet } from "../../../src/wallet/wallet.ts";
import { decimalNumber } from "../numbers.ts";
import { CliError, exitCodes } from "../output.ts";
import { sendOrExplain } from "../remote.ts";
import { openWallet } from "./file.ts";
import { type UseOptions, useWallet, withUseOptions } from "./use.ts";

/** What is asked for in place of an amount to send all there is. */
const everything = "all";

/** Of a payment that was made and not sent. @see heldMs of the journal */
export const heldWords = "Nothing is sent; its coins are held for ten minutes.";

/** Above this a fee rate is a typing error. @see Bitcoin Core, DEFAULT_MAX_RAW_TX_FEE_RATE */
const feeRateMax = 10_000;
/** A thousandth of the least that a node relays by default. */
const feeRateMin = 0.001;

export type PaymentOptions = UseOptions & { readonly feeRate?: number };

export function withPaymentOptions(command: Command): Command {
  return withUseOptions(command)
    .argument("<address>", "who is paid; also a link such as bitcoin:ADDRESS?amount=1.5")
    .argument("[amount]", `coins as 1.5, satoshis as 150000000sat, or "${everything}"`)
    .option(
      "--fee-rate <rate>",
      "satoshis a virtual byte (default: what the node estimates)",
      decimalNumber({ min: feeRateMin, max: feeRateMax }),
    );
}

/** What came of a payment. */
export type MadePayment<Answer> = {
  readonly answer: Answer;
  readonly account: Account;
  /** Without what a link has around it. */
  readonly address: string;
};

/**
 * Has the wallet make the payment that was typed.
 *
 * @throws CliError if it cannot be made.
 */
export async function makePayment<Answer>(
  to: string,
  amountText: string | undefined,
  options: PaymentOptions,
  make: (wallet: Wallet, payment: Payment) => Promise<Verdict<Answer, PaymentProblem>>,
): Promise<MadePayment<Answer>> {
  const { address, amount } = await parseRequest(to, amountText);
  const script = await parseAddress(address, paramsOf(options.network));
  const open = await openWallet(options);
  const { feeRate } = options;
  const payment = { script, amount, ...(feeRate !== undefined && { feeRate }) };
  const made = await useWallet(open, options, (wallet) =>
    sendOrExplain(() => make(wallet, payment)),
  );
  if (!made.ok) throw new CliError(await describePaymentProblem(made.problem));
  return { answer: made.value, account: open.account, address };
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
