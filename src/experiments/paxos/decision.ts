/** Two members of Paxos propose a value each: every order, loss, doubling and crash is looked at. */

import type { Exploration } from "../../explorer/engine/explore.ts";
import { decisionObject } from "../../explorer/processes/client-requests.ts";
import type { Request } from "../../explorer/processes/process-steps.ts";
import {
  agreement,
  linearizable,
  type SnapshotPromise,
} from "../../explorer/processes/promises.ts";
import type { ProtocolState } from "../../explorer/processes/protocol-model.ts";
import { paxosMutants } from "../../protocols/paxos/mutants.ts";
import { paxos } from "../../protocols/paxos/paxos.ts";
import { type PaxosRules, paxosRules } from "../../protocols/paxos/rules.ts";
import type { Value } from "../../protocols/process/key-value.ts";
import { exploreProtocol } from "../explored/explored-protocol.ts";

export type Decision = {
  readonly rules?: PaxosRules;
  readonly nodes?: number;
  readonly crashes?: number;
  readonly timeouts?: number;
  /** Rounds of ballots at most. */
  readonly rounds?: number;
  readonly values?: readonly [Value, Value];
};

/** Mistakes with truthiness hide behind other values. */
export const falsyValues = [0, ""] as const;

/** What is decided was proposed: it is either value, and no third one. */
function validity(values: readonly Value[]): SnapshotPromise {
  return {
    name: "validity: what is decided was proposed",
    holds: ({ views }) => {
      return views.every(({ decisions }) => {
        return Object.values(decisions).every((value) => values.includes(value));
      });
    },
  };
}

function decided(value: Value): SnapshotPromise {
  return {
    name: `${JSON.stringify(value)} is decided`,
    holds: ({ views }) => views.some(({ decisions }) => Object.values(decisions).includes(value)),
  };
}

/** @param stopsWhenBroken at the first broken promise, the shortest way to which is then known. */
export function exploreDecision(
  { rules = paxosRules, nodes = 3, rounds = 1, values = falsyValues, ...faults }: Decision,
  stopsWhenBroken = false,
): Exploration<ProtocolState> {
  const requests = values.map((value, at): readonly Request[] => {
    const id = { client: `c${at + 1}`, number: 1 };
    return [{ process: at, id, command: { type: "propose", value } }];
  });
  return exploreProtocol({
    protocol: paxos({ announces: false }, rules),
    nodes,
    faults,
    eraMax: rounds,
    requests,
    promises: [agreement, validity(values), linearizable(decisionObject)],
    goals: values.map(decided),
    endsAtViolation: stopsWhenBroken,
  });
}

export type Breach = { readonly promise: string; readonly steps: number };

/** The nearest broken promise by its short name, such as "agreement", or "none". */
export function findBreach(decision: Decision): Breach {
  const exploration = exploreDecision(decision, true);
  const [violation] = exploration.violations;
  if (violation === undefined) return { promise: "none", steps: NaN };
  const [promise = ""] = violation.name.split(":");
  return { promise, steps: exploration.traceTo(violation).moves.length };
}

/** The rules of a mutant. */
export function mutantRules(name: string): PaxosRules {
  const mutant = paxosMutants.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant ${name} of Paxos`);
  return mutant.rules;
}
