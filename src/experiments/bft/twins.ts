/** PBFT with twins: every way to part the hosts in a few views, and whether honest replicas fork. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { type Pbft, pbft } from "../../protocols/pbft/pbft.ts";
import { pbftRules } from "../../protocols/pbft/rules.ts";
import { areTogether, countSchedules, type Parts, scheduleAt } from "../../sim/twins/schedules.ts";
import { twinned } from "../../sim/twins/twinned-protocol.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly } from "../engine/finding.ts";
import { ConstantWorld, namesOf } from "../processes/constant-world.ts";
import { carriedOut, delayMs, forks, idOf, write } from "./replicas.ts";

const replicasCount = 4;

export type TwinsRun = {
  /** How many replicas have a twin: the primaries of the first views. */
  readonly twins: number;
  /** For each view the parts of the hosts; from then on all can reach each other. */
  readonly schedule: readonly Parts[];
  readonly seed: string;
  readonly protocol?: Pbft;
};

const progressMs = 200;
/** The wait doubles with each view that fails. */
const longMs = progressMs * 2 ** 4;

/** Twins get another request first than those whose names they have; all others get both. */
export function runTwins({ twins, schedule, seed, protocol = usual }: TwinsRun) {
  const members = namesOf(replicasCount);
  const hosts = namesOf(replicasCount + twins);
  const isLost = (from: PeerId, to: PeerId, message: unknown, era: number) => {
    const parts = schedule[viewOf(message) ?? era];
    return parts !== undefined && !areTogether(parts, hosts.indexOf(from), hosts.indexOf(to));
  };
  const world = new ConstantWorld({
    protocol: twinned(protocol, { members, hosts, isLost }),
    nodes: hosts.length,
    ...{ delayMs, seed },
  });
  for (const [at, host] of hosts.entries()) {
    const isTwin = at >= replicasCount;
    if (!isTwin) world.request(host, idOf("a"), write("x", "a"));
    if (isTwin || at >= twins) world.request(host, idOf("b"), write("x", "b"));
  }
  const isByzantine = (host: PeerId) => hosts.indexOf(host) % replicasCount < twins;
  const of = { told: world.told, isByzantine };
  const all = requestsCount * (replicasCount - twins);
  // Nothing can fork any more when every honest replica has done both.
  world.runUntil(() => carriedOut(of).length === all, longMs);
  return { forks: forks(of).length, isAllDone: carriedOut(of).length === all };
}

const requestsCount = 2;
const usual = pbft({ progressMs, resendMs: 150 }, pbftRules);

/** Messages that belong to a view say so; the others go with the view of their sender. */
function viewOf(message: unknown): number | undefined {
  return (message as { readonly view?: number }).view;
}

const parameters = {
  views: wholeParameter("views in which the hosts are parted", { min: 1, max: 3, initial: 3 }),
};

export const twinsRecord = defineExact<typeof parameters>({
  id: "twins",
  code: "B10",
  group: "BFT",
  title: "Twins",
  claim:
    "Byzantine nodes made of honest code, run twice under one name, fork it only if they are f + 1.",
  lines: "L303-306",
  source: "Bano et al. 2020; all parts of the hosts in all views: 16³ schedules for one twin",
  parameters,
  quick: { views: 2 },
  examples: [["--views 2", "256 schedules for one twin"]],
  examine: ({ views }, seed) => {
    const one = countSchedules(replicasCount + 1, views);
    const outcomes = Array.from({ length: one }, (_, number) => {
      const schedule = scheduleAt(replicasCount + 1, views, number);
      return runTwins({ twins: 1, schedule, seed });
    });
    const countOf = (isSo: (outcome: (typeof outcomes)[number]) => boolean) => {
      return outcomes.filter(isSo).length;
    };
    return [
      exactly(`one twin: schedules of ${views} views`, outcomes.length, 16 ** views),
      exactly(
        "one twin: schedules that fork",
        countOf((each) => each.forks > 0),
        0,
      ),
      atLeast(
        "one twin: schedules in which all is done",
        countOf((each) => each.isAllDone),
        1,
      ),
      atLeast("two twins: schedules up to the first that forks", firstFork(views, seed), 1),
    ];
  },
});

/** How many schedules with two twins it takes until one forks; NaN if none does. */
function firstFork(views: number, seed: string): number {
  const count = countSchedules(replicasCount + 2, views);
  for (let number = 0; number < count; number++) {
    const schedule = scheduleAt(replicasCount + 2, views, number);
    if (runTwins({ twins: 2, schedule, seed }).forks > 0) return number + 1;
  }
  return NaN;
}
