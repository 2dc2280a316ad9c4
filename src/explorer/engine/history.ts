/**
 * What clients saw of an object that is to look like one: part of a state, so that a promise can
 * judge it.
 *
 * For each operation it is kept how many operations of every other client had ended before it
 * began; times do not matter otherwise.
 *
 * @see Stateright, src/semantics/linearizability.rs, whose states distinguish the same histories
 */

import { plainKey } from "./numbering.ts";

/** The object as it would be if there were one, and one operation at a time. */
export type SequentialObject<S, O, A> = {
  readonly initial: S;
  readonly apply: (state: S, operation: O) => { readonly state: S; readonly answer: A };
};

export type Begun<O> = {
  readonly operation: O;
  /** For each client: how many operations it had ended. */
  readonly after: readonly number[];
};

export type Ended<O, A> = Begun<O> & { readonly answer: A };

export type ClientHistory<O, A> = {
  readonly ended: readonly Ended<O, A>[];
  readonly open: Begun<O> | undefined;
};

/** One for each client. */
export type History<O, A> = readonly ClientHistory<O, A>[];

export function emptyHistory<O, A>(clients: number): History<O, A> {
  return Array.from({ length: clients }, () => ({ ended: [], open: undefined }));
}

export function begin<O, A>(history: History<O, A>, client: number, operation: O): History<O, A> {
  const after = history.map(({ ended }, i) => (i === client ? 0 : ended.length));
  const { ended = [] } = history[client] ?? {};
  return history.with(client, { ended, open: { operation, after } });
}

/** @throws Error if the client has no open operation. */
export function end<O, A>(history: History<O, A>, client: number, answer: A): History<O, A> {
  const { ended = [], open } = history[client] ?? {};
  if (open === undefined) throw new Error(`client ${client} has no open operation`);
  return history.with(client, { ended: [...ended, { ...open, answer }], open: undefined });
}

/** The open operation of a client was not done, and never will be. */
export function withdraw<O, A>(history: History<O, A>, client: number): History<O, A> {
  const { ended = [] } = history[client] ?? {};
  return history.with(client, { ended, open: undefined });
}

/**
 * Whether there is one order of all ended operations, and of some open ones, in which each stands
 * between its begin and its end and each is answered as the object would answer it.
 */
export function isLinearizable<S, O, A>(
  history: History<O, A>,
  object: SequentialObject<S, O, A>,
): boolean {
  const operations = history.map(({ ended, open }) => {
    return open === undefined ? ended : [...ended, open];
  });
  /** @param taken for each client: how many of its operations stand in the order already. */
  const canGoOn = (state: S, taken: readonly number[]): boolean => {
    if (history.every(({ ended }, i) => (taken[i] ?? 0) >= ended.length)) return true;
    return operations.some((own, client) => {
      const next = own[taken[client] ?? 0];
      if (next === undefined) return false;
      if (next.after.some((count, i) => (taken[i] ?? 0) < count)) return false;
      const { state: then, answer } = object.apply(state, next.operation);
      if ("answer" in next && plainKey(next.answer) !== plainKey(answer)) return false;
      return canGoOn(then, taken.with(client, (taken[client] ?? 0) + 1));
    });
  };
  return canGoOn(
    object.initial,
    history.map(() => 0),
  );
}
