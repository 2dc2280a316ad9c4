/** How large a crowd may be, and how long it may run. */

export const simblockLimits = { nodesMin: 2, nodesMax: 20_000, blocksMax: 2_000 } as const;

/** `delayMax` is in block intervals. */
export const staleLimits = { minersMin: 2, minersMax: 1_000, blocksMax: 100_000, delayMax: 100 };

export const fullNodesLimits = { nodesMin: 2, nodesMax: 1_000, blocksMax: 1_000 } as const;
