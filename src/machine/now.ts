/** The two times that a machine is handed with each event. */

import type { Elapsed, Milliseconds } from "../primitives/brand.ts";

export type Now = {
  /**
   * What the wall clock shows. It may be wrong, and may be set forward or back at any time: for what
   * the rules compare with it, and for what people read.
   */
  readonly wall: Milliseconds;
  /**
   * What has passed since this life of the machine began, or a little before. It never goes back:
   * for every wait, rate, time-out and age. It means nothing to other machines and on a disk.
   */
  readonly elapsed: Elapsed;
};
