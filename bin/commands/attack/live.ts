/** `powlab attack` on a live network: on one that runs already, or on one of its own. */

import type { Command } from "commander";
import type { AttackOptions } from "../../../src/attacks/catalogue.ts";
import type { LabClient } from "../../../src/lab/lab-client.ts";
import type { Choice } from "../../../src/lab/running/choice.ts";
import type { RunningLab } from "../../../src/lab/running/entry.ts";
import { openedOrInterrupted, showerOfLines, startLab, writeEvent } from "../lab.ts";
import { decimalNumber } from "../numbers.ts";
import { CliError, exitCodes, say, untilInterrupted } from "../output.ts";
import { findLab } from "../running.ts";
import { joinNodes } from "./joined.ts";
import { attackOpened, type Ending, type OpenForAttack, type Show } from "./opened.ts";

export type LiveFlags = {
  readonly lab?: string;
  readonly shop?: string;
  readonly connect?: string;
  readonly pay?: string;
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

/** For an attack on nodes that were started elsewhere: it needs nothing but an attacker of its own. */
export function withJoiningOptions(command: Command): Command {
  return command
    .option("--shop <name|url>", "attack nodes that run already: the shop's node, or its REST API")
    .option("--connect <name|multiaddr>", "with --shop: the node that the attacker joins")
    .option(
      "--pay <address>",
      "with --shop: who is paid (default: whom the shop's node mines for)",
    );
}

/** A race among few blocks of a second each takes seconds, not minutes. */
const ownDefaults = { hashrate: 60_000, traffic: 1, apiPort: 0, isAnnounced: false };
const patienceMs = 700;

/** @throws CliError if there is no verdict. */
export async function attackLive(options: AttackOptions, flags: LiveFlags): Promise<void> {
  const interrupted = untilInterrupted();
  const show = flags.json ? writeEvent : await showerOfLines();
  const ending = await attackSomewhere(options, flags, show, interrupted);
  if (typeof ending === "string") {
    throw new CliError("Interrupted before the verdict: the attack was ended.");
  }
  if (ending.outcome === "undecided") {
    throw new CliError("The attack ended without a verdict; try again.", exitCodes.failed);
  }
}

async function attackSomewhere(
  options: AttackOptions,
  flags: LiveFlags,
  show: Show,
  interrupted: Promise<NodeJS.Signals>,
): Promise<Ending> {
  if (flags.shop !== undefined) {
    return attackOpened(joinNodes(options, flags.shop, flags), options, show, interrupted);
  }
  if (flags.connect !== undefined || flags.pay !== undefined) {
    const problem = "--connect and --pay need --shop, the node of the shop that is attacked.";
    throw new CliError(problem, exitCodes.usage);
  }
  const running = await runningLab(flags);
  if (running !== undefined) return attackRunningLab(running, options, show, interrupted);
  return attackOpened(openOwnLab(flags), options, show, interrupted);
}

/** Undefined if there is none, or if one of its own is wanted. */
async function runningLab({
  lab: wanted,
  tokenFile,
  seed,
}: LiveFlags): Promise<LabClient | undefined> {
  const { LabClient, readToken } = await import("../../../src/lab/lab-client.ts");
  const { labUrlOf } = await import("../../../src/lab/running/choice.ts");
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
  show: Show,
  interrupted: Promise<NodeJS.Signals>,
): Promise<Ending> {
  const { LabUnreachableError } = await import("../../../src/lab/lab-client.ts");
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

function openOwnLab({ seed, hashrate }: LiveFlags): OpenForAttack {
  return async (onEvent, interrupted) => {
    const flags = {
      ...(seed !== undefined && { seed }),
      ...(hashrate !== undefined && { hashrate }),
    };
    const opening = startLab(flags, ownDefaults, onEvent);
    const opened = await openedOrInterrupted(opening, interrupted);
    if (opened === undefined) return undefined;
    const { lab, close } = opened;
    return {
      begin: (options) => lab.beginAttack(options),
      untilEnded: () => lab.untilAttackEnded(),
      close: () => close(patienceMs),
    };
  };
}
