/** What all runs of full nodes have in common: a world, its transcript, and what is asked of nodes. */

import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import {
  ChainWorld,
  type ChainWorldOptions,
  hashrateOf,
  type NodeSpec,
} from "../chain-world/chain-world.ts";
import type { HeadStart } from "../chain-world/head-start.ts";
import { type PaymentState, paymentStateOf } from "../chain-world/payment-state.ts";
import { ChainTranscript } from "../chain-world/transcript.ts";
import type { RunOptions } from "./scenario.ts";

/** The mean time between two blocks: messages take so much less that honest miners rarely fork. */
export const intervalMs = 20_000;

export abstract class Run<Outcome> {
  protected readonly world: ChainWorld;
  readonly #transcript: ChainTranscript;

  constructor({ seed, verifier, onLine }: RunOptions, options: Partial<ChainWorldOptions> = {}) {
    this.world = new ChainWorld({ seed, verifier, ...options });
    this.#transcript = new ChainTranscript(this.world, onLine ?? (() => undefined));
  }

  /** From the first line of the transcript to the last. */
  abstract run(): Outcome;

  /** What happens, reported by the participant to whom it happens. */
  protected say(name: string, text: string): void {
    this.#transcript.say(this.world.host(name).name, text);
  }

  /** A line of no participant. */
  protected tell(text: string): void {
    this.#transcript.say("", text);
  }

  /** @param share of the hash power that these nodes have together, in equal parts. */
  protected addMiners(names: readonly string[], share: number, spec: NodeSpec): void {
    const hashrate = hashrateOf(share / names.length, intervalMs, this.world.params);
    for (const name of names) this.world.add(name, { ...spec, hashrate });
  }

  /** Links each of these with every other. */
  protected connectAmong(names: readonly string[]): void {
    for (const [position, name] of names.entries()) {
      for (const other of names.slice(0, position)) this.world.connect(other, name);
    }
  }

  /** @throws Error if the node refuses it: scenarios only make valid payments. */
  protected submit(name: string, transaction: Transaction): void {
    const answer = this.world.command(name, { type: "submit-transaction", transaction });
    const isTaken = answer.type === "transaction" && answer.verdict.ok;
    if (!isTaken) throw new Error(`${name} refuses the payment`);
  }

  protected heightOf(name: string): number {
    return this.world.node(name).chain.tip.height;
  }

  /** As one node has it; it is looked for above the head start. */
  protected paymentStateOf(
    transaction: Transaction,
    name: string,
    { height }: HeadStart,
  ): PaymentState {
    return paymentStateOf(txidOf(transaction), this.world.node(name), height);
  }

  /** What every outcome ends with. */
  protected get cost(): { readonly elapsedMs: number; readonly steps: number } {
    return { elapsedMs: this.world.clock.elapsedMs, steps: this.world.steps };
  }
}

/** "38.05 %". */
export function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}
