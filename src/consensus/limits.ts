/** Sizes that blocks may have. */

/** @see BIP141, MAX_BLOCK_WEIGHT */
export const weightMax = 4_000_000;

/** Bytes of the largest message that can hold a valid block: all of its weight as witness. */
export const blockSizeBytesMax = 4_000_000;
