/**
 * The same lie in the words of each protocol: one node claims what it has no right to claim, and the
 * others have no means to check it. Each is a filter over the effects of an honest process.
 */

import type { Filter } from "../../machine/filter.ts";
import type { Now } from "../../machine/now.ts";
import type { Elapsed } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { MultiPaxosMessage } from "../../protocols/multi-paxos/message.ts";
import { pbftBehaviours } from "../../protocols/pbft/behaviours.ts";
import { commonBehaviours } from "../../protocols/process/common-behaviours.ts";
import { othersOf, type Setting } from "../../protocols/process/process.ts";
import type {
  ProcessMachine,
  ProcessMachineEffect,
} from "../../protocols/process/process-machine.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import type { RaftMessage } from "../../protocols/raft/message.ts";

type LyingFilter = Filter<ProcessMachine, ProcessMachineEffect>;

type LieSetting = {
  readonly protocol: Protocol;
  readonly setting: Setting;
  readonly random: Random;
};

/** What a node that lies does, in a phrase for people, and its behaviour. */
type LieOfProtocol = {
  readonly phrase: string;
  readonly create: (of: LieSetting) => LyingFilter;
};

const lies: Readonly<Record<string, LieOfProtocol>> = {
  "single-copy": {
    phrase: "answers what the keeper did not say, which only its own client hears",
    create: () => ({ filter: (effects) => effects.map(answerDone) }),
  },
  "last-writer": {
    phrase: "passes on values that no client wrote, as the latest",
    create: (of) => ({ filter: (effects) => effects.map((effect) => forgeCopy(effect, of)) }),
  },
  "two-phase-commit": {
    phrase: "votes yes, and tells the others in the coordinator's place to abort",
    create: (of) => ({ filter: (effects) => effects.flatMap((effect) => abortOthers(effect, of)) }),
  },
  "three-phase-commit": {
    phrase: "votes yes, and tells the others in the coordinator's place to abort",
    create: (of) => ({ filter: (effects) => effects.flatMap((effect) => abortOthers(effect, of)) }),
  },
  "multi-paxos": {
    phrase: "claims to lead without promises, and answers what it has not done",
    create: (of) => new Impostor(of, paxosHeartbeat),
  },
  pbft: {
    phrase:
      "says different things to each, wants other views with forged proofs, and answers falsely",
    create: (of) =>
      new Joined(
        ["equivocating", "forged-view-change", "false-answers"].map((name) =>
          behaviourOf(name, of),
        ),
      ),
  },
  raft: {
    phrase: "claims to lead without votes, and answers what it has not done",
    create: (of) => new Impostor(of, raftHeartbeat),
  },
};

/** The behaviour of this name, of a process that has no accomplices. */
function behaviourOf(name: string, { setting, random }: LieSetting): LyingFilter {
  const behaviour = [...commonBehaviours, ...pbftBehaviours].find((each) => each.name === name);
  if (behaviour === undefined) throw new Error(`there is no behaviour ${name}`);
  const place = {
    ...setting,
    accomplices: [setting.name],
    signatures: fakeSignatures(setting.name),
  };
  return behaviour.create({ ...place, random: random.fork(name) });
}

/** One filter behind the other. */
class Joined implements LyingFilter {
  readonly #filters: readonly LyingFilter[];

  constructor(filters: readonly LyingFilter[]) {
    this.#filters = filters;
  }

  filter(
    effects: readonly ProcessMachineEffect[],
    machine: ProcessMachine,
    now: Now,
  ): readonly ProcessMachineEffect[] {
    return this.#filters.reduce((left, filter) => filter.filter(left, machine, now), effects);
  }
}

export function createLyingFilter(
  protocol: Protocol,
  setting: Setting,
  random: Random,
): LyingFilter {
  return lieOf(protocol).create({ protocol, setting, random });
}

/** Such as "votes yes, and …": the byzantine node is the subject. */
export function describeLie(protocol: Protocol): string {
  return lieOf(protocol).phrase;
}

