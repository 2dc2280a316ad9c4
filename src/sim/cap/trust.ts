/** What a client beside a liar is told counts for nothing: no protocol promises it anything. */

import type { CapRequest, PhaseSeen } from "./run.ts";

/**
 * Without the reads that a liar answered to the client beside it; of that client's writes nobody
 * knows the outcome.
 */
export function trustedRequests(
  requests: readonly CapRequest[],
  phases: readonly PhaseSeen[],
): readonly CapRequest[] {
  const lies = phases.filter(({ liars }) => liars.length > 0);
  if (lies.length === 0) return requests;
  return requests.flatMap((request) => {
    const { invocation, completion, beside } = request;
    const isToldByLiar = lies.some(({ fromMs, toMs, liars }) => {
      const isMeanwhile = (invocation.time ?? 0) < toMs && (completion?.time ?? Infinity) >= fromMs;
      return isMeanwhile && liars.includes(beside);
    });
    if (!isToldByLiar) return [request];
    if (invocation.f === "read") return [];
    return [leftOpen(request)];
  });
}

/** The same request, as one whose outcome nobody knows. */
export function leftOpen({ invocation, invokedAt, beside }: CapRequest): CapRequest {
  return { invocation, invokedAt, beside, outcome: "unknown" };
}
