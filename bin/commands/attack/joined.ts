/** `powlab attack double-spend --shop`: an attack on nodes that were started one by one. */

import type { AttackOptions } from "../../../src/attacks/catalogue.ts";
import { openedOrInterrupted } from "../lab.ts";
import { CliError, exitCodes, say, sayProblem } from "../output.ts";
import { findNode } from "../running.ts";
import type { OpenForAttack } from "./opened.ts";

export type JoiningFlags = {
  readonly lab?: string;
  readonly connect?: string;
  readonly pay?: string;
  readonly seed?: string;
  readonly hashrate?: number;
};

const usualShare = 0.6;
/** The same each time, so that the coins of an earlier attack are found again. */
const usualSeed = "attacker";

/** Opens the attacker only. @param shop the name of a node that runs here, or the URL of its API. */
export function joinNodes(
  options: AttackOptions,
  shop: string,
  { connect, pay, lab, seed = usualSeed, hashrate }: JoiningFlags,
): OpenForAttack {
  return async (onEvent, interrupted) => {
    if (lab !== undefined) {
      const problem = "--shop attacks nodes that run alone, --lab a whole lab: choose one of them.";
      throw new CliError(problem, exitCodes.usage);
    }
    const { openAttacker, requireThisMachine } = await import("../../../src/lab/open-attacker.ts");
    const breakingOff = new AbortController();
    void interrupted.then(() => breakingOff.abort());
    const api = await apiOf(shop);
    const address = await explained(async () => {
      requireThisMachine(api); // before it is asked anything
      return addressOf(connect ?? api);
    });
    say(`attacking the shop at ${api} with a node of its own`);
    const attacker = {
      shop: api,
      connect: address,
      share: options.share ?? usualShare,
      seed,
      signal: breakingOff.signal,
      onEvent,
      onNote: say,
      onWarning: ({ message }: Error) => sayProblem(message),
      ...(pay !== undefined && { payTo: pay }),
      ...(hashrate !== undefined && { hashrate }),
    };
    const opening = explained(() => openAttacker(attacker)).catch((error: unknown) => {
      if (breakingOff.signal.aborted) return undefined;
      throw error;
    });
    return openedOrInterrupted(opening, interrupted);
  };
}

/** A URL as it is, and of a name the node that runs here. */
async function apiOf(node: string): Promise<string> {
  if (URL.canParse(node)) return node;
  const choice = await findNode({ node });
  if (choice !== undefined) return choice.chosen.api;
  throw new CliError(`No node ${node} runs here.`, exitCodes.unreachable);
}

/** A multiaddr as it is, and of a node where it listens. */
async function addressOf(node: string): Promise<string> {
  if (node.startsWith("/")) return node;
  const { NodeClient } = await import("../../../src/wallet/client.ts");
  const { addresses } = await new NodeClient(await apiOf(node)).node();
  const [address] = addresses;
  if (address !== undefined) return address;
  throw new CliError(`The node ${node} listens nowhere: name an address with --connect.`);
}

async function explained<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  const { LeverError } = await import("../../../src/lab/nodes/lever-error.ts");
  const { NodeUnreachableError } = await import("../../../src/wallet/client.ts");
  try {
    return await act();
  } catch (error) {
    if (error instanceof LeverError) throw new CliError(error.message, exitCodes.usage);
    if (!(error instanceof NodeUnreachableError)) throw error;
    throw new CliError(error.message, exitCodes.unreachable);
  }
}
