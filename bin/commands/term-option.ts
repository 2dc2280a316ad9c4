/** A flag made of a term of an attack: its name, its parser, its help and its default. */

import { InvalidArgumentError, Option } from "commander";
import { membersOf, parseGroup } from "../../src/attacks/record/group-text.ts";
import { flagOf, type GroupTerm, type Term } from "../../src/attacks/record/terms.ts";
import { share, wholeNumber } from "./numbers.ts";

/** @param name that the term has among the others. */
export function termOption(name: string, term: Term): Option {
  const flag = `--${flagOf(name, term)}`;
  switch (term.kind) {
    case "share":
      return new Option(`${flag} <part>`, term.meaning)
        .argParser(share({ min: term.min, max: term.max, reason: term.why }))
        .default(term.default);
    case "count":
      return new Option(`${flag} <count>`, term.meaning)
        .argParser(wholeNumber({ min: term.min, max: term.max, reason: term.why }))
        .default(term.default);
    case "zero-or-one":
      return new Option(`${flag} <count>`, `0 or 1; with 1, ${term.meaning}`)
        .argParser(wholeNumber({ min: 0, max: 1 }))
        .default(term.default);
    case "yes-or-no":
      return new Option(flag, term.meaning);
    case "group":
      return new Option(
        `${flag} <list>`,
        `${term.meaning}; a list of ${membersOf(term).join(", ")}`,
      ).argParser((text) => groupFrom(text, term));
  }
}

/** @throws InvalidArgumentError that says which lists are right. */
function groupFrom(text: string, group: GroupTerm): Readonly<Record<string, unknown>> {
  const values = parseGroup(text, group);
  if (values !== undefined) return values;
  throw new InvalidArgumentError(`It must be a list of ${membersOf(group).join(", ")}`);
}
