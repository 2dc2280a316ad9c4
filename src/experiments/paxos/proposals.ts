/** What one proposal costs, what a later one finds, and whom it must ask. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { multiPaxos } from "../../protocols/multi-paxos/multi-paxos.ts";
import { paxosMutants } from "../../protocols/paxos/mutants.ts";
import { paxos } from "../../protocols/paxos/paxos.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { majorityOf } from "../../protocols/process/quorum.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly } from "../engine/finding.ts";
import { ConstantWorld, countOf } from "../processes/constant-world.ts";

const delayMs = 50;
const [first, second] = ["n1", "n2"] as [PeerId, PeerId];
const idOf = (client: string) => ({ client, number: 1 });

const nodes = wholeParameter("members", { min: 3, max: 31, initial: 5 });

export const ballotsWin = defineExact<{ nodes: typeof nodes }>({
  id: "ballots-win",
  code: "P2",
  group: "Paxos",
  title: "Ballots win, values do not",
  claim: "Higher proposal numbers always win.",
  lines: "L165,194",
  source: "Lamport 2001: a later proposal takes over the value that was chosen",
  isRefuted: true,
  parameters: { nodes },
  examples: [["--nodes 7", "more members"]],
  examine: ({ nodes: count }, seed) => {
    const world = new ConstantWorld({
      ...{ protocol: paxos({ announces: false }), nodes: count, delayMs, seed },
    });
    world.request(first, idOf("a"), { type: "propose", value: "earlier" });
    world.runFor(6 * delayMs);
    const earlierRound = world.view(first).era;
    world.crash(first);
    world.request(second, idOf("b"), { type: "propose", value: "later" });
    world.runFor(40 * delayMs);
    const answer = world.answerTo(idOf("b"))?.answer;
    return [
      exactly("decided by the higher number", valueIn(answer), "earlier"),
      atLeast("how much higher its number is", world.view(second).era - earlierRound, 1),
    ];
  },
});

function valueIn(answer: { readonly type: string } | undefined): string {
  return answer?.type === "decided" ? String((answer as { value?: unknown }).value) : "nothing";
}

export const distinguished = defineExact<{ nodes: typeof nodes }>({
  id: "distinguished-proposer",
  code: "P4",
  group: "Paxos",
  title: "A proposer that stays",
  claim: "One proposer decides in 4 delays first, and then in 2 for each further value.",
  lines: "L65",
  source: "counting: 4(n − 1) messages with the first phase, 2(n − 1) without",
  parameters: { nodes },
  examples: [["--nodes 16", "more members"]],
  examine: ({ nodes: count }, seed) => {
    const single = new ConstantWorld({
      ...{ protocol: paxos({ proposer: "first" }), nodes: count, delayMs, seed },
    });
    single.request(first, idOf("a"), { type: "propose", value: false });
    single.runFor(20 * delayMs);
    const further = furtherValue(count, seed);
    const phases = ["prepare", "promise", "accept", "accepted"];
    return [
      exactly("first value: delays", (single.answerTo(idOf("a"))?.atMs ?? NaN) / delayMs, 4),
      exactly("first value: messages", countOf(single.sent, phases), 4 * (count - 1)),
      exactly("further value: delays", further.delays, 2),
      exactly("further value: messages", further.messages, 2 * (count - 1)),
    ];
  },
});

function furtherValue(count: number, seed: string) {
  const world = new ConstantWorld({
    ...{ protocol: multiPaxos(), nodes: count, delayMs, seed },
  });
  world.runUntil(() => world.leader !== undefined, 60_000);
  world.runFor(5 * delayMs);
  const before = world.sent.length;
  const askedAtMs = world.nowMs;
  const leader = world.leader ?? first;
  world.request(leader, idOf("a"), { type: "write", key: "x", value: 0 });
  world.runFor(5 * delayMs);
  const answeredAtMs = world.answerTo(idOf("a"))?.atMs ?? NaN;
  return {
    delays: (answeredAtMs - askedAtMs) / delayMs,
    messages: countOf(world.sent.slice(before), ["prepare", "promise", "accept", "accepted"]),
  };
}

export const asksMajorityOnly = defineExact<{ nodes: typeof nodes }>({
  id: "asks-a-majority",
  code: "M6",
  group: "Paxos",
  title: "Asking a majority only",
  claim: "It is enough to ask some majority of the acceptors.",
  lines: "L184,199",
  source: "one of those asked is down: though a majority lives, not enough can answer",
  isRefuted: true,
  parameters: { nodes },
  examples: [["--nodes 7", "more members"]],
  examine: ({ nodes: count }, seed) => {
    const mutant = paxosMutants.find(({ name }) => name === "asks-a-majority-only");
    const decidedBy = (protocol: Protocol) => {
      const world = new ConstantWorld({ protocol, nodes: count, delayMs, seed });
      world.crash(second);
      world.request(first, idOf("a"), { type: "propose", value: 1 });
      world.runFor(60_000);
      return world.answers.length;
    };
    return [
      atLeast("members up", count - 1, majorityOf(count)),
      exactly("decisions if a majority is asked", decidedBy(mutant?.protocol as Protocol), 0),
      exactly("decisions if all are asked", decidedBy(paxos()), 1),
    ];
  },
});
