/** `powlab attack`: on a live network, its own or one that runs already; or many times, simulated. */

import type { Command } from "commander";
import { attackLive, withLiveOptions, type LiveFlags } from "./attack-live.ts";
import {
  isEclipseTrial,
  isTrial,
  registerTrials,
  selfishBlocksDefault,
  selfishBlocksMax,
  selfishShareMax,
  tableShareDefault,
  tryDoubleSpend,
  tryEclipse,
  trySelfishMining,
  withDoubleSpendTrials,
  withEclipseTrials,
  withSelfishTrials,
  type DoubleSpendTrialFlags,
  type EclipseTrialFlags,
  type SelfishTrialFlags,
} from "./attack-trials.ts";
import { numberFrom, wholeFrom } from "./lab.ts";
import { CliError, exitCodes, say } from "./output.ts";

const scope = `
Live, in a lab of real nodes: double-spend, selfish-mining --live, also --stubborn, and eclipse. A
running lab is cut in two by its key p. Only simulated are sybils, because they take hundreds of
identities, and the time warp, because a lab sets its difficulty anew with every block and has no
window of 2,016 blocks to stretch.

The same nodes in virtual time, from a seed:
  $ powlab simulate double-spend
  $ powlab simulate selfish-mining
  $ powlab simulate partition
  $ powlab simulate eclipse       all peers of a shop are the attacker's
  $ powlab simulate sybil         many identities with little power

Headers only:
  $ powlab simulate time-warp     miners that lie about the time

Many times on paper, beside theory: partition and report; double-spend and eclipse with --runs,
double-spend with --table; selfish-mining without --live.`;

const doubleSpendHelp = `
Examples, live:
  $ powlab attack double-spend --share 0.6 --confirmations 2
  $ powlab attack double-spend --share 0.45 --premine 1 --json
  $ powlab attack double-spend --lab http://127.0.0.1:8477

Examples, simulated:
  $ powlab attack double-spend --share 0.3 --confirmations 3 --runs 14400
  $ powlab attack double-spend --table --html probability.html

Without --runs or --table it uses the lab that runs on this machine; if there is none, or with --seed,
it opens one of its own and closes it afterwards. Both outcomes are honest: the exit code is 0 for
"reversed" and "failed". With them nobody is attacked: races are simulated, and the exit code is 5 if
an estimate strays from theory by four standard errors.`;

const selfishHelp = `
Examples, live:
  $ powlab attack selfish-mining --live --share 0.4
  $ powlab attack selfish-mining --live --blocks 200 --lab http://127.0.0.1:8477
  $ powlab attack selfish-mining --live --share 0.45 --stubborn lead,trail-1

Examples, simulated:
  $ powlab attack selfish-mining --share 0.4 --gamma 0 --json
  $ powlab attack selfish-mining --share 0.4 --gamma 0.5 --stubborn lead,equal-fork
  $ powlab attack selfish-mining --table --html selfish.html

With --live it uses the lab that runs on this machine; if there is none, or with --seed, it opens one
of its own and closes it afterwards. Gamma is near 0 there: nodes keep what they saw first. A hundred
blocks say little, as the interval in the verdict shows. Of a stubborn miner no theory is known: the
simulated one is what there is to compare with. Without --live only who finds the next block is
drawn, and gamma is chosen. Real nodes in virtual time: powlab simulate selfish-mining.`;

const eclipseHelp = `
Examples, live:
  $ powlab attack eclipse --share 0.2 --confirmations 2
  $ powlab attack eclipse --confirmations 4 --lab http://127.0.0.1:8477

Examples, simulated:
  $ powlab attack eclipse --share 0.8 --peers 8 --runs 14400

Live, all links of the shop are cut but that to mallory, who has hung up on the others, too. She pays
it on a branch that only these two have, while the others hear that she spends the same coin. When
the shop has delivered, the links are mended: the branch with more work wins. The less of the power
she has, the surer she is that it is not hers, and the longer it takes.

With --runs or --peers nobody is attacked: a node draws its peers by lot, and the exit code is 5 if
the estimate strays from theory by four standard errors. Real nodes in virtual time: powlab simulate
eclipse.`;

type DoubleSpendFlags = DoubleSpendTrialFlags &
  LiveFlags & {
    readonly share: number;
    readonly confirmations: number;
    readonly giveUp?: number;
  };

type SelfishFlags = SelfishTrialFlags & LiveFlags & { readonly live?: true };

const seedHelp = "live: open a lab of its own with this seed; else: what chance decides";
const jsonHelp = "write data for programs; live: lines of JSON, the last one is the verdict";

export function register(program: Command): void {
  const attack = program
    .command("attack")
    .description("attack a live network, or simulate an attack many times beside theory")
    .addHelpText("after", scope);
  registerDoubleSpend(attack);
  registerSelfishMining(attack);
  registerEclipse(attack);
  registerTrials(attack);
}

