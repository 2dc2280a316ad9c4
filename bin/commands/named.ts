/** Looks up what a user named in a list of what there is. */

import { guessOf } from "./closest-name.ts";
import { CliError, exitCodes } from "./output.ts";

/** The entry of this name. @throws CliError that lists all names. */
export function findNamed<T extends { readonly name: string }>(
  kind: string,
  typed: string,
  entries: readonly T[],
): T {
  const found = entries.find(({ name }) => name === typed);
  if (found !== undefined) return found;
  const names = entries.map(({ name }) => name);
  const message = `There is no ${kind} ${typed}${guessOf(typed, names)}. There are: ${names.join(", ")}.`;
  throw new CliError(message, exitCodes.usage);
}

/** What an owner has of this name, such as a protocol its mutant. @throws CliError that lists all. */
export function findOwned<T extends { readonly name: string }>(
  { name: owner }: { readonly name: string },
  kind: string,
  typed: string,
  entries: readonly T[],
): T {
  const found = entries.find(({ name }) => name === typed);
  if (found !== undefined) return found;
  const names = entries.map(({ name }) => name);
  const all = names.length === 0 ? "it has none" : `it has: ${names.join(", ")}`;
  const message = `${owner} has no ${kind} "${typed}"${guessOf(typed, names)}; ${all}.`;
  throw new CliError(message, exitCodes.usage);
}
