/** How likely an attacker still takes a payment back at this depth. */

import { useState } from "preact/hooks";
import { percent } from "../../../primitives/figures.ts";
import { useDashboard } from "../../dashboard.ts";
import { chanceText } from "../../story/chance-text.ts";
import { usePredictions } from "../use-probability.ts";

const shares = [0.1, 0.3, 0.45] as const;
/** The attacker hardly ever comes back from here: giving up changes almost nothing. */
const giveUpBehind = 50;
/** The lab's theory goes no deeper. */
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
        <p>Nothing protects it yet: the payer can still have another payment mined instead.</p>
      ) : (
        <Probability share={share} confirmations={Math.min(confirmations, confirmationsMax)} />
      )}
    </section>
  );
}

type ProbabilityProps = { readonly share: number; readonly confirmations: number };

function Probability({ share, confirmations }: ProbabilityProps) {
  const attack = { type: "double-spend", premine: 0, giveUpBehind, share, confirmations } as const;
  const { predictions, problem } = usePredictions([attack]);
  const [prediction = null] = predictions;
  if (prediction === null) return <p class="muted">{problem ?? "Asking…"}</p>;
  return (
    <p>
      it takes the payment back with a chance of{" "}
      <strong class="number">{chanceText(prediction.value)}</strong>
      <span class="muted" title={prediction.source}>
        {" "}
        (theory)
      </span>
    </p>
  );
}
