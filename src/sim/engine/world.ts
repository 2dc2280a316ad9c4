/** A world of machines of one kind: names, links and a clock, all from one seed. */

import type { Milliseconds, PeerId } from "../../primitives/brand.ts";
import { createRandom, type Random } from "../../primitives/random.ts";
import {
  type Check,
  type EffectCheck,
  isEffectCheck,
  isStepCheck,
  type StepCheck,
} from "./check.ts";
import { Clock } from "./clock.ts";
import type { Kind } from "./kind.ts";
import type { Links } from "./links.ts";
import type { HostPlace, MachineHost } from "./machine-host.ts";
import { InvariantError } from "./promise.ts";

export type WorldSetting<K extends Kind> = {
  /** All that is random follows from it: same seed, same run. */
  readonly seed: number | string;
  /** What the clock shows at first. */
  readonly start: Milliseconds;
  /** What must always hold. */
  readonly checks?: readonly Check<K["subject"], K["effect"]>[];
};

/**
 * Roles that a fault may name in place of a node, each with the node that holds it now, if one
 * does.
 */
export type Roles = Readonly<Record<string, () => string | undefined>>;

export type StepListener<H> = (host: H) => void;
export type NewsListener<News> = (name: PeerId, news: News, elapsedMs: number) => void;

export abstract class World<K extends Kind, H extends MachineHost<K> = MachineHost<K>> {
  readonly clock: Clock;
  abstract readonly links: Links;
  /** By their names without the `@`. */
  abstract readonly roles: Roles;
  protected readonly random: Random;
  readonly #stepChecks: readonly StepCheck<K["subject"]>[];
  readonly #effectChecks: readonly EffectCheck<K["subject"], K["effect"]>[];
  readonly #hosts = new Map<PeerId, H>();
  readonly #newsListeners: NewsListener<K["news"]>[] = [];
  readonly #stepListeners: StepListener<H>[] = [];
  /** What every step check has found nothing wrong with. */
  readonly #judged = new Map<H, K["subject"]>();
  #steps = 0;

  constructor({ seed, start, checks = [] }: WorldSetting<K>) {
    this.random = createRandom(seed);
    this.clock = new Clock(start);
    this.#stepChecks = checks.filter(isStepCheck);
    this.#effectChecks = checks.filter(isEffectCheck);
  }

  /**
   * A running machine as the checks see it. Where it is the same object as before, nothing that they
   * see of it has changed.
   */
  protected abstract subjectOf(host: H): K["subject"];

  subject(name: string): K["subject"] {
    return this.subjectOf(this.host(name));
  }

  /** Events that machines have handled. */
  get steps(): number {
    return this.#steps;
  }

  get names(): readonly PeerId[] {
    return [...this.#hosts.keys()];
  }

  get hosts(): readonly H[] {
    return [...this.#hosts.values()];
  }

  /** Starts a machine of this name. @param create makes its host from what the world gives it. */
  protected addHost(text: string, create: (place: HostPlace<K>) => H): H {
    const name = peerName(text);
    if (this.#hosts.has(name)) throw new Error(`there is a node ${name} already`);
    const host: H = create({
      name,
      clock: this.clock,
      random: this.random.fork(`node ${name}`),
      afterStep: () => this.#checkStep(host),
      beforeEffect: (effect) => this.#checkEffect(host, effect),
    });
    this.#hosts.set(name, host);
    host.start();
    return host;
  }

  host(name: string): H {
    const host = this.#hosts.get(peerName(name));
    if (host === undefined) throw new Error(`there is no node ${name}`);
    return host;
  }

  crash(name: string): void {
    this.host(name).crash();
  }

  restart(name: string): void {
    this.host(name).start();
  }

  onNews(listener: NewsListener<K["news"]>): void {
    this.#newsListeners.push(listener);
  }

  /** Notifies when a machine has handled an event, before its effects are carried out. */
  onStep(listener: StepListener<H>): void {
    this.#stepListeners.push(listener);
  }

  protected tellNews(name: PeerId, news: K["news"]): void {
    for (const listener of this.#newsListeners) listener(name, news, this.clock.elapsedMs);
  }

  runFor(durationMs: number): void {
    this.clock.pass(durationMs);
  }

  /** Lets the world go on until something is so; false if it is not within the duration. */
  runUntil(isSo: () => boolean, durationMs: number): boolean {
    const limitMs = this.clock.elapsedMs + durationMs;
    while (!isSo()) if (!this.clock.step(limitMs)) return false;
    return true;
  }

  /** Makes every check of every running machine now. */
  checkAll(): void {
    for (const host of this.#hosts.values()) {
      if (!canBeChecked(host)) continue;
      for (const check of this.#stepChecks) {
        this.#require(check.name, host.name, check.findViolation(this.subjectOf(host)));
      }
    }
  }

  #checkStep(host: H): void {
    this.#steps += 1;
    if (this.#stepChecks.length > 0 && canBeChecked(host)) this.#checkDue(host);
    for (const listener of this.#stepListeners) listener(host);
  }

  /** A subject that is the same object as before was judged: what others did since is judged at them. */
  #checkDue(host: H): void {
    const subject = this.subjectOf(host);
    if (this.#judged.get(host) === subject) return;
    let isJudged = true;
    for (const check of this.#stepChecks) {
      if (this.#steps % check.everySteps !== 0) isJudged = false;
      else this.#require(check.name, host.name, check.findViolation(subject));
    }
    if (isJudged) this.#judged.set(host, subject);
  }

  /** Attackers are exempt. */
  #checkEffect(host: H, effect: K["effect"]): void {
    if (this.#effectChecks.length === 0 || !host.isHonest || !canBeChecked(host)) return;
    for (const check of this.#effectChecks) {
      this.#require(check.name, host.name, check.findBreach(this.subjectOf(host), effect));
    }
  }

  #require(check: string, name: PeerId, violation: string | undefined): void {
    if (violation === undefined) return;
    throw new InvariantError(check, name, this.clock.elapsedMs, violation);
  }
}

/** Not where a record is damaged: a check would meet it before the machine does. */
function canBeChecked({
  isRunning,
  store,
}: Pick<MachineHost<Kind>, "isRunning" | "store">): boolean {
  return isRunning && !store.isDamaged;
}

/** In the simulator a peer id may be any name. */
export function peerName(name: string): PeerId {
  return name as PeerId;
}
