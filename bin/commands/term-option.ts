/** A flag made of a term of an attack: its name, its parser, its help and its default. */

import { InvalidArgumentError, Option } from "commander";
import {
  allows,
  defaultOf,
  flagOf,
  type GroupTerm,
  type Term,
} from "../../src/attacks/record/terms.ts";
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

/** As they are typed: a count stands behind its name. */
function membersOf({ members }: GroupTerm): readonly string[] {
  return Object.entries(members).map(([name, member]) => {
    const flag = flagOf(name, member);
    return member.kind === "count" ? `${flag}-<count>` : flag;
  });
}

/** Reads a list such as "lead,trail-2"; who is not in it has its default. */
function groupFrom(text: string, term: GroupTerm): Readonly<Record<string, unknown>> {
  const members = Object.entries(term.members);
  const values = new Map<string, unknown>(
    members.map(([name, member]) => [name, defaultOf(member)]),
  );
  for (const word of text.split(",")) {
    const member = members.find(([name, each]) => valueIn(word, name, each) !== undefined);
    if (member === undefined) {
      throw new InvalidArgumentError(`It must be a list of ${membersOf(term).join(", ")}`);
    }
    values.set(member[0], valueIn(word, ...member));
  }
  return Object.fromEntries(values);
}

/** What a word says of a member; undefined if it is about another one, or out of its bounds. */
function valueIn(word: string, name: string, member: Term): number | boolean | undefined {
  const flag = flagOf(name, member);
  if (member.kind !== "count") return word === flag ? true : undefined;
  if (!word.startsWith(`${flag}-`)) return undefined;
  const digits = word.slice(flag.length + 1);
  const count = Number(digits);
  return /^\d+$/.test(digits) && allows(member, count) && count > 0 ? count : undefined;
}
