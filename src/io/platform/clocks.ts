/** The two clocks of this process. */

import type { Now } from "../../machine/now.ts";
import type { Elapsed, Milliseconds } from "../../primitives/brand.ts";

/** The one that people set, and the one that counts since the process began; timers run by it. */
export function readClocks(): Now {
  return { wall: Date.now() as Milliseconds, elapsed: performance.now() as Elapsed };
}
