/** What may be asked of a lab over HTTP, checked: the bodies of its levers but attacks. */

import { z } from "zod";
import { moneyMax } from "../consensus/money.ts";
import type { PaymentOrder } from "../contract/lab.ts";
import type { Satoshi } from "../primitives/brand.ts";
import type { LinkOrder } from "./nodes/links.ts";
import { participantsMax } from "./nodes/participants.ts";

const nodeName = z.string().min(1).max(32);
const share = z.number().min(0).max(1);

export const partitionBody = z.strictObject({
  groups: z.array(z.array(nodeName).min(1)).min(1).max(participantsMax),
});

export const sharesBody = z.record(nodeName, share);

/** A slower link than this is better shown by cutting it. */
const delayMaxMs = 2_000;

export const linkBody: z.ZodType<LinkOrder> = z.strictObject({
  between: z.tuple([nodeName, nodeName]).readonly(),
  state: z.enum(["cut", "open"]),
  delayMs: z.int().min(0).max(delayMaxMs).exactOptional(),
});

/** Bitcoin Core refuses to send more than 0.1 coins as a fee; this comes to the same. */
const feeRateMax = 10_000;
/** The longest address that bech32 allows. @see BIP173 */
const addressLengthMax = 90;

export const paymentBody: z.ZodType<PaymentOrder> = z.strictObject({
  from: nodeName,
  to: z.string().min(1).max(addressLengthMax),
  value: z.int().min(1).max(moneyMax).transform(toSatoshis),
  feeRate: z.number().min(1).max(feeRateMax),
});

function toSatoshis(value: number): Satoshi {
  return value as Satoshi;
}
