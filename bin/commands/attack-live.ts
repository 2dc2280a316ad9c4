/** `powlab attack` on a live network: on one that runs already, or on one of its own. */

import type { Command } from "commander";
import type { AttackOptions, AttackVerdict } from "../../src/attacks/catalogue.ts";
import type { LabEvent } from "../../src/contract/timeline.ts";
import type { LabClient } from "../../src/lab/lab-client.ts";
import type { Choice } from "../../src/lab/running/choice.ts";
import type { RunningLab } from "../../src/lab/running/entry.ts";
import { openedOrInterrupted, showerOfLines, startLab, writeEvent } from "./lab.ts";
import { decimalNumber } from "./numbers.ts";
import { CliError, exitCodes, say, untilInterrupted } from "./output.ts";
import { findLab } from "./running.ts";

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
    .option("--lab <name|url>", "the lab to attack (default: the newest that runs here)")
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
      : await attackRunningLab(running, options, show, interrupted);
  if (typeof ending === "string") {
    throw new CliError("Interrupted before the verdict: the attack was ended.");
  }
  if (ending.outcome === "undecided") {
    throw new CliError("The attack ended without a verdict; try again.", exitCodes.failed);
  }
}

/** Undefined if there is none, or if one of its own is wanted. */
async function runningLab({
  lab: wanted,
  tokenFile,
  seed,
}: LiveFlags): Promise<LabClient | undefined> {
  const { LabClient, readToken } = await import("../../src/lab/lab-client.ts");
  const { labUrlOf } = await import("../../src/lab/running/choice.ts");
  if (wanted === undefined && seed !== undefined) return undefined;
  if (wanted !== undefined && tokenFile !== undefined) {
    return new LabClient(labUrlOf(wanted), await readToken(tokenFile));
  }
  const found = await foundLab(wanted);
  if (found === undefined) {
    say("no lab runs here, so one is opened for this attack");
    return undefined;
  }
  const { chosen, others } = found;
  say(`attacking the lab ${chosen.name} at ${chosen.url}${otherLabs(others, wanted)}`);
  return new LabClient(chosen.url, await readToken(chosen.tokenFile));
}

function otherLabs(others: readonly RunningLab[], wanted: string | undefined): string {
  if (wanted !== undefined || others.length === 0) return "";
  const names = others.map(({ name }) => name).join(", ");
  return `, the newest of ${others.length + 1}; --lab NAME|URL chooses another: ${names}`;
}

/** A lab of another user has no entry here. */
async function foundLab(wanted: string | undefined): Promise<Choice<RunningLab> | undefined> {
  try {
    return await findLab(wanted);
  } catch (error) {
    if (wanted === undefined || !URL.canParse(wanted)) throw error;
    throw new CliError(
      `The lab at ${wanted} was not found by itself: name the file "token" of its folder with ` +
        "--token-file.",
      exitCodes.usage,
    );
  }
}

/** An attack whose command is interrupted is ended in the lab, too. */
async function attackRunningLab(
  lab: LabClient,
  options: AttackOptions,
  show: (event: LabEvent) => void,
  interrupted: Promise<NodeJS.Signals>,
): Promise<AttackVerdict | NodeJS.Signals> {
  const { LabUnreachableError } = await import("../../src/lab/lab-client.ts");
  try {
    const attacking = lab.attack(options, show);
    const ending = await Promise.race([attacking, interrupted]);
    if (typeof ending !== "string") return ending;
    attacking.catch(() => undefined); // it ends with what we ask for now
    await lab.endAttack();
    return ending;
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
