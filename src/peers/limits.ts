/** Limits of what a peer may send, how long it may take, and which penalty bans it. */

export const limits = {
  /** @see Bitcoin Core, MAX_HEADERS_RESULTS */
  headersPerMessageMax: 2000,
  blocksPerMessageMax: 16,
  /** Bytes of bodies in one response; at least one block is sent. */
  blocksSizeBytesMax: 4_000_000,
  /** Blocks in one request. @see Bitcoin Core, MAX_BLOCKS_IN_TRANSIT_PER_PEER */
  blocksInRequestMax: 16,
  /** Requests for blocks that are under way with one peer. */
  blockRequestsMax: 3,
  /** What one request for blocks should bring, and what may be under way with one peer. */
  blocksRequestBytesMax: 1_000_000,
  bytesInFlightMax: 2_000_000,
  /** Requests for blocks that one peer may still answer though their time is over. */
  lateRequestsMax: 6,
  transactionsPerMessageMax: 1000,
  transactionsSizeBytesMax: 64_000,
  mempoolSizeBytesMax: 1_000_000,
  /** How many waiting transactions a node says it has when it asks for others: a request fits 256 KiB. */
  knownTxidsMax: 32_767,
  /** A larger block is announced by its header. */
  gossipBlockSizeBytesMax: 100_000,
  /** Blocks that were announced by their headers and are announced again once they are here. */
  announcedMax: 64,
  /** Headers of a branch that has not yet shown more work than ours, for each peer. */
  headersPendingMax: 20_000,
  /**
   * How far above the lowest missing body others are requested.
   *
   * @see Bitcoin Core, BLOCK_DOWNLOAD_WINDOW
   */
  downloadWindowMax: 1024,
  /**
   * How long one peer may keep others waiting: doubles whenever a peer is dropped for it, and
   * becomes shorter with every body that comes.
   *
   * @see Bitcoin Core, BLOCK_STALLING_TIMEOUT_DEFAULT
   */
  stallTimeoutMinMs: 2_000,
  stallTimeoutDecay: 0.85,
  /** How long a peer may keep us waiting: doubles with each stall. */
  responseTimeoutMinMs: 4_000,
  responseTimeoutMaxMs: 64_000,
  /** How long a peer is not asked again after it failed to answer. */
  backoffMs: 1_000,
  /** Failures in a row that end a connection, */
  failuresMax: 4,
  /** and those to deliver blocks: a peer that withholds them goes after half a minute. */
  deliveryFailuresMax: 3,
  /** How often a peer is asked for its tip. */
  statusIntervalMs: 10_000,
  /** How often a peer is asked for what waits there, in case that its gossip was lost: */
  mempoolIntervalMs: 10_000,
  /** less often for each that waits here, so that asking costs few bytes a second. */
  mempoolIntervalPerKnownMs: 10,
  /** A peer is banned when its penalties reach this. */
  penaltyMax: 100,
  /** Penalties decay at this rate. */
  penaltyDecayPerMinute: 5,
  banMs: 10 * 60_000,
  peersMax: 50,
  /** An unrequested block that is further behind the tip, in blocks of the tip's work, is ignored. */
  staleBlocksMax: 144,
} as const;
