/** Data that a lab has encoded itself for its own nodes: if it does not decode, we have a bug. */

import type { Verdict } from "../../primitives/verdict.ts";

/** @throws Error if it is malformed. */
export function decoded<T>(verdict: Verdict<T, { readonly reason: string }>): T {
  if (!verdict.ok) throw new Error(`the lab sent something malformed: ${verdict.problem.reason}`);
  return verdict.value;
}
