/** A group of terms as people write it: a list such as "lead,equal-fork,trail-2". */

import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import { allows, defaultOf, flagOf, type GroupTerm, type Term, type ValueOf } from "./terms.ts";

/** As they are typed: a count stands behind its name. */
export function membersOf({ members }: GroupTerm): readonly string[] {
  return Object.entries(members).map(([name, member]) => {
    const flag = flagOf(name, member);
    return member.kind === "count" ? `${flag}-<count>` : flag;
  });
}

/**
 * Reads a list; a member that is not in it has its default.
 *
 * @returns as problem a sentence, without its full stop, that says which lists are right.
 */
export function parseGroup<Group extends GroupTerm>(
  text: string,
  group: Group,
): Verdict<ValueOf<Group>, string> {
  const members = Object.entries(group.members);
  const values = new Map<string, unknown>(
    members.map(([name, member]) => [name, defaultOf(member)]),
  );
  for (const word of text.split(",")) {
    const member = members.find(([name, each]) => valueIn(word, name, each) !== undefined);
    if (member === undefined) {
      return broken(`It must be a list with commas of ${rightWords(group)}`);
    }
    values.set(member[0], valueIn(word, ...member));
  }
  // Each member has a value of its kind, and there are no others.
  return valid(Object.fromEntries(values) as ValueOf<Group>);
}

/** Such as "lead, equal-fork and trail-1 to trail-100". */
function rightWords({ members }: GroupTerm): string {
  const words = Object.entries(members).map(([name, member]) => {
    const flag = flagOf(name, member);
    return member.kind === "count" ? `${flag}-1 to ${flag}-${member.max}` : flag;
  });
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].join(" and ");
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
