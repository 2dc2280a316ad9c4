/** What one peer may have of us, and we of it: requests at once, and requests a second. */

/** Requests of one peer that are served at once: more than an honest one has under way. */
const servedAtOnceMax = 8;
/** Requests to one peer that are under way at once. */
const askedAtOnceMax = 4;
/** Requests that wait for their turn with one peer; a longer queue only hides a stalled peer. */
const waitingMax = 64;

/** How often a peer may ask: a bucket of `burst` tokens that is refilled at a steady rate. */
export type Pace = {
  readonly requestsPerSecond: number;
  readonly burst: number;
};

/** Counts what one peer asks of us. */
export class ServingQuota {
  readonly #pace: Pace;
  #tokens: number;
  #countedAtMs: number;
  #underWay = 0;

  constructor(pace: Pace, nowMs: number) {
    this.#pace = pace;
    this.#tokens = pace.burst;
    this.#countedAtMs = nowMs;
  }

  /** Takes a place for one request, if there is one; `leave` gives it back. */
  enter(nowMs: number): boolean {
    const refilled = ((nowMs - this.#countedAtMs) / 1_000) * this.#pace.requestsPerSecond;
    this.#tokens = Math.min(this.#pace.burst, this.#tokens + refilled);
    this.#countedAtMs = nowMs;
    if (this.#underWay >= servedAtOnceMax || this.#tokens < 1) return false;
    this.#tokens -= 1;
    this.#underWay += 1;
    return true;
  }

  leave(): void {
    this.#underWay -= 1;
  }
}

/** Lets a few of our requests to one peer go at once; the rest wait in a short queue. */
export class AskingQueue {
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  get isEmpty(): boolean {
    return this.#underWay === 0 && this.#waiting.length === 0;
  }

  /**
   * Waits for a turn; `leave` passes it on.
   *
   * @throws Error if the queue is full, or the signal's reason if that is aborted first.
   */
  async enter(signal: AbortSignal): Promise<void> {
    if (this.#underWay < askedAtOnceMax) {
      this.#underWay += 1;
      return;
    }
    if (this.#waiting.length >= waitingMax) {
      throw new Error(`${waitingMax} requests already wait for this peer`);
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(go);
    });
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#underWay -= 1;
    else next();
  }
}
