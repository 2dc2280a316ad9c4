/** A protocol whose processes stop between two chosen effects, and whose messages may be held back. */

import type { PeerId } from "../../primitives/brand.ts";
import type { ProcessEffect } from "../../protocols/process/process.ts";
import type { News, Protocol } from "../../protocols/process/protocol.ts";

export type CrashPointsOptions = {
  /** True for a message that does not leave now. */
  readonly isHeldBack: (from: PeerId, to: PeerId, message: unknown) => boolean;
  /** Called once; the process does nothing more, and is to be crashed now. */
  readonly onReached: (name: PeerId) => void;
};

/** Whether a process stops in place of an effect. @param number of the effect, from 0 in its first life. */
export type ShouldStop = (effect: ProcessEffect<unknown, News>, number: number) => boolean;

type Named = { readonly name: PeerId; readonly inner: unknown };
type Effect = ProcessEffect<unknown, News>;

export class CrashPoints {
  readonly #options: CrashPointsOptions;
  readonly #carriedOut = new Map<PeerId, number>();
  readonly #points = new Map<PeerId, ShouldStop>();
  readonly #stopped = new Set<PeerId>();

  constructor(options: CrashPointsOptions) {
    this.#options = options;
  }

  set(name: PeerId, shouldStop: ShouldStop): void {
    this.#points.set(name, shouldStop);
  }

  /** The process can go on, and no crash point is left in it. */
  clear(name: PeerId): void {
    this.#points.delete(name);
    this.#stopped.delete(name);
  }

  /** Effects of a process so far. */
  carriedOut(name: PeerId): number {
    return this.#carriedOut.get(name) ?? 0;
  }

  within(protocol: Protocol): Protocol {
    return {
      ...protocol,
      start: (setting, disk): Named => {
        return { name: setting.name, inner: protocol.start(setting, disk) };
      },
      step: (state, event, moment) => {
        const { name, inner } = state as Named;
        const step = protocol.step(inner, event, moment);
        return { state: { name, inner: step.state }, effects: this.#allowed(name, step.effects) };
      },
      view: (state) => protocol.view((state as Named).inner),
    };
  }

  #allowed(name: PeerId, effects: readonly Effect[]): readonly Effect[] {
    const allowed: Effect[] = [];
    for (const effect of effects) {
      if (this.#isStopped(name, effect)) break;
      this.#carriedOut.set(name, this.carriedOut(name) + 1);
      const isHeldBack =
        effect.type === "send" && this.#options.isHeldBack(name, effect.to, effect.message);
      if (!isHeldBack) allowed.push(effect);
    }
    return allowed;
  }

  #isStopped(name: PeerId, effect: Effect): boolean {
    if (this.#stopped.has(name)) return true;
    if (!this.#points.get(name)?.(effect, this.carriedOut(name))) return false;
    this.#stopped.add(name);
    this.#options.onReached(name);
    return true;
  }
}
