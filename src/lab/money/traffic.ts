/** Payments that go on by themselves: the same seed plans the same ones. */

import type { Satoshi } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";

export type PlannedPayment = {
  /** After the one before. */
  readonly afterMs: number;
  readonly from: string;
  readonly to: string;
  readonly value: Satoshi;
  /** The node where it is submitted. */
  readonly via: string;
};

const valueMin = 10_000;
const valueMax = 5_000_000;

/**
 * Payments without end, at the given pace.
 *
 * @param names at least two.
 * @param rate payments a second; above 0.
 */
export function* planTraffic(
  names: readonly string[],
  rate: number,
  random: Random,
): Generator<PlannedPayment, never> {
  for (;;) {
    const afterMs = Math.round(random.nextExponential(1000 / rate));
    const from = random.pick(names);
    const to = random.pick(names.filter((name) => name !== from));
    const value = (valueMin + random.nextBelow(valueMax - valueMin)) as Satoshi;
    yield { afterMs, from, to, value, via: random.pick(names) };
  }
}

/** Carries out a plan in real time until it is stopped. */
export class Traffic {
  readonly #plan: Iterator<PlannedPayment, never>;
  readonly #pay: (payment: PlannedPayment) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** @param pay must not throw. A payment that takes long delays those after it. */
  constructor(
    plan: Iterator<PlannedPayment, never>,
    pay: (payment: PlannedPayment) => Promise<void>,
  ) {
    this.#plan = plan;
    this.#pay = pay;
  }

  start(): void {
    if (this.#isStopped) return;
    const { value: payment } = this.#plan.next();
    this.#timer = setTimeout(() => {
      this.#underWay = this.#pay(payment).then(() => this.start());
    }, payment.afterMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#underWay;
  }
}
