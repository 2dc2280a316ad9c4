/** A model as programs offer it: what can be chosen, and what must come out. */

import type { Counts } from "./engine/explore.ts";
import type { Model } from "./engine/model.ts";
import type { Parameters, ValuesOf } from "./parameter.ts";

export type Values = Readonly<Record<string, number | string | undefined>>;

/** What another model checker counted, for some values; what is left out is not published. */
export type Published = {
  readonly values: Values;
  readonly counts: Partial<Counts>;
  readonly source: string;
};

export type Entry = {
  readonly name: string;
  /** In a sentence without a full stop. */
  readonly summary: string;
  readonly parameters: Parameters;
  readonly create: (values: Values) => Model;
  readonly published: readonly Published[];
  /** The promise that is known to be broken with these values. */
  readonly expectedViolation: (values: Values) => string | undefined;
  /** Why no two states differ only by names; undefined if some do, so that symmetry helps. */
  readonly asymmetry: string | undefined;
  /** Options behind the command's name, and what they show. */
  readonly examples: readonly (readonly [options: string, shows: string])[];
};

type Definition<P extends Parameters> = Omit<
  Entry,
  "parameters" | "create" | "expectedViolation" | "asymmetry"
> & {
  readonly parameters: P;
  readonly create: (values: ValuesOf<P>) => Model;
  readonly expectedViolation?: (values: ValuesOf<P>) => string | undefined;
  readonly asymmetry?: string;
};

export function defineEntry<P extends Parameters>(definition: Definition<P>): Entry {
  const { create, expectedViolation, asymmetry } = definition;
  return {
    ...definition,
    asymmetry,
    create: (values) => create(values as ValuesOf<P>),
    expectedViolation: (values) => expectedViolation?.(values as ValuesOf<P>),
  };
}

/** What was published for exactly these values. */
export function publishedFor({ published }: Entry, values: Values): Published | undefined {
  return published.find((each) => {
    return Object.entries(each.values).every(([name, value]) => values[name] === value);
  });
}
