/** Numbers for peers, in the order in which callers first asked for them: clients expect numbers. */

import type { PeerId } from "../../../../primitives/brand.ts";

/** The numbers that were given out first are forgotten beyond so many. */
const numbersMax = 10_000;

export class PeerNumbers {
  readonly #numbers = new Map<PeerId, number>();
  #next = 0;

  of(peer: PeerId): number {
    const known = this.#numbers.get(peer);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#numbers.set(peer, number);
    if (this.#numbers.size > numbersMax) {
      for (const first of this.#numbers.keys()) {
        this.#numbers.delete(first);
        break;
      }
    }
    return number;
  }
}
