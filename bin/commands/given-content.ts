/** What a command is given to read: as an argument, in a file or on standard input. */

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { messageOf } from "../../src/primitives/error-message.ts";
import { CliError, exitCodes } from "./output.ts";

const fromStandardInput = "-";

/**
 * The content of a source: "-" is standard input, what has the form of the thing itself is the thing,
 * and anything else is the path of a file.
 *
 * @param form what the thing looks like when it is typed.
 * @param noun what it is, as in "no file and no PSBT".
 */
export async function readGiven(source: string, form: RegExp, noun: string): Promise<Uint8Array> {
  if (source === fromStandardInput) return buffer(process.stdin);
  if (form.test(source.trim())) return Buffer.from(source);
  try {
    return await readFile(source);
  } catch (error) {
    const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source;
    throw new CliError(
      `${JSON.stringify(shown)} is no ${noun}, and as a file it cannot be read: ${messageOf(error)}.`,
      exitCodes.usage,
      { cause: error },
    );
  }
}

const textPattern = /^[\x20-\x7e\s]*$/;

/** The content as text without white space; undefined if it is binary. */
export function textOf(content: Uint8Array): string | undefined {
  const text = Buffer.from(content).toString("latin1");
  return textPattern.test(text) ? text.replaceAll(/\s/g, "") : undefined;
}
