/** What theory says of an attack that nobody has begun yet. */

import type { ProbabilityJson } from "../../contract/attacks.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { eclipseTheoryOf, selfishTheoryOf, theoryOf } from "./attack-report.ts";
import {
  doubleSpendCurve,
  eclipseCurve,
  selfishMiningCurve,
  type DoubleSpendTerms,
} from "./probability-curve.ts";

export type ProbabilityQuery =
  | ({ readonly type: "double-spend"; readonly share: number } & DoubleSpendTerms)
  | { readonly type: "selfish-mining"; readonly share: number }
  | { readonly type: "eclipse"; readonly share: number; readonly confirmations: number };

/** The attacker's prospects at this share, and at all others. */
export function probabilityOf(query: ProbabilityQuery): ProbabilityJson {
  const { type: attack, share } = query;
  switch (query.type) {
    case "double-spend": {
      const { probability: value, source } = theoryOf(share, query);
      return { attack, share, value, curve: doubleSpendCurve(query), source };
    }
    case "selfish-mining": {
      const { revenue: value, source } = selfishTheoryOf(share);
      return { attack, share, value, curve: selfishMiningCurve(), source };
    }
    case "eclipse": {
      const { confirmations } = query;
      const { probability: value, source } = eclipseTheoryOf(share, confirmations);
      return { attack, share, value, curve: eclipseCurve(confirmations), source };
    }
    default:
      return unreachable(query);
  }
}
