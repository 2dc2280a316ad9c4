/** What theory says of an attack for every share of the hash power, as a curve to draw. */

import { deceptionProbability } from "../../theory/isolation.ts";
import { probabilityGivingUp } from "../../theory/double-spend.ts";
import { selfishRevenue } from "../../theory/mining.ts";
import type { Curve } from "../../contract/attacks.ts";

const pointCount = 51;
/** More than half, to show what confirmations are worth then. */
const paymentShareMax = 0.6;
/** From there on its branch is all there is. */
const selfishShareMax = 0.5;
/** Of the honest power on the attacker's branch in a tie: nodes here keep what they saw first. */
export const liveGamma = 0;

export type DoubleSpendTerms = {
  readonly confirmations: number;
  readonly giveUpBehind: number;
  readonly premine: 0 | 1;
};

/** That the payment is reversed, by the attacker's share from 0 to 0.6. */
export function doubleSpendCurve({
  confirmations,
  giveUpBehind,
  premine,
}: DoubleSpendTerms): Curve {
  return curveOf(paymentShareMax, (share) =>
    probabilityGivingUp({ share, confirmations, giveUpBehind, premine }),
  );
}

/** The same for a shop that sees nobody but the attacker: so much more, the weaker it is. */
export function eclipseCurve(confirmations: number): Curve {
  return curveOf(paymentShareMax, (share) => deceptionProbability(share, confirmations));
}

/** The attacker's part of the blocks that stay, by its share from 0 to 0.5. */
export function selfishMiningCurve(): Curve {
  return curveOf(selfishShareMax, (share) => selfishRevenue(share, liveGamma));
}

function curveOf(shareMax: number, valueOf: (share: number) => number): Curve {
  return Array.from({ length: pointCount }, (_, i) => {
    const share = Number(((shareMax * i) / (pointCount - 1)).toFixed(3));
    return [share, valueOf(share)] as const;
  });
}
