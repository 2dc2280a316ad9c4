/** Selfish mining, live: lets the attacker withhold its blocks, and counts its revenue. */

import type { OptionsOf } from "../../attacks/catalogue.ts";
import { curveOf } from "../../attacks/record/closed-form.ts";
import { attackerName, observerName } from "../../attacks/record/participants.ts";
import type { BlockTally } from "../../attacks/record/step.ts";
import type { SelfishState } from "../../attacks/selfish-mining/behaviour.ts";
import { type SelfishMiner, selfishMiningTheory } from "../../attacks/selfish-mining/theory.ts";
import type { SelfishMiningVerdict } from "../../attacks/selfish-mining/words.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { wilsonInterval } from "../../theory/statistics.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { Member } from "../nodes/member.ts";
import { openEvents } from "../timeline/event-stream.ts";
import { type AttackedLab, type AttackRun, settleMaxMs, untilNextLook } from "./attacked-lab.ts";
import { Tally } from "./tally.ts";

/** A block takes two seconds on average, and a selfish miner makes some of them useless. */
const blockMaxMs = 6_000;
/** The first blocks may take longer, until the difficulty fits. */
const patienceMs = 30_000;

const noState: SelfishState = {
  race: { own: 0, rival: 0 },
  revelations: 0,
  revealed: undefined,
};

export class LiveSelfishMining {
  readonly #lab: AttackedLab;
  readonly #run: AttackRun<OptionsOf<"selfish-mining">>;
  readonly #attacker: Member;
  readonly #miner: SelfishMiner;
  readonly #tally: Tally;
  readonly #startedAtMs = performance.now();
  #state = noState;
  /** What is found above does not count. */
  #heightMax = Infinity;

  constructor(lab: AttackedLab, run: AttackRun<OptionsOf<"selfish-mining">>, attacker: Member) {
    this.#lab = lab;
    this.#run = run;
    this.#attacker = attacker;
    const { stubborn } = run.options;
    const share = lab.shares[attackerName] ?? 0;
    this.#miner = stubborn === undefined ? { share } : { share, stubborn };
    this.#tally = new Tally((hash) => lab.observer.minerOf(hash) === attackerName);
  }

  async run(): Promise<SelfishMiningVerdict> {
    this.#tellScene();
    const closing = new AbortController();
    const signal = AbortSignal.any([closing.signal, this.#run.signal]);
    const events = await openEvents(this.#lab.clientOf(observerName), signal);
    const followed = this.#follow(events).catch(() => undefined); // the lab closes, or that node
    try {
      await this.#begin();
      await this.#watch();
      return this.#judge(await this.#settle());
    } finally {
      closing.abort();
      await followed;
    }
  }

  #tellScene(): void {
    const { blocks } = this.#run.options;
    this.#run.tell({
      type: "scene",
      attack: "selfish-mining",
      attacker: attackerName,
      shares: this.#lab.shares,
      blocks,
      ...this.#miner,
      theory: selfishMiningTheory.of(this.#miner),
      curve: curveOf(selfishMiningTheory, this.#miner),
    });
  }

  async #follow(events: Awaited<ReturnType<typeof openEvents>>): Promise<void> {
    for await (const event of events) {
      if (!this.#tally.note(event)) continue;
      this.#run.tell({ type: "tally", ...this.#tally.upTo(this.#heightMax) });
    }
  }

  async #begin(): Promise<void> {
    this.#lab.observer.setAttacker(attackerName);
    const payTo = bytesToHex(this.#lab.walletOf(attackerName).key.script);
    const { stubborn } = this.#miner;
    const manner = stubborn === undefined ? {} : { stubborn };
    await this.#attacker.attack({ type: "selfish-mining", payTo, ...manner });
  }

  async #watch(): Promise<void> {
    const { blocks } = this.#run.options;
    const raceMaxMs = patienceMs + blocks * blockMaxMs;
    while (this.#tally.found < blocks) {
      if (performance.now() >= this.#startedAtMs + raceMaxMs) {
        this.#run.tell({ type: "out-of-time", seconds: raceMaxMs / 1000 });
        return;
      }
      await untilNextLook(this.#run.signal);
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    const state = await this.#attacker.attackState();
    if (state?.type !== "selfish-mining")
      throw new Error("the attacker has lost the state of its attack");
    const last = this.#state;
    this.#state = state;
    const { race, revelations, revealed } = state;
    if (revealed !== undefined && revelations > last.revelations) {
      const [secretBlocks, publicBlocks] = [revealed.own, revealed.rival];
      this.#run.tell({ type: "published", secretBlocks, publicBlocks });
    }
    const { own, rival } = race;
    if (own === last.race.own && rival === last.race.rival) return;
    this.#run.tell({
      type: "race",
      secretBlocks: own,
      publicBlocks: rival,
      lead: own - rival,
    });
  }

  /** Ends it, and counts when all nodes agree. */
  async #settle(): Promise<BlockTally> {
    const { observer } = this.#lab;
    const { height } = await this.#attacker.status();
    this.#heightMax = height;
    await this.#attacker.endAttack();
    observer.setAttacker(undefined);
    const deadlineMs = performance.now() + settleMaxMs;
    for (;;) {
      await untilNextLook(this.#run.signal);
      const isHeard = (observer.tipOf(observerName)?.height ?? 0) >= height;
      if ((isHeard && observer.isAgreed) || performance.now() >= deadlineMs) break;
    }
    await this.#look(); // so that a last publication is reported, too
    return this.#tally.upTo(this.#heightMax);
  }

  #judge(tally: BlockTally): SelfishMiningVerdict {
    const staying = tally.attackerBlocks + tally.honestBlocks;
    if (staying === 0) throw new LeverError("No block was found in time; try a higher hashrate.");
    const revenue = tally.attackerBlocks / staying;
    return {
      type: "verdict",
      attack: "selfish-mining",
      outcome: revenue > this.#miner.share ? "gained" : "lost",
      ...this.#miner,
      revenue,
      interval: wilsonInterval(tally.attackerBlocks, staying),
      tally,
      theory: selfishMiningTheory.of(this.#miner),
      durationSeconds: (performance.now() - this.#startedAtMs) / 1000,
      timeline: this.#lab.timelinePath,
    };
  }
}
