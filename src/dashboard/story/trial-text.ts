/** What came of many attacks in the simulator: in a sentence, and as files to take away. */

import type { DoubleSpendRace } from "../../attacks/double-spend/theory.ts";
import type { TrialsJson, TrialsOrder } from "../../contract/attacks.ts";

/** What was asked, and what came of it. */
export type Estimate = TrialsOrder & TrialsJson;

/** Such as "won 91 of 500 = 18.2 % (15.1–21.8), theory 18.0 %". */
export function estimateSentence({ estimate, interval, runs, theory }: TrialsJson): string {
  const [low, high] = interval.map(percentNumber);
  const won = Math.round(estimate * runs);
  return (
    `won ${won} of ${runs} = ${percentNumber(estimate)} % (${low}–${high}), ` +
    `theory ${percentNumber(theory)} %`
  );
}

/** With one decimal and no sign of what it is a part of, such as "18.2". */
function percentNumber(part: number): string {
  return (100 * part).toFixed(1);
}

/** How well both agree, for readers who do not know intervals. */
export function agreementSentence({ interval: [low, high], theory }: TrialsJson): string {
  return theory >= low && theory <= high
    ? "Theory is within the 95 % interval."
    : "Theory is outside of the 95 % interval: that happens 1 time in 20.";
}

type Conditions = Omit<DoubleSpendRace, "share">;

/** Whether both are points of one curve. */
export function haveSameTerms(a: Conditions, b: Conditions): boolean {
  return (
    a.confirmations === b.confirmations &&
    a.giveUpBehind === b.giveUpBehind &&
    a.premine === b.premine
  );
}

export function estimatesJson(estimates: readonly Estimate[]): string {
  return `${JSON.stringify(estimates, null, 2)}\n`;
}

const columns = [
  "share",
  "confirmations",
  "giveUpBehind",
  "premine",
  "runs",
  "seed",
  "estimate",
  "low",
  "high",
  "theory",
] as const;

/** One line an estimate, below the names of its columns. */
export function estimatesCsv(estimates: readonly Estimate[]): string {
  const lines = estimates.map((estimate) => {
    const [low, high] = estimate.interval;
    const values = { ...estimate, low, high };
    return columns.map((name) => values[name]).join(",");
  });
  return [columns.join(","), ...lines, ""].join("\n");
}
