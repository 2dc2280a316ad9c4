/** The processes that `--byzantine` names. */

import { InvalidArgumentError } from "commander";
import type { ProtocolEntry } from "../../../src/protocols/catalogue.ts";
import type { Behaviour } from "../../../src/protocols/process/behaviour.ts";
import type { ProcessTurn } from "../../../src/sim/process-world/byzantine.ts";
import { guessOf } from "../closest-name.ts";
import { findNamed } from "../named.ts";
import { CliError, exitCodes } from "../output.ts";

type BehavioursOf = { readonly behaviours: readonly Behaviour[] };

export type Turn = { readonly node: string; readonly by: string };

/** As `n4=silent`; each use of the option adds one. */
export function collectTurns(text: string, before: readonly Turn[] = []): readonly Turn[] {
  const [node, by, ...others] = text.split("=");
  if (!node || !by || others.length > 0) {
    throw new InvalidArgumentError("It must name a process and a behaviour, such as n4=silent.");
  }
  return [...before, { node, by }];
}

/** From the start and for good. @throws CliError that says which names there are. */
export function turnsOf(
  turns: readonly Turn[],
  names: readonly string[],
  { name: protocol, behaviours }: Pick<ProtocolEntry, "name"> & BehavioursOf,
): readonly ProcessTurn[] {
  return turns.map(({ node, by }, at) => {
    if (!names.includes(node)) {
      const known = `${names.join(", ")}${guessOf(node, names)}`;
      throw new CliError(
        `--byzantine names ${node}, and there are only ${known}.`,
        exitCodes.usage,
      );
    }
    if (turns.findIndex((turn) => turn.node === node) !== at) {
      throw new CliError(`--byzantine names ${node} twice: it has one behaviour.`, exitCodes.usage);
    }
    const { name } = findNamed(`behaviour of ${protocol}`, by, behaviours);
    return { verb: "turn-byzantine", node, by: name, atMs: 0, lastsMs: 0 };
  });
}
