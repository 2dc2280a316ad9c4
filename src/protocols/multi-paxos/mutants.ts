/** Multi-Paxos with a rule or the quorums replaced, each with what must catch it. */

import { apply } from "../process/key-value.ts";
import type { Mutant } from "../process/protocol.ts";
import { type MultiPaxos, multiPaxos } from "./multi-paxos.ts";
import { type MultiPaxosRules, multiPaxosRules } from "./rules.ts";

export type MultiPaxosMutant = Mutant & { readonly protocol: MultiPaxos };

const safety = "state-machine-safety";

export const multiPaxosMutants: readonly MultiPaxosMutant[] = [
  mutant(
    {
      name: "promises-in-memory",
      mistake: "An acceptor forgets in a crash what it has promised and accepted.",
      caughtBy: safety,
      essayLine: 213,
    },
    { writesBeforeAnswer: () => [] },
  ),
  mutant(
    {
      name: "promise-not-kept",
      mistake: "An acceptor accepts whatever comes, also below its promise.",
      caughtBy: safety,
    },
    { mayAccept: () => true },
  ),
  mutant(
    {
      name: "new-leader-forgets",
      mistake: "A new leader puts no-ops where others have accepted commands.",
      caughtBy: safety,
    },
    { entryToPropose: () => ({ type: "no-op" }) },
  ),
  mutant(
    {
      name: "gaps-stay",
      mistake: "A new leader proposes nothing for slots in which nothing was accepted.",
      caughtBy: "liveness",
    },
    {
      entryToPropose: (accepted) => {
        return accepted.length === 0 ? undefined : multiPaxosRules.entryToPropose(accepted);
      },
    },
  ),
  mutant(
    {
      name: "any-acceptance-is-chosen",
      mistake:
        "A follower applies what it accepted from an earlier leader, once a later one says that the slot is chosen.",
      caughtBy: safety,
    },
    { isChosen: () => true },
  ),
  mutant(
    {
      name: "without-sessions",
      mistake: "A request that comes twice is carried out twice.",
      caughtBy: "linearizability",
    },
    { carryOut: (data, { command }) => apply(data, command) },
  ),
  mutant(
    {
      name: "reads-beside-the-log",
      mistake: "A leader answers reads from its data, though another one may have replaced it.",
      caughtBy: "linearizability",
      victim: "etcd#20418",
    },
    { readsThroughLog: () => false },
  ),
  {
    name: "quorums-of-three-and-two",
    mistake: "Of five members three promise and two accept: the two quorums need not meet.",
    caughtBy: safety,
    essayLine: 175,
    protocol: multiPaxos({ q1: 3, q2: 2 }),
  },
];

function mutant(what: Mutant, replaced: Partial<MultiPaxosRules>): MultiPaxosMutant {
  return { ...what, protocol: multiPaxos({}, { ...multiPaxosRules, ...replaced }) };
}
