/** Validity: what is decided was proposed. */

import type { Value } from "./history.ts";
import type { ProcessState, Property } from "./property.ts";

export interface Validity extends Property {
  /** Somewhere a value was proposed for a decision. */
  proposed(decision: string, value: Value): void;
}

export function createValidity(): Validity {
  const proposals = new Map<string, Set<Value>>();
  return {
    name: "validity",
    proposed(decision: string, value: Value) {
      const values = proposals.get(decision) ?? new Set();
      proposals.set(decision, values.add(value));
    },
    findBreach({ name, view }: ProcessState) {
      for (const [decision, value] of Object.entries(view.decisions)) {
        const values = proposals.get(decision);
        if (values?.has(value)) continue;
        const known = [...(values ?? [])].map((each) => JSON.stringify(each)).join(", ");
        const were = known === "" ? "nothing was proposed" : `only ${known} was proposed`;
        return `${name} decides ${JSON.stringify(value)} for ${decision}, for which ${were}`;
      }
      return undefined;
    },
  };
}
