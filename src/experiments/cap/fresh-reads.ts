/** Whether a read at another node sees a write that was answered just before. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import { entrants } from "../../sim/cap/entrants.ts";
import type { CapSystem } from "../../sim/cap/system.ts";
import { completeNetworkOf } from "./shared-run.ts";

const nodes = 4;
const rounds = 5;
/** Behind the start: a leader is there by then. */
const warmUpMs = 5_000;
const patienceMs = 30_000;
const pauseMs = 10;

/** In 5 rounds without a fault: the second node reads at the moment at which the first is answered. */
export function missedReads(protocol: string, seed: string): number {
  const entrant = entrants.find(({ name }) => name === protocol);
  if (entrant === undefined) throw new RangeError(`there is no entrant ${protocol}`);
  const asker = new Asker(entrant.create(seed, completeNetworkOf(nodes)));
  let missed = 0;
  for (let round = 1; round <= rounds; round++) {
    asker.ask("n1", { type: "write", key: "k", value: round });
    const read = asker.ask("n2", { type: "read", key: "k" });
    if (read.type !== "read" || read.value !== round) missed += 1;
  }
  return missed;
}

/** Asks one thing after the other, and follows redirections. */
class Asker {
  readonly #system: CapSystem;
  readonly #answers = new Map<number, Answer>();
  #number = 0;

  constructor(system: CapSystem) {
    this.#system = system;
    system.onAnswer(({ number }, answer) => {
      if (!this.#answers.has(number)) this.#answers.set(number, answer);
    });
    system.begin();
    system.runFor(warmUpMs);
  }

  ask(beside: string, command: Command): Answer {
    let answer = this.#attempt(beside, command);
    // A key that is locked is asked for again.
    while (answer.type === "aborted") {
      this.#system.runFor(pauseMs);
      answer = this.#attempt(beside, command);
    }
    return answer.type === "redirected" ? this.#attempt(beside, command, answer.leader) : answer;
  }

  #attempt(beside: string, command: Command, at?: string): Answer {
    const id: RequestId = { client: beside === "n1" ? "c1" : "c2", number: ++this.#number };
    const { asksAll } = this.#system;
    // Where several must answer, all are asked; without a fault the first answer is as good as any.
    const asked = asksAll?.names ?? [(at ?? beside) as PeerId];
    for (const each of asked) this.#system.request(beside as PeerId, id, command, each);
    const isAnswered = () => this.#answers.has(id.number);
    if (!isAnswered() && !this.#system.runUntil(isAnswered, patienceMs)) {
      throw new Error(`${beside} has no answer within ${patienceMs} ms`);
    }
    return this.#answers.get(id.number) as Answer;
  }
}
