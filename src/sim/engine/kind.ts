/** A kind of machine that a world can host: the types that belong together, under one name. */

import type { HostEffect, Machine, Woken } from "../../machine/machine.ts";

/** Types only: there is never a value of it. */
export type Kind = {
  readonly event: { readonly type: string };
  readonly effect: { readonly type: string };
  readonly machine: unknown;
  /** What comes along with an event, and is handed on with each effect that follows from it. */
  readonly cause: unknown;
  /** What a machine reports to observers. */
  readonly news: unknown;
  /** One machine of a world as the checks see it. */
  readonly subject: unknown;
};

export type MachineOf<K extends Kind> = K["machine"] & Machine<K["event"] | Woken, K["effect"]>;

/** What a host does not carry out itself. */
export type OwnEffectOf<K extends Kind> = Exclude<K["effect"], HostEffect>;
