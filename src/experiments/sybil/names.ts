/** An attacker that joins under many names: when it decides alone, where heads are counted and where not. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { createRandom } from "../../primitives/random.ts";
import { byzantineQuorumOf, majorityOf, overlapOf } from "../../protocols/process/quorum.ts";
import { zScore } from "../../theory/statistics.ts";
import { forkedRuns } from "../bft/forks.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, exactly, type Finding } from "../engine/finding.ts";
import { countBlocks } from "../proof-of-work/identities.ts";
import { Cluster } from "../raft/cluster.ts";

const parameters = {
  honest: wholeParameter("honest members", { min: 2, max: 6, initial: 4 }),
  blocks: wholeParameter("blocks of proof of work for each number of names", {
    ...{ min: 10_000, max: 1_000_000, initial: 40_000 },
  }),
};

export const names = defineExact<typeof parameters>({
  id: "names",
  code: "S2",
  group: "sybil",
  title: "Many names where heads are counted",
  claim: "Where anyone may join and heads are counted, who makes names enough decides alone.",
  lines: "L319",
  source: "arithmetic: quorums need names only, half as many to fork PBFT; work is in none",
  parameters,
  quick: { honest: 4, blocks: 20_000 },
  examples: [["--honest 6", "more honest members"]],
  examine: ({ honest, blocks }, seed) => [
    ...voteFindings(honest),
    ...raftFindings(honest, seed),
    bftFinding(honest, seed),
    ...workFindings(honest, blocks, seed),
  ],
});

/** All honest members vote for one thing, and all of the attacker's names for another. */
function voteFindings(honest: number): readonly Finding[] {
  const counts = Array.from({ length: 2 * honest + 2 }, (_, at) => at);
  const decidesWith = (count: number) => count >= majorityOf(honest + count);
  return [
    exactly("a vote: the fewest names that win it", counts.findIndex(decidesWith), honest + 1),
  ];
}

function raftFindings(honest: number, seed: string): readonly Finding[] {
  return [honest - 1, honest, honest + 1].flatMap((count) => {
    const { attackers, others, left } = openCluster(honest, count, seed);
    const what = `Raft, ${honest} honest and ${count} names`;
    return [
      exactly(`${what}: the names commit alone`, attackers, count > honest),
      exactly(`${what}: honest members commit alone`, others, count < honest),
      ...(count > honest
        ? [exactly(`${what}: honest members left when the names remove them`, left, 0)]
        : []),
    ];
  });
}

const longMs = 20_000;

/** Raft that adds every process which asks, one at a time; then the names are cut off from the honest members. */
function openCluster(honest: number, count: number, seed: string) {
  const all = Array.from({ length: honest + count }, (_, at) => `n${at + 1}` as PeerId);
  const [voters, sybils] = [all.slice(0, honest), all.slice(honest)];
  const cluster = new Cluster({ count: all.length, voters, seed });
  cluster.runUntilLeader(voters);
  // A leader changes no members before it has committed something in its term.
  cluster.run(1_000);
  for (const member of sybils) change(cluster, "add", member);
  cluster.split(voters, sybils);
  cluster.run(longMs);
  const [attackers, others] = [commits(cluster, sybils), commits(cluster, voters)];
  if (attackers) for (const member of voters) change(cluster, "remove", member);
  const members = attackers ? cluster.state(leaderOf(cluster, sybils) as PeerId).members : all;
  const left = members.filter((name) => voters.includes(name)).length;
  return { attackers, others, left };
}

/** As an operator asks, who lets in every process that wants to join. */
function change(cluster: Cluster, how: "add" | "remove", member: PeerId): void {
  const { leader } = cluster;
  if (leader === undefined) throw new Error("no member leads");
  cluster.operate(leader, { type: "change-members", change: how, member });
  const isDone = () => {
    const { members, committed, membersAt } = cluster.state(leader);
    return members.includes(member) === (how === "add") && committed >= membersAt;
  };
  if (!cluster.run(longMs, isDone)) throw new Error(`${how} ${member} is not committed`);
}

/** Is a write answered at one side of the network? */
function commits(cluster: Cluster, side: readonly PeerId[]): boolean {
  const leader = leaderOf(cluster, side);
  if (leader === undefined) return false;
  const write = cluster.write(leader, 1);
  return cluster.run(longMs, () => cluster.answerTo(write)?.type === "written");
}

/** Who leads there, as far as it knows: in the highest term. */
function leaderOf(cluster: Cluster, side: readonly PeerId[]): PeerId | undefined {
  const leaders = side.filter((name) => cluster.state(name).role === "leader");
  return leaders.toSorted((a, b) => cluster.state(b).term - cluster.state(a).term)[0];
}

/** The attacker's names collude, the first primary among them, and tell two halves two things. */
function bftFinding(honest: number, seed: string): Finding {
  const counts = Array.from({ length: 2 * honest }, (_, at) => at + 1);
  const canFork = (count: number) => {
    const all = honest + count;
    return overlapOf(all, byzantineQuorumOf(all)) <= count;
  };
  const doesFork = (count: number) => {
    return forkedRuns({ nodes: honest + count, byzantine: count, by: "colluding" }, 1, seed) > 0;
  };
  const [measured, expected] = [doesFork, canFork].map((isSo) => counts.find(isSo) ?? NaN);
  const what = `PBFT, ${honest} honest: the fewest names that make it fork`;
  return exactly(what, measured ?? NaN, expected ?? NaN);
}

/** Standard errors that a share may be off. */
const scoreMax = 4;

/** The attacker has as much hash power as each honest miner. */
function workFindings(honest: number, blocks: number, seed: string): readonly Finding[] {
  const share = 1 / (honest + 1);
  return [1, honest + 1, 10 * honest].map((count) => {
    const random = createRandom(seed, `names ${count}`);
    const found = countBlocks({ share, names: count }, { count: blocks, random });
    const off = Math.abs(zScore(found / blocks, share, blocks));
    const what = `proof of work, ${count} names: ${(found / blocks).toFixed(4)} of the blocks`;
    return atMost(`${what}, not ${share.toFixed(4)}: standard errors off`, off, scoreMax);
  });
}
