/** The network as the explorer knows it: the numbers of the messages that are under way. */

import { unreachable } from "../../primitives/verdict.ts";

/**
 * - `set`: what was sent can arrive at any time and any number of times; it covers loss,
 *   reordering and duplication.
 * - `bag`: a message arrives once for each time it was sent, in any order.
 * - `fifo`: so, and in order from each sender to each receiver.
 */
export const postKinds = ["set", "bag", "fifo"] as const;
export type PostKind = (typeof postKinds)[number];

/**
 * Messages under way. Of a set or a bag in the order of their numbers, so that equal posts are
 * equal lists; of a fifo in the order of their channels, and within one as they were sent.
 */
export type Post = readonly number[];

/** What may still happen to the processes and to the network. */
export type Budget = {
  /** Processes that stop and start again from what is on disk. */
  readonly crashes: number;
  /** Messages that never arrive; without meaning for a set, in which any may never arrive. */
  readonly losses: number;
  /** Messages that arrive once more; without meaning for a set. */
  readonly duplicates: number;
  /** Timers that fire. */
  readonly timeouts: number;
};

export class PostOffice {
  readonly kind: PostKind;
  /** Of a message: the number of its sender and receiver together. */
  readonly #channelOf: (message: number) => number;

  constructor(kind: PostKind, channelOf: (message: number) => number) {
    this.kind = kind;
    this.#channelOf = channelOf;
  }

  send(post: Post, message: number): Post {
    let at = post.length;
    switch (this.kind) {
      case "set":
        if (post.includes(message)) return post;
        while (at > 0 && (post[at - 1] as number) > message) at--;
        break;
      case "bag":
        while (at > 0 && (post[at - 1] as number) > message) at--;
        break;
      case "fifo": {
        const channel = this.#channelOf(message);
        while (at > 0 && this.#channelOf(post[at - 1] as number) > channel) at--;
        break;
      }
      default:
        return unreachable(this.kind);
    }
    return post.toSpliced(at, 0, message);
  }

  /** Whether the message at this position can arrive next, and no equal one stands before it. */
  canArrive(post: Post, at: number): boolean {
    if (at === 0) return true;
    const [before, message] = [post[at - 1] as number, post[at] as number];
    if (this.kind === "fifo") return this.#channelOf(before) !== this.#channelOf(message);
    return before !== message;
  }

  /** The post when the message at this position has arrived. */
  deliver(post: Post, at: number): Post {
    return this.kind === "set" ? post : post.toSpliced(at, 1);
  }

  /** The post when the message at this position is lost. */
  drop(post: Post, at: number): Post {
    return post.toSpliced(at, 1);
  }
}
