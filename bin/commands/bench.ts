/** `powlab bench`: each thing that costs time, beside its peer or limit in the same run. */

import type { Command } from "commander";
import { withExamples } from "./examples.ts";
import { CliError, exitCodes, say, sayProblem, write, writeJson } from "./output.ts";
import { formatTable } from "./table.ts";

/** All of them, which are loaded only when they run. */
const namesText =
  "hash, signatures, headers, merkle, txid, connect, mempool, simulator, pool, calm,\n" +
  "protocols, simblock, explorer, rest, start, page";

type BenchOptions = { readonly json?: true };

export function register(program: Command): void {
  const command = program
    .command("bench")
    .argument("[name...]", "which of them; all if left out")
    .description("measure this machine: each figure beside a peer or a limit in the same run")
    .option("--json", "a line of JSON for each figure")
    .action(bench);
  withExamples(
    command,
    [
      ["powlab bench", "all of them: some minutes"],
      ["powlab bench hash signatures --json", "two of them, for programs"],
    ],
    [`The names: ${namesText}.`],
  );
}

async function bench(names: readonly string[], { json }: BenchOptions): Promise<void> {
  const { adoptHasher } = await import("../../src/io/hashing/hasher-choice.ts");
  for (const warning of adoptHasher().warnings) sayProblem(warning);
  const { benchmarks } = await import("../../test/bench/benchmarks.ts");
  const known = benchmarks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const message = `There is no benchmark ${unknown.join(", ")}. There are: ${known.join(", ")}.`;
    throw new CliError(message, exitCodes.usage);
  }
  const cells: (string | number)[][] = [];
  for (const { name, summary, run } of benchmarks) {
    if (names.length > 0 && !names.includes(name)) continue;
    say(`measuring ${name}: ${summary} …`);
    for (const row of await run()) {
      if (json) writeJson(row);
      cells.push([row.name, row.value, row.unit, `${row.ratio}×`, row.versus]);
    }
  }
  if (json) return;
  const right = "right" as const;
  const columns = [
    { title: "what" },
    { title: "value", align: right },
    { title: "unit" },
    { title: "ratio", align: right },
    { title: "versus" },
  ];
  write(formatTable(columns, cells));
}
