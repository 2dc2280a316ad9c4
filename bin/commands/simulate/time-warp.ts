/** `powlab simulate time-warp`: what false timestamps do to the difficulty, under three rules. */

import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";
import { say, write, writeJson } from "../output.ts";
import { formatTable } from "../table.ts";

type TimeWarpOptions = { readonly periods: number; readonly json?: true };

const notes = [
  "There are no nodes: headers only, each accepted by the consensus rules, from miners with all of",
  'the hash power. "warp" claims the earliest time allowed, and the latest one in the last block of',
  "a period. Under Bitcoin's rule blocks get easier from period to period; under ASERT the",
  "attacker only harms itself.",
];

export function registerTimeWarp(simulate: Command): void {
  withExamples(
    simulate
      .command("time-warp")
      .description("a majority with false timestamps, under Bitcoin's rule, BIP94's and ASERT")
      .option(
        "--periods <count>",
        "how many periods of 2016 blocks",
        wholeNumber({ min: 1, max: 100 }),
        8,
      )
      .option("--json", "write data for programs")
      .action(simulateTimeWarp),
    [["powlab simulate time-warp --periods 2"]],
    notes,
  );
}

async function simulateTimeWarp({ periods, json }: TimeWarpOptions): Promise<void> {
  const { warpRules, warpStamps, warpTime } = await import("../../../src/attacks/time-warp.ts");
  const runs = warpRules.flatMap((rule) => {
    return warpStamps.map((stamp) => ({ rule, stamp, periods: warpTime(rule, stamp, periods) }));
  });
  if (json) {
    writeJson({ runs });
    return;
  }
  const right = "right" as const;
  const titles = Array.from({ length: periods }, (_, position) => String(position + 1));
  const columns = ["rule", "times", ...titles].map((title) => ({ title, align: right }));
  const rows = runs.map((run) => [
    run.rule,
    run.stamp,
    ...run.periods.map(({ pace }) => String(Number(pace.toPrecision(3)))),
  ]);
  write("time that each period of 2016 blocks takes, by the time that it should take");
  write(formatTable(columns, rows));
  say("Next: powlab simulate selfish-mining");
}
