/** One lever at a time: each finds the network as the one before has left it. */

import { LeverError } from "./lever-error.ts";

export class LeverQueue {
  #last: Promise<unknown> = Promise.resolve();
  #state: "opening" | "open" | "closing" = "opening";

  /** From now on levers may be pulled. */
  open(): void {
    this.#state = "open";
  }

  get isClosing(): boolean {
    return this.#state === "closing";
  }

  /** Refuses all that comes, and resolves when the last lever has done its work. */
  async close(): Promise<void> {
    this.#state = "closing";
    await this.#last;
  }

  /** @throws LeverError if the lab is not open. */
  async run<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const done = this.#last.then(() => {
      if (this.#state === "closing") throw new LeverError("The lab is closing.");
      if (this.#state === "opening")
        throw new LeverError("The lab is opening; try again in a moment.");
      return act();
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}
