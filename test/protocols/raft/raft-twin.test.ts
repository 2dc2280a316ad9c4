/**
 * A thousand random scripts, and what another implementation of Raft made of them
 * (`npm run twins` writes them anew): role, term, commit and log of every node after every step.
 */

import { expect, test } from "vitest";
import { entriesOf, type Log } from "../../../src/protocols/raft/log.ts";
import { raftMutants } from "../../../src/protocols/raft/mutants.ts";
import { type RaftRules, raftRules } from "../../../src/protocols/raft/rules.ts";
import type { RaftState } from "../../../src/protocols/raft/state.ts";
import { describeVectors } from "../../vectors/suite.ts";
import { EtcdCluster } from "./etcd-cluster.ts";
import { readScript } from "./etcd-script.ts";

type Step =
  | readonly ["campaign" | "beat" | "restart", string]
  | readonly ["propose", string, string]
  | readonly ["split", readonly string[]]
  | readonly ["heal"];

type Script = {
  readonly count: number;
  readonly preVote: boolean;
  readonly steps: readonly Step[];
  /** After each step, of each node that changed: name, role, term, commit, entries kept, new ones. */
  readonly outcomes: readonly (readonly string[])[];
};

describeVectors("another implementation of Raft", "raft-twin.json.gz", (bytes) => {
  const { scripts } = JSON.parse(bytes.toString("utf8")) as { scripts: readonly Script[] };

  test("our processes end each step of a thousand scripts as its do", () => {
    expect(scripts).toHaveLength(1000);
    const differences = scripts.flatMap((script, at) => differencesOf(script, at, raftRules));
    expect(differences.slice(0, 5)).toEqual([]);
  });

  test.each(["more-than-majority", "no-election-restriction"])(
    "a wrong rule ends a script otherwise: %s",
    (name) => {
      const rules = { ...raftRules, ...raftMutants.find((mutant) => mutant.name === name)!.rules };
      const isOther = (script: Script, at: number) => differencesOf(script, at, rules).length > 0;
      expect(scripts.some(isOther)).toBe(true);
    },
  );

  test("the scripts have what is hard: old leaders, cut logs, split votes, both kinds of vote", () => {
    const all = scripts.flatMap(({ outcomes }) => outcomes.flat().map((text) => text.split(" ")));
    const roles = new Set(all.map(([, role]) => role));
    expect(roles).toEqual(new Set(["F", "P", "C", "L"]));
    expect(scripts.filter(hasCutLog).length).toBeGreaterThan(50);
    expect(scripts.filter(({ preVote }) => preVote).length).toBeGreaterThan(300);
    expect(all.filter(([, , term]) => Number(term) > 5).length).toBeGreaterThan(1000);
  });
});

/** A node keeps fewer entries than it had. */
function hasCutLog({ outcomes }: Script): boolean {
  const lengths = new Map<string, number>();
  return outcomes.flat().some((text) => {
    const [name, , , , kept, ...added] = text.split(" ");
    const before = lengths.get(name!) ?? 0;
    lengths.set(name!, Number(kept) + added.length);
    return Number(kept) < before;
  });
}

/** @returns one line for the first step that ends otherwise, or none. */
function differencesOf(script: Script, at: number, rules: RaftRules): readonly string[] {
  const { count, preVote, steps, outcomes } = script;
  const cluster = clusterOf(count, preVote, rules);
  const names = Array.from({ length: count }, (_, index) => String(index + 1));
  const expected = new Map(names.map((name) => [name, { fields: "F 0 0", log: [] as string[] }]));
  for (const [number, step] of steps.entries()) {
    runStep(cluster, names, step);
    for (const text of outcomes[number]!) {
      const [name, role, term, committed, kept, ...added] = text.split(" ");
      const log = [...expected.get(name!)!.log.slice(0, Number(kept)), ...added];
      expected.set(name!, { fields: `${role} ${term} ${committed}`, log });
    }
    for (const [name, { fields, log }] of expected) {
      const theirs = [fields, ...log].join(" ");
      const ours = shown(cluster.stateOf(name));
      const place = `script ${at}, step ${number} (${step.join(" ")}), node ${name}`;
      if (ours !== theirs) return [`${place}: ${ours}, of the twin's ${theirs}`];
    }
  }
  return [];
}

/**
 * etcd's raft answers messages of earlier terms only where it must, with the pre-vote; ours always
 * does, as the paper says. For these scripts it does as the twin.
 */
function clusterOf(count: number, preVote: boolean, rules: RaftRules): EtcdCluster {
  const cluster = new EtcdCluster({
    ...rules,
    answersEarlier: (message) => {
      return message.type === "vote" ? message.isPre : preVote && message.type !== "snapshot";
    },
  });
  const voters = Array.from({ length: count }, (_, index) => index + 1).join(",");
  const line = `add-nodes ${count} voters=(${voters}) index=0 prevote=${preVote}`;
  for (const command of readScript(`${line}\n----\nok\n`)) cluster.run(command);
  return cluster;
}

function runStep(cluster: EtcdCluster, names: readonly string[], step: Step): void {
  const [kind, name, data] = step;
  if (kind === "campaign") runLine(cluster, `campaign ${name}`);
  if (kind === "propose") runLine(cluster, `propose ${name} ${data}`);
  if (kind === "beat") runLine(cluster, `tick-heartbeat ${name}`);
  if (kind === "restart") cluster.restart(name);
  if (kind === "heal") cluster.partition();
  if (kind === "split") {
    cluster.partition(
      name,
      names.filter((other) => !name.includes(other)),
    );
  }
  runLine(cluster, "stabilize");
}

function runLine(cluster: EtcdCluster, line: string): void {
  const printed = cluster.run(readScript(`${line}\n----\nok\n`)[0]!);
  if ("skipped" in printed) throw new Error(printed.skipped);
}

const roleLetters = { follower: "F", "pre-candidate": "P", candidate: "C", leader: "L" } as const;

/** Most steps leave most logs as they were. */
const shownLogs = new WeakMap<Log, string>();

function shown({ role, term, committed, log }: RaftState): string {
  let text = shownLogs.get(log);
  if (text === undefined) {
    const cells = entriesOf(log).map(({ era, content }) => {
      if (content.type !== "command" || content.command.type !== "write") return ` ${era}`;
      return ` ${era}:${String(content.command.value)}`;
    });
    text = cells.join("");
    shownLogs.set(log, text);
  }
  return `${roleLetters[role]} ${term} ${committed}${text}`;
}
