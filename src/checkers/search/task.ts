/** What the search for a linearization places: one operation on one key, reduced to what counts. */

/** Values are texts that are equal exactly if the values are. */
export type Action =
  | { readonly type: "read"; readonly value: string }
  | { readonly type: "write"; readonly value: string }
  /** @param matched undefined if the outcome is unknown: then it matched or had no effect. */
  | {
      readonly type: "cas";
      readonly from: string;
      readonly to: string;
      readonly matched: boolean | undefined;
    }
  | { readonly type: "append"; readonly suffix: string };

/** Times are positions in a history, no two alike. */
export type Task = {
  readonly action: Action;
  readonly called: number;
  /** Infinity for an open operation: it may be placed at any later time, or never. */
  readonly returned: number;
};

export function isOpen(task: Task): boolean {
  return task.returned === Infinity;
}
