/** Plain messages between machines: each takes the shortest way along the links, or is lost on it. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Clock } from "./clock.ts";
import { Links } from "./links.ts";

/** The event of a message that arrived at a machine. */
export type Arrived<Message> = {
  readonly type: "message";
  readonly from: PeerId;
  readonly message: Message;
};

export type Letter<Message> = {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly message: Message;
  readonly sizeBytes: number;
};

/** What an observer does with a message that is about to be put on a link. */
export type Interference = "none" | "lost" | { readonly delayMs: number };

/** Sees the messages between two machines, each the same object when it is sent and when it arrives. */
export interface PostObserver<Message> {
  sent(letter: Letter<Message>): Interference;
  /** Again for a message that comes twice. */
  arrived(letter: Letter<Message>): void;
}

export type PostOptions<Message> = {
  readonly clock: Clock;
  readonly random: Random;
  /** What a message weighs on a link with limited bandwidth; a byte each if it is left out. */
  readonly sizeBytesOf?: (message: Message) => number;
};

/**
 * Machines are not notified of a link that closes, or of a message that is lost: there are only
 * time-outs. What is under way in a link is lost with it. A node between two others forwards their
 * messages as long as it runs, also while it is paused: that is its network's work, not its own.
 */
export class Post<Message> {
  readonly links: Links;
  readonly #clock: Clock;
  readonly #sizeBytesOf: (message: Message) => number;
  readonly #receivers = new Map<PeerId, (event: Arrived<Message>) => void>();
  /** For each end of a way, the next node from everywhere; for so many links. */
  #ways = { links: 0, to: new Map<PeerId, ReadonlyMap<PeerId, PeerId>>() };
  #messages = 0;
  #crossings = 0;
  #observer: PostObserver<Message> | undefined;

  constructor({ clock, random, sizeBytesOf = () => 1 }: PostOptions<Message>) {
    this.#clock = clock;
    this.#sizeBytesOf = sizeBytesOf;
    this.links = new Links(clock, random, { opened: () => undefined, closed: () => undefined });
  }

  /** Messages that were sent to others. */
  get messages(): number {
    return this.#messages;
  }

  /** Links that messages were put on: as many as messages where all are neighbours. */
  get crossings(): number {
    return this.#crossings;
  }

  /** One at most. */
  observe(observer: PostObserver<Message>): void {
    this.#observer = observer;
  }

  attach(name: PeerId, receive: (event: Arrived<Message>) => void): void {
    this.#receivers.set(name, receive);
    this.links.arrive(name);
  }

  detach(name: PeerId): void {
    this.#receivers.delete(name);
    this.links.leave(name);
  }

  /** A message to oneself crosses no link, and arrives as soon as there is nothing else to do. */
  send(from: PeerId, to: PeerId, message: Message): void {
    const letter = { from, to, message, sizeBytes: this.#sizeBytesOf(message) };
    if (from === to) {
      this.#clock.after(0, () => this.#deliver(letter));
      return;
    }
    this.#messages += 1;
    const interference = this.#observer?.sent(letter) ?? "none";
    if (interference === "lost") return;
    if (interference === "none") this.#forward(letter, from);
    else this.#clock.after(interference.delayMs, () => this.#forward(letter, from));
  }

  #forward(letter: Letter<Message>, at: PeerId): void {
    const next = this.#wayTo(letter.to).get(at);
    if (next === undefined) return;
    this.#crossings += 1;
    this.links.between(at, next)?.cross(at, letter.sizeBytes, () => {
      if (next === letter.to) this.#deliver(letter);
      else this.#forward(letter, next);
    });
  }

  #deliver(letter: Letter<Message>): void {
    const { from, to, message } = letter;
    const receive = this.#receivers.get(to);
    if (receive === undefined) return;
    if (from !== to) this.#observer?.arrived(letter);
    receive({ type: "message", from, message });
  }

  /** Along all links, whether they are open or not: routing does not know which ones are. */
  #wayTo(end: PeerId): ReadonlyMap<PeerId, PeerId> {
    if (this.#ways.links !== this.links.all.length) {
      this.#ways = { links: this.links.all.length, to: new Map() };
    }
    const known = this.#ways.to.get(end);
    if (known !== undefined) return known;
    const way = this.#findWay(end);
    this.#ways.to.set(end, way);
    return way;
  }

  /** Breadth first from the end: the node that is reached first is nearest. */
  #findWay(end: PeerId): ReadonlyMap<PeerId, PeerId> {
    const way = new Map<PeerId, PeerId>();
    const reached = [end];
    for (const at of reached) {
      for (const link of this.links.around(at)) {
        const other = link.otherEnd(at);
        if (other === end || way.has(other)) continue;
        way.set(other, at);
        reached.push(other);
      }
    }
    return way;
  }
}
