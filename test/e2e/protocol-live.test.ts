/** Protocols as real processes: partitions, `kill -9`, and a history that is judged at the end. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readJsonLines } from "../../src/checkers/formats/json-lines.ts";
import { operationsOf } from "../../src/checkers/history.ts";
import { checkLinearizability } from "../../src/checkers/linearizability.ts";
import type { ClusterEvent, ClusterJson, ClusterNodeCard } from "../../src/contract/cluster.ts";
import { endAll, eventually, Program, temporaryFolder } from "./program.ts";

afterEach(endAll);

type EventOf<Type extends ClusterEvent["type"]> = Extract<ClusterEvent, { readonly type: Type }>;
type Started = EventOf<"started"> & { readonly token: string };

/** A cluster of live processes, as another program uses it. */
class LiveCluster {
  readonly program: Program;
  readonly started: Started;

  private constructor(program: Program, started: Started) {
    this.program = program;
    this.started = started;
  }

  static async open(...words: readonly string[]): Promise<LiveCluster> {
    const program = new Program(["protocol", ...words, "--live", "--json"]);
    await eventually(() => program.lines.length > 0);
    return new LiveCluster(program, program.lines[0] as unknown as Started);
  }

  get nodes(): readonly ClusterNodeCard[] {
    return this.started.nodes;
  }

  get events(): readonly ClusterEvent[] {
    return this.program.lines as unknown as readonly ClusterEvent[];
  }

  eventsOf<Type extends ClusterEvent["type"]>(type: Type): readonly EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  get leader(): string {
    return this.eventsOf("leads").at(-1)!.node;
  }

  /** Waits until clients were answered so often from now on. */
  async answers(count: number, text = ""): Promise<void> {
    const answered = () => {
      return this.eventsOf("request").filter((event) => {
        return event.outcome === "answered" && event.text.endsWith(text);
      }).length;
    };
    const before = answered();
    await eventually(() => answered() >= before + count);
  }

  /** Waits until another process leads than this one. */
  async leaderOtherThan(name: string): Promise<string> {
    await eventually(() => this.leader !== name);
    return this.leader;
  }

  async pull(lever: string, body: unknown = {}, token = this.started.token): Promise<Response> {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return fetch(`${this.started.control}/levers/${lever}`, init);
  }

  async pulled(lever: string, body: unknown = {}): Promise<ClusterJson> {
    const answer = await this.pull(lever, body);
    expect(answer.status).toBe(200);
    return (await answer.json()) as ClusterJson;
  }

  urlOf(name: string): string {
    return this.nodes.find((node) => node.name === name)!.url;
  }

  /** Asks until it is done: an election may be under way. */
  async write(at: string, key: string, value: string): Promise<void> {
    const url = `${this.urlOf(at)}/kv/${key}`;
    await eventually(async () => (await fetch(url, { method: "PUT", body: value })).ok);
  }

  async read(at: string, key: string): Promise<unknown> {
    let value: unknown;
    await eventually(async () => {
      const answer = await fetch(`${this.urlOf(at)}/kv/${key}`);
      if (answer.ok) ({ value } = (await answer.json()) as { readonly value: unknown });
      return answer.status !== 503;
    });
    return value;
  }

