/** What a lab is made of. */

import type { Params } from "../consensus/params.ts";
import type { Participant, Shares } from "../contract/network.ts";
import type { NodeWallet } from "./money/node-wallet.ts";
import type { Member } from "./nodes/member.ts";
import type { RegtestParts } from "./regtest/regtest-chain.ts";
import type { Timeline } from "./timeline/timeline.ts";

export type LabParts = {
  readonly params: Params;
  /** On regtest, where the lab makes the blocks. */
  readonly regtest?: RegtestParts;
  readonly version: string;
  readonly seed: string;
  readonly participants: readonly Participant[];
  readonly shares: Shares;
  /** Of all miners together, per second. */
  readonly hashrate: number;
  /** What every link takes, each way. */
  readonly latencyMs: number;
  readonly url: string;
  readonly token: string;
  readonly data: string;
  readonly timeline: Timeline;
  readonly wallets: ReadonlyMap<string, NodeWallet>;
  /** Starts a node again from its own folder, where the former one listened. */
  readonly startAgain: (former: Member) => Promise<Member>;
};
