/** Views that states share, so that whoever checks or draws them knows at once what has not changed. */

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

const lastOf = remembering((_part: object): { view: ProcessView | undefined } => {
  return { view: undefined };
});

/**
 * The view that was made last with the same part of a state, if it shows the same; else the new one.
 *
 * @param part what most of the view is made of, such as a log.
 * @param view whose cells, decisions and blocked names are the same objects where they are the same.
 */
export function sharedView(part: object, view: ProcessView): ProcessView {
  const last = lastOf(part);
  if (last.view !== undefined && looksLike(last.view, view)) return last.view;
  last.view = view;
  return view;
}

function looksLike(a: ProcessView, b: ProcessView): boolean {
  return (
    a.role === b.role &&
    a.era === b.era &&
    a.isLeader === b.isLeader &&
    a.votedFor === b.votedFor &&
    a.decisions === b.decisions &&
    a.blocked === b.blocked &&
    a.log?.firstIndex === b.log?.firstIndex &&
    a.log?.cells === b.log?.cells &&
    a.log?.committed === b.log?.committed &&
    a.log?.applied === b.log?.applied
  );
}

/** Of a process that knows no decisions. */
export const noDecisions: ProcessView["decisions"] = {};

/** Of a process that has locked nothing. */
export const nothingBlocked: ProcessView["blocked"] = [];
