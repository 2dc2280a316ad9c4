/** What may be asked of a lab over HTTP: the bodies and queries of its levers, checked. */

import { z } from "zod";
import { moneyMax } from "../consensus/money.ts";
import type { AttackOptions, TrialsOrder } from "../contract/attacks.ts";
import type { PaymentOrder } from "../contract/lab.ts";
import type { Satoshi } from "../primitives/brand.ts";
import {
  confirmationsMax,
  defaultConfirmations,
  defaultGiveUpBehind,
  defaultSelfishBlocks,
  giveUpBehindMax,
  selfishBlocksMax,
  trailMax,
} from "./attacks/attack-report.ts";
import type { ProbabilityQuery } from "./attacks/probability.ts";
import { participantsMax } from "./nodes/participants.ts";
import { runsMax } from "./attacks/trials.ts";
import type { LinkOrder } from "./nodes/links.ts";

const nodeName = z.string().min(1).max(32);
const share = z.number().min(0).max(1);
const premine = z.literal([0, 1]);

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

const stubborn = z
  .strictObject({
    lead: z.boolean().default(false),
    equalFork: z.boolean().default(false),
    trail: z.int().min(0).max(trailMax).default(0),
  })
  .refine(({ lead, equalFork, trail }) => lead || equalFork || trail > 0, "stubborn in nothing");

export const attackBody: z.ZodType<AttackOptions> = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("double-spend"),
    confirmations: z.int().min(1).max(confirmationsMax).default(defaultConfirmations),
    giveUpBehind: z.int().min(1).max(giveUpBehindMax).default(defaultGiveUpBehind),
    premine: premine.default(0),
    share: share.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("selfish-mining"),
    blocks: z.int().min(1).max(selfishBlocksMax).default(defaultSelfishBlocks),
    share: share.exactOptional(),
    stubborn: stubborn.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("eclipse"),
    confirmations: z.int().min(1).max(confirmationsMax).default(defaultConfirmations),
    share: share.exactOptional(),
  }),
]);

/** In theory and in the simulator there is time for more than in a live attack. */
const theoryBlocksMax = 200;

/** Texts, as a query has them. */
const number = z.string().min(1).transform(Number);

export const probabilityQuery: z.ZodType<ProbabilityQuery> = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("double-spend"),
    share: number.pipe(share),
    confirmations: number.pipe(z.int().min(1).max(theoryBlocksMax)),
    giveUpBehind: number.pipe(z.int().min(1).max(theoryBlocksMax)),
    premine: number.pipe(premine).default(0),
  }),
  z.strictObject({ type: z.literal("selfish-mining"), share: number.pipe(share) }),
  z.strictObject({
    type: z.literal("eclipse"),
    share: number.pipe(share),
    confirmations: number.pipe(z.int().min(1).max(theoryBlocksMax)),
  }),
]);

/** One word for a shell, and no flag. */
const seed = z.string().regex(/^\w[\w.-]{0,63}$/, "letters, digits, dots and dashes, 64 at most");

export const trialsBody: z.ZodType<TrialsOrder> = z.strictObject({
  type: z.literal("double-spend"),
  share,
  confirmations: z.int().min(1).max(theoryBlocksMax),
  giveUpBehind: z.int().min(1).max(theoryBlocksMax),
  premine,
  runs: z.int().min(1).max(runsMax),
  seed,
});

function toSatoshis(value: number): Satoshi {
  return value as Satoshi;
}
