/** The clocks of one node: those of the process, until a user sets the one that people read. */

import type { Now } from "../../machine/now.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { readClocks } from "./clocks.ts";

export class SettableClock {
  #set: Milliseconds | undefined;

  read(): Now {
    const { wall, elapsed } = readClocks();
    return { wall: this.#set ?? wall, elapsed };
  }

  /** It stands still at that time; undefined lets it run with the process's again. */
  set(wall: Milliseconds | undefined): void {
    this.#set = wall;
  }
}
