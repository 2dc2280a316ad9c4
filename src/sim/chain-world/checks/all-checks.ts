/** All checks that are made after steps. */

import type { ChainCheck } from "./check.ts";
import { CoinbasesMature } from "./coinbases-mature.ts";
import { LimitsHold } from "./limits-hold.ts";
import { MempoolFits } from "./mempool-fits.ts";
import { MostWorkTip } from "./most-work-tip.ts";
import { NoCoinFromNothing } from "./no-coin-from-nothing.ts";
import { PaymentsReturn } from "./payments-return.ts";
import { PersistedBeforeSent } from "./persisted-before-sent.ts";
import { TipGainsWork } from "./tip-gains-work.ts";
import { UndoRestores } from "./undo-restores.ts";
import { ValidityAgrees } from "./validity-agrees.ts";

/** New ones for each world: they remember what they saw. */
export function allChecks(): readonly ChainCheck[] {
  return [
    new MostWorkTip(),
    new TipGainsWork(),
    new UndoRestores(),
    new NoCoinFromNothing(),
    new CoinbasesMature(),
    new PaymentsReturn(),
    new MempoolFits(),
    new PersistedBeforeSent(),
    new ValidityAgrees(),
    new LimitsHold(),
  ];
}