function registerDoubleSpend(attack: Command): void {
  const command = attack
    .command("double-spend")
    .description("pay the shop, mine another payment in secret, and take the first one back")
    .option("--share <part>", "the attacker's part of the power", numberFrom(0, 1), 0.6)
    .option("--confirmations <count>", "what the shop waits for", wholeFrom(1, 1_000), 2)
    .option(
      "--give-up <count>",
      "the attacker stops so many blocks behind (default: 6; with --runs hardly ever)",
      wholeFrom(1, 1_000),
    )
    .option("--seed <text>", seedHelp)
    .option("--json", jsonHelp)
    .addHelpText("after", doubleSpendHelp)
    .action((flags: DoubleSpendFlags) =>
      isTrial(flags) ? tryDoubleSpend(flags, flags) : doubleSpendLive(flags),
    );
  withLiveOptions(withDoubleSpendTrials(command));
}

async function doubleSpendLive(flags: DoubleSpendFlags): Promise<void> {
  const { confirmationsMax, defaultGiveUpBehind, giveUpBehindMax } =
    await import("../../src/lab/attacks/attack-report.ts");
  const { share, confirmations, giveUp: giveUpBehind = defaultGiveUpBehind, premine = 0 } = flags;
  if (confirmations > confirmationsMax || giveUpBehind > giveUpBehindMax) {
    throw new CliError(
      `Live, --confirmations is at most ${confirmationsMax} and --give-up at most ` +
        `${giveUpBehindMax}; with --runs the attack is simulated.`,
      exitCodes.usage,
    );
  }
  const terms = { confirmations, giveUpBehind, premine };
  await attackLive({ type: "double-spend", ...terms, share }, flags);
  if (!flags.json) say("  next: powlab attack double-spend --share 0.3 --confirmations 6");
}

function registerSelfishMining(attack: Command): void {
  const command = attack
    .command("selfish-mining")
    .description("keep found blocks back, and see how many of the blocks that earns")
    .option("--live", "in a lab of real nodes")
    .option(
      "--share <part>",
      "the attacker's part of the power",
      numberFrom(0, selfishShareMax),
      0.4,
    )
    .option(
      "--blocks <count>",
      `found by all (default: ${selfishBlocksDefault}; live: 60)`,
      wholeFrom(1, selfishBlocksMax),
    )
    .option("--seed <text>", seedHelp)
    .option("--json", jsonHelp)
    .addHelpText("after", selfishHelp)
    .action((flags: SelfishFlags) => (flags.live ? selfishLive(flags) : selfishTrial(flags)));
  withLiveOptions(withSelfishTrials(command));
}

async function selfishLive(flags: SelfishFlags): Promise<void> {
  const { defaultSelfishBlocks, selfishBlocksMax: liveBlocksMax } =
    await import("../../src/lab/attacks/attack-report.ts");
  refuse(flags, ["gamma", "table", "csv", "html"], "only without --live");
  const { share, blocks = defaultSelfishBlocks, stubborn } = flags;
  if (blocks > liveBlocksMax) {
    throw new CliError(
      `Live, --blocks is at most ${liveBlocksMax}; without --live they are simulated.`,
      exitCodes.usage,
    );
  }
  const manner = stubborn === undefined ? {} : { stubborn };
  await attackLive({ type: "selfish-mining", blocks, share, ...manner }, flags);
  if (!flags.json) say("  next: powlab attack selfish-mining --table");
}

async function selfishTrial(flags: SelfishFlags): Promise<void> {
  refuse(flags, ["lab", "tokenFile", "hashrate"], "only with --live");
  await trySelfishMining(flags);
}

type EclipseFlags = EclipseTrialFlags & LiveFlags & { readonly confirmations?: number };

/** Of the hash power: so little that her branch hardly ever becomes everybody's. */
const eclipseShareDefault = 0.2;

function registerEclipse(attack: Command): void {
  const command = attack
    .command("eclipse")
    .description("be the shop's only peer, and pay it on a branch that nobody else has")
    .option(
      "--share <part>",
      `the attacker's part: of the power (default: ${eclipseShareDefault}), or with --runs of the ` +
        `node's address table (default: ${tableShareDefault})`,
      numberFrom(0, 1),
    )
    .option(
      "--confirmations <count>",
      "live: what the shop waits for (default: 2)",
      wholeFrom(1, 1_000),
    )
    .option("--seed <text>", seedHelp)
    .option("--json", jsonHelp)
    .addHelpText("after", eclipseHelp)
    .action((flags: EclipseFlags) =>
      isEclipseTrial(flags) ? eclipseTrial(flags) : eclipseLive(flags),
    );
  withLiveOptions(withEclipseTrials(command));
}

async function eclipseLive(flags: EclipseFlags): Promise<void> {
  const { confirmationsMax, defaultConfirmations } =
    await import("../../src/lab/attacks/attack-report.ts");
  const { share = eclipseShareDefault, confirmations = defaultConfirmations } = flags;
  if (confirmations > confirmationsMax) {
    throw new CliError(`--confirmations is at most ${confirmationsMax}.`, exitCodes.usage);
  }
  await attackLive({ type: "eclipse", confirmations, share }, flags);
  if (!flags.json) say("  next: powlab attack eclipse --share 0.6");
}

async function eclipseTrial(flags: EclipseFlags): Promise<void> {
  refuse(flags, ["lab", "tokenFile", "hashrate", "confirmations"], "only without --runs");
  await tryEclipse(flags);
}

/** @throws CliError if one of these was given. */
function refuse<Flags>(flags: Flags, names: readonly (keyof Flags & string)[], when: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError(`--${flag} is ${when}.`, exitCodes.usage);
}
