/** README's tour as it can be followed: its steps, what they have a reader type, and what they show. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./program.ts";

export type Shown = {
  /** As it is typed. */
  readonly command: string;
  /** The lines that README shows below it. */
  readonly output: readonly string[];
};

/** The commands of each step of "Five minutes", by its number. */
export function tourOf(readme: string): ReadonlyMap<number, readonly Shown[]> {
  const [, tour = ""] = /^## Five minutes$(.*?)^## /ms.exec(readme) ?? [];
  const steps = tour.split(/^\*\*(?=\d+\. )/m).slice(1);
  return new Map(steps.map((step) => [Number.parseInt(step, 10), commandsIn(step)]));
}

export function readTour(): ReadonlyMap<number, readonly Shown[]> {
  return tourOf(readFileSync(join(project, "README.md"), "utf8"));
}

function commandsIn(step: string): readonly Shown[] {
  const blocks = [...step.matchAll(/^```\n(.*?)^```$/gms)].map(([, text]) => text ?? "");
  return blocks.flatMap((block) => {
    const parts = block.split(/^\$ /m).slice(1);
    return parts.map((part): Shown => {
      const [typed = "", ...output] = part.trimEnd().split("\n");
      const [command = ""] = typed.split(/ {2,}/); // what it shows stands behind it
      return { command, output };
    });
  });
}

/** What differs from run to run, each as README writes it and as a pattern. */
const variable: readonly (readonly [RegExp, string])[] = [
  [/\/tmp\/powlab-lab-\w+/g, "\\S+powlab-lab-\\w+"],
  [/\blab-[A-Za-z0-9]{6}\b/g, "lab-\\w+"],
  [/\b[0-9a-f]{4,6}…[0-9a-f]{4}\b/g, "[0-9a-f]+…[0-9a-f]+"],
  [/\b(alice|bob|carol|mallory)\b/g, "\\w+"],
  [/\b(block|confirmation|coin)s?\b/g, "$1s?"],
  [/\d+(\.\d+)*/g, "[\\d.,]+"],
  [/ +/g, " +"],
];

/** A pattern for lines of the same form: other numbers, hashes and names. */
export function formOf(line: string): RegExp {
  let rest = line.trim();
  const parts: string[] = [];
  while (rest !== "") {
    const next = variable
      .map(([pattern, form]) => ({ found: new RegExp(pattern.source).exec(rest), pattern, form }))
      .filter(({ found }) => found !== null)
      .sort((a, b) => (a.found?.index ?? 0) - (b.found?.index ?? 0))[0];
    const at = next?.found?.index ?? rest.length;
    parts.push(rest.slice(0, at).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (next?.found === undefined || next.found === null) break;
    const text = next.found[0];
    parts.push(text.replace(new RegExp(next.pattern.source), next.form));
    rest = rest.slice(at + text.length);
  }
  return new RegExp(parts.join(""));
}
