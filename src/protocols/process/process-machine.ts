/** Makes a machine of a protocol: what any host, simulated or live, hands events to. */

import type { HostEffect, Machine, Woken } from "../../machine/machine.ts";
import type { Now } from "../../machine/now.ts";
import type { Store } from "../../machine/store.ts";
import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Answer, RequestId } from "./key-value.ts";
import type { ProcessEffect, ProcessEvent, Requested, Setting } from "./process.ts";
import type { News, ProcessView, Protocol } from "./protocol.ts";
import { lookAlike } from "./shared-view.ts";
import type { Signatures } from "./signatures.ts";

/** Messages are bytes here: a process must stand whatever comes over a wire. */
export type ProcessMachineEvent =
  | { readonly type: "message"; readonly from: PeerId; readonly message: Uint8Array }
  | Requested
  | Woken;

export type ProcessMachineEffect =
  | HostEffect
  | { readonly type: "send"; readonly to: PeerId; readonly message: Uint8Array }
  | { readonly type: "answer"; readonly id: RequestId; readonly answer: Answer }
  | { readonly type: "news"; readonly news: News };

export type ProcessMachineOptions = {
  readonly protocol: Protocol;
  readonly setting: Setting;
  readonly store: Store;
  readonly random: Random;
  readonly signatures?: Signatures;
};

export class ProcessMachine implements Machine<ProcessMachineEvent, ProcessMachineEffect> {
  readonly #options: ProcessMachineOptions;
  #state: unknown;
  /** The last that was asked for, and the state that it was made of. */
  #seen: { readonly state: unknown; readonly view: ProcessView } | undefined;
  #hasStarted = false;

  /** Begins a life: its state is what the store holds. */
  constructor(options: ProcessMachineOptions) {
    this.#options = options;
    const { protocol, setting, store } = options;
    this.#state = protocol.start(setting, store);
  }

  get state(): unknown {
    return this.#state;
  }

  /** The same object as before where it shows the same, though the state is another. */
  get view(): ProcessView {
    const state = this.#state;
    const seen = this.#seen;
    if (seen !== undefined && seen.state === state) return seen.view;
    const made = this.#options.protocol.view(state);
    const view = seen !== undefined && lookAlike(seen.view, made) ? seen.view : made;
    this.#seen = { state, view };
    return view;
  }

  handle(event: ProcessMachineEvent, { elapsed }: Now): readonly ProcessMachineEffect[] {
    const { protocol, random, signatures } = this.#options;
    // Processes measure spans only: no wall clock is theirs.
    const moment = { now: elapsed, random, ...(signatures && { signatures }) };
    const step = protocol.step(this.#state, this.#eventOf(event), moment);
    this.#state = step.state;
    const effects: ProcessMachineEffect[] = [];
    for (const effect of step.effects) effects.push(this.#carry(effect));
    return effects;
  }

  #eventOf(event: ProcessMachineEvent): ProcessEvent<unknown> {
    if (event.type === "requested") return event;
    if (event.type === "woken") {
      if (this.#hasStarted) return event;
      this.#hasStarted = true;
      return { type: "started" };
    }
    const verdict = this.#options.protocol.decode(event.message);
    return verdict.ok
      ? { type: "received", from: event.from, message: verdict.value }
      : { type: "malformed", from: event.from, problem: verdict.problem };
  }

  #carry(effect: ProcessEffect<unknown, News>): ProcessMachineEffect {
    if (effect.type === "persist") this.#options.store.commit(effect.batch);
    if (effect.type !== "send") return effect;
    const { type, to, message } = effect;
    return { type, to, message: this.#options.protocol.encode(message) };
  }
}
