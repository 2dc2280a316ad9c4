/** Paxos with rules replaced, each with what must catch it; controls that nothing may catch. */

import type { Mutant } from "../process/protocol.ts";
import { type Paxos, paxos } from "./paxos.ts";
import { highestAccepted, type PaxosRules, paxosRules } from "./rules.ts";

export type PaxosMutant = Mutant & { readonly rules: PaxosRules; readonly protocol: Paxos };

const mayPromiseAgain: PaxosRules["mayPromise"] = (rules, ballot, promised) => {
  return !rules.isHigher(promised, ballot);
};
/** Two proposers may share a number. */
const byRoundOnly: PaxosRules["isHigher"] = (a, b) => a.round > b.round;

export const paxosMutants: readonly PaxosMutant[] = [
  mutant(
    {
      name: "as-the-essay",
      mistake: "None: the essay's lines with memory on disk and an explicit comparison are right.",
      caughtBy: undefined,
      essayLine: 178,
    },
    { nextRound: (own) => own + 1 },
  ),
  mutant(
    {
      name: "truthiness",
      mistake: "An accepted value that is 0, empty or false counts as none.",
      caughtBy: "agreement",
      essayLine: 194,
    },
    {
      valueToPropose: (rules, promises, own) => {
        const value = highestAccepted(rules, promises)?.value ?? null;
        return value === 0 || value === "" || value === false || value === null ? own : value;
      },
    },
  ),
  mutant(
    {
      name: "promises-in-memory",
      mistake: "An acceptor forgets in a crash what it has promised and accepted.",
      caughtBy: "agreement",
      essayLine: 213,
    },
    { writesBeforeAnswer: () => [] },
  ),
  mutant(
    {
      name: "asks-a-majority-only",
      mistake: "A proposer asks just as many acceptors as it needs, always the same.",
      caughtBy: "liveness",
      essayLine: 184,
    },
    { acceptorsToAsk: (others, quorum) => others.slice(0, quorum - 1) },
  ),
  mutant(
    {
      name: "accepts-higher-only",
      mistake: "An acceptor refuses the very ballot that it has promised.",
      caughtBy: "liveness",
      essayLine: 225,
    },
    { mayAccept: (rules, ballot, promised) => rules.isHigher(ballot, promised) },
  ),
  mutant(
    {
      name: "promise-not-kept",
      mistake: "An acceptor accepts whatever comes, also below its promise.",
      caughtBy: "agreement",
    },
    { mayAccept: () => true },
  ),
  mutant(
    {
      name: "half-is-enough",
      mistake: "Half of the members, rounded down, count as a quorum.",
      caughtBy: "agreement",
    },
    { quorumOf: (count) => Math.max(1, Math.floor(count / 2)) },
  ),
  mutant(
    {
      name: "own-value-always",
      mistake: "A proposer proposes its own value, whatever was accepted before.",
      caughtBy: "agreement",
    },
    { valueToPropose: (_rules, _promises, own) => own },
  ),
  mutant(
    {
      name: "promises-again",
      mistake: "None: to promise the same ballot twice is harmless while ballots are unique.",
      caughtBy: undefined,
      essayLine: 218,
    },
    { mayPromise: mayPromiseAgain },
  ),
  mutant(
    {
      name: "equal-numbers",
      mistake: "None that shows: of two proposers with one number, an acceptor promises to one.",
      caughtBy: undefined,
      essayLine: 218,
    },
    { isHigher: byRoundOnly },
  ),
  mutant(
    {
      name: "equal-numbers-promised-again",
      mistake: "Two proposers share a number, and an acceptor promises it to both.",
      caughtBy: "agreement",
      essayLine: 218,
    },
    { isHigher: byRoundOnly, mayPromise: mayPromiseAgain },
  ),
];

function mutant(what: Mutant, replaced: Partial<PaxosRules>): PaxosMutant {
  const rules = { ...paxosRules, ...replaced };
  return { ...what, rules, protocol: paxos({}, rules) };
}
