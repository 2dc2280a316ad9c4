/** The tip has the most work of all valid blocks that the node has with all their ancestors. */

import type { TreeEntry } from "../../../chain/tree.ts";
import type { ChainStepCheck, Subject } from "./check.ts";

export class MostWorkTip implements ChainStepCheck {
  readonly name = "most work wins";
  readonly everySteps = 1;

  findViolation({ chain }: Subject): string | undefined {
    const { tip } = chain;
    if (!isUsable(tip)) return `the tip ${tip.hash} is invalid or incomplete`;
    for (const leaf of chain.tree.leaves()) {
      const best = lastUsable(leaf);
      if (best.work <= tip.work) continue;
      return `the tip ${tip.hash} has work ${tip.work}, but ${best.hash} has ${best.work}`;
    }
    return undefined;
  }
}

function lastUsable(from: TreeEntry): TreeEntry {
  let at = from;
  while (!isUsable(at) && at.parent !== undefined) at = at.parent;
  return at;
}

function isUsable(entry: TreeEntry): boolean {
  return entry.isLinked && !entry.isInvalid;
}
