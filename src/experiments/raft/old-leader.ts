/** Reads at a leader that was cut off and replaced: which ways to answer are linearizable. */

import { decimalParameter } from "../../primitives/parameter.ts";
import type { Answer } from "../../protocols/process/key-value.ts";
import type { RaftOptions } from "../../protocols/raft/options.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { Cluster } from "./cluster.ts";
import { others } from "./faults.ts";

export type OldLeaderRead = {
  /** What it answered, if anything. */
  readonly answer: Answer | undefined;
  /** Whether it led, as far as it knew, when it was asked. */
  readonly wasLeader: boolean;
};

export type Circumstances = {
  /** How far the old leader's clock stays behind meanwhile, at most. */
  readonly driftMs?: number;
  /** How much of the time that passes it loses. */
  readonly driftShare?: number;
  readonly seed?: number | string;
};

/** A leader is cut off, another is elected and writes 2; then the old one is asked. */
export function readAtOldLeader(
  options: Partial<RaftOptions>,
  { driftMs = 0, driftShare = 1, seed = 1 }: Circumstances = {},
): OldLeaderRead {
  const cluster = new Cluster({ count: 3, seed, ...options });
  const old = cluster.runUntilLeader();
  cluster.write(old, 1);
  cluster.run(1000);
  cluster.split([old], others(cluster, old));
  const since = cluster.now;
  let shifted = 0;
  const successor = () =>
    others(cluster, old).find((name) => cluster.state(name).role === "leader");
  while (successor() === undefined) {
    cluster.run(10);
    const behind = Math.min(driftMs, driftShare * (cluster.now - since));
    cluster.shift(old, shifted - behind);
    shifted = behind;
  }
  const leader = cluster.runUntilLeader(others(cluster, old));
  const write = cluster.write(leader, 2);
  cluster.run(100, () => cluster.answerTo(write) !== undefined);
  if (cluster.answerTo(write)?.type !== "written") throw new Error("2 cannot be written");
  const wasLeader = cluster.state(old).role === "leader";
  const read = cluster.read(old);
  cluster.run(1000);
  return { answer: cluster.answerTo(read), wasLeader };
}

const parameters = {
  drift: decimalParameter("what the slow clock loses, as a part of the time; 1: it stands still", {
    ...{ min: 0.5, max: 1, initial: 1 },
  }),
};

const long = 60_000;

export const staleReads = defineExact<typeof parameters>({
  id: "stale-reads",
  code: "R11",
  group: "Raft",
  title: "Stale reads",
  claim: "Overlapping majorities do not make an old leader's reads fresh: it must ask, or a lease.",
  lines: "L111",
  source: "Ongaro's dissertation, 6.4; etcd-io/etcd#20418, where a leader was paused",
  parameters,
  examples: [["--drift 0.9", "a clock that is slow but does not stand still"]],
  examine: ({ drift }, seed) => {
    const unchecked = { checkQuorum: false };
    const clock = { driftMs: long, driftShare: drift };
    const bounded = { driftMs: long, driftShare: 0.05 };
    return [
      stale("from its own copy", readAtOldLeader({ reads: "local", ...unchecked }, { seed }), true),
      stale(
        "after a round of heartbeats",
        readAtOldLeader({ reads: "read-index", ...unchecked }, { seed }),
        false,
      ),
      stale("by lease", readAtOldLeader({ reads: "lease" }, { seed }), false),
      stale(
        "by lease, its clock 5 % slow",
        readAtOldLeader({ reads: "lease" }, { ...bounded, seed }),
        false,
      ),
      stale(
        `by lease, its clock ${drift * 100} % slow`,
        readAtOldLeader({ reads: "lease" }, { ...clock, seed }),
        true,
      ),
    ];
  },
});

/** 2 was written before the read began. */
function stale(how: string, { answer }: OldLeaderRead, expected: boolean): Finding {
  return exactly(`${how}: a stale read`, answer?.type === "read" && answer.value !== 2, expected);
}
