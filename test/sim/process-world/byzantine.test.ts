/** Byzantine processes: what each behaviour does, what an honest rest keeps in spite of it, and what is proven. */

import { describe, expect, test } from "vitest";
import { behavioursOf } from "../../../src/protocols/catalogue.ts";
import { isProof } from "../../../src/protocols/process/evidence.ts";
import { fakeSignatures } from "../../../src/protocols/process/signatures.ts";
import { judgeAnswers } from "../../../src/sim/process-world/verdicts.ts";
import { byzantineRun, clusterOf, turn } from "./byzantine-run.ts";
import { entryOf } from "./cluster.ts";

const { protocol } = entryOf("pbft");
const names = behavioursOf(entryOf("pbft")).map(({ name }) => name);

function runOf(nodes: number, ...turns: ReturnType<typeof turn>[]) {
  const cluster = clusterOf(protocol, nodes, turns);
  cluster.begin();
  cluster.world.runFor(8_000);
  judgeAnswers(cluster.workload);
  return cluster;
}

describe.each(["n1", "n4"])("of four replicas %s", (node) => {
  test.each(names)("is %s: nothing breaks, clients are answered, and it does deviate", (by) => {
    const { clients, byzantine, evidence } = runOf(4, turn(node, by));
    const answered = clients.ended.filter(({ answer }) => answer !== undefined);
    expect(answered.length).toBeGreaterThan(20);
    // What only a primary can do is not done by a backup.
    if (node === "n1" || by !== "colluding") expect(byzantine.deviations[by]).toBeGreaterThan(0);
    for (const { by: finder, evidence: each } of evidence) {
      expect(each.culprit).toBe(node);
      expect(isProof(each, fakeSignatures(finder))).toBe(true);
    }
  });
});

test("a primary that proposes two operations for a number gives evidence of it to every backup", () => {
  const { evidence } = runOf(4, turn("n1", "equivocating"));
  expect(new Set(evidence.map(({ by }) => by))).toEqual(new Set(["n2", "n3", "n4"]));
  expect(evidence[0]?.evidence).toMatchObject({
    culprit: "n1",
    about: "pre-prepare of view 0, number 1",
  });
});

test("two statements of which one is signed by another process prove nothing, nor does one twice", () => {
  const { sign } = fakeSignatures("n1");
  const [a, b] = ["a", "b"].map((text) => ({ text, signature: sign(text) }));
  const forged = { text: "b", signature: fakeSignatures("n2").sign("b") };
  const of = (second: typeof forged) => ({
    culprit: "n1",
    about: "it",
    statements: [a!, second] as const,
  });
  const judge = fakeSignatures("n3");
  expect(isProof(of(b!), judge)).toBe(true);
  expect(isProof(of(forged), judge)).toBe(false);
  expect(isProof(of(a!), judge)).toBe(false);
});

test("f + 1 that collude break it: no process is to blame but the assumption", () => {
  expect(byzantineRun(protocol, 4, [turn("n1", "colluding"), turn("n4", "colluding")])).toEqual([
    "no-fork",
  ]);
});

test("f that answer falsely alike are not enough for a client, and f + 1 are", () => {
  const falsely = (node: string) => turn(node, "false-answers");
  expect(byzantineRun(protocol, 4, [falsely("n2")])).toEqual([]);
  expect(byzantineRun(protocol, 4, [falsely("n2"), falsely("n3")])).toEqual(["linearizability"]);
});

test("one process that answers falsely is enough where a client asks one: raft", () => {
  const turns = ["n1", "n2", "n3"].map((node) => turn(node, "false-answers"));
  for (const one of turns) {
    const broken = byzantineRun(entryOf("raft").protocol, 3, [one]);
    expect(["", "linearizability"]).toContain(broken.join());
  }
  expect(turns.flatMap((one) => byzantineRun(entryOf("raft").protocol, 3, [one]))).toEqual([
    "linearizability",
  ]);
});

test("a byzantine process stays so after a restart", () => {
  const cluster = clusterOf(protocol, 4, [
    turn("n4", "silent"),
    { verb: "restart", node: "n4", atMs: 1_000, lastsMs: 0 },
  ]);
  cluster.begin();
  cluster.world.runFor(2_000);
  expect(cluster.world.host("n4").isHonest).toBe(false);
});
