/** What can only be judged at the end of a run: what all clients together were answered. */

import { operationsOf } from "../../checkers/history.ts";
import { checkLinearizability } from "../../checkers/linearizability.ts";
import { BrokenPromiseError } from "../engine/promise.ts";
import { type DecisionWorkload, KeyValueWorkload } from "./workload.ts";

/** @throws BrokenPromiseError if the answers cannot be explained. */
export function judgeAnswers(workload: KeyValueWorkload | DecisionWorkload): void {
  if (workload instanceof KeyValueWorkload) requireLinearizable(workload);
  else requireOneValue(workload);
}

/** The names of what is judged. */
export function judgedPromises(workload: KeyValueWorkload | DecisionWorkload): readonly string[] {
  return workload instanceof KeyValueWorkload ? ["linearizability"] : ["agreement", "validity"];
}

function requireLinearizable({ history }: KeyValueWorkload): void {
  const operations = operationsOf(history);
  if (!operations.ok)
    throw new Error(`the clients wrote a wrong history: ${operations.problem.reason}`);
  const verdict = checkLinearizability(operations.value, { model: "cas" });
  if (verdict.outcome === "linearizable") return;
  if (verdict.outcome === "undecided") {
    const keys = verdict.keys.join(", ");
    throw new Error(`the history of ${keys} has too many open requests to be judged`);
  }
  const { key, operation, longestPrefix } = verdict.refusal;
  const { f, value } = operation.completion ?? operation.invocation;
  const message =
    `no order of the requests for ${key} explains a ${f} of ${JSON.stringify(value)} ` +
    `(event ${longestPrefix + 1} of ${history.length}, ${operation.completion?.time ?? "?"} ms)`;
  throw new BrokenPromiseError("linearizability", message);
}

function requireOneValue({ decided, proposed }: DecisionWorkload): void {
  const [first, ...others] = decided;
  if (first === undefined) return;
  if (!proposed.includes(first.value)) {
    const message = `${first.client} learns ${JSON.stringify(first.value)}, which no client proposed`;
    throw new BrokenPromiseError("validity", message);
  }
  const other = others.find(({ value }) => value !== first.value);
  if (other === undefined) return;
  const [one, two] = [JSON.stringify(first.value), JSON.stringify(other.value)];
  const message = `${first.client} was told that ${one} is decided, and ${other.client} that ${two} is`;
  throw new BrokenPromiseError("agreement", message);
}
