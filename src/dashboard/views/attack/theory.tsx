/** What theory says of the attack that is set up, or of the one that is shown. */

import { percent } from "../../../primitives/figures.ts";
import { optionsOf, type PlannedAttack } from "../../story/attack-plan.ts";
import type { StepOf } from "../../story/attack-standing.ts";
import { chanceText } from "../../story/chance-text.ts";
import { haveSameTerms, type Estimate } from "../../story/trial-text.ts";
import { ProbabilityCurve } from "./probability-curve.tsx";
import { estimates, plan } from "./plan.ts";
import { usePredictions, type Prediction } from "../use-probability.ts";

/** Moves with the sliders. */
export function PlannedTheory() {
  const attack = optionsOf(plan.value);
  const cautious = moreConfirmations(attack);
  const { predictions, problem } = usePredictions(
    cautious === null ? [attack] : [attack, cautious],
  );
  const [prediction = null, atMore = null] = predictions;
  if (prediction === null) return <p class="muted">{problem ?? "Asking what theory says…"}</p>;
  return (
    <figure class="attack-theory">
      <figcaption>
        <PlannedSentence attack={attack} value={prediction.value} atMore={atMore} />
      </figcaption>
      <ProbabilityCurve
        attack={attack.type}
        curve={prediction.curve}
        share={attack.share}
        value={prediction.value}
        estimates={estimatesLike(attack)}
      />
      <p class="small muted">{prediction.source}</p>
    </figure>
  );
}

type SentenceProps = {
  readonly attack: PlannedAttack;
  readonly value: number;
  readonly atMore: Prediction | null;
};

function PlannedSentence({ attack, value, atMore }: SentenceProps) {
  if (attack.type === "selfish-mining") {
    return (
      <>
        Theory: hiding gets her <strong class="number">{chanceText(value)}</strong> of the blocks,
        honest mining {percent(attack.share)}
      </>
    );
  }
  const more = moreConfirmations(attack);
  return (
    <>
      Her chance, by theory: <strong class="number">{chanceText(value)}</strong>
      {atMore !== null && more !== null && (
        <span class="muted">
          {" "}
          (with {more.confirmations} confirmations {chanceText(atMore.value)})
        </span>
      )}
    </>
  );
}

/** What many shops wait for; or twice of what this one does, if that is as much. */
const usualConfirmations = 6;

function moreConfirmations(attack: PlannedAttack) {
  if (attack.type === "selfish-mining") return null;
  const { confirmations } = attack;
  const more = confirmations < usualConfirmations ? usualConfirmations : 2 * confirmations;
  return { ...attack, confirmations: more };
}

function estimatesLike(attack: PlannedAttack): readonly Estimate[] {
  if (attack.type !== "double-spend") return [];
  return estimates.value.filter((estimate) => haveSameTerms(estimate, attack));
}

/** Of an attack that has begun: its first step holds the whole theory, also in a recording. */
export function SceneTheory({ scene }: { readonly scene: StepOf<"scene"> }) {
  const { attack, share, curve, theory } = scene;
  if (theory === null) return <p class="muted">No theory is known for a stubborn miner.</p>;
  const value = "revenue" in theory ? theory.revenue : theory.probability;
  return (
    <figure class="attack-theory">
      <figcaption>
        Theory: <strong class="number">{chanceText(value)}</strong>
        <span class="muted">{restOfTheory(scene)}</span>
      </figcaption>
      <ProbabilityCurve {...{ attack, curve, share, value }} estimates={estimatesOf(scene)} />
      <p class="small muted">{theory.source}</p>
    </figure>
  );
}

function estimatesOf(scene: StepOf<"scene">): readonly Estimate[] {
  if (scene.attack !== "double-spend") return [];
  return estimates.value.filter((each) => haveSameTerms(each, scene));
}

function restOfTheory(scene: StepOf<"scene">): string {
  switch (scene.attack) {
    case "double-spend": {
      const { giveUpBehind, theory } = scene;
      return ` if she gives up ${giveUpBehind} behind — ${chanceText(theory.strictProbability)} if never`;
    }
    case "selfish-mining":
      return ` of the blocks; she has ${percent(scene.share)} of the power`;
    case "eclipse":
      return " that the payment is gone when the shop finds the others";
  }
}
