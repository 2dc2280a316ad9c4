/** What theory says of attacks, asked from the lab when the sliders rest. */

import { useEffect, useState } from "preact/hooks";
import type { Curve, ProbabilityJson } from "../../contract/attacks.ts";
import { useDashboard } from "../state/dashboard.ts";
import type { PlannedAttack } from "../story/attack-plan.ts";
import { valueOn } from "../story/chance-text.ts";

export type Prediction = {
  readonly value: number;
  /** The same for all shares. */
  readonly curve: Curve;
  readonly source: string;
};

export type Predictions = {
  /** In the order of the attacks; null for what the lab has not answered yet. */
  readonly predictions: readonly (Prediction | null)[];
  /** Why the lab did not answer, as a sentence. */
  readonly problem: string | null;
};

/** So long a slider must rest before the lab is asked. */
const restMs = 120;
/** Answers by question, and the last one to each question but for its share: theory stays. */
const known = new Map<string, ProbabilityJson>();
const knownCurves = new Map<string, ProbabilityJson>();
/** More than anybody looks at; then all is asked anew. */
const knownMax = 2_000;

export function usePredictions(attacks: readonly PlannedAttack[]): Predictions {
  const { levers } = useDashboard();
  const [problem, setProblem] = useState<string | null>(null);
  const [, setAnswers] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const ask = async (attack: PlannedAttack): Promise<void> => {
      if (known.has(questionOf(attack))) return;
      const answer = await levers.probability(attack);
      if (answer.ok) keep(attack, answer.value);
      if (!isWanted) return;
      setProblem(answer.ok ? null : answer.problem);
      setAnswers((count) => count + 1);
    };
    const timer = setTimeout(() => void Promise.all(attacks.map(ask)), restMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [attacks.map(questionOf).join(" ")]);
  return { predictions: attacks.map(predictionOf), problem };
}

/** Exact if this was asked; until then, what is read from the curve. */
function predictionOf(attack: PlannedAttack): Prediction | null {
  const exact = known.get(questionOf(attack));
  if (exact !== undefined) return exact;
  const similar = knownCurves.get(termsOf(attack));
  const value = similar === undefined ? null : valueOn(similar.curve, attack.share);
  if (similar === undefined || value === null) return null;
  return { ...similar, value };
}

function keep(attack: PlannedAttack, probability: ProbabilityJson): void {
  if (known.size >= knownMax) {
    known.clear();
    knownCurves.clear();
  }
  known.set(questionOf(attack), probability);
  knownCurves.set(termsOf(attack), probability);
}

function questionOf(attack: PlannedAttack): string {
  return `${attack.share} ${termsOf(attack)}`;
}

/** How long selfish mining lasts changes nothing. */
function termsOf(attack: PlannedAttack): string {
  if (attack.type === "selfish-mining") return attack.type;
  if (attack.type === "eclipse") return `${attack.type} ${attack.confirmations}`;
  const { type, confirmations, giveUpBehind, premine } = attack;
  return [type, confirmations, giveUpBehind, premine].join(" ");
}
