/** The levers of a running lab, as a page pulls them: links, crashes, payments, theory and trials. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ProbabilityJson, TrialsJson } from "../../src/contract/attacks.ts";
import type { LabJson, LabNodeJson } from "../../src/contract/lab.ts";
import type { TransactionOutcomeJson } from "../../src/contract/node-api.ts";
import type { LabEvent } from "../../src/contract/timeline.ts";
import { endAll, eventually, type Line, Program } from "./program.ts";

afterEach(endAll);

type Started = Extract<LabEvent, { readonly type: "started" }>;

/** A running lab and its token. */
class Levers {
  readonly program: Program;
  readonly started: Started;
  readonly #token: string;

  private constructor(program: Program, started: Started) {
    this.program = program;
    this.started = started;
    this.#token = readFileSync(join(started.data, "token"), "utf8");
  }

  static async open(...flags: readonly string[]): Promise<Levers> {
    const program = new Program(["lab", "--json", "--api-port", "0", ...flags]);
    await eventually(() => program.lines.some(({ type }) => type === "started"));
    const started = program.lines.find(({ type }) => type === "started") as Started;
    return new Levers(program, started);
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await fetch(this.started.url + path)).json()) as Answer;
  }

  async pull<Answer = LabJson>(path: string, body: unknown = {}): Promise<Answer> {
    const answer = await this.push(path, body);
    const json: unknown = await answer.json();
    expect(json).not.toHaveProperty("detail");
    return json as Answer;
  }

  /** The sentence with which it is refused. */
  async refused(path: string, body: unknown = {}, status = 409): Promise<string> {
    const answer = await this.push(path, body);
    expect(answer.status).toBe(status);
    return ((await answer.json()) as { readonly detail: string }).detail;
  }

  push(path: string, body: unknown, token = this.#token): Promise<Response> {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return fetch(`${this.started.url}/lab/${path}`, init);
  }

  async node(name: string): Promise<LabNodeJson> {
    const { nodes } = await this.get<LabJson>("/lab");
    return nodes.find((node) => node.name === name)!;
  }

  has(type: LabEvent["type"], facts: object = {}): boolean {
    return this.program.lines.some((line) => {
      if (line.type !== type) return false;
      return Object.entries(facts).every(([key, value]) => line[key] === value);
    });
  }
}

test("a link is cut, mended and slowed while all others stay", async () => {
  const lab = await Levers.open("--traffic", "0");
  const { from, to } = lab.started.links[0]!;
  const between = [from, to];
  expect((await lab.push("links", { between, state: "cut" }, "guess")).status).toBe(401);

  await lab.pull("links", { between, state: "cut" });
  await eventually(async () => !(await lab.node(from)).peers.includes(to));
  expect((await lab.node(to)).peers).not.toContain(from);
  expect((await lab.node(from)).peers.length).toBeGreaterThan(0);
  await lab.pull("links", { between, state: "open", delayMs: 400 });
  await eventually(async () => (await lab.node(to)).peers.includes(from));

  expect(await lab.refused("links", { between: [from, "zoe"], state: "cut" })).toContain(
    "There is no node zoe here",
  );
  await lab.refused("links", { between, state: "cut", delayMs: 2_001 }, 400);
  await lab.pull("partition", { groups: [[from]] });
  expect(await lab.refused("links", { between, state: "open" })).toContain("heal the network");
  await lab.pull("heal");
  await eventually(async () => (await lab.node(to)).peers.includes(from));
  const told = lab.program.lines.filter(({ type }) => type === "link");
  expect(told).toMatchObject([
    { between, isCut: true, delayMs: 80 },
    { between, isCut: false, delayMs: 400 },
  ]);
});