/** A variant has its protocol's name, and what distinguishes it. */
function lieOf({ name }: Protocol): LieOfProtocol {
  const known = Object.keys(lies).find((key) => name === key || name.startsWith(`${key}-`));
  return (known === undefined ? undefined : lies[known]) ?? falseAnswers;
}

/** For a protocol of which no lie of its own is known. */
const falseAnswers: LieOfProtocol = {
  phrase: "answers its clients falsely",
  create: (of) => behaviourOf("false-answers", of),
};

/** To a read that is nothing, to a write that it was done. */
function answerDone(effect: ProcessMachineEffect): ProcessMachineEffect {
  return effect.type === "answer" ? { ...effect, answer: { type: "written" } } : effect;
}

/** Higher than any honest counter. */
const laterBy = 1_000_000;

function forgeCopy(effect: ProcessMachineEffect, { protocol }: LieSetting): ProcessMachineEffect {
  const message = messageIn(effect, protocol) as {
    readonly copy: Readonly<Record<string, Written>>;
  };
  if (effect.type !== "send") return effect;
  const copy: Record<string, Written> = {};
  for (const [key, { number, writer }] of Object.entries(message.copy)) {
    copy[key] = { value: `forged ${number}`, number: number + laterBy, writer };
  }
  return { ...effect, message: protocol.encode({ ...message, copy }) };
}

type Written = { readonly value: unknown; readonly number: number; readonly writer: string };

/** The share of transactions about which it lies: others show what became of those. */
const liedShare = 0.2;

/** Behind its own vote, so that the lie is there before the coordinator has all votes. */
function abortOthers(
  effect: ProcessMachineEffect,
  { protocol, setting, random }: LieSetting,
): readonly ProcessMachineEffect[] {
  const message = messageIn(effect, protocol) as
    { readonly type: string; readonly number: number } | undefined;
  if (message?.type !== "vote" || random.nextFloat() >= liedShare) return [effect];
  const [coordinator] = setting.members;
  const others = othersOf(setting).filter((name) => name !== coordinator);
  const abort = protocol.encode({ type: "abort", number: message.number });
  return [effect, ...others.map((to) => ({ type: "send", to, message: abort }) as const)];
}

function messageIn(effect: ProcessMachineEffect, protocol: Protocol): unknown {
  if (effect.type !== "send") return undefined;
  const read = protocol.decode(effect.message);
  return read.ok ? read.value : undefined;
}

const beatMs = 100;

/** A heartbeat of a leader of this era. */
type Heartbeat = (era: number, setting: Setting, now: Now) => RaftMessage | MultiPaxosMessage;

const raftHeartbeat: Heartbeat = (term, _, now) => {
  return { type: "heartbeat", term, committed: 0, round: 0, sentAt: Math.floor(now.elapsed) };
};

const paxosHeartbeat: Heartbeat = (round, { name }) => {
  return { type: "heartbeat", ballot: { round, name }, committed: 0 };
};

/** Sends heartbeats of an era that it was not elected in; a term or a ballot proves nothing. */
class Impostor implements LyingFilter {
  readonly #of: LieSetting;
  readonly #heartbeat: Heartbeat;
  #era = 0;
  #nextMs = 0;

  constructor(of: LieSetting, heartbeat: Heartbeat) {
    this.#of = of;
    this.#heartbeat = heartbeat;
  }

  filter(
    effects: readonly ProcessMachineEffect[],
    { view }: ProcessMachine,
    now: Now,
  ): readonly ProcessMachineEffect[] {
    const wake = { type: "wake", at: (now.elapsed + beatMs) as Elapsed } as const;
    return [...effects.map(answerDone), ...this.#beat(view.era, now), wake];
  }

  #beat(era: number, now: Now): readonly ProcessMachineEffect[] {
    if (now.elapsed < this.#nextMs) return [];
    this.#nextMs = now.elapsed + beatMs;
    if (era > this.#era) this.#era = era + 1;
    const { protocol, setting } = this.#of;
    const message = protocol.encode(this.#heartbeat(this.#era, setting, now));
    return othersOf(setting).map((to) => ({ type: "send", to, message }));
  }
}
