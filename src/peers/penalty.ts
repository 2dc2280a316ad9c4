/** What a peer's fault costs it: at `limits.penaltyMax` points it is banned. */

import type { HeadersProblem } from "../chain/headers.ts";
import type { BlockProblem } from "../consensus/problem.ts";
import { limits } from "./limits.ts";

const ban = limits.penaltyMax;

/** For a block: whoever relays one should have checked it, unless our clock is the wrong one. */
export function penaltyOfBlock(problem: BlockProblem): number {
  if (problem.rule === "time-too-new") return 0;
  return problem.rule === "duplicate-invalid" ? 20 : ban;
}

/** For headers that were asked for. */
export function penaltyOfHeaders(problem: HeadersProblem): number {
  if (problem.rule === "no-headers" || problem.rule === "too-little-work") return 0;
  if (problem.rule === "unknown-parent") return 20;
  return problem.rule === "not-linked" ? ban : penaltyOfBlock(problem);
}

/** For a transaction that no node with any policy could hold valid. */
export const penaltyOfTransaction = 25;
/** For bytes that mean nothing, or that answer another question. */
export const penaltyOfMalformed = 50;
/** For a body that was not asked for. */
export const penaltyOfUnrequested = 20;
/** For claiming more work than its headers show. */
export const penaltyOfEmptyClaim = 10;
