/** What PBFT costs: messages of a request, of other ways to count prepares, and of a change of the view. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { pbft } from "../../protocols/pbft/pbft.ts";
import { pbftRules } from "../../protocols/pbft/rules.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { byzantineMaxOf } from "../../protocols/process/quorum.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { costOf, faultless } from "../liveness/faultless.ts";
import { type ConstantWorld, countOf } from "../processes/constant-world.ts";
import { newsOf } from "./phases.ts";
import { withPrimarysPrepare } from "./primarys-prepare.ts";
import {
  acceptedAnswer,
  behaviourOf,
  carriedOut,
  delayMs,
  forks,
  idOf,
  lastOf,
  mutantOf,
  neverMs,
  replicas,
  type ReplicasOptions,
  seen,
  write,
} from "./replicas.ts";

const phases = ["pre-prepare", "prepare", "commit"];
const exact = { resendMs: neverMs, progressMs: neverMs };

type Request = Omit<ReplicasOptions, "seed"> & { readonly silent: number };

/** One request, at all replicas, of which the last ones are silent. */
function requestOf({ silent, ...options }: Request, seed: string) {
  const world = replicas({ options: exact, ...options, seed });
  world.turnByzantine(lastOf(world, silent), behaviourOf("silent"));
  const [first] = world.names as [PeerId];
  world.requestAtAll(first, idOf("c"), write("x", 1));
  world.runFor(20 * delayMs);
  const isSilent = (name: PeerId) => world.isByzantine(name);
  const sent = world.sent.filter(({ from }) => !isSilent(from));
  return { world, messages: countOf(sent, phases), done: carriedOut(seen(world)).length };
}

/** The same request where all replicas speak, and where as many as are tolerated are silent. */
function requestsOf(options: Omit<Request, "silent"> & { readonly nodes: number }, seed: string) {
  return {
    all: requestOf({ ...options, silent: 0 }, seed),
    some: requestOf({ ...options, silent: byzantineMaxOf(options.nodes) }, seed),
  };
}

const sizes = {
  largest: wholeParameter("replicas of the largest network; the others are 4, 7 and 10", {
    ...{ min: 4, max: 61, initial: 31 },
  }),
};

function sizesTo(largest: number): readonly number[] {
  return [...new Set([4, 7, 10, largest])];
}

export const bftMessages = defineExact<typeof sizes>({
  id: "bft-messages",
  code: "B7",
  group: "BFT",
  title: "Messages of a request",
  claim: "A request costs O(n²) messages, for all replicas speak to all.",
  lines: "L395",
  source: "counting: 2n(n − 1) between replicas; with f silent backups 2(n − 1)(n − f)",
  parameters: sizes,
  quick: { largest: 13 },
  examples: [["--largest 61", "twenty may be byzantine"]],
  examine: ({ largest }, seed) =>
    sizesTo(largest).flatMap((nodes) => {
      const tolerated = byzantineMaxOf(nodes);
      const { all, some } = requestsOf({ nodes }, seed);
      return [
        exactly(`${nodes} replicas: messages`, all.messages, 2 * nodes * (nodes - 1)),
        exactly(
          `${nodes} replicas, ${tolerated} silent: messages`,
          some.messages,
          2 * (nodes - 1) * (nodes - tolerated),
        ),
        exactly(
          `${nodes} replicas, ${tolerated} silent: it is done at`,
          some.done,
          nodes - tolerated,
        ),
      ];
    }),
});

export const prepareCounts = defineExact<typeof sizes>({
  id: "matching-prepares",
  code: "B8",
  group: "BFT",
  title: "Whose prepares count",
  claim: "A replica waits for matching prepares from 2f + 1 replicas.",
  lines: "L247",
  source: "counting: the proposal stands for the primary's prepare, or it sends one in addition",
  parameters: sizes,
  quick: { largest: 10 },
  examples: [["--largest 31", "ten may be byzantine"]],
  examine: ({ largest }, seed) =>
    sizesTo(largest).flatMap((nodes) => {
      const n = nodes - 1;
      const ways = [
        ["the proposal and 2f prepares", {}, 2 * nodes * n, true],
        ["2f + 1 prepares of backups", { protocol: backupsOnly() }, 2 * nodes * n, false],
        ["2f + 1 prepares of all", { protocol: allPrepare() }, n * (2 * nodes + 1), true],
      ] as const;
      return ways.flatMap(([what, rules, messages, isLive]) => {
        const { all, some } = requestsOf({ nodes, ...rules }, seed);
        return [
          exactly(`n = ${nodes}, ${what}: messages`, all.messages, messages),
          exactly(`n = ${nodes}, ${what}: done with f silent`, some.done > 0, isLive),
        ];
      });
    }),
});

function backupsOnly(): Protocol {
  const isPrepared = (prepares: number, quorum: number) => prepares >= quorum;
  return pbft(exact, { ...pbftRules, isPrepared });
}

function allPrepare(): Protocol {
  return withPrimarysPrepare(pbft(exact));
}

