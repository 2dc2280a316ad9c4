/**
 * No fork: what honest processes know to be committed is one chain: at each index the same. It is fed
 * honest processes only, for what a byzantine one says of itself proves nothing.
 */

import type { Property } from "./property.ts";
import { createSamePrefix } from "./same-prefix.ts";

export function createNoFork(): Property {
  return createSamePrefix("no-fork", "commits", ({ committed }) => committed);
}
