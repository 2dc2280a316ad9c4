/** A leader steps aside (dissertation 3.10). */

import type { PeerId } from "../../primitives/brand.ts";
import { progressOf } from "./progress.ts";
import type { Turn } from "./turn.ts";

/** Once the other may campaign, the followers' promise to this leader holds no more. */
export function transferIfReady(turn: Turn, to: PeerId): boolean {
  const { state } = turn;
  const { term, transfer } = state;
  if (transfer?.to !== to) return false;
  if (progressOf(turn, to)?.stored !== state.log.last.index) return false;
  state.hasLease = false;
  turn.send(to, { type: "campaign", term });
  return true;
}
