/** Replicas of PBFT whose messages all take the same time, and what can be seen of them. */

import type { PeerId } from "../../primitives/brand.ts";
import { pbftBehaviours } from "../../protocols/pbft/behaviours.ts";
import type { PbftMessage } from "../../protocols/pbft/message.ts";
import { pbftMutants } from "../../protocols/pbft/mutants.ts";
import type { PbftNews } from "../../protocols/pbft/news.ts";
import { pbft } from "../../protocols/pbft/pbft.ts";
import { type PbftRules, pbftRules } from "../../protocols/pbft/rules.ts";
import type { PbftOptions } from "../../protocols/pbft/state.ts";
import type { Behaviour } from "../../protocols/process/behaviour.ts";
import { commonBehaviours } from "../../protocols/process/common-behaviours.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { ConstantWorld, type Sent } from "../processes/constant-world.ts";

/** Of each message, in milliseconds. */
export const delayMs = 10;
/** So long that nothing is sent again: counts are exact then. */
export const neverMs = 3_600_000;

export type ReplicasOptions = {
  readonly nodes: number;
  readonly seed: string;
  /** Each message takes up to so much longer, at random. */
  readonly spreadMs?: number;
  readonly rules?: Partial<PbftRules>;
  readonly options?: Partial<PbftOptions>;
  /** Instead of PBFT by these rules and options. */
  readonly protocol?: Protocol;
  /** How much longer a message of an honest replica takes; Infinity for one that is lost. */
  readonly extraMs?: (sent: Sent & { readonly message: PbftMessage }) => number;
};

/** A world in which nothing was asked yet. */
export function replicas(chosen: ReplicasOptions): ConstantWorld {
  const { nodes, seed, spreadMs = 0, rules, options, extraMs } = chosen;
  const protocol = chosen.protocol ?? pbft(options, { ...pbftRules, ...rules });
  return new ConstantWorld({
    ...{ protocol, nodes, seed, delayMs, spreadMs },
    ...(extraMs && { extraMs: extraMs as (sent: Sent) => number }),
  });
}

/** The rules of a mutant. @throws Error if there is none of this name. */
export function mutantOf(name: string): Protocol {
  const mutant = pbftMutants.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant ${name} of PBFT`);
  return mutant.protocol;
}

/** @throws Error if replicas have no behaviour of this name. */
export function behaviourOf(name: string): Behaviour {
  const behaviour = [...commonBehaviours, ...pbftBehaviours].find((each) => each.name === name);
  if (behaviour === undefined) throw new Error(`there is no behaviour ${name}`);
  return behaviour;
}

export function write(key: string, value: string | number): Command {
  return { type: "write", key, value };
}

export function idOf(client: string): RequestId {
  return { client, number: 1 };
}

type Committed = Extract<PbftNews, { readonly type: "committed" }>;

/** What each honest replica carried out, in its order. */
export function carriedOut({ told, isByzantine }: Seen) {
  return told.flatMap(({ by, news, atMs }) => {
    if (news.type !== "committed" || isByzantine(by)) return [];
    const { number, command } = news as Committed;
    return [{ by, atMs, number, command }];
  });
}

export type Seen = {
  readonly told: ConstantWorld["told"];
  readonly isByzantine: (name: PeerId) => boolean;
};

export function seen(world: ConstantWorld): Seen {
  return { told: world.told, isByzantine: (name) => world.isByzantine(name) };
}

/** The numbers for which two honest replicas carried out different operations. */
export function forks(of: Seen): readonly number[] {
  const first = new Map<number, string>();
  const forked = new Set<number>();
  for (const { number, command } of carriedOut(of)) {
    const known = first.get(number) ?? command;
    first.set(number, known);
    if (known !== command) forked.add(number);
  }
  return [...forked];
}

/** The first answer that so many replicas gave alike, as a client takes it. */
export function acceptedAnswer(
  { answers }: ConstantWorld,
  id: RequestId,
  needed: number,
): { readonly answer: Answer; readonly atMs: number } | undefined {
  const givers = new Map<string, Set<PeerId>>();
  for (const { id: of, by, answer, atMs } of answers) {
    if (of.client !== id.client || of.number !== id.number) continue;
    const text = JSON.stringify(answer);
    const own = (givers.get(text) ?? new Set()).add(by);
    givers.set(text, own);
    if (own.size >= needed) return { answer, atMs };
  }
  return undefined;
}

/** The last of all processes, so many. */
export function lastOf({ names }: ConstantWorld, count: number): readonly PeerId[] {
  return names.slice(names.length - count);
}
