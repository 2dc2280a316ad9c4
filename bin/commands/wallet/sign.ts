/** `powlab wallet sign`: makes a payment that another program submits. */

import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { say, write, writeJson } from "../output.ts";
import {
  heldWords,
  makePayment,
  type PaymentOptions,
  withPaymentOptions,
} from "./asked-payment.ts";

export function registerSign(wallet: Command): void {
  const signing = wallet.command("sign").description("sign a payment, and print its hex only");
  withExamples(withPaymentOptions(signing).action(sign), [
    ["powlab wallet sign ADDRESS 1.5", "nothing is sent"],
    ["powlab tx send HEX", "send it later, or from elsewhere"],
  ]);
}

async function sign(to: string, amount: string | undefined, options: PaymentOptions) {
  const { answer, address } = await makePayment(to, amount, options, (wallet, payment) =>
    wallet.sign(payment),
  );
  const { bytesToHex } = await import("../../../src/primitives/bytes.ts");
  const { encodeTransaction } = await import("../../../src/primitives/transaction.ts");
  const { transaction, ...signed } = answer;
  const hex = bytesToHex(encodeTransaction(transaction));
  if (options.json) return writeJson({ ...signed, address, hex });
  const { formatAmount } = await import("../../../src/primitives/amount.ts");
  write(hex);
  say(
    `This pays ${formatAmount(signed.amount)} coins to ${address}; the fee is ` +
      `${formatAmount(signed.fee)}, the change ${formatAmount(signed.change)}. ${heldWords}`,
  );
  say("Next: powlab tx send HEX");
}
