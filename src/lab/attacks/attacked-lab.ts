/** A lab as an attack on it sees and controls it. */

import { setTimeout as pause } from "node:timers/promises";
import type { AttackStep } from "../../contract/attacks.ts";
import type { Groups, Shares } from "../../contract/network.ts";
import type { NodeClient } from "../../wallet/client.ts";
import type { NodeWallet } from "../money/node-wallet.ts";
import type { Member } from "../nodes/member.ts";
import type { NetworkObserver } from "../timeline/network-observer.ts";

export interface AttackedLab {
  readonly shares: Shares;
  readonly timelinePath: string;
  readonly observer: NetworkObserver;
  /** The node where the victim's payment is handed in. */
  readonly payeeEntry: string;
  memberNamed(name: string): Member | undefined;
  walletOf(name: string): NodeWallet;
  /** The output script that a payment to this participant pays. */
  scriptOf(name: string): Uint8Array;
  clientOf(name: string): NodeClient;
  setShares(changes: Shares): Promise<void>;
  readonly isPartitioned: boolean;
  /** Cuts all links between groups; each group stays connected in itself. */
  partition(groups: Groups): Promise<void>;
  /** Mends all links. */
  heal(): Promise<void>;
}

export type AttackRun<Options> = {
  readonly options: Options;
  readonly tell: (step: AttackStep) => void;
  /** Breaks the attack off. */
  readonly signal: AbortSignal;
  /** The lab closes: nothing needs to be put back. */
  readonly closing: AbortSignal;
};

const lookIntervalMs = 150;
/** How long the network may take to agree on what came of an attack. */
export const settleMaxMs = 15_000;

/** Waits until it is time to look again; rejects if the attack is broken off. */
export async function untilNextLook(signal: AbortSignal): Promise<void> {
  await pause(lookIntervalMs, undefined, { signal });
}
