/** The errors that a node may answer a request with. */

import type { Body } from "./message.ts";

type ErrorKind = {
  readonly code: number;
  readonly name: string;
  /** Whether it says that the request was not carried out, and never will be. */
  readonly isDefinite: boolean;
};

/** @see jepsen-io/maelstrom, doc/protocol.md, the table of errors */
export const errorKinds = {
  timeout: { code: 0, name: "timeout", isDefinite: false },
  nodeNotFound: { code: 1, name: "node-not-found", isDefinite: true },
  notSupported: { code: 10, name: "not-supported", isDefinite: true },
  unavailable: { code: 11, name: "temporarily-unavailable", isDefinite: true },
  malformed: { code: 12, name: "malformed-request", isDefinite: true },
  crash: { code: 13, name: "crash", isDefinite: false },
  abort: { code: 14, name: "abort", isDefinite: true },
  noKey: { code: 20, name: "key-does-not-exist", isDefinite: true },
  keyExists: { code: 21, name: "key-already-exists", isDefinite: true },
  mismatch: { code: 22, name: "precondition-failed", isDefinite: true },
  conflict: { code: 30, name: "txn-conflict", isDefinite: true },
} as const satisfies Readonly<Record<string, ErrorKind>>;

/** Undefined for a code of a node's own, which says nothing certain. */
export function errorKindOf(code: number): ErrorKind | undefined {
  return Object.values(errorKinds).find((kind) => kind.code === code);
}

/** @param text for people. */
export function errorBody(kind: ErrorKind, text: string): Body {
  return { type: "error", code: kind.code, text };
}
