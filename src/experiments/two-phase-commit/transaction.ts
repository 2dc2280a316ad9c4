/** One transaction of two- or three-phase commit among a coordinator and its participants. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { ConstantWorld } from "../processes/constant-world.ts";

export const coordinator = "n1" as PeerId;

/** Of the one client. */
export const transactionId = { client: "c", number: 1 };

export type TransactionOptions = {
  readonly protocol: Protocol;
  readonly participants: number;
  readonly delayMs: number;
  readonly seed: string;
};

/** The client's write is not asked for yet. */
export function transactionWorld({ participants, ...others }: TransactionOptions): ConstantWorld {
  return new ConstantWorld({ ...others, nodes: participants + 1 });
}

export function write(world: ConstantWorld): void {
  world.request(coordinator, transactionId, { type: "write", key: "x", value: 0 });
}

/** The coordinator crashes between its k-th commit and what it does next. */
export function crashAfterCommits(world: ConstantWorld, commits: number): void {
  let sent = 0;
  world.crashPoints.set(coordinator, (effect) => {
    const isCommit =
      effect.type === "send" && (effect.message as { type: string }).type === "commit";
    if (sent === commits && (isCommit || commits > 0)) return true;
    if (isCommit) sent += 1;
    return false;
  });
}

/** Different outcomes of one transaction that processes have decided in any of their lives. */
export function outcomesOf({ told }: ConstantWorld): number {
  const outcomes = told.flatMap(({ news }) => {
    return news.type === "decided" ? [(news as unknown as { outcome: string }).outcome] : [];
  });
  return new Set(outcomes).size;
}
