/** A selfish miner's stubbornness as people write it: a list such as "lead,equal-fork,trail-1". */

import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import { notStubborn } from "./behaviour.ts";
import type { Stubbornness } from "./terms.ts";

/** A branch further behind never catches up. */
const trailMax = 100;

/** The problem is a sentence, without its full stop, that says which lists are right. */
export function parseStubbornness(text: string): Verdict<Stubbornness, string> {
  let stubborn = notStubborn;
  for (const word of text.split(",")) {
    const trail = Number(/^trail-(\d+)$/.exec(word)?.[1] ?? 0);
    if (word === "lead") stubborn = { ...stubborn, lead: true };
    else if (word === "equal-fork") stubborn = { ...stubborn, equalFork: true };
    else if (trail >= 1 && trail <= trailMax) stubborn = { ...stubborn, trail };
    else {
      const last = `trail-${trailMax}`;
      return broken(`It must be a list with commas of lead, equal-fork and trail-1 to ${last}`);
    }
  }
  return valid(stubborn);
}
