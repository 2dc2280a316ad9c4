/** Tooltips and accessible names of nodes and connections. */

import { shortHash } from "../../../primitives/figures.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import type { Dashboard } from "../../state/dashboard.ts";
import type { Edge } from "../../story/edges.ts";
import type { ShownTip } from "../../story/shown-tip.ts";
import type { Standings } from "../../story/standing.ts";
import type { StoryNode } from "../../story/story.ts";

const standingWords = {
  active: "on the best branch",
  competing: "on a competing branch",
  withheld: "withheld: known to its miner only",
  stale: "stale",
} as const;

/** One line, for screen readers. */
export function nodeLabel(node: StoryNode, tip: ShownTip | null, standings: Standings): string {
  const { name, role, state, height, peers } = node;
  if (state !== "up") return `${name}, ${role}, ${state}`;
  const tipWords = tip === null ? "no block" : tipLine(tip, standings);
  return `${name}, ${role}, height ${height}, ${tipWords}, ${peers.size} connections`;
}

/** Several lines, for the tooltip. */
export function nodeTooltip(node: StoryNode, tip: ShownTip | null, standings: Standings): string {
  const { name, role, state, height, peers, peerId, listen, address, url } = node;
  const lines = [
    `${name}, ${role}: ${state}`,
    tip === null ? null : `height ${height}, ${tipLine(tip, standings)}`,
    peers.size === 0 ? "no connections" : `connected to ${[...peers].join(", ")}`,
    peerId === null ? null : `peer id ${peerId}`,
    ...listen.map((each) => `listens on ${each}`),
    address === null ? null : `address ${address}`,
    url === null ? null : `API ${url}`,
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function tipLine({ hash }: ShownTip, standings: Standings): string {
  return `tip ${shortHash(hash)} ${standingWords[standings.of(hash)]}`;
}

export function edgeTooltip({ between, state, delayMs, isSlow }: Edge, kind: Dashboard["kind"]) {
  const names = between.join(" – ");
  const delay =
    delayMs === null ? "" : `, ${delayMs} ms in each direction${isSlow ? " (slow)" : ""}`;
  switch (state) {
    case "open": {
      const where = kind === "node" ? "" : " over 127.0.0.1";
      return `${names}: a real connection${where} (TCP, noise and yamux)${delay}`;
    }
    case "cut":
      return `${names}: cut`;
    case "closed":
      return `${names}: not connected`;
    default:
      return unreachable(state);
  }
}
