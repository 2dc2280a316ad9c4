/** What commands share that pull a lever of a running lab: which lab, and what its refusals mean. */

import type { Command } from "commander";
import type { LabClient } from "../../src/lab/lab-client.ts";
import { CliError, exitCodes } from "./output.ts";
import { withJsonOption } from "./remote.ts";
import { findLab } from "./running.ts";

export type LeverFlags = {
  readonly lab?: string;
  readonly tokenFile?: string;
  readonly json?: true;
};

export function withLabOptions(command: Command): Command {
  return withJsonOption(
    command
      .option("--lab <name|url>", "which lab (default: the newest that runs here)")
      .option("--token-file <path>", "with --lab: the file with that lab's token"),
  );
}

/** @throws CliError if no lab answers, or it refuses. */
export async function pullLever<Answer>(
  flags: LeverFlags,
  path: string,
  body: unknown = {},
): Promise<Answer> {
  const { LabUnreachableError } = await import("../../src/lab/lab-client.ts");
  const { LeverError } = await import("../../src/lab/nodes/lever-error.ts");
  try {
    return await (await clientOf(flags)).pull<Answer>(path, body);
  } catch (error) {
    if (error instanceof LabUnreachableError) {
      throw new CliError(error.message, exitCodes.unreachable);
    }
    if (error instanceof LeverError) throw new CliError(error.message, exitCodes.failed);
    throw error;
  }
}

async function clientOf({ lab, tokenFile }: LeverFlags): Promise<LabClient> {
  const { LabClient, readToken } = await import("../../src/lab/lab-client.ts");
  const { labUrlOf } = await import("../../src/lab/running/choice.ts");
  if (tokenFile !== undefined) {
    if (lab !== undefined) return new LabClient(labUrlOf(lab), await readToken(tokenFile));
    throw new CliError("--token-file needs --lab, the lab that has this token.", exitCodes.usage);
  }
  const found = await findLab(lab);
  if (found !== undefined) {
    return new LabClient(found.chosen.url, await readToken(found.chosen.tokenFile));
  }
  const problem = "No lab runs here: open one with `powlab lab --network regtest`.";
  throw new CliError(problem, exitCodes.unreachable);
}
