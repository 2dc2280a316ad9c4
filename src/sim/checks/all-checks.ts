/** All checks that are made after steps. */

import type { Check } from "./check.ts";
import { MostWorkTip } from "./most-work-tip.ts";
import { NoCoinFromNothing } from "./no-coin-from-nothing.ts";
import { UndoRestores } from "./undo-restores.ts";

/** New ones for each world: they remember what they saw. */
export function allChecks(): readonly Check[] {
  return [new MostWorkTip(), new UndoRestores(), new NoCoinFromNothing()];
}
