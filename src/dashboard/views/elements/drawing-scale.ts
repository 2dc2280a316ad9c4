/** How large the network and the tree are drawn: larger in the projector view, as its type is. */

import { useDashboard } from "../../state/dashboard.ts";

const boardScale = 1.5;

/** Pixels for each unit of a drawing. */
export function useDrawingScale(): number {
  return useDashboard().look.value === "board" ? boardScale : 1;
}
