/** Golden files: the texts that runs gave when somebody last read and kept them. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const ending = ".txt";
const howToRewrite =
  "If the change is meant, rewrite the files and read their diff:\n" +
  "  UPDATE=1 npx vitest run --project unit test/transcripts";
/** Lines shown before and after the first one that differs. */
const linesAround = 4;

/** True if golden files are to be written, not compared. */
export const isUpdate = process.env.UPDATE === "1";

/** The names of all golden files, without their ending. */
export function goldenNames(): readonly string[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}

/** @throws Error if it is not there. */
export function readGolden(name: string): string {
  return readFileSync(pathOf(name), "utf8");
}

/** Compares a text with its golden file, or writes it there if UPDATE=1. */
export function compareWithGolden(name: string, text: string): void {
  if (isUpdate) writeFileSync(pathOf(name), text);
  else if (!existsSync(pathOf(name))) {
    throw new Error(`There is no golden file ${name}${ending}.\n${howToRewrite}`);
  }
  const golden = readGolden(name);
  if (golden === text) return;
  throw new Error(`${describeDifference(name, golden, text)}\n${howToRewrite}`);
}

/** The first line that differs, between some that do not, and how it goes on in both texts. */
export function describeDifference(name: string, golden: string, text: string): string {
  const [expected, received] = [golden.split("\n"), text.split("\n")];
  const countMax = Math.max(expected.length, received.length);
  let at = 0;
  while (at < countMax && expected[at] === received[at]) at += 1;
  return [
    `${name}${ending} differs first in line ${at + 1} (- golden file, + this run):`,
    ...expected.slice(Math.max(at - linesAround, 0), at).map((line) => `    ${line}`),
    ...expected.slice(at, at + linesAround).map((line) => `  - ${line}`),
    ...received.slice(at, at + linesAround).map((line) => `  + ${line}`),
  ].join("\n");
}

function pathOf(name: string): string {
  return join(import.meta.dirname, name + ending);
}