  others(...names: readonly string[]): readonly string[] {
    return this.nodes.map(({ name }) => name).filter((name) => !names.includes(name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("Raft loses no acknowledged write through two partitions, a kill -9 and a restart", async () => {
  const file = join(temporaryFolder(), "history.jsonl");
  const cluster = await LiveCluster.open("raft", "--nodes", "5", "--history", file);
  await cluster.answers(10);

  const first = cluster.leader;
  const [beside = ""] = cluster.others(first);
  await cluster.write(beside, "kept-1", "written by way of a follower");
  await cluster.pulled("partition", { groups: [[first, beside]] });
  const second = await cluster.leaderOtherThan(first);
  await cluster.write(second, "kept-2", "written by three of five");
  await cluster.answers(10);
  await cluster.pulled("heal");
  await cluster.answers(5);

  const third = cluster.leader;
  await cluster.pulled("kill", { node: third });
  const fourth = await cluster.leaderOtherThan(third);
  await cluster.write(fourth, "kept-3", "written while one was down");
  const { nodes } = await cluster.pulled("restart", { node: third });
  expect(nodes.map(({ standing }) => standing === null)).not.toContain(true);
  await cluster.answers(5);

  const fifth = cluster.leader;
  await cluster.pulled("partition", { groups: [[fifth]] });
  const sixth = await cluster.leaderOtherThan(fifth);
  await cluster.write(sixth, "kept-4", "written without the former leader");
  await cluster.answers(10);
  await cluster.pulled("heal");

  for (const { name } of cluster.nodes) {
    expect(await cluster.read(name, "kept-1")).toBe("written by way of a follower");
    expect(await cluster.read(name, "kept-2")).toBe("written by three of five");
    expect(await cluster.read(name, "kept-3")).toBe("written while one was down");
    expect(await cluster.read(name, "kept-4")).toBe("written without the former leader");
  }
  const pids = cluster.nodes.map(({ pid }) => pid);
  expect(await cluster.program.end("SIGINT")).toBe(0);
  expect(cluster.events.at(-1)).toMatchObject({ type: "verdict", outcome: "holds", broken: null });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(outcomeOf(readFileSync(file, "utf8"))).toBe("linearizable");
});

/** As any judge finds it, who has the file alone. */
function outcomeOf(history: string): string {
  const events = readJsonLines(history);
  const operations = events.ok ? operationsOf(events.value) : events;
  return operations.ok ? checkLinearizability(operations.value, { model: "cas" }).outcome : "wrong";
}

test("PBFT goes on without its primary, and takes only what clients have signed", async () => {
  const cluster = await LiveCluster.open("pbft", "--nodes", "4");
  await cluster.answers(5);
  const primary = cluster.leader;
  await cluster.pulled("kill", { node: primary });
  const next = await cluster.leaderOtherThan(primary);
  await cluster.answers(5);
  await cluster.pulled("restart", { node: primary });
  await cluster.answers(5);
  const key = `${cluster.urlOf(next)}/kv/k1`;
  const unsigned = await fetch(key, { method: "PUT", body: "forged" });
  expect(unsigned.status).toBe(401);
  expect(await unsigned.json()).toMatchObject({ code: "signature-missing" });
  const client = cluster.nodes[0]?.publicKey ?? "";
  const query = `client=${client}&number=1&signature=${"00".repeat(64)}`;
  expect((await fetch(`${key}?${query}`, { method: "PUT", body: "forged" })).status).toBe(401);
  expect(await cluster.program.end("SIGINT")).toBe(0);
  const verdict = { type: "verdict", outcome: "holds", promises: ["linearizability"] };
  expect(cluster.events.at(-1)).toMatchObject(verdict);
});

test("a leader that answers reads without asking a majority is found out in a partition", async () => {
  const words = ["raft", "--nodes", "3", "--clients", "6", "--mutant", "reads-unconfirmed"];
  const cluster = await LiveCluster.open(...words);
  await cluster.answers(10);
  const former = cluster.leader;
  await cluster.pulled("partition", { groups: [[former]] });
  const leader = await cluster.leaderOtherThan(former);
  // Six clients use three keys: by then the former leader has been asked for one that was changed.
  await cluster.answers(20, `from ${leader}`);
  await cluster.answers(10, `from ${former}`);
  expect(await cluster.program.end("SIGINT")).toBe(5);
  expect(cluster.events.at(-1)).toMatchObject({
    type: "verdict",
    outcome: "broken",
    broken: { promise: "linearizability" },
  });
});

test("what is malformed is refused in words, and processes end with the one that holds them", async () => {
  const cluster = await LiveCluster.open("single-copy", "--nodes", "2");
  expect((await cluster.pull("heal", {}, "wrong")).status).toBe(401);
  const [{ url, pid }, other] = cluster.nodes as [ClusterNodeCard, ClusterNodeCard];
  const problemOf = async (answer: Promise<Response>): Promise<string> => {
    return ((await (await answer).json()) as { readonly detail: string }).detail;
  };
  expect(await problemOf(cluster.pull("kill", { node: "n9" }))).toContain("There is no node n9");
  expect(await problemOf(cluster.pull("heal"))).toContain("nothing to heal");
  expect(await problemOf(fetch(`${url}/kv/nowhere`))).toContain("nothing was written there");
  await cluster.pulled("delay", { between: ["n1", "n2"], delayMs: 1 });
  expect(await (await fetch(`${other.url}/v1/process`)).json()).toMatchObject({ name: "n2" });
  await cluster.program.end("SIGKILL");
  await eventually(() => !isAlive(pid) && !isAlive(other.pid));
});
