/** The probability that an attacker still reverses a payment at this depth. */

import { useState } from "preact/hooks";
import { doubleSpendTerms } from "../../../attacks/double-spend/terms.ts";
import { doubleSpendTheory } from "../../../attacks/double-spend/theory.ts";
import { percent, probabilityText } from "../../../primitives/figures.ts";
import { useDashboard } from "../../state/dashboard.ts";

const shares = [0.1, 0.3, 0.45] as const;
/** It never gives up, so it does not matter when it would. */
const terms = { premine: 0, giveUpBehind: doubleSpendTerms.giveUpBehind.default } as const;
/** Deeper is of no use, and the sums grow with it. */
const confirmationsMax = 200;

export function Risk({ confirmations }: { readonly confirmations: number }) {
  const { kind } = useDashboard();
  const [share, setShare] = useState<number>(0.3);
  if (kind !== "lab") return null;
  return (
    <section>
      <h3>Risk at this depth</h3>
      <div class="row">
        <label>
          If an attacker has{" "}
          <select value={share} onChange={(event) => setShare(Number(event.currentTarget.value))}>
            {shares.map((each) => (
              <option key={each} value={each}>
                {percent(each)}
              </option>
            ))}
          </select>{" "}
          of the hash power
        </label>
      </div>
      {confirmations === 0 ? (
        <p>No confirmation yet: the payer can still have a conflicting payment mined instead.</p>
      ) : (
        <Probability share={share} confirmations={Math.min(confirmations, confirmationsMax)} />
      )}
    </section>
  );
}

type ProbabilityProps = { readonly share: number; readonly confirmations: number };

function Probability({ share, confirmations }: ProbabilityProps) {
  const { strictProbability, source } = doubleSpendTheory.of({ ...terms, share, confirmations });
  return (
    <p>
      it takes the payment back with a probability of{" "}
      <strong class="number">{probabilityText(strictProbability)}</strong>
      <span class="muted" title={source}>
        {" "}
        (theory)
      </span>
    </p>
  );
}
