/** What is wrong with a block because it, or its parent, is marked as invalid. */

import type { BlockProblem, MarkCause } from "../consensus/problem.ts";
import type { TreeEntry } from "./tree.ts";

/** @param entry an invalid one, which came again. */
export function problemOfInvalid(entry: TreeEntry): BlockProblem {
  return { rule: "duplicate-invalid", hash: entry.hash, ...causeOf(entry) };
}

/** @param parent an invalid one, of a block that is not known. */
export function problemOfChild(parent: TreeEntry): BlockProblem {
  return { rule: "bad-prevblk", previous: parent.hash, ...causeOf(parent) };
}

function causeOf(entry: TreeEntry): { readonly cause?: MarkCause } {
  return entry.isInvalidByCommand ? { cause: "invalidated by command" } : {};
}
