/** How a machine may misbehave: a filter over what an honest one wants done. */

import type { Milliseconds } from "../primitives/brand.ts";
import type { Machine } from "./machine.ts";

/** Decides what is really done of an honest machine's effects. The same filter runs live and in the simulator. */
export interface Filter<M, Effect> {
  /**
   * @param effects what the machine answered to one event; already committed to its store.
   * @returns what is carried out instead, in order.
   */
  filter(effects: readonly Effect[], machine: M, now: Milliseconds): readonly Effect[];
}

/** A machine that behaves in its own way, honestly as long as it has no behaviour. */
export class FilteredMachine<Event, Effect, M extends Machine<Event, Effect>> implements Machine<
  Event,
  Effect
> {
  readonly machine: M;
  /** Whoever changes it should wake the machine, so that the change is felt at once. */
  behaviour: Filter<M, Effect> | undefined;

  constructor(machine: M, behaviour?: Filter<M, Effect>) {
    this.machine = machine;
    this.behaviour = behaviour;
  }

  handle(event: Event, now: Milliseconds): readonly Effect[] {
    const effects = this.machine.handle(event, now);
    return this.behaviour?.filter(effects, this.machine, now) ?? effects;
  }
}
