/** The shop's side: how many confirmations to wait for. */

import { useSignal } from "@preact/signals";
import { doubleSpendTerms } from "../../../attacks/double-spend/terms.ts";
import { doubleSpendTheory } from "../../../attacks/double-spend/theory.ts";
import { percent, probabilityText } from "../../../primitives/figures.ts";
import { plan } from "./plan.ts";

const shares = [0.1, 0.2, 0.3, 0.4] as const;
/** Small enough for a coffee machine. */
const riskMax = 0.001;

export function Defence() {
  const confirmations = useSignal(6);
  const { giveUpBehind, premine } = plan.value.values["double-spend"];
  const riskOf = (share: number): number => {
    const race = { share, confirmations: confirmations.value, giveUpBehind, premine };
    return doubleSpendTheory.of(race).probability;
  };
  const { min, max } = doubleSpendTerms.confirmations;
  return (
    <section class="stack">
      <p class="small muted">As the shop, wait until the risk is below {percent(riskMax)}.</p>
      <div class="attack-slider">
        <label for="defence-confirmations">wait for</label>
        <input
          id="defence-confirmations"
          type="range"
          {...{ min, max }}
          value={confirmations.value}
          onInput={(event) => (confirmations.value = Number(event.currentTarget.value))}
        />
        <output class="number" for="defence-confirmations">
          {confirmations}
        </output>
      </div>
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
          {shares.map((share) => (
            <RiskRow key={share} share={share} risk={riskOf(share)} />
          ))}
        </tbody>
      </table>
      <p class="small muted">
        From half of the hash power on, no number of confirmations is enough.
      </p>
    </section>
  );
}

function RiskRow({ share, risk }: { readonly share: number; readonly risk: number }) {
  const isSafe = risk < riskMax;
  return (
    <tr>
      <td>{percent(share)}</td>
      <td>{probabilityText(risk)}</td>
      <td class={isSafe ? "good" : "muted"}>{isSafe ? "✓ safe enough" : "wait longer"}</td>
    </tr>
  );
}
