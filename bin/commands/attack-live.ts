/** `powlab attack` on a live network: on one that runs already, or on one of its own. */

import type { Command } from "commander";
import type { AttackOptions, AttackVerdict } from "../../src/attacks/catalogue.ts";
import type { LabEvent } from "../../src/contract/timeline.ts";
import type { LabClient } from "../../src/lab/lab-client.ts";
import { openedOrInterrupted, showerOfLines, startLab, writeEvent } from "./lab.ts";
import { decimalNumber } from "./numbers.ts";
import { CliError, exitCodes, say, untilInterrupted } from "./output.ts";

export type LiveFlags = {
  readonly lab?: string;
  readonly tokenFile?: string;
  readonly seed?: string;
  readonly hashrate?: number;
  readonly json?: true;
};

const hashrates = { min: 1, max: 1e8 };

/** Which network is attacked, and what is written about it. */
export function withLiveOptions(command: Command): Command {
  return command
    .option("--lab <url>", "the lab to attack (default: the one that runs on this machine)")
    .option("--token-file <path>", "with --lab: the file with that lab's token")
    .option("--seed <text>", "open a lab for it, whose keys and links follow from this text")
    .option("--hashrate <number>", "of a lab opened for it, per second", decimalNumber(hashrates))
    .option("--json", "write lines of JSON; the last one is the verdict");
}

/** A race among few blocks of a second each takes seconds, not minutes. */
const ownDefaults = { hashrate: 60_000, traffic: 1, apiPort: 0, isAnnounced: false };
const patienceMs = 700;

/** @throws CliError if there is no verdict. */
export async function attackLive(options: AttackOptions, flags: LiveFlags): Promise<void> {
  const interrupted = untilInterrupted();
  const show = flags.json ? writeEvent : await showerOfLines();
  const running = await runningLab(flags);
  const ending =
    running === undefined
      ? await attackOwnLab(options, flags, show, interrupted)
      : await Promise.race([attackRunningLab(running, options, show), interrupted]);
  if (typeof ending === "string") throw new CliError("Interrupted before the verdict.");
  if (ending.outcome === "undecided") {
    throw new CliError("The attack ended without a verdict; try again.", exitCodes.failed);
  }
}

/** Undefined if there is none, or if one of its own is wanted. */
async function runningLab({
  lab: url,
  tokenFile,
  seed,
}: LiveFlags): Promise<LabClient | undefined> {
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
  { seed, hashrate }: LiveFlags,
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
