/** The JSON shapes of a lab's own routes. */

import type { BlockHash, PeerId } from "../primitives/brand.ts";
import type { AttackStep, AttackVerdict } from "./attack-report.ts";
import type { Groups } from "./partition.ts";
import type { Role } from "./roster.ts";

export type LabNodeJson = {
  readonly name: string;
  readonly role: Role;
  /** Where its REST API is. */
  readonly url: string;
  readonly peer_id: PeerId;
  readonly address: string;
  /** Null if it does not mine. */
  readonly share: number | null;
  /** What it may hash a second; null if it does not mine. */
  readonly hashrate: number | null;
  /** As observed in the last seconds. */
  readonly hashes_per_second: number;
  readonly height: number;
  readonly tip: BlockHash;
  readonly peers: readonly string[];
};

export type LabJson = {
  readonly version: string;
  readonly network: string;
  readonly seed: string;
  readonly hashrate: number;
  readonly nodes: readonly LabNodeJson[];
  /** Who cannot reach whom; null if all are one network. */
  readonly partition: Groups | null;
  readonly agreement: boolean;
  readonly attack: AttackReport["state"];
  readonly timeline: string;
};

export type AttackReport = {
  readonly state: "none" | "running" | "ended" | "broken-off";
  readonly steps: readonly AttackStep[];
  readonly verdict: AttackVerdict | null;
  /** Why it was broken off. */
  readonly reason: string | null;
};
