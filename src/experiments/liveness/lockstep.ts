/** Ben-Or's protocol in lockstep: for each step of a round a schedule says whose messages each member receives. */

import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { BenOr } from "../../protocols/ben-or/ben-or.ts";
import type { Bit, RoundMessage } from "../../protocols/ben-or/message.ts";
import type { BenOrState } from "../../protocols/ben-or/state.ts";
import type { ProcessEvent } from "../../protocols/process/process.ts";
import { majorityOf } from "../../protocols/process/quorum.ts";
import { namesOf } from "../processes/constant-world.ts";

/** What all members say in a step, by their positions. */
type Words = readonly (Bit | null)[];

/** Whose messages a member receives besides its own: just as many as it waits for. */
export type Schedule = (words: Words, listener: number, random: Random) => readonly number[];

/** Each choice of others is equally likely. */
export const randomSchedule: Schedule = (words, listener, random) => {
  const others = othersOf(words, listener);
  return Array.from({ length: majorityOf(words.length) - 1 }, () => {
    return others.splice(random.nextBelow(others.length), 1)[0] as number;
  });
};

/** Shows everyone another bit than its own, if there is one: then none proposes. */
export const worstSchedule: Schedule = (words, listener) => {
  const others = othersOf(words, listener);
  const [alike, different] = [true, false].map((isAlike) => {
    return others.filter((at) => (words[at] === words[listener]) === isAlike);
  }) as [number[], number[]];
  return [...different, ...alike].slice(0, majorityOf(words.length) - 1);
};

function othersOf(words: Words, listener: number): number[] {
  return words.flatMap((_, at) => (at === listener ? [] : [at]));
}

export type LockstepRun = {
  readonly protocol: BenOr;
  /** At least 2. The first half of them, rounded down, proposes 1, the others 0. */
  readonly nodes: number;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly roundsMax: number;
};

/** In which round the first member decides; undefined if none does in so many. */
export function roundsToDecision({ roundsMax, ...run }: LockstepRun): number | undefined {
  const lockstep = new Lockstep(run);
  for (let round = 1; round <= roundsMax; round++) if (lockstep.goRound()) return round;
  return undefined;
}

class Lockstep {
  readonly #run: Omit<LockstepRun, "roundsMax">;
  readonly #names: readonly PeerId[];
  readonly #states: BenOrState[];
  /** The newest that each has said to all. */
  readonly #said: (RoundMessage | undefined)[];
  #isDecided = false;

  constructor(run: Omit<LockstepRun, "roundsMax">) {
    this.#run = run;
    const { protocol, nodes } = run;
    const members = namesOf(nodes);
    this.#names = members;
    this.#states = members.map((name) => protocol.start({ name, members }, new Map()));
    this.#said = members.map(() => undefined);
    for (const at of members.keys()) {
      const id = { client: `c${at}`, number: 1 };
      const value = at < Math.floor(nodes / 2) ? 1 : 0;
      this.#handle(at, { type: "requested", id, command: { type: "propose", value } });
    }
  }

  /** True if a member has decided by its end. */
  goRound(): boolean {
    this.#goStep();
    this.#goStep();
    return this.#isDecided;
  }

  #goStep(): void {
    const { schedule, random } = this.#run;
    // What is said while it goes on belongs to the next step.
    const said = this.#said.map((message) => message as RoundMessage);
    const words = said.map(({ bit }) => bit);
    for (const at of this.#names.keys()) {
      for (const speaker of schedule(words, at, random)) {
        const [from, message] = [this.#names[speaker] as PeerId, said[speaker] as RoundMessage];
        this.#handle(at, { type: "received", from, message });
      }
    }
  }

  #handle(at: number, event: ProcessEvent<RoundMessage>): void {
    const { protocol, random } = this.#run;
    const moment = { now: 0 as Elapsed, random };
    const { state, effects } = protocol.step(this.#states[at] as BenOrState, event, moment);
    this.#states[at] = state;
    for (const effect of effects) {
      if (effect.type !== "send") continue;
      if (effect.message.type === "decided") this.#isDecided = true;
      else this.#said[at] = effect.message;
    }
  }
}
