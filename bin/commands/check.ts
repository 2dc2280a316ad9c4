/** `powlab check`: judges files of what clients of a system asked and were answered. */

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import type { FormatName } from "../../src/checkers/formats/history-file.ts";
import type { Operation } from "../../src/checkers/history.ts";
import type { Refusal } from "../../src/checkers/linearizability.ts";
import type { ModelName } from "../../src/checkers/model.ts";
import { messageOf } from "../../src/primitives/error-message.ts";
import { counted } from "../../src/primitives/figures.ts";
import { type Example, withExamples } from "./examples.ts";
import { decimalNumber } from "./numbers.ts";
import { CliError, exitCodes, write, writeJson } from "./output.ts";

const fromStandardInput = "-";
/** Beside the parser of `--format` and `--model`, so that the help needs nothing of the checkers. */
const formats: readonly FormatName[] = ["jepsen", "porcupine-kv", "json"];
const models: readonly ModelName[] = ["register", "cas", "append"];
const secondsDefault = 300;

const examples: readonly Example[] = [
  ["powlab check linearizable etcd.log", "a log of Jepsen's"],
  ["powlab check linearizable store.txt --format porcupine-kv", "a key-value store's"],
  ["powlab check linearizable - --model cas --json", "one that comes from a program"],
];

const notes = [
  "It judges each key by itself. If the history is refused, it names the first operation that cannot",
  "be placed, and how far the history can be explained before it.",
  "Formats: jepsen has lines such as `INFO  jepsen.util - 3<TAB>:invoke<TAB>:cas<TAB>[2 4]`;",
  'porcupine-kv `{:process 0, :type :invoke, :f :put, :key "4", :value "x"}`;',
  'json `{"process":0,"type":"invoke","f":"write","key":"x","value":7}`, a line each or in an array.',
  "Exit codes: 0 linearizable, 5 not linearizable, 2 unreadable, 1 not decided.",
];

type CheckFlags = {
  readonly format?: FormatName;
  readonly model?: ModelName;
  readonly seconds: number;
  readonly json?: true;
};

export function register(program: Command): void {
  const check = withExamples(
    program.command("check").description("judge what clients of a system asked and were answered"),
    examples.slice(0, 1),
  );
  withExamples(
    check
      .command("linearizable")
      .description("judge whether a history of clients is linearizable")
      .argument("<file>", "the history; - for standard input")
      .addOption(
        new Option("--format <name>", "how it is written (default: found)").choices(formats),
      )
      .addOption(new Option("--model <name>", "what each key is (default: found)").choices(models))
      .option(
        "--seconds <count>",
        "after how long to end without a verdict",
        decimalNumber({ min: 0, max: 86_400 }),
        secondsDefault,
      )
      .option("--json", "write the verdict as one line of JSON")
      .action(checkLinearizable),
    examples,
    notes,
  );
}

async function checkLinearizable(file: string, flags: CheckFlags): Promise<void> {
  const { LinearizabilityCheck } = await import("../../src/checkers/linearizability.ts");
  const operations = await readOperations(file, flags.format);
  const model = await chooseModel(file, operations, flags.model);
  const begunAt = performance.now();
  const check = new LinearizabilityCheck(operations, { model });
  const isLate = (): boolean => performance.now() - begunAt > 1_000 * flags.seconds;
  let verdict = check.advance();
  while (verdict === undefined) verdict = isLate() ? check.giveUp() : check.advance();
  const judged: Judged = {
    file,
    operations,
    model,
    keys: check.keysCount,
    configurations: check.configurations,
    seconds: Number(((performance.now() - begunAt) / 1_000).toFixed(3)),
  };
  if (verdict.outcome === "linearizable") return tellLinearizable(judged, flags);
  if (verdict.outcome === "refused") return tellRefused(judged, verdict.refusal, flags);
  return tellUndecided(judged, verdict.keys, flags);
}

async function readOperations(
  file: string,
  format: FormatName | undefined,
): Promise<readonly Operation[]> {
  const { readHistory } = await import("../../src/checkers/formats/history-file.ts");
  const { operationsOf } = await import("../../src/checkers/history.ts");
  const events = readHistory(await readAll(file), format);
  const refuse = (line: number | undefined, reason: string): CliError => {
    const place = line === undefined ? file : `${file}, line ${line}`;
    return new CliError(`${place}: ${reason}.`, exitCodes.usage);
  };
  if (!events.ok) throw refuse(events.problem.line, events.problem.reason);
  const operations = operationsOf(events.value);
  if (operations.ok) return operations.value;
  throw refuse(operations.problem.event.line, operations.problem.reason);
}

