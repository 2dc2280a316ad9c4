/** What can be chosen of a model; the command line makes its options of it. */

export type Whole = {
  /** A phrase without a full stop. */
  readonly summary: string;
  readonly form: { readonly type: "whole"; readonly min: number; readonly max: number };
  readonly initial: number;
};

export type Choice = {
  readonly summary: string;
  readonly form: { readonly type: "choice"; readonly choices: readonly string[] };
  /** Undefined if nothing is chosen. */
  readonly initial: string | undefined;
};

export type Parameters = Readonly<Record<string, Whole | Choice>>;

export type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name]["initial"];
};

export function whole(
  summary: string,
  { min, max, initial }: { readonly min: number; readonly max: number; readonly initial: number },
): Whole {
  return { summary, form: { type: "whole", min, max }, initial };
}

export function choice<const C extends string, const I extends C | undefined>(
  summary: string,
  choices: readonly C[],
  initial: I,
): Choice & { readonly initial: C | I } {
  return { summary, form: { type: "choice", choices }, initial };
}
