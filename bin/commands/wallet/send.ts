/** `powlab wallet send`: makes a payment. */

import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { say, write, writeJson } from "../output.ts";
import { makePayment, type PaymentOptions, withPaymentOptions } from "./asked-payment.ts";

export function registerSend(wallet: Command): void {
  const sending = wallet.command("send").description("make a payment");
  withExamples(withPaymentOptions(sending).action(send), [
    ["powlab wallet send ADDRESS 1.5"],
    ["powlab wallet send ADDRESS all --fee-rate 2", "the wallet is empty afterwards"],
  ]);
}

async function send(to: string, amount: string | undefined, options: PaymentOptions) {
  const { answer: sent, address } = await makePayment(to, amount, options, (wallet, payment) =>
    wallet.pay(payment),
  );
  if (options.json) return writeJson({ ...sent, address });
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  write(sent.txid);
  say(
    `${formatAmount(sent.amount)} coins are on their way to ${address}; ` +
      `the fee is ${formatAmount(sent.fee)}, the change ${formatAmount(sent.change)}.`,
  );
  say(`Next: powlab tx show ${sent.txid}`);
}
