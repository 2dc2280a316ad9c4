/** Machines that emit events without end at one time would keep the clock from ever moving. */

import type { Kind } from "./kind.ts";
import type { MachineHost } from "./machine-host.ts";
import { BrokenPromiseError } from "./promise.ts";
import type { World } from "./world.ts";

/** Lets a run fail when all machines together handle more events in one millisecond of virtual time. */
export function guardTime<K extends Kind, H extends MachineHost<K>>(
  world: World<K, H>,
  stepsPerInstantMax: number,
): void {
  let instant = { elapsedMs: 0, steps: 0 };
  world.onStep(({ name }) => {
    const { elapsedMs } = world.clock;
    instant = instant.elapsedMs === elapsedMs ? instant : { elapsedMs, steps: 0 };
    instant.steps += 1;
    if (instant.steps <= stepsPerInstantMax) return;
    const message = `${instant.steps} events after ${elapsedMs} ms, the last at ${name}`;
    throw new BrokenPromiseError("time goes on", message);
  });
}
