/** `powlab cap`: every protocol, and proof of work, under one schedule of faults. */

import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import type { Drawn } from "../../../src/experiments/cap-page.ts";
import { messageOf } from "../../../src/primitives/error-message.ts";
import type { CapFault } from "../../../src/sim/cap/cap-fault.ts";
import type { CapOrder, Entrant } from "../../../src/sim/cap/entrants.ts";
import type { ProcessNetwork } from "../../../src/sim/process-world/process-world.ts";
import { withExamples } from "../examples.ts";
import { interrupted, interruptionSignal, partialOf } from "../interruption.ts";
import { findNamed } from "../named.ts";
import { wholeNumber } from "../numbers.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";

type CapFlags = {
  readonly nodes: number;
  readonly seed: string;
  readonly graph?: string;
  readonly faults?: string;
  readonly protocols?: string;
  readonly json?: true;
  readonly csv?: true;
  readonly html?: string;
};

const usualNodes = 7;
/** So that the usual schedule can part them. */
const nodesMin = 4;
/** Full nodes take their time. */
const nodesMax = 15;

export function register(program: Command): void {
  const command = program
    .command("cap")
    .description("every protocol, and proof of work, under one schedule of faults, in one table")
    .option(
      "--nodes <count>",
      "nodes, linked with all others at 10 ms one way",
      wholeNumber({ min: nodesMin, max: nodesMax }),
      usualNodes,
    )
    .option("--seed <text>", "the random seed, any text: the same seed gives the same tables", "1")
    .option("--graph <name|file>", "how the nodes are linked (default: complete)")
    .option("--faults <preset|file>", "a schedule of faults (default: as in the preset cap)")
    .option("--protocols <names>", "some of them, such as raft,proof-of-work (default: all)")
    .option("--json", "write data for programs: a line for each protocol")
    .option("--csv", "write a line for each side of each phase of each protocol")
    .option("--html <file>", "write a page, too, with a drawing of every history")
    .action(runCommand);
  withExamples(
    command,
    [
      ["powlab cap", "all of them: a minute or two"],
      ["powlab cap --protocols raft,proof-of-work --html cap.html", "two, and as a page"],
      ["powlab cap --faults isolated-leader --csv", "under another schedule"],
    ],
    [
      "The schedule is a file like those in config/faults/, where one verb more is allowed: lie.",
      "A fault for @leader strikes the first node where no node leads.",
    ],
  );
}

async function runCommand(flags: CapFlags): Promise<void> {
  const { entrants, usualEntrants } = await import("../../../src/sim/cap/entrants.ts");
  const chosen =
    flags.protocols === undefined ? usualEntrants : chooseFrom(entrants, flags.protocols);
  const network = await networkOf(flags);
  const { readCapSchedule, usualWholeMs } = await import("./schedule.ts");
  const faults = await readCapSchedule(flags.faults, network.names);
  const orders = chosen.map(({ name }): CapOrder => {
    return { protocol: name, seed: flags.seed, network, faults, wholeMs: usualWholeMs };
  });
  const answers = await runOrders(orders);
  const drawn = answers.filter((each) => each !== undefined);
  const isPartial = drawn.length < orders.length;
  if (drawn.length === 0) throw interrupted([]);
  await print(drawn, { flags, network, faults, entrants: chosen });
  if (flags.json && isPartial) writeJson(partialOf(true));
  if (isPartial) throw interrupted(drawn);
}

function chooseFrom(entrants: readonly Entrant[], typed: string): readonly Entrant[] {
  const names = [...new Set(typed.split(",").map((name) => name.trim()))];
  return names.map((name) => {
    if (name !== "paxos") return findNamed("protocol for cap", name, entrants);
    const message =
      "paxos decides one value once, and has no keys to ask for: take multi-paxos, a Paxos for each slot.";
    throw new CliError(message, exitCodes.usage);
  });
}

async function networkOf({ graph, nodes }: CapFlags): Promise<ProcessNetwork> {
  const { completeNetwork, readNetwork } = await import("../protocol/files.ts");
  const network = graph === undefined ? completeNetwork(nodes) : await readNetwork(graph, nodes);
  const { length } = network.names;
  if (length >= nodesMin && length <= nodesMax) return network;
  const message = `The graph has ${length} nodes: cap takes ${nodesMin} to ${nodesMax}, which the schedule can part.`;
  throw new CliError(message, exitCodes.usage);
}

/** In their order; undefined where a Ctrl-C came before. */
async function runOrders(orders: readonly CapOrder[]): Promise<readonly (Drawn | undefined)[]> {
  const { runTasks } = await import("../../../src/io/threads/task-pool.ts");
  say(
    `${orders.length} protocols under one schedule: ${orders.map(({ protocol }) => protocol).join(", ")}`,
  );
  return await runTasks<CapOrder, Drawn>({
    worker: "bin/commands/cap/cap.worker",
    tasks: orders,
    threads: availableParallelism(),
    onProgress: (answered) => say(`${answered} of ${orders.length} are done`),
    signal: interruptionSignal(),
  });
}

type Printed = {
  readonly flags: CapFlags;
  readonly network: ProcessNetwork;
  readonly faults: readonly CapFault[];
  readonly entrants: readonly Entrant[];
};

async function print(drawn: readonly Drawn[], { flags, ...known }: Printed): Promise<void> {
  const cards = drawn.map(({ card }) => card);
  if (flags.json) for (const card of cards) writeJson({ seed: flags.seed, ...card });
  else if (flags.csv) {
    const { csvOfCards } = await import("../../../src/experiments/cap/sheets.ts");
    write(csvOfCards(cards));
  } else {
    const { describeCards } = await import("./print.ts");
    write(describeCards(cards, known));
  }
  if (flags.html !== undefined) await writePage(flags.html, drawn, flags.seed, known);
  else if (!flags.json && !flags.csv) say("Next: powlab cap --html cap.html, to see every history");
}

async function writePage(
  path: string,
  drawn: readonly Drawn[],
  seed: string,
  known: Omit<Printed, "flags">,
): Promise<void> {
  const { formatCapPage } = await import("../../../src/experiments/cap-page.ts");
  const { oneWayOf } = await import("../../../src/sim/process-world/protocol-run.ts");
  const { legendOf } = await import("./print.ts");
  const page = formatCapPage(drawn, {
    oneWayMs: oneWayOf(known.network),
    text: legendOf(known).join(" "),
    footer: `Made by powlab cap with seed ${seed}: the same seed gives the same page.`,
  });
  try {
    await writeFile(path, page);
  } catch (error) {
    const why = `The page cannot be written: ${messageOf(error)}.`;
    throw new CliError(why, exitCodes.failed, { cause: error });
  }
  say(`The page is in ${path}: open it in a browser.`);
}
