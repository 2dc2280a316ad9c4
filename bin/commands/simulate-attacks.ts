/** `powlab simulate` for attacks with real nodes: selfish mining, eclipse, sybils, time warp. */

import type { Command } from "commander";
import type { Stubbornness } from "../../src/attacks/selfish-mining/behaviour.ts";
import { parseStubborn } from "./attack-trials.ts";
import { numberFrom } from "./lab.ts";
import { CliError, exitCodes, say, write, writeJson } from "./output.ts";
import { createVerifier, wholeNumber, withSimulateOptions } from "./simulation.ts";
import type { SimulateOptions } from "./simulation.ts";
import { formatTable } from "./table.ts";

type SelfishOptions = SimulateOptions & {
  readonly share: number;
  readonly blocks: number;
  readonly fast?: true;
  readonly stubborn?: Stubbornness;
};

type EclipseOptions = SimulateOptions & {
  readonly share: number;
  readonly confirmations: number;
};

type SybilOptions = SimulateOptions & {
  readonly share: number;
  readonly identities: number;
  readonly blocks: number;
};

type TimeWarpOptions = { readonly periods: number; readonly json?: true };

const shareMin = 0.001;
const blocksMax = 100_000;

export function registerAttacks(simulate: Command): void {
  withSimulateOptions(
    simulate
      .command("selfish-mining")
      .description("a miner that keeps its blocks back; gamma is what the network makes of it"),
  )
    .option("--share <part>", "mallory's part of the hash power", numberFrom(shareMin, 0.49), 0.4)
    .option("--blocks <count>", "that all find together", wholeNumber(100, blocksMax), 500)
    .option("--fast", "mallory's links are so fast that most hear of her blocks first")
    .option("--stubborn <list>", "any of lead, equal-fork, trail-1, trail-2 …", parseStubborn)
    .addHelpText("after", "\nOn paper, and many times: powlab attack selfish-mining")
    .action(simulateSelfishMining);
  withSimulateOptions(
    simulate
      .command("eclipse")
      .description("a shop whose peers are all mallory's is paid on a branch that nobody else has"),
  )
    .option("--share <part>", "mallory's part of the hash power", numberFrom(shareMin, 0.999), 0.2)
    .option("--confirmations <count>", "what the shop waits for", wholeNumber(1, 1000), 3)
    .addHelpText(
      "after",
      "\nHow likely it is to have only false peers: powlab attack eclipse --runs 14400",
    )
    .action(simulateEclipse);
  withSimulateOptions(
    simulate
      .command("sybil")
      .description("many identities with little hash power: blocks go by power, not by number"),
  )
    .option("--share <part>", "of all sybils together", numberFrom(shareMin, 0.999), 0.2)
    .option("--identities <count>", "how many sybils", wholeNumber(1, 50), 12)
    .option("--blocks <count>", "to be found", wholeNumber(40, blocksMax), 200)
    .action(simulateSybil);
  simulate
    .command("time-warp")
    .description("a majority that lies about the time: Bitcoin's difficulty rule, BIP94's, ASERT")
    .option("--periods <count>", "of 2016 blocks", wholeNumber(1, 100), 8)
    .option("--json", "write data for programs")
    .addHelpText("after", timeWarpHelp)
    .action(simulateTimeWarp);
}

const timeWarpHelp = `
No nodes: headers only, each accepted by the consensus rules, from miners with all of the hash power.
"warp" claims the earliest time allowed, and the latest one in the last block of a period. Under
Bitcoin's rule, blocks get easier from period to period; under ASERT the liar only harms itself.`;

async function simulateSelfishMining(options: SelfishOptions): Promise<void> {
  const { runSelfishMining } = await import("../../src/sim/scenarios/selfish-mining.ts");
  const { seed, share, blocks, fast, stubborn, json } = options;
  const outcome = runSelfishMining({
    seed,
    share,
    blocks,
    links: fast ? "fast" : "equal",
    ...(stubborn && { stubborn }),
    verifier: await createVerifier(),
    onLine: json ? say : write,
  });
  if (json) writeJson(outcome);
  else say("Next: powlab attack selfish-mining --table");
}

async function simulateEclipse(options: EclipseOptions): Promise<void> {
  const { runEclipse } = await import("../../src/sim/scenarios/eclipse.ts");
  const { seed, share, confirmations, json } = options;
  const verifier = await createVerifier();
  const outcome = runEclipse({ seed, share, confirmations, verifier, onLine: json ? say : write });
  if (json) writeJson(outcome);
  else say("Next: powlab attack eclipse");
}

async function simulateSybil(options: SybilOptions): Promise<void> {
  const { runSybil } = await import("../../src/sim/scenarios/sybil.ts");
  const { seed, share, identities, blocks, json } = options;
  const verifier = await createVerifier();
  const onLine = json ? say : write;
  const outcome = runSybil({ seed, share, identities, blocks, verifier, onLine });
  if (json) writeJson(outcome);
  if (Math.abs(outcome.z) >= 4) {
    throw new CliError("The sybils' part of the blocks is not their share.", exitCodes.unexpected);
  }
}

async function simulateTimeWarp({ periods, json }: TimeWarpOptions): Promise<void> {
  const { warpRules, warpStamps, warpTime } = await import("../../src/attacks/time-warp.ts");
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
  write("time that each period of 2016 blocks takes, by the time that it should take");
  write(
    formatTable(
      columns,
      runs.map((run) => [
        run.rule,
        run.stamp,
        ...run.periods.map(({ pace }) => String(Number(pace.toPrecision(3)))),
      ]),
    ),
  );
}
