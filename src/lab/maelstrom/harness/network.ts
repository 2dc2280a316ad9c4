/** The network of a test: it delays messages between nodes, drops them at a partition, and counts them. */

import type { Random } from "../../../primitives/random.ts";
import type { Message } from "../protocol/message.ts";
import type { Time } from "../time.ts";

/** Of a message between nodes; one of a client, or to it, takes no time. */
export type Latency = {
  readonly leastMs: number;
  /** The mean of what it takes longer: exponential, so that a message may overtake another. */
  readonly jitterMs: number;
};

export type MessageTotals = {
  /** Sent by a node to another or to itself, also those that were dropped. */
  readonly betweenNodes: number;
  readonly dropped: number;
  /** Requests of clients and replies to them. */
  readonly ofClients: number;
};

/** Messages on their way at a time; further ones are dropped. */
const underWayMax = 20_000;

type Receive = (message: Message) => void;

export class Network {
  readonly #time: Time;
  readonly #random: Random;
  readonly #latency: Latency;
  readonly #nodes = new Map<string, Receive>();
  readonly #clients = new Map<string, Receive>();
  #isolated: ReadonlySet<string> = new Set();
  #totals: MessageTotals = { betweenNodes: 0, dropped: 0, ofClients: 0 };
  #underWay = 0;

  constructor(time: Time, random: Random, latency: Latency) {
    this.#time = time;
    this.#random = random;
    this.#latency = latency;
  }

  get totals(): MessageTotals {
    return this.#totals;
  }

  addNode(name: string, receive: Receive): void {
    this.#nodes.set(name, receive);
  }

  addClient(name: string, receive: Receive): void {
    this.#clients.set(name, receive);
  }

  /** What is still sent to it is lost. */
  removeClient(name: string): void {
    this.#clients.delete(name);
  }

  /** Messages between these nodes and the others are dropped; clients reach all. */
  isolate(nodes: readonly string[]): void {
    this.#isolated = new Set(nodes);
  }

  heal(): void {
    this.#isolated = new Set();
  }

  /** Whether a node or client has, or had, this name. */
  knows(name: string): boolean {
    return this.#nodes.has(name) || /^c\d+$/.test(name);
  }

  send(message: Message): void {
    const { src, dest } = message;
    const receive = this.#nodes.get(dest);
    if (receive === undefined || !this.#nodes.has(src)) {
      this.#count("ofClients");
      (receive ?? this.#clients.get(dest))?.(message);
      return;
    }
    this.#count("betweenNodes");
    if (this.#underWay >= underWayMax) {
      this.#count("dropped");
      return;
    }
    this.#underWay += 1;
    this.#time.after(this.#drawDelay(), () => {
      this.#underWay -= 1;
      // As in Maelstrom, a partition is met at the end of the way.
      if (this.#isolated.has(src) === this.#isolated.has(dest)) receive(message);
      else this.#count("dropped");
    });
  }

  #count(what: keyof MessageTotals): void {
    this.#totals = { ...this.#totals, [what]: this.#totals[what] + 1 };
  }

  #drawDelay(): number {
    const { leastMs, jitterMs } = this.#latency;
    return jitterMs === 0 ? leastMs : leastMs + this.#random.nextExponential(jitterMs);
  }
}
