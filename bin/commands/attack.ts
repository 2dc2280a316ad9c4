/** `powlab attack`: an attack on a live network, its own or one that runs already. */

import type { Command } from "commander";
import type { AttackOptions } from "../../src/contract/attacks.ts";
import {
  confirmationsMax,
  defaultConfirmations,
  defaultGiveUpBehind,
  defaultSelfishBlocks,
  giveUpBehindMax,
  selfishBlocksMax,
} from "../../src/lab/attacks/attack-report.ts";
import {
  choiceParameter,
  completed,
  shareParameter,
  wholeParameter,
  type Parameters,
  type Values,
} from "../../src/sim/parameter.ts";
import { stubbornness, stubbornnessOf } from "../../src/sim/scenarios/stubbornness.ts";
import { attackLive, withLiveOptions, type LiveFlags } from "./attack-live.ts";
import { withExamples } from "./examples.ts";
import { say } from "./output.ts";
import { withParameters } from "./parameters.ts";

type Attack = {
  readonly name: AttackOptions["type"];
  readonly summary: string;
  readonly parameters: Parameters;
  readonly example: string;
  readonly optionsOf: (values: Values) => AttackOptions;
};

const shareOf = (initial: number) => {
  return shareParameter("the attacker's part of the hash power", { min: 0, max: 1, initial });
};
const confirmations = wholeParameter("what the shop waits for", {
  min: 1,
  max: confirmationsMax,
  initial: defaultConfirmations,
});

const attacks: readonly Attack[] = [
  {
    name: "double-spend",
    summary: "pay the shop, mine another payment in secret, and take the first one back",
    parameters: {
      share: shareOf(0.6),
      confirmations,
      giveUp: wholeParameter("the attacker stops so many blocks behind", {
        min: 1,
        max: giveUpBehindMax,
        initial: defaultGiveUpBehind,
      }),
      premine: choiceParameter("secret blocks to have before the payment is made", [0, 1], 0),
    },
    example: "--share 0.6 --confirmations 2",
    optionsOf: ({ giveUp, ...values }) => {
      return { type: "double-spend", giveUpBehind: giveUp, ...values } as AttackOptions;
    },
  },
  {
    name: "selfish-mining",
    summary: "keep found blocks back, and see how many of the blocks that earns",
    parameters: {
      share: shareOf(0.4),
      blocks: wholeParameter("how many blocks all miners find", {
        min: 1,
        max: selfishBlocksMax,
        initial: defaultSelfishBlocks,
      }),
      stubborn: stubbornness,
    },
    example: "--share 0.45 --stubborn lead,trail-1",
    optionsOf: ({ stubborn, ...values }) => {
      const manner = stubbornnessOf(stubborn as string | undefined);
      return {
        type: "selfish-mining",
        ...values,
        ...(manner && { stubborn: manner }),
      } as AttackOptions;
    },
  },
  {
    name: "eclipse",
    summary: "be the shop's only peer, and pay it on a branch that nobody else has",
    parameters: { share: shareOf(0.2), confirmations },
    example: "--share 0.2 --confirmations 2",
    optionsOf: (values) => ({ type: "eclipse", ...values }) as AttackOptions,
  },
];

export function register(program: Command): void {
  const attack = withExamples(
    program.command("attack").description("attack a live network of real nodes"),
    [["powlab attack double-spend --share 0.6"]],
    ["One seeded run: powlab simulate. Many runs beside theory: powlab experiment."],
  );
  for (const each of attacks) {
    const { name, summary, parameters, example, optionsOf } = each;
    const command = withLiveOptions(
      withParameters(attack.command(name).description(summary), parameters),
    )
      .option("--seed <text>", "open a lab of its own with this seed")
      .option("--json", "write lines of JSON; the last one is the verdict")
      .action(async (flags: LiveFlags & Values) => {
        await attackLive(optionsOf(completed(parameters, flags)), flags);
        if (!flags.json) say(`  next: powlab experiment ${name}`);
      });
    withExamples(command, [[`powlab attack ${name} ${example}`]]);
  }
}
