/** `powlab attack`: an attack on a live network, for each of the catalogue with flags made of its terms. */

import type { Command } from "commander";
import {
  type AttackName,
  attackNamed,
  attackNames,
  type AttackOptions,
} from "../../../src/attacks/catalogue.ts";
import { termOption } from "../term-option.ts";
import { refuseFormerFlags, registerFormerCommands, withFormerFlags } from "./former.ts";
import { attackLive, type LiveFlags, withJoiningOptions, withLiveOptions } from "./live.ts";

const scope = `
An attack needs a network of real nodes: the lab that runs on this machine, or one named by --lab.
If none runs, or with --seed, a lab is opened for it and closed afterwards. The exit code is 0 for
every verdict, whichever side wins, and 1 without one. The key p in a lab's terminal partitions it.

Examples:
  $ powlab attack double-spend --share 0.6 --confirmations 2
  $ powlab attack selfish-mining --share 0.45
  $ powlab attack double-spend --seed 7   on a lab of its own, although another one runs

One run of the same attack in virtual time: powlab simulate
Many runs beside theory:                    powlab experiment`;

export function register(program: Command): void {
  const attack = program
    .command("attack")
    .description("attack a live network, and see what its nodes have in the end")
    .addHelpText("after", scope);
  for (const name of attackNames) registerAttack(attack, name);
  registerFormerCommands(attack);
}

function registerAttack(attack: Command, name: AttackName): void {
  const { terms, words } = attackNamed(name);
  const command = attack.command(name).description(words.sentence);
  const options = Object.entries(terms).map(([field, term]) => {
    const option = termOption(field, term);
    command.addOption(option);
    return { field, attribute: option.attributeName() };
  });
  if (name === "double-spend") withJoiningOptions(command);
  withFormerFlags(withLiveOptions(command))
    .addHelpText("after", helpFor(name))
    .action(async (flags: LiveFlags & Readonly<Record<string, unknown>>) => {
      refuseFormerFlags(name, flags);
      const given = options.map(({ field, attribute }) => [field, flags[attribute]] as const);
      const chosen = given.filter(([, value]) => value !== undefined);
      // The parser of each term lets nothing through that it does not allow.
      const order = { type: name, ...Object.fromEntries(chosen) } as AttackOptions;
      await attackLive(order, flags);
    });
}

const widthMax = 98;

function helpFor(name: AttackName): string {
  const { explanation, examples } = attackNamed(name).words;
  const lines = examples.map((flags) => `  $ powlab attack ${name} ${flags}`);
  return ["", "Examples:", ...lines, "", wrapped(explanation)].join("\n");
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const isFull = last === undefined || last.length + 1 + word.length > widthMax;
    if (isFull) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
