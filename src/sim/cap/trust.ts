/** What a client beside a byzantine node is told counts for nothing: no protocol promises it anything. */

import type { CapRequest, PhaseSeen } from "./run.ts";

/**
 * Without the reads that a byzantine node answered to the client beside it; of that client's writes no client
 * knows the outcome.
 */
export function trustedRequests(
  requests: readonly CapRequest[],
  phases: readonly PhaseSeen[],
): readonly CapRequest[] {
  const lies = phases.filter(({ lying }) => lying.length > 0);
  if (lies.length === 0) return requests;
  return requests.flatMap((request) => {
    const { invocation, completion, beside } = request;
    const isFalselyTold = lies.some(({ fromMs, toMs, lying }) => {
      const isMeanwhile = (invocation.time ?? 0) < toMs && (completion?.time ?? Infinity) >= fromMs;
      return isMeanwhile && lying.includes(beside);
    });
    if (!isFalselyTold) return [request];
    if (invocation.f === "read") return [];
    return [leftOpen(request)];
  });
}

/** The same request, as one of unknown outcome. */
export function leftOpen({ invocation, invokedAt, beside }: CapRequest): CapRequest {
  return { invocation, invokedAt, beside, outcome: "unknown" };
}
