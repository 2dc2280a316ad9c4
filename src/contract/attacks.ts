/**
 * An attack as a lab accepts, reports and judges it; what is special to each is in its own folder.
 */

import type { AttackName, AttackScene, AttackVerdict, QuestionOf } from "../attacks/catalogue.ts";
import type { Curve } from "../attacks/record/closed-form.ts";
import type { CourseStep } from "../attacks/record/step.ts";
import type { Interval } from "../theory/statistics.ts";

export type AttackStep = AttackScene | CourseStep;

/** `GET /lab/attack`, and what `POST /lab/attack` answers. */
export type AttackReport = {
  readonly state: "none" | "running" | "ended" | "broken-off";
  readonly steps: readonly AttackStep[];
  readonly verdict: AttackVerdict | null;
  /** Why it was broken off. */
  readonly reason: string | null;
};

/**
 * `GET /lab/probability`, with the attack's terms as its query; `value` is theory's figure for
 * `share`.
 */
export type ProbabilityJson = {
  readonly attack: AttackName;
  readonly share: number;
  readonly value: number;
  readonly curve: Curve;
  readonly source: string;
};

/** `POST /lab/trials`: many attacks in the simulator, beside the closed form. */
export type TrialsOrder = QuestionOf<"double-spend"> & {
  readonly runs: number;
  readonly seed: string;
};

export type TrialsJson = {
  readonly estimate: number;
  /** 95 %. */
  readonly interval: Interval;
  readonly theory: number;
  /** Standard errors between the two. */
  readonly z: number;
  readonly runs: number;
  readonly seed: string;
  /** What repeats it on the command line. */
  readonly command: string;
};
