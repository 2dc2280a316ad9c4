/** `powlab attack`: on a live network, its own or one that runs already; or many times, simulated. */

import type { Command } from "commander";
import type { AttackOptions, AttackVerdict } from "../../src/lab/attack-report.ts";
import type { LabEvent } from "../../src/lab/event.ts";
import type { LabClient } from "../../src/lab/lab-client.ts";
import {
  isTrial,
  registerTrials,
  tryDoubleSpend,
  withDoubleSpendTrials,
  type DoubleSpendTrialFlags,
} from "./attack-trials.ts";
import {
  numberFrom,
  openedOrInterrupted,
  showerOfLines,
  startLab,
  wholeFrom,
  writeEvent,
} from "./lab.ts";
import { CliError, exitCodes, say, untilInterrupted } from "./output.ts";

const examples = `
Examples:
  $ powlab attack double-spend --share 0.6 --confirmations 2
  $ powlab attack double-spend --share 0.2 --json
  $ powlab attack double-spend --lab http://127.0.0.1:8477
  $ powlab attack double-spend --share 0.3 --confirmations 3 --runs 14400
  $ powlab attack double-spend --table --html odds.html

Without --runs or --table it uses the lab that runs on this machine; if there is none, or with --seed, it opens one of its own
and closes it afterwards. Both outcomes are honest: the exit code is 0 for "reversed" and "failed".
With them nobody is attacked: races are simulated, and the exit code is 5 if an estimate strays from
theory by four standard errors.`;

type AttackFlags = DoubleSpendTrialFlags & {
  readonly share: number;
  readonly confirmations: number;
  readonly giveUp?: number;
  readonly lab?: string;
  readonly tokenFile?: string;
  readonly hashrate?: number;
};

export function register(program: Command): void {
  const attack = program
    .command("attack")
    .description("attack a live network, or simulate an attack many times beside theory");
  const doubleSpend = attack
    .command("double-spend")
    .description("pay the shop, mine another payment in secret, and take the first one back")
    .option("--share <part>", "the attacker's part of the power", numberFrom(0, 1), 0.6)
    .option("--confirmations <count>", "what the shop waits for", wholeFrom(1, 1_000), 2)
    .option(
      "--give-up <count>",
      "the attacker stops so many blocks behind (default: 6; with --runs hardly ever)",
      wholeFrom(1, 1_000),
    )
    .option("--lab <url>", "a running lab (default: the one that runs here)")
    .option("--token-file <path>", "with --lab: the file with that lab's token")
    .option(
      "--seed <text>",
      "open a lab of its own with this seed; with --runs: what chance decides",
    )
    .option("--hashrate <number>", "of a lab of its own, per second", numberFrom(1, 1e8))
    .option("--json", "write what happens as lines of JSON; the last one is the verdict")
    .addHelpText("after", examples)
    .action((flags: AttackFlags) =>
      isTrial(flags) ? tryDoubleSpend(flags, flags) : attackLive(flags),
    );
  withDoubleSpendTrials(doubleSpend);
  registerTrials(attack);
}

/** A race among few blocks of a second each takes seconds, not minutes. */
const ownDefaults = { hashrate: 60_000, traffic: 1, apiPort: 0 };
const patienceMs = 700;

async function attackLive(flags: AttackFlags): Promise<void> {
  const { confirmationsMax, defaultGiveUpBehind, giveUpBehindMax } =
    await import("../../src/lab/attack-report.ts");
  const { share, confirmations, giveUp = defaultGiveUpBehind } = flags;
  if (confirmations > confirmationsMax || giveUp > giveUpBehindMax) {
    throw new CliError(
      `Live, --confirmations is at most ${confirmationsMax} and --give-up at most ` +
        `${giveUpBehindMax}; with --runs the attack is simulated.`,
      exitCodes.usage,
    );
  }
  const interrupted = untilInterrupted();
  const show = flags.json ? writeEvent : await showerOfLines();
  const options: AttackOptions = {
    type: "double-spend",
    confirmations,
    giveUpBehind: giveUp,
    share,
  };
  const running = await runningLab(flags);
  const ending =
    running === undefined
      ? await attackOwnLab(options, flags, show, interrupted)
      : await Promise.race([attackRunningLab(running, options, show), interrupted]);
  if (typeof ending === "string") throw new CliError("Interrupted before the verdict.");
  if (!flags.json) say("  next: powlab attack double-spend --share 0.3 --confirmations 6");
  if (ending.outcome === "undecided") {
    throw new CliError("The attack ended without a verdict; try again.", exitCodes.failed);
  }
}

/** Undefined if there is none, or if one of its own is wanted. */
async function runningLab({
  lab: url,
  tokenFile,
  seed,
}: AttackFlags): Promise<LabClient | undefined> {
  const { findLab, readToken } = await import("../../src/lab/running-lab.ts");
  const { LabClient } = await import("../../src/lab/lab-client.ts");
  if (url === undefined && seed !== undefined) return undefined;
  const found = await findLab(process.env);
  if (url === undefined) return found && new LabClient(found.url, await readToken(found));
  const named = url.replace(/\/+$/, "").replace(/\/lab$/, "");
  const isFound = found?.url === named;
  const file = tokenFile ?? (isFound ? found.tokenFile : undefined);
  if (file !== undefined) {
    return new LabClient(named, await readToken({ url: named, tokenFile: file, pid: process.pid }));
  }
  throw new CliError(
    `The lab at ${named} was not found by itself: name the file "token" of its folder with ` +
      "--token-file.",
    exitCodes.usage,
  );
}

async function attackRunningLab(
  lab: LabClient,
  options: AttackOptions,
  show: (event: LabEvent) => void,
): Promise<AttackVerdict> {
  const { LabUnreachableError } = await import("../../src/lab/lab-client.ts");
  say(`attacking the lab at ${lab.url}`);
  try {
    return await lab.attack(options, show);
  } catch (error) {
    if (!(error instanceof LabUnreachableError)) throw error;
    throw new CliError(error.message, exitCodes.unreachable);
  }
}

async function attackOwnLab(
  options: AttackOptions,
  { seed, hashrate }: AttackFlags,
  show: (event: LabEvent) => void,
  interrupted: Promise<NodeJS.Signals>,
): Promise<AttackVerdict | NodeJS.Signals> {
  const flags = {
    ...(seed !== undefined && { seed }),
    ...(hashrate !== undefined && { hashrate }),
  };
  let verdict: LabEvent | undefined;
  const hold = (event: LabEvent): void => {
    if (event.type === "verdict") verdict = event;
    else if (event.type !== "summary") show(event);
  };
  const opened = await openedOrInterrupted(startLab(flags, ownDefaults, hold), interrupted);
  if (opened === undefined) return interrupted;
  opened.lab.beginAttack(options);
  const ending = await Promise.race([opened.lab.untilAttackEnded(), interrupted]);
  await opened.close(patienceMs);
  if (typeof ending === "string") return ending;
  if (ending.verdict === null) {
    throw new CliError(`The attack was broken off: ${ending.reason ?? "without a reason"}.`);
  }
  if (verdict !== undefined) show(verdict); // the last of all lines
  return ending.verdict;
}
