/**
 * What clients of a register saw: it is part of the state, so that a promise can judge it.
 *
 * For each operation it is kept how many operations of every other client had ended before it
 * began; times do not matter otherwise.
 *
 * @see Stateright, src/semantics/linearizability.rs, whose states distinguish the same histories
 */

/** A register that was never written holds "". */
export type Operation =
  { readonly type: "write"; readonly value: string } | { readonly type: "read" };

export type Begun = {
  readonly operation: Operation;
  /** For each client: how many operations it had ended. */
  readonly after: readonly number[];
};

export type Ended = Begun & {
  /** What a read answered. */
  readonly answer: string;
};

export type ClientHistory = { readonly ended: readonly Ended[]; readonly open: Begun | undefined };

export type RegisterHistory = readonly ClientHistory[];

export function emptyHistory(clients: number): RegisterHistory {
  return Array.from({ length: clients }, () => ({ ended: [], open: undefined }));
}

export function begin(
  history: RegisterHistory,
  client: number,
  operation: Operation,
): RegisterHistory {
  const after = history.map(({ ended }, i) => (i === client ? 0 : ended.length));
  const { ended = [] } = history[client] ?? {};
  return history.with(client, { ended, open: { operation, after } });
}

/** @throws Error if the client has no open operation. */
export function end(history: RegisterHistory, client: number, answer: string): RegisterHistory {
  const { ended = [], open } = history[client] ?? {};
  if (open === undefined) throw new Error(`client ${client} has no open operation`);
  return history.with(client, { ended: [...ended, { ...open, answer }], open: undefined });
}

/**
 * Whether there is one order of all ended operations, and of some open ones, in which each stands
 * between its begin and its end and each read answers the last written value.
 */
export function isLinearizable(history: RegisterHistory): boolean {
  const operations = history.map(({ ended, open }) =>
    open === undefined ? ended : [...ended, open],
  );
  return canGoOn(
    history,
    operations,
    history.map(() => 0),
    "",
  );
}

/** @param taken for each client: how many of its operations stand in the order already. */
function canGoOn(
  history: RegisterHistory,
  operations: readonly (readonly (Begun | Ended)[])[],
  taken: readonly number[],
  value: string,
): boolean {
  if (history.every(({ ended }, i) => (taken[i] ?? 0) >= ended.length)) return true;
  return operations.some((own, client) => {
    const next = own[taken[client] ?? 0];
    if (next === undefined || next.after.some((count, i) => (taken[i] ?? 0) < count)) return false;
    const { operation } = next;
    if (operation.type === "read" && "answer" in next && next.answer !== value) return false;
    const written = operation.type === "write" ? operation.value : value;
    return canGoOn(history, operations, taken.with(client, (taken[client] ?? 0) + 1), written);
  });
}
