/** Asks every node at intervals what it measures of itself. */

import type { LabFacts, Measurement } from "../../contract/timeline.ts";
import type { Member } from "../nodes/member.ts";

const measureIntervalMs = 2_000;

export type MeasurementPollOptions = {
  /** Those that are up. */
  readonly members: () => readonly Member[];
  readonly record: (facts: LabFacts) => void;
};

export class MeasurementPoll {
  readonly #options: MeasurementPollOptions;
  readonly #timer: NodeJS.Timeout;
  #isMeasuring = false;
  #isStopped = false;

  constructor(options: MeasurementPollOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#measure(), measureIntervalMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** A lab that is too busy to answer in time is measured less often. */
  async #measure(): Promise<void> {
    const members = this.#options.members();
    if (this.#isMeasuring || members.length === 0) return;
    this.#isMeasuring = true;
    const measured = await Promise.all(members.map((member) => measureOne(member, members)));
    this.#isMeasuring = false;
    if (this.#isStopped) return;
    const nodes = Object.fromEntries(measured.filter((each) => each !== undefined));
    this.#options.record({ type: "measured", nodes });
  }
}

/** Undefined if the node went down meanwhile. */
async function measureOne(
  member: Member,
  all: readonly Member[],
): Promise<readonly [name: string, Measurement] | undefined> {
  try {
    const measured = await member.measure();
    const known = all.filter(({ peerId }) => measured.peers.includes(peerId));
    return [member.name, { ...measured, peers: known.map(({ name }) => name) }];
  } catch {
    return undefined;
  }
}
