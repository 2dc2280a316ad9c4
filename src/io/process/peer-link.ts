/** Messages to one peer, as a datagram network has them: in order while all is well, or lost. */

import { asError } from "../../primitives/error-message.ts";

/** A stream of frames to the peer. */
export interface FrameSink {
  /** Resolves when there is room for the next one. */
  write(frame: Uint8Array, signal: AbortSignal): Promise<void>;
  abort(error: Error): void;
}

/** What is wrong with a link in one direction. */
export type LinkFaults = {
  /** Nothing arrives. */
  readonly isSilent: boolean;
  readonly delayMs: number;
  /** Probability from 0 to 1 that a message is lost, that it comes twice, that it is overtaken. */
  readonly scrambledShare: number;
};

export const noFaults: LinkFaults = { isSilent: false, delayMs: 0, scrambledShare: 0 };

/** More than a healthy peer ever leaves waiting; further messages are lost. */
export const queuedMax = 1_000;
/** Messages held back by a slow link; further ones are lost. */
export const delayedMax = 10_000;
/** How long a message may be held back so that others overtake it: many times a way on loopback. */
const overtakenMsMax = 50;
/** A peer that takes nothing for so long is as good as gone. */
const writeMsMax = 20_000;

export class PeerLink {
  readonly #open: () => Promise<FrameSink>;
  readonly #draw: () => number;
  readonly #queue: Uint8Array[] = [];
  readonly #delayed = new Set<NodeJS.Timeout>();
  #faults = noFaults;
  #sink: FrameSink | undefined;
  #isSending = false;
  #isClosed = false;

  /**
   * @param open a new stream to the peer; rejects if it is not connected.
   * @param draw a random number from 0 to below 1.
   */
  constructor(open: () => Promise<FrameSink>, draw: () => number = Math.random) {
    this.#open = open;
    this.#draw = draw;
  }

  /** For messages that are sent from now on. */
  set faults(faults: LinkFaults) {
    this.#faults = faults;
  }

  send(frame: Uint8Array): void {
    const { isSilent, delayMs, scrambledShare } = this.#faults;
    if (isSilent || this.#isOneOf(scrambledShare)) return;
    const copies = this.#isOneOf(scrambledShare) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const heldMs = this.#isOneOf(scrambledShare) ? this.#draw() * overtakenMsMax : 0;
      this.#sendLater(frame, delayMs + heldMs);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#delayed.clear();
    this.#sink?.abort(new Error("the process is stopping"));
  }

  #isOneOf(share: number): boolean {
    return share > 0 && this.#draw() < share;
  }

  #sendLater(frame: Uint8Array, delayMs: number): void {
    if (delayMs === 0) {
      this.#enqueue(frame);
      return;
    }
    if (this.#delayed.size >= delayedMax) return;
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#enqueue(frame);
    }, delayMs);
    this.#delayed.add(timer);
  }

  #enqueue(frame: Uint8Array): void {
    if (this.#isClosed || this.#queue.length >= queuedMax) return;
    this.#queue.push(frame);
    void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
      try {
        this.#sink ??= await this.#open();
        await this.#sink.write(frame, AbortSignal.timeout(writeMsMax));
      } catch (error) {
        // Processes have time-outs for this: all that waits is lost with the stream.
        this.#sink?.abort(asError(error));
        this.#sink = undefined;
        this.#queue.length = 0;
      }
    }
    this.#isSending = false;
  }
}
