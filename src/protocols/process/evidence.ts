/** Evidence: two signed statements of one process, of which an honest one makes at most one. */

import type { Signatures } from "./signatures.ts";

/** What was signed, in one text. */
export type Statement = { readonly text: string; readonly signature: string };

export type Evidence = {
  readonly culprit: string;
  /** What both statements are about, such as `pre-prepare of view 0, number 3`. */
  readonly about: string;
  readonly statements: readonly [Statement, Statement];
};

/** True if the culprit signed both, and they differ: anyone can check it who knows the public keys. */
export function isProof({ culprit, statements }: Evidence, signatures: Signatures): boolean {
  const [first, second] = statements;
  if (first.text === second.text) return false;
  return statements.every(({ text, signature }) => signatures.verify(culprit, text, signature));
}
