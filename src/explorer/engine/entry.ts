/** A model as programs offer it: what can be chosen, and what must come out. */

import type { Parameters, ValuesOf } from "../../primitives/parameter.ts";
import type { Counts } from "./explore.ts";
import type { Model } from "./model.ts";

export type Values = Readonly<Record<string, number | string | undefined>>;

/** What another model checker counted, for some values; what is left out is not published. */
export type Published = {
  readonly values: Values;
  readonly counts: Partial<Counts>;
  readonly source: string;
};

/** That all promises are kept, that one is broken, or nothing: of a mistake planted on purpose. */
export type Expectation =
  | { readonly type: "kept" }
  | { readonly type: "broken"; readonly promise: string }
  | { readonly type: "open" };

export type Entry = {
  readonly name: string;
  /** In a sentence without a full stop. */
  readonly summary: string;
  readonly parameters: Parameters;
  readonly create: (values: Values) => Model;
  readonly published: readonly Published[];
  readonly expects: (values: Values) => Expectation;
  /** Why no two states differ only by names; undefined if some do, so that symmetry helps. */
  readonly asymmetry: string | undefined;
  /** Options behind the command's name, and what they show. */
  readonly examples: readonly (readonly [options: string, shows: string])[];
};

type Definition<P extends Parameters> = Omit<
  Entry,
  "parameters" | "create" | "expects" | "asymmetry"
> & {
  readonly parameters: P;
  readonly create: (values: ValuesOf<P>) => Model;
  /** If left out, all promises are kept. */
  readonly expects?: (values: ValuesOf<P>) => Expectation;
  readonly asymmetry?: string;
};

export function defineEntry<P extends Parameters>(definition: Definition<P>): Entry {
  const { create, expects, asymmetry } = definition;
  return {
    ...definition,
    asymmetry,
    create: (values) => create(values as ValuesOf<P>),
    expects: (values) => expects?.(values as ValuesOf<P>) ?? { type: "kept" },
  };
}

/** What was published for exactly these values. */
export function publishedFor({ published }: Entry, values: Values): Published | undefined {
  return published.find((each) => {
    return Object.entries(each.values).every(([name, value]) => values[name] === value);
  });
}
