/** Behaviours that fit every protocol: they need not understand its messages. */

import type { Elapsed } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Behaviour, BehaviourPlace, ByzantineFilter } from "./behaviour.ts";
import type { Answer } from "./key-value.ts";
import type { ProcessMachine, ProcessMachineEffect } from "./process-machine.ts";

type Send = Extract<ProcessMachineEffect, { readonly type: "send" }>;
type Now = Parameters<ByzantineFilter["filter"]>[2];

export const commonBehaviours: readonly Behaviour[] = [
  {
    name: "silent",
    does: "sends and answers nothing",
    create: () => new Silent(),
  },
  {
    name: "late",
    does: "holds back what it sends, for up to some seconds",
    create: ({ random }) => new Late(random),
  },
  {
    name: "replaying",
    does: "sends old messages again, to anyone",
    create: (place) => new Replaying(place),
  },
  {
    name: "false-answers",
    does: "answers clients with values that were never written",
    create: () => new FalseAnswers(),
  },
];

class Silent implements ByzantineFilter {
  deviations = 0;

  filter(effects: readonly ProcessMachineEffect[]): readonly ProcessMachineEffect[] {
    const kept = effects.filter(({ type }) => type !== "send" && type !== "answer");
    this.deviations += effects.length - kept.length;
    return kept;
  }
}

const delayMeansMs = [200, 1_000, 4_000] as const;
const heldMax = 1_000;

class Late implements ByzantineFilter {
  deviations = 0;
  readonly #random: Random;
  readonly #meanMs: number;
  /** In the order in which they are due. */
  #held: { readonly dueAt: number; readonly effect: Send }[] = [];

  constructor(random: Random) {
    this.#random = random;
    this.#meanMs = random.pick(delayMeansMs);
  }

  filter(
    effects: readonly ProcessMachineEffect[],
    _: ProcessMachine,
    { elapsed }: Now,
  ): readonly ProcessMachineEffect[] {
    const kept: ProcessMachineEffect[] = [];
    for (const effect of effects) {
      if (effect.type === "send" && this.#held.length < heldMax) this.#hold(effect, elapsed);
      else kept.push(effect);
    }
    const due = this.#held.filter(({ dueAt }) => dueAt <= elapsed);
    this.#held = this.#held.filter(({ dueAt }) => dueAt > elapsed);
    const [next] = this.#held;
    const wake = next && ({ type: "wake", at: next.dueAt as Elapsed } as const);
    return [...kept, ...due.map(({ effect }) => effect), ...(wake ? [wake] : [])];
  }

  #hold(effect: Send, elapsed: number): void {
    this.deviations += 1;
    const dueAt = elapsed + this.#random.nextExponential(this.#meanMs);
    this.#held = [...this.#held, { dueAt, effect }].toSorted((a, b) => a.dueAt - b.dueAt);
  }
}

const rememberedMax = 100;
/** At most one a span, so that answers to it do not make it send without end. */
const replayEveryMs = 100;

class Replaying implements ByzantineFilter {
  deviations = 0;
  readonly #place: BehaviourPlace;
  #remembered: readonly Send[] = [];
  #nextAt = 0;

  constructor(place: BehaviourPlace) {
    this.#place = place;
  }

  filter(
    effects: readonly ProcessMachineEffect[],
    _: ProcessMachine,
    { elapsed }: Now,
  ): readonly ProcessMachineEffect[] {
    const { random, members, name } = this.#place;
    const old = this.#remembered;
    const sent = effects.filter((effect) => effect.type === "send");
    this.#remembered = [...old, ...sent].slice(-rememberedMax);
    if (old.length === 0 || elapsed < this.#nextAt) return effects;
    this.#nextAt = elapsed + replayEveryMs;
    this.deviations += 1;
    const to = random.pick(members.filter((member) => member !== name));
    return [...effects, { ...random.pick(old), to }];
  }
}

const neverWritten = "never written";

class FalseAnswers implements ByzantineFilter {
  deviations = 0;

  filter(effects: readonly ProcessMachineEffect[]): readonly ProcessMachineEffect[] {
    return effects.map((effect) => {
      if (effect.type !== "answer") return effect;
      const answer = falsified(effect.answer);
      if (answer !== effect.answer) this.deviations += 1;
      return { ...effect, answer };
    });
  }
}

/** The same for all that do so: they agree with each other. */
function falsified(answer: Answer): Answer {
  switch (answer.type) {
    case "read":
    case "decided":
      return { type: answer.type, value: neverWritten };
    case "compared":
      return { type: answer.type, isSet: !answer.isSet };
    case "written":
    case "aborted":
    case "redirected":
      return answer;
    default:
      return unreachable(answer);
  }
}
