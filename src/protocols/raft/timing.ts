/**
 * How a search without clocks sees the time of a process: it may elect another at any time, whatever
 * it has heard of its leader; no lease is ever held; a leader never misses its majority.
 */

import type { Elapsed } from "../../primitives/brand.ts";
import type { Timing } from "../process/timers.ts";
import type { RaftState } from "./state.ts";

const start = 0 as Elapsed;
const farAway = 1_000_000_000 as Elapsed;
const never = Number.NEGATIVE_INFINITY;

export const raftTiming: Timing<RaftState> = {
  running: ({ role }) => [role === "leader" ? "heartbeat" : "election"],
  settled: (state) => ({
    ...state,
    progress: state.progress.map((each) => ({ ...each, heardAt: start, roundSentAt: never })),
    heartbeatAt: farAway,
    transfer: state.transfer && { ...state.transfer, until: farAway },
    heardAt: start,
    timeoutMs: 1,
    loyalUntil: start,
    wakeAt: start,
  }),
  due(state, name) {
    if (name === "heartbeat") return { ...state, heartbeatAt: start };
    return { ...state, heardAt: -state.timeoutMs as Elapsed };
  },
};
