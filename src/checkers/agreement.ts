/** Agreement: no two processes decide differently, and what was decided stays as it was. */

import type { Value } from "./history.ts";
import type { ProcessState, Property } from "./property.ts";

type Decided = { readonly value: Value; readonly by: string };

export function createAgreement(): Property {
  const decided = new Map<string, Decided>();
  return {
    name: "agreement",
    findBreach({ name, view }: ProcessState) {
      for (const [decision, value] of Object.entries(view.decisions)) {
        const first = decided.get(decision);
        if (first === undefined) decided.set(decision, { value, by: name });
        else if (first.value !== value) {
          const [was, is] = [JSON.stringify(first.value), JSON.stringify(value)];
          return `${name} decides ${is} for ${decision}, for which ${first.by} decided ${was}`;
        }
      }
      return undefined;
    },
  };
}
