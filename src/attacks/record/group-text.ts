/** A group of terms as people write it: a list such as "lead,equal-fork,trail-2". */

import { allows, defaultOf, flagOf, type GroupTerm, type Term, type ValueOf } from "./terms.ts";

/** As they are typed: a count stands behind its name. */
export function membersOf({ members }: GroupTerm): readonly string[] {
  return Object.entries(members).map(([name, member]) => {
    const flag = flagOf(name, member);
    return member.kind === "count" ? `${flag}-<count>` : flag;
  });
}

/** Reads a list; a member that is not in it has its default. Undefined if a word is not right. */
export function parseGroup<Group extends GroupTerm>(
  text: string,
  group: Group,
): ValueOf<Group> | undefined {
  const members = Object.entries(group.members);
  const values = new Map<string, unknown>(
    members.map(([name, member]) => [name, defaultOf(member)]),
  );
  for (const word of text.split(",")) {
    const member = members.find(([name, each]) => valueIn(word, name, each) !== undefined);
    if (member === undefined) return undefined;
    values.set(member[0], valueIn(word, ...member));
  }
  // Each member has a value of its kind, and there are no others.
  return Object.fromEntries(values) as ValueOf<Group>;
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
