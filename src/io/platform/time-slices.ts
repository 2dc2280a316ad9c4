/** Long work in slices, so that whatever else a process does gets its turn between two of them. */

import { setImmediate } from "node:timers/promises";

const sliceMs = 10;

export class TimeSlices {
  #begun = performance.now();

  /** Call it often: it waits only when a slice is over. */
  async turn(): Promise<void> {
    if (performance.now() - this.#begun < sliceMs) return;
    await setImmediate();
    this.#begun = performance.now();
  }
}
