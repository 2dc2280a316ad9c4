/** What can be chosen of an attack, as plain data: types, flags, request bodies and forms are made of it. */

import { hyphenated } from "../../primitives/flag-name.ts";

type Described = {
  /** Its name in a form. */
  readonly label: string;
  /** What it is, as a sentence without its full stop; in a form it stands behind the label. */
  readonly meaning: string;
  /** On the command line, if it is not its name with hyphens. */
  readonly flag?: string;
  /** A request that leaves it out leaves things as they are; what is not optional gets its default. */
  readonly isOptional?: true;
  /** The closed form depends on it, so it belongs to the question what theory expects. */
  readonly isInTheory?: true;
};

/** What a slider offers, where the bounds allow more than there is to see. */
export type SliderRange = { readonly min: number; readonly max: number; readonly step: number };

type Bounded = {
  readonly min: number;
  readonly max: number;
  /** Why not more, as the end of a sentence. */
  readonly why: string;
  readonly default: number;
  readonly slider?: SliderRange;
};

/** A part of the whole: of the hash power. */
export type ShareTerm = Described & Bounded & { readonly kind: "share" };

export type CountTerm = Described &
  Bounded & {
    readonly kind: "count";
    /** As far as theory and the simulator go: they have time for more than a live network. */
    readonly theoryMax?: number;
  };

/** One block, or none. */
export type ZeroOrOneTerm = Described & { readonly kind: "zero-or-one"; readonly default: 0 | 1 };

export type YesOrNoTerm = Described & { readonly kind: "yes-or-no" };

/** Several that are given together, at least one of them with a value that is not its default. */
export type GroupTerm = Described & {
  readonly kind: "group";
  readonly isOptional: true;
  readonly members: Readonly<Record<string, CountTerm | YesOrNoTerm>>;
};

export type Term = ShareTerm | CountTerm | ZeroOrOneTerm | YesOrNoTerm | GroupTerm;

/** By name, in the order in which people are asked for them. */
export type Terms = { readonly share: ShareTerm } & { readonly [name: string]: Term };

export type ValueOf<Kind extends Term> = Kind extends { readonly kind: "share" | "count" }
  ? number
  : Kind extends { readonly kind: "zero-or-one" }
    ? 0 | 1
    : Kind extends { readonly kind: "yes-or-no" }
      ? boolean
      : Kind extends { readonly members: infer Members extends Readonly<Record<string, Term>> }
        ? { readonly [Name in keyof Members]: ValueOf<Members[Name]> }
        : never;

type NamesWith<Of extends Terms, Mark> = {
  [Name in keyof Of]: Of[Name] extends Mark ? Name : never;
}[keyof Of];

type Optional = { readonly isOptional: true };
type InTheory = { readonly isInTheory: true };

/** The chosen values, with the defaults filled in. */
export type ValuesOf<Of extends Terms> = Flat<
  { readonly [Name in Exclude<keyof Of, NamesWith<Of, Optional>>]: ValueOf<Of[Name]> } & {
    readonly [Name in NamesWith<Of, Optional>]?: ValueOf<Of[Name]>;
  }
>;

/** The same without the share, which stands apart: theory is drawn over all shares. */
export type ConditionsOf<Of extends Terms> = Flat<Omit<ValuesOf<Of>, "share">>;

/** What theory must know, all of it. */
export type TheoryValuesOf<Of extends Terms> = {
  readonly [Name in NamesWith<Of, InTheory>]: ValueOf<Of[Name]>;
};

/** One object type in place of an intersection, so that errors and hints are read more easily. */
type Flat<Type> = { readonly [Name in keyof Type]: Type[Name] };

/** A term's value if none is chosen; undefined if it is then absent. */
export function defaultOf(term: Term): number | boolean | undefined {
  switch (term.kind) {
    case "share":
    case "count":
    case "zero-or-one":
      return term.default;
    case "yes-or-no":
      return false;
    case "group":
      return undefined;
  }
}

/** The default choice. */
export function defaultsOf<Of extends Terms>(terms: Of): DefaultsOf<Of> {
  const entries: readonly (readonly [string, Term])[] = Object.entries(terms);
  const values = entries.map(([name, term]) => [name, defaultOf(term)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as DefaultsOf<Of>;
}

/** A share there is always, because it has a default. */
export type DefaultsOf<Of extends Terms> = ValuesOf<Of> & { readonly share: number };

/** Whether a value is one that the term allows; of a group each member is asked in the same way. */
export function allows(term: Term, value: unknown): boolean {
  switch (term.kind) {
    case "share":
      return typeof value === "number" && value >= term.min && value <= term.max;
    case "count":
      return Number.isInteger(value) && Number(value) >= term.min && Number(value) <= term.max;
    case "zero-or-one":
      return value === 0 || value === 1;
    case "yes-or-no":
      return typeof value === "boolean";
    case "group": {
      if (typeof value !== "object" || value === null) return false;
      const given: Readonly<Record<string, unknown>> = { ...value };
      const members = Object.entries(term.members);
      return members.every(([name, member]) => allows(member, given[name]));
    }
  }
}

/** Such as "give-up-behind" for `giveUpBehind`. */
export function flagOf(name: string, { flag }: Term): string {
  return flag ?? hyphenated(name);
}
