/** A claim, and how it stands after its experiment was run. */

import type { Finding } from "./finding.ts";
import type { Result } from "./result.ts";

export const groups = [
  ...(["graph", "time", "liveness", "checkers", "two-phase commit", "Paxos", "Raft"] as const),
  ...(["BFT", "CAP", "sybil", "proof of work"] as const),
] as const;

export type Claim = {
  /** What people type. */
  readonly id: string;
  /** A short name of the same, such as R2, which may be typed, too. */
  readonly code: string;
  readonly group: (typeof groups)[number];
  readonly title: string;
  /** One sentence. */
  readonly claim: string;
  /** Where the essay says it, such as "L90-93"; undefined if it does not. */
  readonly lines?: string;
  /** Where the expected value comes from. */
  readonly source: string;
  /** True if the claim is wrong, and what is expected shows it. */
  readonly isRefuted?: true;
};

export type Verdict = "holds" | "refuted as expected" | "too few runs" | "differs";

/** The worst comes last. */
const byWeight: readonly Verdict[] = ["holds", "refuted as expected", "too few runs", "differs"];

export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const weights = verdicts.map((verdict) => byWeight.indexOf(verdict));
  return byWeight[Math.max(...weights)] ?? "too few runs";
}

export function verdictOfFindings({ isRefuted }: Claim, findings: readonly Finding[]): Verdict {
  if (findings.length === 0 || findings.some(({ holds }) => !holds)) return "differs";
  return isRefuted ? "refuted as expected" : "holds";
}

/**
 * @param refusalMin a wrong theory which is off by this part must be refused by as many runs;
 *   otherwise an estimate that fits says little. Undefined where that is not asked.
 */
export function verdictOfResult(
  { isRefuted }: Claim,
  result: Result,
  refusalMin: number | undefined,
): Verdict {
  if (!result.holds) return "differs";
  if (refusalMin !== undefined && !wouldRefuse(result, refusalMin)) return "too few runs";
  return isRefuted ? "refuted as expected" : "holds";
}

/** Of 95 % intervals. */
const standardErrorsInInterval = 2 * 1.96;

/** Whether a theory that is off by this part would be three standard errors away. */
function wouldRefuse({ expected, interval }: Result, part: number): boolean {
  if (expected === undefined) return true;
  const [low, high] = interval;
  const standardError = (high - low) / standardErrorsInInterval;
  return Math.abs(expected) * part >= 3 * standardError;
}
