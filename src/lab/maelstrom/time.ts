/** The time of a node or a harness: the real one, or in tests a virtual one. */

export interface Time {
  /** Milliseconds since it began; never set. */
  readonly elapsedMs: number;
  /** Returns what cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export const realTime: Time = {
  get elapsedMs() {
    return performance.now();
  },
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
