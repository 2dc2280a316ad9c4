/** What a check answers: the checked thing, or the rule it broke with the facts. */

export type Valid<T> = { readonly ok: true; readonly value: T };
export type Broken<P> = { readonly ok: false; readonly problem: P };
export type Verdict<T, P> = Valid<T> | Broken<P>;

export function valid<T>(value: T): Valid<T> {
  return { ok: true, value };
}

export function broken<P>(problem: P): Broken<P> {
  return { ok: false, problem };
}

/** Marks a case that cannot happen: a new case of a union does not compile until it is judged. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
