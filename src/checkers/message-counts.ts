/** Counts messages by kind, and compares the counts with what a formula expects. */

export interface MessageCounts {
  readonly name: string;
  readonly counts: ReadonlyMap<string, number>;
  sent(kind: string): void;
  /** @param expected by kind; other kinds are expected not to be sent. */
  findBreach(expected: Readonly<Record<string, number>>): string | undefined;
}

export function createMessageCounts(): MessageCounts {
  const counts = new Map<string, number>();
  return {
    name: "message-counts",
    counts,
    sent(kind) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    },
    findBreach(expected) {
      const kinds = [...new Set([...Object.keys(expected), ...counts.keys()])];
      const differences = kinds
        .filter((kind) => (counts.get(kind) ?? 0) !== (expected[kind] ?? 0))
        .map((kind) => `${counts.get(kind) ?? 0} of ${kind} instead of ${expected[kind] ?? 0}`);
      return differences.length === 0 ? undefined : `were sent: ${differences.join(", ")}`;
    },
  };
}
