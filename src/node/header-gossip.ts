/** Judges the header of a block that is too large to be gossiped: the body is fetched next. */

import type { Chain } from "../chain/chain.ts";
import { reasonOf } from "../consensus/problem.ts";
import type { Now } from "../machine/now.ts";
import type { ClockComparison } from "../peers/clock-comparison.ts";
import type { Peers } from "../peers/peers.ts";
import { penaltyOf } from "../peers/penalty.ts";
import type { Sync } from "../peers/sync.ts";
import type { PeerId } from "../primitives/brand.ts";
import type { Header } from "../primitives/header.ts";
import type { GossipVerdict } from "./effect.ts";

export type JudgingParts = {
  readonly chain: Chain;
  readonly peers: Peers;
  readonly clocks: ClockComparison;
  readonly sync: Sync;
};

/**
 * A header is not passed on: a node that does so says that it has the body. So who announces a block
 * and does not deliver it is at fault, and no node that trusted it.
 */
export function judgeHeader(
  from: PeerId,
  header: Header,
  { chain, peers, clocks, sync }: JudgingParts,
  now: Now,
): GossipVerdict {
  const verdict = chain.acceptHeaders([header], now.wall);
  if (verdict.ok) {
    if (verdict.value.hasBody) return "ignore";
    clocks.note(from, header.time, now);
    sync.noteAnnounced(from, header);
    return "ignore";
  }
  const { problem } = verdict;
  clocks.noteRefused(from, problem, now);
  if (problem.rule === "unknown-parent") sync.noteUnknownParent(from);
  const points = problem.rule === "unknown-parent" ? 0 : penaltyOf(problem, "placed");
  peers.penalise(from, points, `header: ${reasonOf(problem)}`, now.elapsed);
  return points > 0 ? "reject" : "ignore";
}
