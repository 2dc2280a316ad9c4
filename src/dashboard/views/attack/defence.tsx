/** The shop's side: how many confirmations to wait for. */

import { useSignal } from "@preact/signals";
import { percent } from "../../../primitives/figures.ts";
import { planLimits, type PlannedAttack } from "../../story/attack-plan.ts";
import { chanceText } from "../../story/chance-text.ts";
import { plan } from "./plan.ts";
import { usePredictions } from "../use-probability.ts";

const shares = [0.1, 0.2, 0.3, 0.4] as const;
/** Small enough for a coffee machine. */
const riskMax = 0.001;

export function Defence() {
  const confirmations = useSignal(6);
  const { giveUpBehind, premine } = plan.value;
  const attacks = shares.map((share): PlannedAttack => {
    const type = "double-spend";
    return { type, share, confirmations: confirmations.value, giveUpBehind, premine };
  });
  const { predictions, problem } = usePredictions(attacks);
  const { min, max, step } = planLimits.confirmations;
  return (
    <section class="stack">
      <p class="small muted">
        Be the shop: wait longer, until the risk is below {percent(riskMax)}.
      </p>
      <div class="attack-slider">
        <label for="defence-confirmations">wait for</label>
        <input
          id="defence-confirmations"
          type="range"
          {...{ min, max, step }}
          value={confirmations.value}
          onInput={(event) => (confirmations.value = Number(event.currentTarget.value))}
        />
        <output class="number" for="defence-confirmations">
          {confirmations}
        </output>
      </div>
      {problem !== null && <p class="small muted">{problem}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">attacker's share</th>
            <th scope="col">risk</th>
            <th scope="col">
              <span class="visually-hidden">verdict</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shares.map((share, i) => (
            <RiskRow key={share} share={share} risk={predictions[i]?.value ?? null} />
          ))}
        </tbody>
      </table>
      <p class="small muted">
        From half of the hash power on, no number of confirmations is enough.
      </p>
    </section>
  );
}

function RiskRow({ share, risk }: { readonly share: number; readonly risk: number | null }) {
  const isSafe = risk !== null && risk < riskMax;
  return (
    <tr>
      <td>{percent(share)}</td>
      <td>{risk === null ? "…" : chanceText(risk)}</td>
      <td class={isSafe ? "good" : "muted"}>{isSafe ? "✓ safe enough" : "wait longer"}</td>
    </tr>
  );
}
