/** How large a run of `powlab protocol` may be. */

export const nodesMax = 31;
export const clientsMax = 20;
export const requestsMax = 100_000;
export const durationSecondsMax = 86_400;
/** Processes of this machine: each takes about 90 MB. */
export const liveNodesMax = 15;
