/** A protocol of this program, explored with crashes, time-outs and messages that may always come. */

import { type Exploration, explore } from "../../explorer/engine/explore.ts";
import type { Budget } from "../../explorer/engine/post.ts";
import type { Request } from "../../explorer/processes/process-steps.ts";
import type { SnapshotPromise } from "../../explorer/processes/promises.ts";
import { protocolModel, type ProtocolState } from "../../explorer/processes/protocol-model.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";

export type ExploredProtocol = {
  readonly protocol: Protocol;
  readonly nodes: number;
  /** Losses, duplicates and any order are always in it: messages are a set. */
  readonly faults?: Partial<Pick<Budget, "crashes" | "timeouts">>;
  /** Terms, views or rounds of ballots at most. */
  readonly eraMax: number;
  readonly requests: readonly (readonly Request[])[];
  readonly promises: readonly SnapshotPromise[];
  readonly goals: readonly SnapshotPromise[];
  readonly endsAtViolation?: boolean;
};

/** Of a search that would never end it says so by `ending`. */
const statesMax = 3_000_000;

export function exploreProtocol(options: ExploredProtocol): Exploration<ProtocolState> {
  const { faults, endsAtViolation = false, ...others } = options;
  const budget = { crashes: 0, losses: 0, duplicates: 0, timeouts: 0, ...faults };
  return explore(protocolModel({ ...others, post: "set", budget }), { statesMax, endsAtViolation });
}

/** Such as "agreement: no two processes decide differently", or "none". */
export function brokenIn<S>({ violations }: Exploration<S>): string {
  return violations.map(({ name }) => name).join(", ") || "none";
}