test.each([
  { where: "in one process", flags: [] },
  { where: "with a process for each node", flags: ["--processes"] },
])("a node crashes and starts again as it was, and the lab goes on $where", async ({ flags }) => {
  const lab = await Levers.open(...flags);
  await eventually(() => lab.has("block"));
  const before = await lab.node("bob");
  const crashed = await lab.pull("nodes/bob/crash");
  const bob = crashed.nodes.find(({ name }) => name === "bob")!;
  expect(bob).toMatchObject({ isUp: false, peers: [], peerId: before.peerId });
  expect(bob.height).toBeGreaterThanOrEqual(before.height);
  expect(await lab.refused("nodes/bob/crash")).toBe("bob is down already; restart it.");
  expect(await lab.refused("nodes/alice/restart")).toBe("alice is up; crash it first.");
  const api = await fetch(`${lab.started.url}/bob/api/blocks/tip/height`);
  expect(await api.json()).toMatchObject({ status: 503, code: "not-ready" });
  expect(lab.has("node-down", { node: "bob" })).toBe(true);

  // What the others find meanwhile is what bob has to fetch.
  await eventually(async () => {
    const { agreement, nodes } = await lab.get<LabJson>("/lab");
    return agreement && nodes.every(({ name, height }) => name === "bob" || height > bob.height);
  });
  await lab.pull("nodes/bob/restart");
  await eventually(async () => (await lab.node("bob")).height > bob.height);
  const isBack = ({ type, node }: Line): boolean => type === "node-up" && node === "bob";
  await eventually(() => {
    const since = lab.program.lines.slice(lab.program.lines.findLastIndex(isBack));
    return since.some(({ type, miner }) => type === "block" && miner === "bob");
  });
  const after = await lab.node("bob");
  expect(after).toMatchObject({ isUp: true, peerId: before.peerId, url: before.url });
  await eventually(async () => {
    const { peers } = await lab.node("bob");
    return before.peers.every((name) => peers.includes(name));
  });
  expect(lab.program.lines.filter(isBack)).toHaveLength(2);

  await lab.pull("nodes/mallory/crash");
  const attack = await lab.refused("attack", { type: "double-spend" });
  expect(attack).toBe("mallory is down; restart it first.");
  expect(await lab.program.end("SIGINT")).toBe(0);
  expect(lab.program.lines.at(-1)).toMatchObject({ type: "summary", nodes: 6 });
});

test("a payment is made from the page, and refused with a reason", async () => {
  const lab = await Levers.open("--traffic", "0");
  await eventually(() => lab.has("block"));
  const order = { from: "alice", to: "shop", value: 123_456, feeRate: 5 };
  const paid = await lab.pull<{ txid: string; via: string }>("payments", order);
  expect(paid.via).toBe("alice");
  const told = lab.program.lines.find(({ type }) => type === "payment");
  expect(told).toMatchObject({ ...paid, from: "alice", to: "shop", value: 123_456 });
  await eventually(async () => {
    const answer = await fetch(`${lab.started.url}/shop/api/v1/tx/${paid.txid}`);
    return answer.ok && ((await answer.json()) as TransactionOutcomeJson).state === "confirmed";
  });

  const { address } = lab.started.nodes.find(({ name }) => name === "carol")!;
  await lab.pull("payments", { ...order, to: address });
  await eventually(() => lab.has("payment", { to: "carol" }));
  const refused = (change: object) => lab.refused("payments", { ...order, ...change });
  expect(await refused({ from: "zoe" })).toContain("no node zoe here");
  expect(await refused({ to: "pow1nonsense" })).toContain("is not an address");
  expect(await refused({ value: 100 })).toContain("dust");
  expect(await refused({ value: 1e15 })).toContain("alice needs");
  await lab.refused("payments", { ...order, feeRate: 0 }, 400);
});

test("trials in a lab, and the command that they name, come to the same", async () => {
  const lab = await Levers.open("--traffic", "0");
  const terms = { share: 0.3, confirmations: 2, giveUpBehind: 6, premine: 1 };
  const query = new URLSearchParams(Object.entries(terms).map(([key, value]) => [key, `${value}`]));
  const probability = await lab.get<ProbabilityJson>(`/lab/probability?type=double-spend&${query}`);
  expect(probability).toMatchObject({ attack: "double-spend", share: 0.3 });
  const order = { type: "double-spend", ...terms, runs: 5_000, seed: "lecture-1" };
  const trials = await lab.pull<TrialsJson>("trials", order);
  expect(trials.theory).toBe(probability.value);
  expect(trials).toMatchObject({ runs: 5_000, seed: "lecture-1" });

  const [powlab, ...words] = trials.command.split(" ");
  expect(powlab).toBe("powlab");
  const repeated = new Program(words);
  expect(await repeated.ended).toBe(0);
  const { estimate, interval, theory, z } = trials;
  expect(repeated.lines).toMatchObject([{ estimate, interval, expected: theory, z, runs: 5_000 }]);
});
