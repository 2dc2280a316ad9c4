/** The timeline of a cluster as lines for a terminal. */

import type { ClusterEvent } from "../../contract/cluster.ts";
import { clusterLine, clusterVerdictLines } from "../../contract/cluster-words.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { isOfAll } from "../../sim/process-world/cluster.ts";

const timeWidth = 9;
const whoWidth = 4;

export class ClusterLines {
  #openedAt: Milliseconds | undefined;
  /** News that all processes have of one thing, one after the other: the first of them is shown. */
  readonly #told = new Set<string>();

  linesOf(event: ClusterEvent): readonly string[] {
    this.#openedAt ??= event.at;
    if (event.type === "verdict") return ["", ...clusterVerdictLines(event)];
    if (event.type === "news" && this.#isRepeated(event.kind, event.text)) return [];
    const { who, text } = clusterLine(event);
    const seconds = (Math.max(0, event.at - this.#openedAt) / 1000).toFixed(3);
    return [`${seconds.padStart(timeWidth)}  ${who.padEnd(whoWidth)} ${text}`];
  }

  #isRepeated(kind: string, text: string): boolean {
    if (!isOfAll(kind)) return false;
    if (this.#told.has(text)) return true;
    this.#told.add(text);
    return false;
  }
}
