/** The port to durable records: a value by its key, whole batches. */

/** A record's name: printable ASCII, ordered character by character. */
export type Key = string;

export type Write =
  | { readonly type: "put"; readonly key: Key; readonly value: Uint8Array }
  | { readonly type: "delete"; readonly key: Key };

/**
 * Durable records. What was committed is seen by the next `get` at once; it reaches the disk when
 * the `persist` effect that carries the same batch is carried out.
 */
export interface Store {
  /** The value, or undefined if there is no such record. The caller must not change the bytes. */
  get(key: Key): Uint8Array | undefined;
  commit(batch: readonly Write[]): void;
}
