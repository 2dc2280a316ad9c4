/** Reads etcd's raft scripts, runs them with our processes and compares what both say. */

import { entryLine, EtcdCluster } from "./etcd-cluster.ts";

export type Argument = { readonly name: string; readonly value: string | undefined };

export type Command = {
  /** Where it stands in the script, from 1. */
  readonly line: number;
  readonly name: string;
  readonly args: readonly Argument[];
  /** Lines below the command, which some have. */
  readonly input: string;
  readonly output: readonly string[];
};

export type ScriptResult = {
  /** How many facts were compared. */
  readonly compared: number;
  readonly differences: readonly string[];
  readonly skipped: readonly string[];
};

/** A command and what it printed: a line of dashes between them, an empty line behind. */
export function readScript(text: string): readonly Command[] {
  const lines = text.split("\n");
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at]!.trim() === "" || lines[at]!.startsWith("#")) continue;
    const dashes = lines.indexOf("----", at);
    if (dashes < 0) throw new Error(`line ${at + 1} has no output behind it`);
    const empty = lines.indexOf("", dashes);
    const end = empty < 0 ? lines.length : empty;
    const [name, ...words] = lines[at]!.match(/[^\s=]+=\([^)]*\)|\S+/g)!;
    commands.push({
      line: at + 1,
      name: name,
      args: words.map(argumentOf),
      input: lines.slice(at + 1, dashes).join("\n"),
      output: lines.slice(dashes + 1, end),
    });
    at = end;
  }
  return commands;
}

function argumentOf(word: string): Argument {
  const [name, ...rest] = word.split("=");
  return { name: name!, value: rest.length === 0 ? undefined : rest.join("=") };
}

/** What etcd's output says of a node; what it has not said is left out. */
type Expected = {
  role?: string;
  term?: number;
  /** "0" for none. */
  vote?: string;
  committed?: number;
  /** Lines by index, and the last index. */
  entries: Map<number, string>;
  last?: number;
};

/** @throws Error if the script has a command that etcd's scripts do not have. */
export function runScript(text: string): ScriptResult {
  const cluster = new EtcdCluster();
  const run = new Comparison(cluster);
  for (const command of readScript(text)) {
    const printed = cluster.run(command);
    if ("skipped" in printed) run.skip(command, printed.skipped);
    else run.compare(command, printed);
  }
  return run;
}

class Comparison implements ScriptResult {
  compared = 0;
  readonly differences: string[] = [];
  readonly skipped: string[] = [];
  readonly #cluster: EtcdCluster;
  readonly #expected = new Map<string, Expected>();

  constructor(cluster: EtcdCluster) {
    this.#cluster = cluster;
  }

  skip({ line, name }: Command, why: string): void {
    this.skipped.push(`line ${line}: ${name}: ${why}.`);
    this.#expected.clear();
  }

  compare(command: Command, printed: readonly string[]): void {
    const { name, args, output } = command;
    if (name === "raft-log" || name === "raft-state") {
      this.#check(command, name, printed.join("\n"), output.join("\n"));
      return;
    }
    if (name === "log-level") return;
    if (output.join() === "ok") {
      // It may have changed everything, and says nothing: what was known is known no more.
      if (name !== "tick-election" && name !== "tick-heartbeat") this.#expected.clear();
      return;
    }
    const onlyNode = args[0]?.value === undefined ? args[0]?.name : undefined;
    this.#learn(output, name === "process-ready" ? onlyNode : undefined);
    if (name !== "stabilize") return;
    const ids = args.length > 0 ? args.map((arg) => arg.name) : [...this.#cluster.nodes.keys()];
    for (const id of ids) this.#compareNode(command, id);
  }

  /** Reads what the output says of each node. @param ready whose Ready it is, if it has no title. */
  #learn(output: readonly string[], ready: string | undefined): void {
    let node = ready;
    let part = "";
    for (const line of output.map((each) => each.trim())) {
      const title = /^> (\d+) (handling Ready|receiving messages)$/.exec(line);
      if (title !== null) node = title[1]!;
      const became = /^(?:INFO|WARN) (\d+) became (\S+) at term (\d+)$/.exec(line);
      if (became !== null) {
        Object.assign(this.#of(became[1]!), { role: became[2]!, term: Number(became[3]) });
      }
      if (/^\w+:$/.test(line)) part = line;
      else if (title !== null || /^(INFO|WARN|\d+->\d+|Ready) ?/.test(line)) part = "";
      if (node === undefined) continue;
      this.#learnHardState(node, line);
      if (part === "Entries:") this.#learnEntry(node, line);
      if (part === "CommittedEntries:") this.#learnCommitted(node, line);
    }
  }

  #learnHardState(node: string, line: string): void {
    const hard = /^HardState Term:(\d+)(?: Vote:(\d+))? Commit:(\d+)$/.exec(line);
    if (hard === null) return;
    const [, term, vote = "0", commit] = hard;
    Object.assign(this.#of(node), { term: Number(term), vote, committed: Number(commit) });
  }

  #learnEntry(node: string, line: string): void {
    const index = /^\d+\/(\d+) Entry/.exec(line)?.[1];
    if (index === undefined) return;
    const expected = this.#of(node);
    expected.entries.set(Number(index), line);
    expected.last = Number(index);
  }

  #learnCommitted(node: string, line: string): void {
    const index = /^\d+\/(\d+) Entry/.exec(line)?.[1];
    if (index !== undefined) this.#of(node).entries.set(Number(index), line);
  }

  #compareNode(command: Command, id: string): void {
    const expected = this.#expected.get(id);
    if (expected === undefined) return;
    const state = this.#cluster.stateOf(id);
    const check = (fact: string, ours: unknown, theirs: unknown): void => {
      if (theirs !== undefined) this.#check(command, `${id}'s ${fact}`, ours, theirs);
    };
    check("role", state.role, expected.role);
    check("term", state.term, expected.term);
    check("vote", state.votedFor ?? "0", expected.vote);
    check("committed", state.committed, expected.committed);
    check("last index", state.log.last.index, expected.last);
    for (const [index, line] of expected.entries) {
      const isThere = expected.last === undefined || index <= expected.last;
      check(`entry ${index}`, entryLine(state, index), isThere ? line : undefined);
    }
  }

  #check({ line, name }: Command, fact: string, ours: unknown, theirs: unknown): void {
    this.compared++;
    if (ours === theirs) return;
    this.differences.push(
      `line ${line} (${name}): ${fact} is ${String(ours)}, of etcd's ${String(theirs)}`,
    );
  }

  #of(node: string): Expected {
    const known = this.#expected.get(node);
    if (known !== undefined) return known;
    const expected: Expected = { entries: new Map() };
    this.#expected.set(node, expected);
    return expected;
  }
}
