/** The attacks on a lab, one at a time, and the report of the latest. */

import { type AttackOptions, attacks, type AttackVerdict } from "../../attacks/catalogue.ts";
import type { AttackReport, AttackStep } from "../../contract/attacks.ts";
import type { LabFacts } from "../../contract/timeline.ts";
import { messageOf } from "../../primitives/error-message.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { AttackedLab } from "./attacked-lab.ts";
import { attackLive } from "./live-attack.ts";

export type CampaignOptions = {
  readonly lab: AttackedLab;
  readonly tell: (facts: LabFacts) => void;
  /** Called before a verdict is reported, so that all it refers to is reported first. */
  readonly beforeVerdict: () => void;
  /** Breaks an attack off, because the lab closes: then nothing is put back. */
  readonly signal: AbortSignal;
};

const noAttack: AttackReport = { state: "none", steps: [], verdict: null, reason: null };

export class Campaign {
  readonly #options: CampaignOptions;
  #report: AttackReport = noAttack;
  #participants: readonly string[] = [];
  #breakingOff = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  get report(): AttackReport {
    return this.#report;
  }

  /** The nodes without which the attack that is under way cannot go on. */
  get participants(): readonly string[] {
    return this.#participants;
  }

  /** Resolves when no attack is under way. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Returns at once; `report` has its progress. */
  begin(options: AttackOptions): void {
    if (this.#report.state === "running") {
      throw new LeverError("An attack is under way; wait for its verdict.");
    }
    this.#report = { ...noAttack, state: "running" };
    this.#participants = attacks[options.type].participants;
    this.#breakingOff = new AbortController();
    this.#ended = this.#run(options);
  }

  /** Breaks the attack off that is under way; it resolves when all is as it was before. */
  async end(): Promise<void> {
    if (this.#report.state !== "running") throw new LeverError("No attack is under way.");
    this.#breakingOff.abort();
    await this.#ended;
  }

  async #run(options: AttackOptions): Promise<void> {
    const { lab, tell, beforeVerdict, signal: closing } = this.#options;
    const signal = AbortSignal.any([closing, this.#breakingOff.signal]);
    try {
      const run = { options, signal, closing, tell: (step: AttackStep) => this.#note(step) };
      const verdict: AttackVerdict = await attackLive(lab, run);
      this.#report = { ...this.#report, state: "ended", verdict };
      beforeVerdict();
      tell(verdict);
    } catch (error) {
      const reason = this.#reasonOf(error);
      this.#report = { ...this.#report, state: "broken-off", reason };
      tell({ type: "attack", step: { type: "broken-off", reason } });
    }
    this.#participants = [];
  }

  #reasonOf(error: unknown): string {
    if (this.#options.signal.aborted) return "the lab was closed";
    return this.#breakingOff.signal.aborted ? "it was ended on request" : messageOf(error);
  }

  #note(step: AttackStep): void {
    this.#report = { ...this.#report, steps: [...this.#report.steps, step] };
    this.#options.tell({ type: "attack", step });
  }
}
