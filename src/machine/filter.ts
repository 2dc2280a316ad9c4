/** How a machine may misbehave: a filter over the effects of an honest one. */

import type { Machine } from "./machine.ts";
import type { Now } from "./now.ts";

/**
 * Decides which of an honest machine's effects are carried out. The same filter runs live and in
 * the simulator.
 */
export interface Filter<M, Effect> {
  /**
   * @param effects what the machine answered to one event; already committed to its store.
   * @returns what is carried out instead, in order.
   */
  filter(effects: readonly Effect[], machine: M, now: Now): readonly Effect[];
}

/** A machine whose effects may pass through a behaviour; honest while it has none. */
export class FilteredMachine<Event, Effect, M extends Machine<Event, Effect>> implements Machine<
  Event,
  Effect
> {
  readonly machine: M;
  /** The caller should wake the machine after a change, so that it takes effect at once. */
  behaviour: Filter<M, Effect> | undefined;

  constructor(machine: M, behaviour?: Filter<M, Effect>) {
    this.machine = machine;
    this.behaviour = behaviour;
  }

  handle(event: Event, now: Now): readonly Effect[] {
    const effects = this.machine.handle(event, now);
    return this.behaviour?.filter(effects, this.machine, now) ?? effects;
  }
}