async function readAll(file: string): Promise<string> {
  try {
    return file === fromStandardInput ? await text(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    const problem = isAbsent
      ? `there is no file ${file}`
      : `${file} cannot be read: ${messageOf(error)}`;
    const message = `${problem}; give the path of a history, or - for standard input.`;
    throw new CliError(message, exitCodes.usage, { cause: error });
  }
}

async function chooseModel(
  file: string,
  operations: readonly Operation[],
  wanted: ModelName | undefined,
): Promise<ModelName> {
  const { findForeign, modelOf } = await import("../../src/checkers/model.ts");
  const model = wanted ?? modelOf(operations);
  if (model === undefined) {
    const message = `${file} has cas and append, or appends what is no text, and no model has that. Split it.`;
    throw new CliError(message, exitCodes.usage);
  }
  const foreign = findForeign(operations, model);
  if (foreign === undefined) return model;
  const { f, line = 0 } = foreign.invocation;
  const message = `${file}, line ${line}: the model ${model} has no such ${f}; leave --model out to have it found.`;
  throw new CliError(message, exitCodes.usage);
}

type Judged = {
  readonly file: string;
  readonly operations: readonly Operation[];
  readonly model: ModelName;
  readonly keys: number;
  readonly configurations: number;
  readonly seconds: number;
};

function factsOf({ operations, model, keys, configurations, seconds }: Judged): object {
  return { model, operations: operations.length, keys, configurations, seconds };
}

function describeJudged({ operations, model, keys, seconds }: Judged): string {
  const open = operations.filter(({ outcome }) => outcome === "unknown").length;
  const openOnes = open === 0 ? "" : `, ${open} of them open,`;
  const what = `${counted(operations.length, "operation")}${openOnes} on ${counted(keys, "key")}`;
  return `${what}, judged as ${model} in ${seconds} s`;
}

function tellLinearizable(judged: Judged, { json }: CheckFlags): void {
  if (json) return writeJson({ linearizable: true, ...factsOf(judged) });
  write(`linearizable: ${describeJudged(judged)}`);
}

async function tellRefused(judged: Judged, refusal: Refusal, { json }: CheckFlags): Promise<never> {
  const { describeOperation, drawAround } = await import("../../src/checkers/lanes.ts");
  const { key, operation, longestPrefix, isExact } = refusal;
  const { invocation, completion } = operation;
  const lines = { invoked: invocation.line, returned: completion?.line };
  const { process: client, f, value } = invocation;
  const label = `${describeOperation(operation)} of process ${client}`;
  const refused = new CliError(
    `${judged.file} is not linearizable: ${label} cannot be placed.`,
    exitCodes.unexpected,
  );
  if (json) {
    const result = f === "read" ? { result: completion?.value } : {};
    const what = { process: client, key, f, value, ...result, outcome: operation.outcome, lines };
    const prefix = { longestPrefix, isExact, operation: what };
    writeJson({ linearizable: false, ...prefix, ...factsOf(judged) });
    throw refused;
  }
  const least = isExact ? "" : "at least ";
  const where = judged.keys === 1 ? "" : ` and key ${JSON.stringify(key)}`;
  write(`not linearizable: ${describeJudged(judged)}`);
  write(`  ${least}the first ${counted(longestPrefix, "event")} can be explained`);
  write(`  what cannot be placed: ${label}${where}, lines ${lines.invoked} to ${lines.returned}`);
  write("");
  const own = judged.operations.filter((other) => other.invocation.key === key);
  const { lines: lanes, hidden } = drawAround(operation, own);
  for (const lane of lanes) write(`  ${lane}`);
  if (hidden > 0) write(`    and ${counted(hidden, "other operation")} at the same time`);
  throw refused;
}

async function tellUndecided(
  judged: Judged,
  keys: readonly string[],
  { json, seconds }: CheckFlags,
): Promise<never> {
  const { memoryBytesMax } = await import("../../src/checkers/linearizability.ts");
  if (json) writeJson({ linearizable: null, undecided: keys, ...factsOf(judged) });
  const isLate = judged.seconds >= seconds;
  const limit = isLate ? `${seconds} s` : `${memoryBytesMax / 2 ** 20} MiB of memory`;
  const some = keys.slice(0, 3).map((key) => JSON.stringify(key));
  const which =
    keys.length > 3 ? `${some.join(", ")} and ${keys.length - 3} more` : some.join(", ");
  const advice = isLate ? "give it longer with --seconds" : "check a shorter piece of it";
  const tried = counted(judged.configurations, "configuration");
  throw new CliError(
    `${judged.file} is not decided within ${limit}: of key ${which}, after ${tried}; ${advice}.`,
  );
}
