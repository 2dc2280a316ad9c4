/** What a run lets people choose, as data; the command line makes its options of it. */

/** How a value is written, and which values are right. */
export type Form =
  | { readonly type: "whole" | "decimal" | "share"; readonly min: number; readonly max: number }
  | { readonly type: "choice"; readonly choices: readonly (number | string)[] }
  | { readonly type: "text"; readonly placeholder: string; readonly findProblem: FindProblem }
  | { readonly type: "switch" };

/** Says which texts are right, if this one is not. */
export type FindProblem = (text: string) => string | undefined;

/** Plain data: values travel to worker threads, and into random streams. */
export type Value = number | string | boolean | undefined;

export type Parameter<V extends Value = Value> = {
  /** A phrase without a full stop. */
  readonly summary: string;
  readonly form: Form;
  /** Taken if nothing is chosen; undefined leaves the choice to the run. */
  readonly initial: V;
};

/** By their names; `giveUp` becomes the option `--give-up`. */
export type Parameters = Readonly<Record<string, Parameter>>;

export type Values = Readonly<Record<string, Value>>;

export type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer V> ? V : never;
};

/** Bounds are inclusive. */
type Bounds<Initial> = { readonly min: number; readonly max: number; readonly initial: Initial };

type NumberParameter<Initial> = Parameter<Initial extends number ? number : number | undefined>;

export function wholeParameter<Initial extends number | undefined>(
  summary: string,
  { min, max, initial }: Bounds<Initial>,
): NumberParameter<Initial> {
  return { summary, form: { type: "whole", min, max }, initial } as NumberParameter<Initial>;
}

export function decimalParameter(
  summary: string,
  { min, max, initial }: Bounds<number>,
): Parameter<number> {
  return { summary, form: { type: "decimal", min, max }, initial };
}

/** A part of 1. */
export function shareParameter(
  summary: string,
  { min, max, initial }: Bounds<number>,
): Parameter<number> {
  return { summary, form: { type: "share", min, max }, initial };
}

export function choiceParameter<
  const Choice extends number | string,
  const Initial extends Choice | undefined,
>(summary: string, choices: readonly Choice[], initial: Initial): Parameter<Choice | Initial> {
  return { summary, form: { type: "choice", choices }, initial };
}

/** Off unless it is named. */
export function switchParameter(summary: string): Parameter<boolean> {
  return { summary, form: { type: "switch" }, initial: false };
}

export function textParameter(
  summary: string,
  placeholder: string,
  findProblem: FindProblem,
): Parameter<string | undefined> {
  return { summary, form: { type: "text", placeholder, findProblem }, initial: undefined };
}

/** All values: those that were chosen, and the initial ones of all others. */
export function completed(parameters: Parameters, chosen: Values): Values {
  const entries = Object.entries(parameters).map(([name, { initial }]) => {
    return [name, chosen[name] ?? initial] as const;
  });
  return Object.fromEntries(entries);
}
