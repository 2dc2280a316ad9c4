/** What commands that ask a running node share: where it is, and what its refusals mean. */

import { type Command, Option } from "commander";
import { defaultBaseUrl } from "../../src/contract/node-api.ts";
import type { NodeClient, NodeRefusedError } from "../../src/wallet/client.ts";
import { CliError, exitCodes } from "./output.ts";

export type RemoteOptions = {
  readonly api?: string;
  readonly json?: true;
};

export function withRemoteOptions(command: Command): Command {
  const text = `the node's REST interface (default: ${defaultBaseUrl})`;
  return withJsonOption(command.addOption(new Option("--api <url>", text).env("POWLAB_API")));
}

export function withJsonOption(command: Command): Command {
  return command.option("--json", "write data for programs");
}

/**
 * Asks a node, and turns its silence and its refusals into errors with exit codes.
 *
 * @param token only for what changes the node itself.
 */
export async function askNode<Answer>(
  { api }: RemoteOptions,
  ask: (client: NodeClient) => Promise<Answer>,
  token?: string,
): Promise<Answer> {
  if (api !== undefined && !URL.canParse(api)) {
    throw new CliError(
      `--api ${JSON.stringify(api)} is no URL: it looks like ${defaultBaseUrl}.`,
      exitCodes.usage,
    );
  }
  const { NodeClient, NodeRefusedError, NodeUnreachableError } =
    await import("../../src/wallet/client.ts");
  const client = new NodeClient(api, token);
  try {
    return await ask(client);
  } catch (error) {
    if (error instanceof NodeUnreachableError) {
      throw new CliError(error.message, exitCodes.unreachable);
    }
    if (error instanceof NodeRefusedError) throw explained(error, client.baseUrl);
    throw error;
  }
}

/** A lab answers at the usual address, too, but has a path for each of its nodes. */
function explained({ code, message }: NodeRefusedError, url: string): CliError {
  if (code !== "route-unknown") return new CliError(message, exitCodes.failed);
  const example = new URL("/alice/api", url).href;
  return new CliError(
    `There is no node at ${url}. If a lab runs there, name one of its nodes with --api or ` +
      `POWLAB_API, such as ${example}.`,
    exitCodes.unreachable,
  );
}

/**
 * Gives a transaction to a node; what breaks a rule is an error with its own exit code.
 *
 * @see Bitcoin Core's names of rules, which Esplora passes on
 */
export async function sendOrExplain<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  const { NodeRefusedError } = await import("../../src/wallet/client.ts");
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof NodeRefusedError) || error.status !== 400) throw error;
    throw new CliError(
      `The node does not take the transaction: ${error.message}.`,
      exitCodes.rejected,
    );
  }
}
