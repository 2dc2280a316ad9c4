/** Views that states share, so that checks and pictures know at once what has not changed. */

import type { ProcessView } from "./protocol.ts";

/** A function that keeps what it made of an object, as long as that object is in use. */
export function remembering<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}

/**
 * True if two views of one process certainly show the same: cells, decisions and blocked names are
 * compared as objects, so a protocol should make them anew only where they change.
 */
export function lookAlike(a: ProcessView, b: ProcessView): boolean {
  return (
    a.role === b.role &&
    a.era === b.era &&
    a.isLeader === b.isLeader &&
    a.votedFor === b.votedFor &&
    a.decisions === b.decisions &&
    a.blocked === b.blocked &&
    a.log?.firstIndex === b.log?.firstIndex &&
    a.log?.committed === b.log?.committed &&
    a.log?.applied === b.log?.applied &&
    haveSameItems(a.log?.cells, b.log?.cells)
  );
}

function haveSameItems(a: readonly object[] = [], b: readonly object[] = []): boolean {
  return a === b || (a.length === b.length && a.every((item, at) => item === b[at]));
}

/** Of a process that knows no decisions. */
export const noDecisions: ProcessView["decisions"] = {};

/** Of a process that has locked nothing. */
export const nothingBlocked: ProcessView["blocked"] = [];
