/** What became of a block, in the words of Bitcoin Core's `submitblock`. */

import type { Acceptance } from "../../src/chain/chain.ts";
import { reasonOf } from "../../src/consensus/problem.ts";
import { unreachable } from "../../src/primitives/verdict.ts";

export function coreWordOf(acceptance: Acceptance): string {
  switch (acceptance.status) {
    case "tip":
      return "accepted";
    case "side":
      return "inconclusive";
    case "known":
      return "duplicate";
    case "orphan":
      return "prev-blk-not-found";
    case "rejected": {
      const { problem } = acceptance;
      return "reason" in problem ? `${problem.rule} (${problem.reason})` : reasonOf(problem);
    }
    default:
      return unreachable(acceptance);
  }
}
