/** What a closed form says of an attack: a figure for these terms, and a curve over all shares. */

/** What theory says for each share, in rising order. */
export type Curve = readonly (readonly [share: number, value: number])[];

/** For code that does not know which attack it is. */
export type SomeTheory = { readonly source: string };

/** Methods and not properties, so that a closed form may take its own type of values. */
export interface ClosedForm<Values extends { readonly share: number }, Theory extends SomeTheory> {
  /** What the figure is. */
  readonly quantity: "probability to succeed" | "part of the blocks";
  /** The curve ends there: beyond, there is nothing more to see. */
  readonly shareMax: number;
  /** The share above which the attacker gets more than by honest mining, where that is compared. */
  readonly paysAbove?: number;
  /** Null if none is known for these values. */
  of(values: Values): Theory | null;
  figureOf(theory: Theory): number;
}

const pointCount = 51;

/** The figure by the attacker's share, from 0 to `shareMax`; empty where theory says nothing. */
export function curveOf<Values extends { readonly share: number }, Theory extends SomeTheory>(
  form: ClosedForm<Values, Theory>,
  values: Values,
): Curve {
  return Array.from({ length: pointCount }, (_, i) => {
    const share = Number(((form.shareMax * i) / (pointCount - 1)).toFixed(3));
    const theory = form.of({ ...values, share });
    return theory === null ? [] : [[share, form.figureOf(theory)] as const];
  }).flat();
}
