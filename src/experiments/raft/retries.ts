/** Requests that come twice because their answers were lost. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { Cluster } from "./cluster.ts";
import { others } from "./faults.ts";

const parameters = {
  requests: wholeParameter("how many requests come twice", { min: 1, max: 500, initial: 20 }),
};

export const retries = defineExact<typeof parameters>({
  id: "retries",
  code: "R15",
  group: "Raft",
  title: "Requests that come twice",
  claim: "With sessions, a request that is repeated after a lost answer is carried out once.",
  lines: "L84-88",
  source: "Ongaro's dissertation, 6.3",
  parameters,
  examples: [["--requests 100", "more of them"]],
  examine: ({ requests }, seed) => {
    return [
      ...findingsOf("with sessions", retry(requests, true, seed), 0),
      ...findingsOf("without", retry(requests, false, seed), requests),
    ];
  },
});

function findingsOf(
  what: string,
  { twice, broken }: { readonly twice: number; readonly broken: string },
  expected: number,
): readonly Finding[] {
  return [
    exactly(`${what}: requests carried out twice`, twice, expected),
    exactly(`${what}: promises broken`, broken, "none"),
  ];
}

/**
 * Each request writes a key, which another client then overwrites; the leader crashes, and the
 * first requests come again, to its successor, among links that lose and double messages.
 */
function retry(requests: number, sessions: boolean, seed: string) {
  const cluster = new Cluster({ count: 3, seed, sessions, loss: 0.02, duplication: 0.1 });
  const leader = cluster.runUntilLeader();
  const keys = Array.from({ length: requests }, (_, at) => `key${at + 1}`);
  const ids = keys.map((key) => cluster.write(leader, 1, key));
  for (const key of keys) cluster.write(leader, 2, key);
  cluster.run(3000);
  cluster.crash(leader);
  const successor = cluster.runUntilLeader(others(cluster, leader));
  for (const [at, key] of keys.entries()) {
    cluster.request(successor, { type: "write", key, value: 1 }, ids[at]);
  }
  cluster.run(3000);
  const { values } = cluster.state(successor).data;
  const twice = keys.filter((key) => values[key] !== 2).length;
  return { twice, broken: [...cluster.promises.broken].join() || "none" };
}
