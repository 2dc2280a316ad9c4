/** What must always hold, as something that looks at one machine: after a step, or before an effect. */

/** Looks at a machine after it has handled an event. */
export interface StepCheck<Subject> {
  readonly name: string;
  /** It is asked after every so many steps of the world: expensive checks less often. */
  readonly everySteps: number;
  /** What is wrong, or undefined. */
  findViolation(subject: Subject): string | undefined;
}

/** Looks at each effect of an honest machine before it is carried out; attackers are exempt. */
export interface EffectCheck<Subject, Effect> {
  readonly name: string;
  /** What is wrong with an effect that is to be carried out now, or undefined. */
  findBreach(subject: Subject, effect: Effect): string | undefined;
}

export type Check<Subject, Effect> = StepCheck<Subject> | EffectCheck<Subject, Effect>;

export function isStepCheck<S, E>(check: Check<S, E>): check is StepCheck<S> {
  return "findViolation" in check;
}

export function isEffectCheck<S, E>(check: Check<S, E>): check is EffectCheck<S, E> {
  return "findBreach" in check;
}
