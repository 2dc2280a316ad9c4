/**
 * Atomicity of transactions: what one process commits no other aborts, and nothing is committed
 * unless every participant has voted yes. A decision is named as its transaction, and its value is
 * `commit` or `abort`.
 *
 * @see Gray, Lamport, Consensus on transaction commit, 2006
 */

import type { ProcessState, Property } from "./property.ts";

export interface Atomicity extends Property {
  /** A participant has voted; who is never reported has not. */
  voted(transaction: string, participant: string, vote: "yes" | "no"): void;
}

/** @param participants those of every transaction; none if votes are not to be judged. */
export function createAtomicity(participants: readonly string[]): Atomicity {
  const votes = new Map<string, Map<string, "yes" | "no">>();
  const outcomes = new Map<string, Map<unknown, string>>();
  return {
    name: "atomicity",
    voted(transaction, participant, vote) {
      const known = votes.get(transaction) ?? new Map<string, "yes" | "no">();
      votes.set(transaction, known.set(participant, vote));
    },
    findBreach({ name, view }: ProcessState) {
      for (const [transaction, outcome] of Object.entries(view.decisions)) {
        const known = outcomes.get(transaction) ?? new Map<unknown, string>();
        if (known.has(outcome)) continue;
        outcomes.set(transaction, known.set(outcome, name));
        const [committed, aborted] = [known.get("commit"), known.get("abort")];
        if (committed !== undefined && aborted !== undefined) {
          return `${committed} commits ${transaction}, and ${aborted} aborts it`;
        }
        const missing = participants.find((each) => votes.get(transaction)?.get(each) !== "yes");
        if (outcome !== "commit" || missing === undefined) continue;
        const vote = votes.get(transaction)?.get(missing);
        const how = vote === undefined ? "has not voted" : "voted no";
        return `${name} commits ${transaction}, though ${missing} ${how}`;
      }
      return undefined;
    },
  };
}
