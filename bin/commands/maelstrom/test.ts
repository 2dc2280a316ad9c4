/** `powlab maelstrom test`: starts nodes of any program, lets clients ask them, and judges the answers. */

import { writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { TestOutcome, WorkloadName } from "../../../src/lab/maelstrom/harness/run-test.ts";
import { type Example, withExamples } from "../examples.ts";
import { interrupted, interruptionSignal } from "../interruption.ts";
import { decimalNumber, wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";

/** Beside the parser of `--workload`, so that the help needs nothing of the harness. */
const workloads: readonly WorkloadName[] = ["lin-kv", "echo"];
const nodesMax = 25;
/** A minority that can be cut off needs two others at least. */
const partitionNodesMin = 3;

const examples: readonly Example[] = [
  [
    "powlab maelstrom test --partition -- powlab maelstrom node raft",
    "linearizable, also with a partition",
  ],
  [
    "powlab maelstrom test --partition -- powlab maelstrom node last-writer",
    "each node has a store of its own: refused",
  ],
  ["powlab maelstrom test --nodes 1 --workload echo -- python3 echo.py", "a first program"],
];

const notes = [
  "A small stand-in for Maelstrom (jepsen-io/maelstrom), which needs a JVM: it speaks the same",
  "protocol to the nodes, and knows fewer workloads and faults.",
  "Exit codes: 0 it holds, 5 it does not, 2 a node is no program or breaks the protocol,",
  "1 nothing was answered, or it was not decided.",
];

type TestFlags = {
  readonly workload: WorkloadName;
  readonly nodes: number;
  readonly time: number;
  readonly rate: number;
  readonly concurrency?: number;
  readonly latency: number;
  readonly jitter: number;
  readonly partition?: true;
  readonly seed: string;
  readonly history?: string;
  readonly json?: true;
};

export function registerTest(command: Command): void {
  const test = command
    .command("test")
    .argument("<command...>", "behind --: the program of a node, and its arguments")
    .description("start nodes of a program, let clients ask them, and judge what they answered")
    .addOption(
      new Option("--workload <name>", "what clients ask").choices(workloads).default("lin-kv"),
    )
    .option("--nodes <count>", "how many are started", wholeNumber({ min: 1, max: nodesMax }), 5)
    .option("--time <seconds>", "how long clients ask", decimalNumber({ min: 1, max: 3_600 }), 15)
    .option(
      "--rate <number>",
      "operations a second, of all clients together",
      decimalNumber({ min: 0.1, max: 10_000 }),
      30,
    )
    .option(
      "--concurrency <count>",
      "clients, dealt to the nodes in turn (default: two at each node)",
      wholeNumber({ min: 1, max: 1_000 }),
    )
    .option(
      "--latency <ms>",
      "of messages between nodes at least",
      decimalNumber({ min: 0, max: 10_000 }),
      5,
    )
    .option(
      "--jitter <ms>",
      "and longer by so much in the mean, so that some overtake others",
      decimalNumber({ min: 0, max: 10_000 }),
      5,
    )
    .option("--partition", "cut a minority of the nodes off in the middle third of the time")
    .option(
      "--seed <text>",
      "of delays, requests and who is cut off; the nodes run in real time",
      "1",
    )
    .option("--history <file>", "write what clients asked and were answered, as Jepsen does")
    .option("--json", "write data for programs")
    .action(runCommand);
  withExamples(test, examples, notes);
}

async function runCommand(command: readonly string[], flags: TestFlags): Promise<void> {
  refuseMisfits(flags);
  const outcome = await run(command, flags);
  if (flags.history !== undefined) await writeHistory(flags.history, outcome);
  const { describeOutcome, plainOutcome, problemOf } = await import("./report.ts");
  const { workload, nodes, time: seconds, seed } = flags;
  if (flags.json) writeJson({ workload, nodes, seconds, seed, ...plainOutcome(outcome) });
  else write(describeOutcome(outcome));
  const problem = problemOf(outcome);
  if (problem !== undefined) throw problem;
}

function refuseMisfits({ partition, nodes, history, workload }: TestFlags): void {
  if (partition && nodes < partitionNodesMin) {
    const message = `--partition cuts off less than half of the nodes: give --nodes ${partitionNodesMin} or more.`;
    throw new CliError(message, exitCodes.usage);
  }
  if (history !== undefined && workload === "echo") {
    const message = "--history is of reads and writes of keys, and clients of echo have none.";
    throw new CliError(message, exitCodes.usage);
  }
}

async function run(command: readonly string[], flags: TestFlags): Promise<TestOutcome> {
  const { runTest } = await import("../../../src/lab/maelstrom/harness/run-test.ts");
  const { NodeFailure } = await import("../../../src/lab/maelstrom/harness/node-failure.ts");
  const { NodeProgram } = await import("../../../src/lab/maelstrom/harness/node-program.ts");
  const { realTime } = await import("../../../src/lab/maelstrom/time.ts");
  const { workload, nodes, time: seconds, rate, seed, latency, jitter } = flags;
  const signal = interruptionSignal();
  try {
    return await runTest({
      ...{ workload, nodes, seconds, rate, seed, signal, say },
      concurrency: flags.concurrency ?? 2 * nodes,
      partition: flags.partition === true,
      latency: { leastMs: latency, jitterMs: jitter },
      time: realTime,
      startNode: (name, events) => new NodeProgram({ name, command, ...events }),
    });
  } catch (error) {
    if (signal.aborted) throw interrupted([]);
    if (!(error instanceof NodeFailure)) throw error;
    throw new CliError(error.message, exitCodes.usage, { cause: error });
  }
}

async function writeHistory(path: string, { history = [] }: TestOutcome): Promise<void> {
  const { writeJsonLines } = await import("../../../src/checkers/formats/json-lines.ts");
  await writeFile(path, writeJsonLines(history));
  say(`${path} has ${history.length} events; judge it with: powlab check linearizable ${path}`);
}
