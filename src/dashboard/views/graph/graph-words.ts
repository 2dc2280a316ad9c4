/** What tooltips and screen readers are told of nodes and connections. */

import type { Dashboard } from "../../dashboard.ts";
import type { Edge } from "../../story/edges.ts";
import { shortHash } from "../../../primitives/figures.ts";
import type { ShownTip } from "../../story/shown-tip.ts";
import type { Standings } from "../../story/standing.ts";
import type { StoryNode } from "../../story/story.ts";

const standingWords = {
  active: "on the best branch",
  rival: "on another branch",
  withheld: "withheld: no other node knows it",
  stale: "left behind",
} as const;

/** One line, for those who hear it. */
export function nodeLabel(node: StoryNode, tip: ShownTip | null, standings: Standings): string {
  const { name, role, state, height, peers } = node;
  if (state !== "up") return `${name}, ${role}, ${state}`;
  const tipWords = tip === null ? "no block" : tipLine(tip, standings);
  return `${name}, ${role}, height ${height}, ${tipWords}, ${peers.size} connections`;
}

/** Several lines, for those who point at it. */
export function nodeStory(node: StoryNode, tip: ShownTip | null, standings: Standings): string {
  const { name, role, state, height, peers, peerId, listen, address, url } = node;
  const lines = [
    `${name}, ${role}: ${state}`,
    tip === null ? null : `height ${height}, ${tipLine(tip, standings)}`,
    peers.size === 0 ? "no connections" : `connected with ${[...peers].join(", ")}`,
    peerId === null ? null : `peer id ${peerId}`,
    ...listen.map((each) => `listens on ${each}`),
    address === null ? null : `is paid at ${address}`,
    url === null ? null : `API ${url}`,
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function tipLine({ hash }: ShownTip, standings: Standings): string {
  return `tip ${shortHash(hash)} ${standingWords[standings.of(hash)]}`;
}

export function edgeStory({ between, state, delayMs, isSlow }: Edge, kind: Dashboard["kind"]) {
  const names = between.join(" – ");
  const delay = delayMs === null ? "" : `, ${delayMs} ms each way${isSlow ? " (slow)" : ""}`;
  switch (state) {
    case "open": {
      const where = kind === "node" ? "" : " over 127.0.0.1";
      return `${names}: a real connection${where} (TCP, noise and yamux)${delay}`;
    }
    case "cut":
      return `${names}: cut`;
    case "closed":
      return `${names}: not connected`;
  }
}
