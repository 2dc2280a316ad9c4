/** Files that people write for a command: what is wrong with one is a sentence with its place. */

import { readFile } from "node:fs/promises";
import { messageOf } from "../../src/primitives/error-message.ts";
import type { Verdict } from "../../src/primitives/verdict.ts";
import { CliError, exitCodes } from "./output.ts";

/** @param hint goes on from the path, in the error of a file that cannot be read. */
export async function readText(path: string, hint: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = messageOf(error);
    throw new CliError(`${path} ${hint}: ${reason}.`, exitCodes.usage, { cause: error });
  }
}

export function accept<T>(path: string, verdict: Verdict<T, string>): T {
  if (verdict.ok) return verdict.value;
  throw refusal(path, verdict.problem);
}

/** @param problem a sentence without a full stop. */
export function refusal(path: string, problem: string): CliError {
  return new CliError(`In ${path}: ${problem}.`, exitCodes.usage);
}
