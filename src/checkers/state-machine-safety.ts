/**
 * State-machine safety: if a process has applied an entry at an index, no other ever applies another
 * one there. @see Ongaro, Ousterhout, Raft (extended), figure 3
 */

import type { Property } from "./property.ts";
import { createSamePrefix } from "./same-prefix.ts";

export function createStateMachineSafety(): Property {
  return createSamePrefix("state-machine-safety", "applies", ({ applied }) => applied);
}
