/** The edges of the peer graph: the connections that exist, and the links that the lab intends. */

import type { Story, StoryLink, StoryNode } from "./story.ts";
import { linkKey } from "./story-network.ts";

export type Edge = {
  readonly between: readonly [string, string];
  /** `cut`: by a partition or individually. `closed`: intended, but one of its ends is down. */
  readonly state: "open" | "cut" | "closed";
  /** The delay in each direction; null if unknown. */
  readonly delayMs: number | null;
  readonly isSlow: boolean;
  /** Whether it is one of the lab's links, which can be cut and slowed. */
  readonly isIntended: boolean;
};

/** A link is slow if it takes so many times as long as the others… */
const slowFactor = 3;
/** …and at least this much longer. */
const slowExtraMs = 50;

/** Links in the order of the lab, then the other connections. */
export function edgesOf(story: Story): readonly Edge[] {
  const intended = story.links.map((link) => edgeOf(story, link));
  const known = new Set(intended.map(({ between }) => linkKey(...between)));
  const others: Edge[] = [];
  for (const node of story.nodes) {
    for (const peer of node.peers) {
      const key = linkKey(node.name, peer);
      if (known.has(key) || isParted(story, node.name, peer)) continue;
      known.add(key);
      const delayMs = story.setting?.latencyMs ?? null;
      const between = [node.name, peer] as const;
      others.push({ between, state: "open", delayMs, isSlow: false, isIntended: false });
    }
  }
  return [...intended, ...others];
}

/** Whether a partition separates them. */
export function isParted({ groups }: Story, a: string, b: string): boolean {
  return groups !== null && !groups.some((group) => group.includes(a) && group.includes(b));
}

function edgeOf(story: Story, link: StoryLink): Edge {
  const { between, delayMs } = link;
  const [a, b] = between;
  const usualMs = story.setting?.latencyMs ?? 0;
  const slowMs = Math.max(usualMs * slowFactor, usualMs + slowExtraMs);
  const isSlow = delayMs !== null && delayMs >= slowMs;
  const isCut = link.isCut || isParted(story, a, b);
  const unlessCut = areConnected(story, a, b) ? "open" : "closed";
  return { between, state: isCut ? "cut" : unlessCut, delayMs, isSlow, isIntended: true };
}

/** As soon as one of the two reports it. */
function areConnected(story: Story, a: string, b: string): boolean {
  const knows = (node: StoryNode | undefined, peer: string) => node?.peers.has(peer) ?? false;
  return knows(story.node(a), b) || knows(story.node(b), a);
}
