/** What a golden file is made from: a scenario, its command, and the lines that a run of it gives. */

import { createCachingVerifier, createTinyVerifier } from "../../src/io/signature-verifier.ts";

/** What can be read in the lines of a run. */
export type Happening = "fork" | "reorganisation" | "crash with restart";

export type Scenario = {
  /** The golden file's name without its ending. */
  readonly name: string;
  /** What a user would type for it; or in words what is run, if no command runs it. */
  readonly command: string;
  /** What its golden file must show. */
  readonly shows: readonly Happening[];
  /** Runs it; equal lines each time, or something is not deterministic. */
  readonly transcribe: (write: Write) => void;
};

export type Write = (line: string) => void;

/** Signatures that are known already are not verified again: nodes of all worlds share it. */
export const verifier = createCachingVerifier(createTinyVerifier(), 10_000);

/** The whole text of a golden file. */
export function textOf({ command, transcribe }: Scenario): string {
  const lines = [`# ${command}`];
  transcribe((line) => lines.push(line));
  return lines.join("\n") + "\n";
}

/** Everything that a run found out, under a title. */
export function writeOutcome(write: Write, outcome: object): void {
  write("");
  write("outcome");
  for (const line of JSON.stringify(outcome, undefined, 2).split("\n")) write(line);
}
