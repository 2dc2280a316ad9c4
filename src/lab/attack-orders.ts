/** What may be asked of a lab about attacks: schemas made from the terms of each. */

import { z } from "zod";
import {
  type AttackName,
  attackNames,
  type AttackOptions,
  attacks,
  type TheoryQuestion,
} from "../attacks/catalogue.ts";
import type { Term } from "../attacks/record/terms.ts";
import type { TrialsOrder } from "../contract/attacks.ts";
import { runsMax } from "./attacks/trials.ts";

/** The body of POST /lab/attack: what is left out is as the terms have it. */
export const attackBody = oneOfAll<AttackOptions>(liveSchema);

/** The query of GET /lab/probability, whose values are texts. */
export const probabilityQuery = oneOfAll<TheoryQuestion>((term) =>
  term.isInTheory ? fromText(term) : undefined,
);

/** One word for a shell, and no flag. */
const seed = z.string().regex(/^\w[\w.-]{0,63}$/, "letters, digits, dots and dashes, 64 at most");

/** The body of POST /lab/trials, where nothing is left out. */
export const trialsBody = z.strictObject({
  type: z.literal("double-spend"),
  ...fieldsOf("double-spend", (term) => (term.isInTheory ? theorySchema(term) : undefined)),
  runs: z.int().min(1).max(runsMax),
  seed,
}) as unknown as z.ZodType<TrialsOrder>; // the fields are those of its terms, see `oneOfAll`

/** What a term's values look like; undefined if it does not belong there. */
type SchemaOf = (term: Term) => z.ZodType | undefined;

/**
 * One object or another, distinguished by `type`. Such a schema accepts the values of type
 * `ValuesOf` of the same terms: both follow the kinds of term, one in values and one in types.
 */
function oneOfAll<Order>(schemaOf: SchemaOf): z.ZodType<Order> {
  const [first, ...others] = attackNames.map((name) =>
    z.strictObject({ type: z.literal(name), ...fieldsOf(name, schemaOf) }),
  );
  if (first === undefined) throw new Error("there is no attack");
  return z.discriminatedUnion("type", [first, ...others]) as unknown as z.ZodType<Order>;
}

function fieldsOf(name: AttackName, schemaOf: SchemaOf): Readonly<Record<string, z.ZodType>> {
  const terms: readonly (readonly [string, Term])[] = Object.entries(attacks[name].terms);
  const fields = terms.flatMap(([field, term]) => {
    const schema = schemaOf(term);
    return schema === undefined ? [] : [[field, schema] as const];
  });
  return Object.fromEntries(fields);
}

/** As a live network takes it. */
function liveSchema(term: Term): z.ZodType {
  const schema = boundedSchema(term);
  if (term.isOptional) return schema.exactOptional();
  return defaulted(schema, term);
}

function boundedSchema(term: Term): z.ZodType {
  switch (term.kind) {
    case "share":
      return z.number().min(term.min).max(term.max);
    case "count":
      return z.int().min(term.min).max(term.max);
    case "zero-or-one":
      return z.literal([0, 1]);
    case "yes-or-no":
      return z.boolean();
    case "group": {
      const members = Object.entries(term.members);
      const fields = members.map(([name, member]) => [name, liveSchema(member)] as const);
      const isAnything = (given: object) => Object.values(given).some(Boolean);
      return z
        .strictObject(Object.fromEntries(fields))
        .refine(isAnything, `at least one of ${members.map(([name]) => name).join(", ")}`);
    }
  }
}

function defaulted(schema: z.ZodType, term: Term): z.ZodType {
  switch (term.kind) {
    case "share":
    case "count":
    case "zero-or-one":
      return schema.default(term.default);
    case "yes-or-no":
      return schema.default(false);
    case "group":
      return schema;
  }
}

/** As theory and the simulator take it: they have time for more than a live network. */
function theorySchema(term: Term): z.ZodType {
  if (term.kind !== "count" || term.theoryMax === undefined) return boundedSchema(term);
  return z.int().min(term.min).max(term.theoryMax);
}

function fromText(term: Term): z.ZodType {
  const number = z
    .string()
    .min(1)
    .transform(Number)
    .pipe(theorySchema(term) as z.ZodType<unknown, number>);
  return term.isOptional ? number : defaulted(number, term);
}
