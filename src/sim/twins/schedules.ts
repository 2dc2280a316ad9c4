/** All schedules of Twins: for each of a few views, into which two parts the hosts are split. */

/** Which hosts are in the part of the first one, a bit for each other host: bit 0 is the second. */
export type Parts = number;

/** Into at most two parts: 2^(hosts − 1). */
export function partsOf(hosts: number): readonly Parts[] {
  return Array.from({ length: 2 ** (hosts - 1) }, (_, parts) => parts);
}

/** @param a, b positions of hosts, from 0. */
export function areTogether(parts: Parts, a: number, b: number): boolean {
  return isWithFirst(parts, a) === isWithFirst(parts, b);
}

function isWithFirst(parts: Parts, at: number): boolean {
  return at === 0 || ((parts >> (at - 1)) & 1) === 1;
}

/** So many choices of parts, one for each view. */
export function countSchedules(hosts: number, views: number): number {
  return partsOf(hosts).length ** views;
}

/** The schedule of a number from 0: for each view the parts, the first view varying fastest. */
export function scheduleAt(hosts: number, views: number, number: number): readonly Parts[] {
  const count = partsOf(hosts).length;
  return Array.from({ length: views }, (_, view) => Math.floor(number / count ** view) % count);
}
