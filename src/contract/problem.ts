/** What goes wrong with a request, as JSON for other programs. */

/** RFC 9457, with a `code` that stays the same when the words change. */
export type ProblemJson = {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  /** Of `value-differs`: what the key holds. */
  readonly found?: string | number | boolean | null;
};

export type ProblemCode =
  | "foreign-host"
  | "foreign-origin"
  | "token-missing"
  | "token-wrong"
  | "signature-missing"
  | "body-too-large"
  | "body-unreadable"
  | "body-invalid"
  | "block-malformed"
  | "address-invalid"
  | "txid-invalid"
  | "cursor-invalid"
  | "tip-moves"
  | "transaction-unknown"
  | "no-miners"
  | "too-many-streams"
  | "not-ready"
  | "request-invalid"
  | "route-unknown"
  | "key-absent"
  | "value-differs"
  | "not-done"
  | "no-answer"
  | "failed";

/**
 * The header with what is wrong in our words, where Esplora fixes the body's. Its value is
 * percent-encoded where it is not ASCII.
 */
export const reasonHeader = "X-Powlab-Reason";
