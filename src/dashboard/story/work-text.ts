/** Work as a power of two: its own number has too many digits to read. */

/** Such as "2^16.3"; "0" if there is none. */
export function workText(work: bigint): string {
  return work <= 0n ? "0" : `2^${log2Of(work).toFixed(1)}`;
}

/** Digits that a double holds for certain. */
const exactBits = 53;

/** @throws RangeError if `work` is not positive. */
export function log2Of(work: bigint): number {
  if (work <= 0n) throw new RangeError("only positive work has a logarithm");
  const shift = Math.max(0, work.toString(2).length - exactBits);
  return Math.log2(Number(work >> BigInt(shift))) + shift;
}
