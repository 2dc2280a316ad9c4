/** What every machine is: events in, effects out; and the effects that every host knows. */

import type { Elapsed } from "../primitives/brand.ts";
import type { Now } from "./now.ts";
import type { Write } from "./store.ts";

/**
 * A node of any protocol. It does no I/O, reads no clock and draws no random numbers of its own: a
 * host hands it events one by one, and carries out the effects in their order.
 */
export interface Machine<Event, Effect> {
  /**
   * @throws Error if an assumption of its own does not hold, or if its store cannot read a record.
   *   It must not be used any more then: its host starts another one from what is on disk.
   */
  handle(event: Event, now: Now): readonly Effect[];
}

/** The first event of every life, and the one that a `wake` effect asked for. */
export type Woken = { readonly type: "woken" };

/**
 * The batch is committed to the store already; it must now become durable. Every effect behind it
 * waits until it is, so that no other node learns of what a crash could undo.
 */
export type Persist = { readonly type: "persist"; readonly batch: readonly Write[] };

/**
 * Asks for a `woken` event when so much has passed, by the clock that is never set. While an earlier one is open, a later
 * one is dropped: once woken, the machine can ask anew.
 */
export type Wake = { readonly type: "wake"; readonly at: Elapsed };

/** What every host carries out itself; all other effects are the machine's own. */
export type HostEffect = Persist | Wake;
