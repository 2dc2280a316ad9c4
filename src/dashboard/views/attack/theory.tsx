/** What theory says of the attack that is set up, or of the one that is shown. */

import type { AttackName, AttackScene, PlannedAttack } from "../../../attacks/catalogue.ts";
import {
  type Expectation,
  expectationIn,
  expectationOf,
  expectedCurve,
} from "../../../attacks/expectation.ts";
import type { Curve } from "../../../attacks/record/closed-form.ts";
import { probabilityText } from "../../../primitives/figures.ts";
import { attackIn } from "../../story/attack-plan.ts";
import { type Estimate, haveSameTerms } from "../../story/trial-text.ts";
import { estimates, plan } from "./plan.ts";
import { ProbabilityCurve } from "./probability-curve.tsx";

/** Moves with the sliders. */
export function PlannedTheory() {
  const attack = attackIn(plan.value);
  return (
    <Theory
      attack={attack.type}
      share={attack.share}
      expectation={expectationOf(attack)}
      curve={expectedCurve(attack)}
      estimates={estimatesLike(attack)}
      comparison={comparisonOf(attack)}
    />
  );
}

/** Of an attack that has begun: its first step holds the whole theory, also in a recording. */
export function SceneTheory({ scene }: { readonly scene: AttackScene }) {
  const { attack, share, curve } = scene;
  const expectation = expectationIn(scene);
  return (
    <Theory
      {...{ attack, share, curve, expectation }}
      estimates={estimatesOf(scene)}
      comparison={null}
    />
  );
}

type TheoryProps = {
  readonly attack: AttackName;
  readonly share: number;
  readonly expectation: Expectation | null;
  readonly curve: Curve;
  readonly estimates: readonly Estimate[];
  /** What it would be with other terms; null if there is nothing to compare. */
  readonly comparison: string | null;
};

function Theory({ attack, share, expectation, curve, comparison, ...rest }: TheoryProps) {
  if (expectation === null) return <p class="muted">No closed form is known for these terms.</p>;
  const { value, words, source } = expectation;
  return (
    <figure class="attack-theory">
      <figcaption>
        Theory: <strong class="number">{probabilityText(value)}</strong>{" "}
        <span class="muted">
          {words}
          {comparison !== null && ` (${comparison})`}
        </span>
      </figcaption>
      <ProbabilityCurve {...{ attack, curve, share, value }} estimates={rest.estimates} />
      <p class="small muted">{source}</p>
    </figure>
  );
}

/** What many shops wait for; or twice of what this one does, if that is as much. */
const usualConfirmations = 6;

/** Null where there is no shop that could wait longer. */
function comparisonOf(attack: PlannedAttack): string | null {
  if (!("confirmations" in attack)) return null;
  const { confirmations } = attack;
  const more = confirmations < usualConfirmations ? usualConfirmations : 2 * confirmations;
  const expectation = expectationOf({ ...attack, confirmations: more });
  if (expectation === null) return null;
  return `with ${more} confirmations ${probabilityText(expectation.value)}`;
}

/** The simulator's trials are double spends. */
function estimatesLike(attack: PlannedAttack): readonly Estimate[] {
  if (attack.type !== "double-spend") return [];
  return estimates.value.filter((estimate) => haveSameTerms(estimate, attack));
}

function estimatesOf(scene: AttackScene): readonly Estimate[] {
  if (scene.attack !== "double-spend") return [];
  return estimates.value.filter((each) => haveSameTerms(each, scene));
}
