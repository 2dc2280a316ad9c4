/** Many attacks in the simulator: what came of them, the command that repeats it, and files. */

import { signal } from "@preact/signals";
import type { DoubleSpendRace } from "../../../attacks/double-spend/theory.ts";
import type { DoubleSpendScene } from "../../../attacks/double-spend/words.ts";
import { counted, percent } from "../../../primitives/figures.ts";
import { type Levers, useDashboard } from "../../state/dashboard.ts";
import {
  agreementSentence,
  type Estimate,
  estimatesCsv,
  estimateSentence,
  estimatesJson,
  haveSameTerms,
} from "../../story/trial-text.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import { LeverButton, Problem } from "../elements/lever.tsx";
import { estimates, keepEstimate, plan } from "./plan.ts";
import { ProbabilityCurve } from "./probability-curve.tsx";
import { saveFile } from "./save-file.ts";

const runs = 500;

/** They go on while another tab is open. */
const isRunning = signal(false);
const problem = signal<string | null>(null);

export function TrialsButton({ order }: { readonly order: DoubleSpendRace }) {
  const { levers } = useDashboard();
  return (
    <LeverButton
      reason={isRunning.value ? "The races are being run." : null}
      onPull={() => void runTrials(levers, order)}
    >
      {isRunning.value ? "Running…" : `Run ${runs} races`}
    </LeverButton>
  );
}

/** Each time other races: the seed is how often it was done. */
async function runTrials(
  levers: Levers,
  { share, confirmations, giveUpBehind, premine }: DoubleSpendRace,
) {
  const seed = String(estimates.value.length + 1);
  const terms = { share, confirmations, giveUpBehind, premine };
  const order = { type: "double-spend", ...terms, runs, seed } as const;
  isRunning.value = true;
  problem.value = null;
  const answer = await levers.tryMany(order);
  isRunning.value = false;
  if (answer.ok) keepEstimate({ ...order, ...answer.value });
  else problem.value = answer.problem;
}

export function Trials() {
  const newest = estimates.value.at(-1);
  return (
    <section class="stack">
      <p class="small muted">
        One attack proves little. The same code runs {runs} of them in the simulator, with the
        choices above, and counts.
      </p>
      <div class="row">
        <TrialsButton order={plan.value.values["double-spend"]} />
      </div>
      <Problem text={problem.value} />
      {newest !== undefined && <EstimateCard estimate={newest} />}
    </section>
  );
}

/** The newest, if it was of this attack. */
export function TrialsOf({ scene }: { readonly scene: DoubleSpendScene }) {
  const newest = estimates.value.at(-1);
  const isOfThis = newest?.share === scene.share && haveSameTerms(newest, scene);
  return (
    <>
      <Problem text={problem.value} />
      {newest !== undefined && isOfThis && (
        <>
          <EstimateCard estimate={newest} />
          <ProbabilityCurve
            attack={scene.attack}
            curve={scene.curve}
            share={scene.share}
            value={scene.theory.probability}
            estimates={estimates.value.filter((each) => haveSameTerms(each, scene))}
          />
        </>
      )}
    </>
  );
}

function EstimateCard({ estimate }: { readonly estimate: Estimate }) {
  const { share, confirmations, command } = estimate;
  return (
    <div class="stack" aria-live="polite">
      <p>
        {percent(share)}, {counted(confirmations, "confirmation")}:{" "}
        <strong class="number">{estimateSentence(estimate)}</strong>
      </p>
      <p class="small muted">{agreementSentence(estimate)} To repeat it on the command line:</p>
      <div class="attack-command">
        <code>{command}</code>
        <CopyButton text={command} name="the command that repeats it" />
      </div>
      <div class="row">
        <SaveButtons />
      </div>
    </div>
  );
}

function SaveButtons() {
  const all = estimates.value;
  return (
    <>
      <button
        type="button"
        onClick={() => saveFile("powlab-races.json", "application/json", estimatesJson(all))}
      >
        Save as JSON
      </button>
      <button
        type="button"
        onClick={() => saveFile("powlab-races.csv", "text/csv", estimatesCsv(all))}
      >
        Save as CSV
      </button>
    </>
  );
}