export const tooManyPrepares = defineExact<typeof sizes>({
  id: "prepares-besides-proposal",
  code: "M18",
  group: "BFT",
  title: "2f + 1 prepares besides the proposal",
  claim: "2f + 1 matching prepares are needed besides the pre-prepare.",
  lines: "L247",
  source: "counting: with f silent backups there are only 2f others",
  isRefuted: true,
  parameters: sizes,
  quick: { largest: 10 },
  examples: [["--largest 31", "ten may be byzantine"]],
  examine: ({ largest }, seed) =>
    sizesTo(largest).map((nodes) => {
      const world = replicas({ nodes, seed, protocol: mutantOf("prepares-besides-proposal") });
      world.turnByzantine(lastOf(world, byzantineMaxOf(nodes)), behaviourOf("silent"));
      world.requestAtAll(world.names[0] as PeerId, idOf("c"), write("x", 1));
      world.runFor(10_000);
      return exactly(`${nodes} replicas, f silent: done at`, carriedOut(seen(world)).length, 0);
    }),
});

export const bftAgainstCrashes = defineExact<typeof sizes>({
  id: "bft-against-crashes",
  code: "B14",
  group: "BFT",
  title: "What it costs more than Raft",
  claim: "To tolerate byzantine replicas costs more than to tolerate crashes.",
  lines: "L253",
  source: "counting: 2n(n − 1) messages and 3 delays against 2(n − 1) and 2; 5 where the client is",
  parameters: sizes,
  quick: { largest: 10 },
  examples: [["--largest 61", "sixty times as many messages"]],
  examine: ({ largest }, seed) =>
    sizesTo(largest).flatMap((nodes) => comparedWithRaft(nodes, seed)),
});

function comparedWithRaft(nodes: number, seed: string): readonly Finding[] {
  const raft = faultless.find(({ name }) => name === "Raft");
  if (raft === undefined) throw new Error("there is no Raft to compare with");
  const crash = costOf(raft, { nodes, delayMs, seed });
  const { world, messages } = requestOf({ nodes, silent: 0 }, seed);
  const lastMs = Math.max(...carriedOut(seen(world)).map(({ atMs }) => atMs));
  return [
    exactly(`${nodes} replicas: messages for one of Raft`, messages / crash.messages, nodes),
    exactly(`${nodes} replicas: delays until all have done it`, lastMs / delayMs, 3),
    exactly(`${nodes} replicas: delays of Raft at its leader`, crash.delays, 2),
    exactly(`${nodes} replicas: delays at a client elsewhere`, remoteDelays(nodes, seed), 5),
  ];
}

/** A client beside a backup asks the primary, and waits for f + 1 equal answers. */
function remoteDelays(nodes: number, seed: string): number {
  const world = replicas({ nodes, seed, options: exact });
  const [primary, backup] = world.names as [PeerId, PeerId];
  world.requestFrom(backup, primary, idOf("c"), write("x", 1));
  world.runFor(20 * delayMs);
  const needed = pbftRules.answersNeeded(nodes);
  return (acceptedAnswer(world, idOf("c"), needed)?.atMs ?? NaN) / delayMs;
}

export const viewChanges = defineExact<typeof sizes>({
  id: "view-changes",
  code: "B12",
  group: "BFT",
  title: "A change of the view",
  claim: "When the primary fails, another goes on, and nothing that was prepared is lost.",
  lines: "L253",
  source: "counting: (n − 1)² view changes and n − 1 new views; what is prepared is shown",
  parameters: sizes,
  quick: { largest: 13 },
  examples: [["--largest 40", "more replicas"]],
  examine: ({ largest }, seed) => sizesTo(largest).flatMap((nodes) => changeOf(nodes, seed)),
});

/** All have prepared a request, no commit arrives, and the primary stops. */
function changeOf(nodes: number, seed: string): readonly Finding[] {
  const world = replicas({
    ...{ nodes, seed, options: { resendMs: neverMs } },
    extraMs: ({ message }) => (message.type === "commit" && message.view === 0 ? Infinity : 0),
  });
  const [primary, backup] = world.names as [PeerId, PeerId];
  world.requestAtAll(backup, idOf("c"), write("x", 1));
  world.runFor(5 * delayMs);
  world.crash(primary);
  const prepared = newsOf(world, "prepared").length;
  const before = carriedOut(seen(world)).length;
  world.runFor(10_000);
  const messages = countOf(world.sent, ["view-change", "new-view"]);
  return [
    exactly(`${nodes} replicas: prepared it, and have not done it`, prepared - before, nodes),
    exactly(`${nodes} replicas: messages of the change`, messages, nodes * (nodes - 1)),
    exactly(`${nodes} replicas: do it under the same number`, doneUnderFirst(world), nodes - 1),
    exactly(`${nodes} replicas: numbers with two operations`, forks(seen(world)).length, 0),
  ];
}

function doneUnderFirst(world: ConstantWorld): number {
  return carriedOut(seen(world)).filter(({ number, command }) => {
    return number === 1 && command.startsWith("c/1 ");
  }).length;
}
