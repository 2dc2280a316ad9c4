/** The scripts of etcd's own raft: the same commands, the same roles, terms, votes, commits, logs. */

import { expect, test } from "vitest";
import { describeVectors } from "../../vectors/suite.ts";
import { readScript, runScript } from "./etcd-script.ts";

/** How many facts each script states; fewer would mean that a comparison was lost. */
const scripts = [
  ["campaign", 18],
  ["checkquorum", 30],
  ["prevote", 38],
  ["probe_and_replicate", 144],
  ["single_node", 6],
] as const;

for (const [name, facts] of scripts) {
  describeVectors(`etcd's script ${name}`, `etcd-raft/${name}.txt`, (bytes) => {
    const text = bytes.toString("utf8");

    test("our processes do what etcd's do", () => {
      const { differences, skipped, compared } = runScript(text);
      expect(differences).toEqual([]);
      expect(skipped).toEqual([]);
      expect(compared).toBe(facts);
    });

    test("a changed line is noticed, wherever a role, term, vote or commit is stated", () => {
      const stated = /(?<=HardState Term:\d+.* Commit:)\d+|(?<=HardState Term:)\d+/g;
      const places = [...text.matchAll(stated)];
      expect(places.length).toBeGreaterThan(0);
      const last = places.at(-1)!;
      const end = last.index + last[0].length;
      const changed = `${text.slice(0, last.index)}${Number(last[0]) + 1}${text.slice(end)}`;
      expect(runScript(changed).differences).toHaveLength(1);
    });
  });
}

test("commands that etcd has and we do not are skipped with a sentence, others are refused", () => {
  const script = [
    "add-nodes 3 voters=(1,2,3) index=2",
    ...["status 1", "report-unreachable 1 2", "forget-leader 2", "process-append-thread 1"],
    ...["process-apply-thread 1", "deliver-msgs type=MsgApp 1"],
  ].map((line) => `${line}\n----\nok\n`);
  const result = runScript(script.join("\n"));
  expect(result.skipped).toHaveLength(6);
  for (const sentence of result.skipped) expect(sentence).toMatch(/^line \d+: \S+: .*\w\.$/);
  expect(result.compared).toBe(0);
  expect(() => runScript("dance 1\n----\nok\n")).toThrow("line 1: there is no command dance");
});

test("the other commands work: ticks, time-outs, compaction, snapshots, members, transfer", () => {
  const script = `
add-nodes 4 voters=(1,2,3) index=2 checkquorum=true
----
ok

set-randomized-election-timeout 2 timeout=3
----
ok

tick-election 2
----
ok

stabilize
----
> 2 handling Ready
  INFO 2 became leader at term 1
  HardState Term:1 Vote:2 Commit:3

propose 2 one
----
ok

tick-heartbeat 2
----
ok

stabilize
----
> 1 handling Ready
  HardState Term:1 Vote:2 Commit:4

compact 2 3
----
1/4 EntryNormal "one"

propose-conf-change 2
v4
----
ok

stabilize
----
> 4 handling Ready
  HardState Term:1 Commit:5

send-snapshot 2 3
----
ok

transfer-leadership from=2 to=4
----
ok

stabilize
----
> 4 handling Ready
  INFO 4 became leader at term 2
  HardState Term:2 Vote:4 Commit:6

raft-state
----
1: StateFollower (Voter) Term:2 Lead:4
2: StateFollower (Voter) Term:2 Lead:4
3: StateFollower (Voter) Term:2 Lead:4
4: StateLeader (Voter) Term:2 Lead:4
`;
  expect(readScript(script).map(({ name }) => name)).toHaveLength(14);
  const { differences, skipped } = runScript(script);
  expect(skipped).toEqual([]);
  expect(differences).toEqual([]);
});
