/**
 * A fault at the moment at which it strikes: roles have been resolved to nodes, or no node holds
 * them.
 */

import { type AnyFault, namesIn, roleOf, withNames } from "./faults.ts";
import type { Roles } from "./world.ts";

export type Strike<F> =
  | {
      readonly type: "struck";
      /** With nodes in place of roles. */
      readonly fault: F;
      /** The nodes that held the roles which the schedule names. */
      readonly holders: ReadonlyMap<string, string>;
    }
  /** As it was scheduled: no node holds the role now, so nothing happens. */
  | { readonly type: "skipped"; readonly fault: F; readonly role: string };

/** @throws Error if a role is unknown in this world: the reader of schedules refuses it first. */
export function resolveRoles<F extends AnyFault>(fault: F, roles: Roles): Strike<F> {
  const holders = new Map<string, string>();
  for (const role of namesIn(fault).map(roleOf)) {
    if (role === undefined) continue;
    const find = roles[role];
    if (find === undefined) throw new Error(`this world knows no role @${role}`);
    const holder = find();
    if (holder === undefined) return { type: "skipped", fault, role };
    holders.set(role, holder);
  }
  const nameOf = (name: string) => holders.get(roleOf(name) ?? "") ?? name;
  return { type: "struck", fault: withNames(fault, nameOf), holders };
}

/** One line for people. @param describe the fault in words. */
export function describeStrike<F>(strike: Strike<F>, describe: (fault: F) => string): string {
  const text = describe(strike.fault);
  if (strike.type === "skipped") return `skips ${text}: no node is @${strike.role} now`;
  const roles = Array.from(strike.holders, ([role, holder]) => `@${role} is ${holder}`);
  return roles.length === 0 ? text : `${text} (${roles.join(", ")})`;
}
