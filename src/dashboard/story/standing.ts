/** The standing of a block at a moment: on the best branch, on another, withheld or stale. */

import type { AttackStep } from "../../contract/attacks.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { firstAt } from "./attack-standing.ts";
import type { Story, StoryBlock } from "./story.ts";

/**
 * `active`: on the branch with the most work of all that nodes follow. `competing`: on another branch
 * that some node follows. `withheld`: its miner follows it or attacks with it, and no other node
 * knows it. `stale`: no node follows it.
 */
export type Standing = "active" | "competing" | "withheld" | "stale";

export type Standings = {
  /** The tip with the most work that a node follows and does not withhold; null without any. */
  readonly best: BlockHash | null;
  /** The tip of an attacker's secret branch, if even her own node does not follow it; else null. */
  readonly raced: BlockHash | null;
  of(hash: BlockHash): Standing;
  /** Names of the nodes whose tip it is. */
  followersOf(hash: BlockHash): readonly string[];
};

type Computed = { readonly revision: number; readonly standings: Standings };
const latest = new WeakMap<Story, Computed>();

/** Computed once per revision of the story, however often it is asked. */
export function standingsIn(story: Story): Standings {
  const { revision } = story;
  const known = latest.get(story);
  if (known?.revision === revision) return known.standings;
  const standings = computeStandings(story);
  latest.set(story, { revision, standings });
  return standings;
}

function computeStandings(story: Story): Standings {
  const followers = followersIn(story);
  const tips = [...followers.keys()];
  const open = tips.filter((tip) => !isWithheld(story.block(tip)));
  const best = open.reduce<BlockHash | null>((a, b) => (isHeavier(story, b, a) ? b : a), null);
  const active = new Set<BlockHash>();
  if (best !== null) addBranch(story, best, active);
  const followed = new Set(active);
  for (const tip of tips) addBranch(story, tip, followed);
  const secret = racedTip(story);
  if (secret !== null) addBranch(story, secret, followed);
  return {
    best,
    raced: secret !== null && !followers.has(secret) ? secret : null,
    of: (hash) => {
      if (active.has(hash)) return "active";
      if (!followed.has(hash)) return "stale";
      return isWithheld(story.block(hash)) ? "withheld" : "competing";
    },
    followersOf: (hash) => followers.get(hash) ?? [],
  };
}

function followersIn(story: Story): ReadonlyMap<BlockHash, readonly string[]> {
  const followers = new Map<BlockHash, string[]>();
  for (const { name, tip, state } of story.nodes) {
    if (tip === null || state !== "up") continue;
    const names = followers.get(tip);
    if (names === undefined) followers.set(tip, [name]);
    else names.push(name);
  }
  return followers;
}

/** Mined in secret, and known to its miner alone. */
function isWithheld(block: StoryBlock | undefined): boolean {
  return block !== undefined && block.isSecret && block.arrivals.length < 2;
}

const endings: readonly AttackStep["type"][] = [
  "published",
  "given-up",
  "out-of-time",
  "broken-off",
];

/** A double spender extends her branch also while the public one has more work. */
function racedTip({ attack, blocks }: Story): BlockHash | null {
  if (attack === null || attack.verdict !== null) return null;
  const { startedAt, steps } = attack;
  const isRace = steps.some(({ step }) => step.type === "scene" && step.attack === "double-spend");
  if (!isRace || firstAt(steps, endings) !== null) return null;
  let tip: BlockHash | null = null;
  for (const block of blocks) if (block.at >= startedAt && isWithheld(block)) tip = block.hash;
  return tip;
}

/** Among equals the one that was followed first. */
function isHeavier(story: Story, hash: BlockHash, than: BlockHash | null): boolean {
  if (than === null) return true;
  const [a, b] = [story.block(hash), story.block(than)];
  if (a?.work === b?.work) return (a?.at ?? Infinity) < (b?.at ?? Infinity);
  return (a?.work ?? 0n) > (b?.work ?? 0n);
}

/** Adds the block and its ancestors, down to one that is there already. */
function addBranch(story: Story, tip: BlockHash, branch: Set<BlockHash>): void {
  for (let hash: BlockHash | null = tip; hash !== null && !branch.has(hash);) {
    branch.add(hash);
    hash = story.block(hash)?.previous ?? null;
  }
}
