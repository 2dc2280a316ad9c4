/** What may be asked of a lab over HTTP, checked: the bodies of its levers but attacks. */

import { z } from "zod";
import { moneyMax } from "../consensus/money.ts";
import type { PaymentOrder } from "../contract/lab.ts";
import type {
  BlocksOrderJson,
  FaucetOrderJson,
  ReorgOrderJson,
  SaveOrderJson,
} from "../contract/regtest.ts";
import type { Satoshi } from "../primitives/brand.ts";
import type { LinkOrder } from "./nodes/links.ts";
import { participantsMax } from "./nodes/participants.ts";
import { snapshotName } from "./regtest/snapshot.ts";

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

const address = z.string().min(1).max(addressLengthMax);
const txid = z.string().regex(/^[0-9a-f]{64}$/, "a transaction id: 64 hex digits");

/** Their times may run two hours ahead of the clock, a second for about six blocks. */
export const blocksMax = 10_000;

export const blocksBody: z.ZodType<BlocksOrderJson> = z.strictObject({
  count: z.int().min(1).max(blocksMax),
  to: address.exactOptional(),
  node: nodeName.exactOptional(),
});

export const faucetBody: z.ZodType<FaucetOrderJson> = z.strictObject({
  address,
  value: z.int().min(1).max(moneyMax).transform(toSatoshis),
  confirm: z.boolean().exactOptional(),
  node: nodeName.exactOptional(),
});

export const reorgBody: z.ZodType<ReorgOrderJson> = z
  .strictObject({
    depth: z.int().min(1).max(blocksMax),
    node: nodeName.exactOptional(),
    drop: txid.exactOptional(),
    doubleSpend: txid.exactOptional(),
    empty: z.boolean().exactOptional(),
  })
  .refine(
    ({ drop, doubleSpend, empty }) => [drop, doubleSpend, empty].filter(Boolean).length <= 1,
    "one of drop, doubleSpend and empty at most",
  );

export const saveBody: z.ZodType<SaveOrderJson> = z.strictObject({
  name: snapshotName,
  replace: z.boolean().exactOptional(),
});

function toSatoshis(value: number): Satoshi {
  return value as Satoshi;
}
