/** All checks that are made after steps. */

import { BlameIsJust } from "./blame-is-just.ts";
import type { ChainCheck } from "./check.ts";
import { CoinbasesRipen } from "./coinbases-ripen.ts";
import { LimitsHold } from "./limits-hold.ts";
import { MempoolFits } from "./mempool-fits.ts";
import { MostWorkTip } from "./most-work-tip.ts";
import { NoCoinFromNothing } from "./no-coin-from-nothing.ts";
import { PaymentsReturn } from "./payments-return.ts";
import { PersistedBeforeTold } from "./persisted-before-told.ts";
import { TipClimbs } from "./tip-climbs.ts";
import { UndoRestores } from "./undo-restores.ts";

/** New ones for each world: they remember what they saw. */
export function allChecks(): readonly ChainCheck[] {
  return [
    new MostWorkTip(),
    new TipClimbs(),
    new UndoRestores(),
    new NoCoinFromNothing(),
    new CoinbasesRipen(),
    new PaymentsReturn(),
    new MempoolFits(),
    new PersistedBeforeTold(),
    new BlameIsJust(),
    new LimitsHold(),
  ];
}
