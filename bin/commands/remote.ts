/** What commands that ask a running node share: where it is, and what its refusals mean. */

import { type Command, Option } from "commander";
import { defaultBaseUrl } from "../../src/contract/node-api.ts";
import type { Choice, NodePlace } from "../../src/lab/running/choice.ts";
import type { NodeClient, NodeRefusedError } from "../../src/wallet/client.ts";
import { CliError, exitCodes, say } from "./output.ts";
import { findNode } from "./running.ts";

export type RemoteOptions = {
  readonly api?: string;
  readonly node?: string;
  readonly lab?: string;
  /** Of a wallet: nodes of other networks are not asked. */
  readonly network?: string;
  readonly json?: true;
};

export function withRemoteOptions(command: Command): Command {
  const text = "the node's REST interface (default: a node that runs here)";
  return withJsonOption(
    command
      .option("--node <name>", "a node that runs here, alone or in a lab")
      .option("--lab <name|url>", "the lab of that node (default: the newest)")
      .addOption(new Option("--api <url>", text).env("POWLAB_API")),
  );
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
  options: RemoteOptions,
  ask: (client: NodeClient) => Promise<Answer>,
  token?: string,
): Promise<Answer> {
  const { api } = await placeOf(options);
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

type Place = { readonly api: string | undefined; readonly folder?: string };

/** The choice is made, and said, once for each command. */
const places = new WeakMap<RemoteOptions, Promise<Place>>();

/** Where the node is that these options mean; a node that runs here also has a folder. */
export function placeOf(options: RemoteOptions): Promise<Place> {
  const known = places.get(options);
  if (known !== undefined) return known;
  const place = findPlace(options);
  places.set(options, place);
  return place;
}

async function findPlace({ api, ...wanted }: RemoteOptions): Promise<Place> {
  const isNamed = wanted.node !== undefined || wanted.lab !== undefined;
  const isTyped = api !== undefined && api !== process.env["POWLAB_API"];
  if (isTyped && isNamed) {
    throw new CliError("--api means one node: leave out --node and --lab.", exitCodes.usage);
  }
  if (api === undefined || isNamed) {
    const choice = await findNode(wanted);
    if (choice === undefined) return { api: undefined };
    const words = choiceWords(choice, wanted);
    if (words !== undefined) say(words);
    return choice.chosen;
  }
  if (URL.canParse(api)) return { api };
  throw new CliError(
    `--api ${JSON.stringify(api)} is no URL: it looks like ${defaultBaseUrl}.`,
    exitCodes.usage,
  );
}

/** Which node was chosen, and what chooses another one; undefined if there was no choice. */
function choiceWords(
  { chosen, others }: Choice<NodePlace>,
  { node, lab }: RemoteOptions,
): string | undefined {
  const nodes = others.filter((other) => other.lab?.url === chosen.lab?.url);
  const labs = new Set(others.flatMap((other) => other.lab ?? []).map(({ name }) => name));
  if (chosen.lab !== null) labs.delete(chosen.lab.name);
  const hints = [
    ...(node === undefined && nodes.length > 0
      ? [`--node NAME chooses another: ${nodes.map(({ name }) => name).join(", ")}`]
      : []),
    ...(lab === undefined && labs.size > 0
      ? [`--lab NAME|URL chooses another lab: ${[...labs].join(", ")}`]
      : []),
  ];
  if (hints.length === 0) return undefined;
  const where = chosen.lab === null ? `at ${chosen.api}` : `of the lab ${chosen.lab.name}`;
  return [`asking ${chosen.name} ${where}`, ...hints].join("; ");
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
