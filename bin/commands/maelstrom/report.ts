/** The end of a test in figures, for people and for programs, and the error that it ends with. */

import { operationsOf } from "../../../src/checkers/history.ts";
import { describeOperation, drawAround } from "../../../src/checkers/lanes.ts";
import type { Refusal } from "../../../src/checkers/linearizability.ts";
import type { Judgement } from "../../../src/lab/maelstrom/harness/load.ts";
import type { TestOutcome } from "../../../src/lab/maelstrom/harness/run-test.ts";
import { errorKindOf } from "../../../src/lab/maelstrom/protocol/error-code.ts";
import { percent } from "../../../src/primitives/figures.ts";
import { unreachable } from "../../../src/primitives/verdict.ts";
import { CliError, exitCodes } from "../output.ts";
import { formatFacts } from "../table.ts";

/** The share of operations that were carried out, or have found another value. */
function completedShare({ operations }: TestOutcome): number {
  const { asked, ok, differed } = operations;
  return asked === 0 ? 0 : (ok + differed) / asked;
}

export function describeOutcome(outcome: TestOutcome): string {
  const { operations, errors, messages, latencyMs, isolated, judgement } = outcome;
  const { asked, ok, differed, failed, unknown } = operations;
  const perOperation = messages.perOperation?.toFixed(1) ?? "no";
  const facts = formatFacts({
    operations: `${asked}: ${ok} ok, ${differed} found another value, ${failed} failed, ${unknown} unknown`,
    completed: percent(completedShare(outcome)),
    ...(Object.keys(errors).length > 0 && { errors: describeErrors(errors) }),
    messages: `${messages.betweenNodes} between nodes, ${perOperation} an operation; ${messages.dropped} dropped`,
    ...(latencyMs && {
      latency: `${latencyMs.p50} ms in the median, 95 % within ${latencyMs.p95}, 99 % within ${latencyMs.p99}, at most ${latencyMs.max} ms`,
    }),
    ...(isolated.length > 0 && {
      partition: `${isolated.join(" and ")} cut off for a third of the time`,
    }),
    verdict: describeJudgement(judgement),
  });
  const { refusal } = judgement.verdict === "not-linearizable" ? judgement : {};
  return refusal === undefined ? facts : `${facts}\n\n${drawRefusal(outcome, refusal)}`;
}

function describeErrors(errors: TestOutcome["errors"]): string {
  const kinds = Object.entries(errors).map(([code, count]) => {
    const name = errorKindOf(Number(code))?.name ?? "not one of Maelstrom's";
    return `${count} of ${code} (${name})`;
  });
  return kinds.join(", ");
}

function describeJudgement(judgement: Judgement): string {
  switch (judgement.verdict) {
    case "linearizable":
      return "linearizable";
    case "equal":
      return "each echo is what was said";
    case "not-linearizable":
      return `not linearizable: ${describeRefusal(judgement.refusal)}`;
    case "not-equal":
      return `wrong: ${judgement.example}`;
    case "undecided":
      return `not decided for the keys ${judgement.keys.join(", ")}`;
    default:
      return unreachable(judgement);
  }
}

function describeRefusal({ key, operation }: Refusal): string {
  const { process: client } = operation.invocation;
  return `${describeOperation(operation)} of process ${client} on key ${key} cannot be placed`;
}

function drawRefusal({ history = [] }: TestOutcome, { key, operation }: Refusal): string {
  const operations = operationsOf(history);
  if (!operations.ok) return "";
  const own = operations.value.filter(({ invocation }) => invocation.key === key);
  // Operations are equal by their places: those of the verdict were made from the same history.
  const same = own.find(({ invokedAt }) => invokedAt === operation.invokedAt) ?? operation;
  return drawAround(same, own)
    .lines.map((line) => `  ${line}`)
    .join("\n");
}

/** Without the history, which `--history` writes. */
export function plainOutcome(outcome: TestOutcome): object {
  const { operations, errors, messages, latencyMs, isolated, judgement } = outcome;
  const completed = Number(completedShare(outcome).toFixed(3));
  return {
    ...{ operations, completed, errors, messages, latencyMs, isolated },
    verdict: judgement.verdict,
    ...(judgement.verdict === "not-linearizable" && { refusal: judgement.refusal }),
    ...(judgement.verdict === "not-equal" && { example: judgement.example }),
  };
}

/** Undefined if it holds, of something. */
export function problemOf(outcome: TestOutcome): CliError | undefined {
  const { verdict } = outcome.judgement;
  if (verdict === "not-linearizable") {
    return new CliError("What clients were answered is not linearizable.", exitCodes.unexpected);
  }
  if (verdict === "not-equal") {
    return new CliError("An echo is not what was said.", exitCodes.unexpected);
  }
  if (verdict === "undecided") {
    return new CliError("Too much is open to be judged: give it less --time, or a lower --rate.");
  }
  if (outcome.operations.ok > 0) return undefined;
  const advice = "look at what the nodes write to stderr, or give them more --time";
  return new CliError(`No operation was carried out, so nothing was judged: ${advice}.`);
}
