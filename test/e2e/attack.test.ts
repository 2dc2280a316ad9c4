/** Attacks, live: whatever comes of them, the verdict says what the victims' nodes have. */

import { afterEach, expect, test } from "vitest";
import type { DoubleSpendVerdict } from "../../src/attacks/double-spend/words.ts";
import type { EclipseVerdict } from "../../src/attacks/eclipse/words.ts";
import type { SelfishMiningVerdict } from "../../src/attacks/selfish-mining/words.ts";
import type { LabJson } from "../../src/contract/lab.ts";
import { endAll, eventually, type Line, Program } from "./program.ts";

afterEach(endAll);

/** Fails unless everything in the verdict fits together. */
function expectHonest(verdict: DoubleSpendVerdict | EclipseVerdict): void {
  const { outcome, payment, conflict, ending, shop, reorganisationDepth } = verdict;
  expect(verdict.type).toBe("verdict");
  if (outcome === "reversed") {
    expect([payment.state === "confirmed", conflict.state]).toEqual([false, "confirmed"]);
    expect(ending).not.toBe("given-up");
    expect(reorganisationDepth).toBeGreaterThanOrEqual(1);
    expect(shop.at(-1)!.confirmations).toBe(0);
    expect(verdict.secretBlocks).toBeGreaterThan(0);
  } else {
    expect(outcome).toBe("failed");
    expect([payment.state, conflict.state === "confirmed"]).toEqual(["confirmed", false]);
    expect(shop.at(-1)!.confirmations).toBeGreaterThan(0);
  }
  const seen = Math.max(...shop.map(({ confirmations }) => confirmations));
  expect(verdict.deliveredAt === null).toBe(seen < verdict.confirmations);
}

test("a lab of its own ends with an honest verdict as the last line", async () => {
  const flags = ["--share", "0.6", "--confirmations", "2", "--seed", "7", "--json"];
  const program = new Program(["attack", "double-spend", ...flags]);
  expect(await program.ended).toBe(0);
  const verdict = program.lines.at(-1) as DoubleSpendVerdict;
  expectHonest(verdict);
  expect(verdict).toMatchObject({ share: 0.6, confirmations: 2, giveUpBehind: 6 });
  expect(verdict.theory.probability).toBeCloseTo(0.956, 3);
});

test("a running lab is found and attacked, also with a process for each node", async () => {
  const lab = new Program([
    "lab",
    "--json",
    "--api-port",
    "0",
    "--processes",
    "--hashrate",
    "80000",
  ]);
  await eventually(() => lab.lines.some(({ type }) => type === "block"));
  const flags = ["--share", "0.3", "--confirmations", "1", "--give-up", "3", "--json"];
  const attack = new Program(["attack", "double-spend", ...flags]);
  expect(await attack.ended).toBe(0);
  expectHonest(attack.lines.at(-1) as DoubleSpendVerdict);
  expect(lab.lines.filter(({ type }) => type === "verdict")).toHaveLength(1);
  expect(await lab.end("SIGINT")).toBe(0);
  expect(lab.lines.at(-1)).toMatchObject({ type: "summary" });
});

/** The steps that were told, in order. */
function stepsOf(program: Program): readonly Line[] {
  return program.lines.filter(({ type }) => type === "attack").map(({ step }) => step as Line);
}

test("with a block beforehand she pays only when she has one, and Rosenfeld's probability is hers", async () => {
  const flags = [
    "--share",
    "0.6",
    "--confirmations",
    "1",
    "--premine",
    "1",
    "--seed",
    "8",
    "--json",
  ];
  const program = new Program(["attack", "double-spend", ...flags]);
  expect(await program.ended).toBe(0);
  const verdict = program.lines.at(-1) as DoubleSpendVerdict;
  expectHonest(verdict);
  expect(verdict).toMatchObject({ attack: "double-spend", premine: 1 });
  expect(verdict.theory.probability).toBeGreaterThan(0.95);
  const steps = stepsOf(program);
  const paidAt = steps.findIndex(({ type }) => type === "paid");
  const first = steps.findIndex(({ type }) => type === "race");
  expect(steps[first]!["secretBlocks"]).toBeGreaterThanOrEqual(1);
  expect(first).toBeLessThan(paidAt);
});

test("selfish mining in a running lab ends with a tally that adds up, and leaves all as it was", async () => {
  const lab = new Program(["lab", "--json", "--api-port", "0", "--hashrate", "150000"]);
  await eventually(() => lab.lines.some(({ type }) => type === "block"));
  const flags = ["--share", "0.4", "--blocks", "15", "--json"];
  const attack = new Program(["attack", "selfish-mining", ...flags]);
  expect(await attack.ended).toBe(0);
  const verdict = attack.lines.at(-1) as SelfishMiningVerdict;
  const { attackerBlocks, honestBlocks, staleBlocks } = verdict.tally;
  const staying = attackerBlocks + honestBlocks;
  expect(staying + staleBlocks).toBeGreaterThanOrEqual(15);
  expect(verdict.revenue).toBeCloseTo(attackerBlocks / staying, 9);
  expect(verdict.outcome).toBe(verdict.revenue > 0.4 ? "gained" : "lost");
  expect(verdict.interval[0]).toBeLessThanOrEqual(verdict.revenue);
  expect(verdict.interval[1]).toBeGreaterThanOrEqual(verdict.revenue);
  expect(verdict.theory?.revenue).toBeCloseTo(0.48372, 5);
  const [scene] = stepsOf(attack);
  expect(scene).toMatchObject({ type: "scene", attack: "selfish-mining", blocks: 15 });
  expect(scene!["curve"]).toHaveLength(51);

  const { url } = lab.lines.find(({ type }) => type === "started") as { url?: string };
  await eventually(async () => (await labAt(url!)).agreement);
  const { nodes, attack: state } = await labAt(url!);
  expect(nodes.flatMap(({ share }) => share ?? [])).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect(state).toBe("ended");
  expect(await lab.end("SIGINT")).toBe(0);
});

test("an attack whose command is interrupted is ended in the lab, and its shares are put back", async () => {
  const lab = new Program(["lab", "--json", "--api-port", "0", "--no-traffic"]);
  await eventually(() => lab.lines.some(({ type }) => type === "block"));
  const attack = new Program(["attack", "selfish-mining", "--share", "0.4", "--json"]);
  await eventually(() => stepsOf(attack).length > 0);
  expect(await attack.end("SIGINT")).toBe(1);
  expect(attack.stderr).toContain("Interrupted before the verdict: the attack was ended.");
  const { url } = lab.lines.find(({ type }) => type === "started") as { url?: string };
  const { nodes, attack: state } = await labAt(url!);
  expect(state).toBe("broken-off");
  expect(nodes.flatMap(({ share }) => share ?? [])).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test("an eclipsed shop is paid on a branch that nobody else has, and then finds the others", async () => {
  const lab = new Program(["lab", "--json", "--api-port", "0", "--hashrate", "80000"]);
  await eventually(() => lab.lines.some(({ type }) => type === "block"));
  const flags = ["--share", "0.3", "--confirmations", "1", "--json"];
  const attack = new Program(["attack", "eclipse", ...flags]);
  expect(await attack.ended).toBe(0);
  const verdict = attack.lines.at(-1) as EclipseVerdict;
  expectHonest(verdict);
  expect(verdict).toMatchObject({ attack: "eclipse", share: 0.3, confirmations: 1 });
  expect(verdict.theory.probability).toBeCloseTo(0.637, 3);
  expect(verdict.secretBlocks >= 1).toBe(verdict.deliveredAt !== null);

  const types = stepsOf(attack).map(({ type }) => type);
  const phases = types.filter((type) => ["scene", "paid", "mended"].includes(String(type)));
  expect(phases).toEqual(["scene", "paid", "mended"]);
  const paid = stepsOf(attack).find(({ type }) => type === "paid");
  expect(paid).toMatchObject({ via: "mallory", conflictVia: "alice" });
  const cut = lab.lines.find(({ type }) => type === "partitioned");
  expect(cut!["groups"]).toContainEqual(["mallory", "shop"]);

  const { url } = lab.lines.find(({ type }) => type === "started") as { url?: string };
  await eventually(async () => (await labAt(url!)).agreement);
  const { nodes, partition } = await labAt(url!);
  expect(partition).toBeNull();
  expect(nodes.flatMap(({ share }) => share ?? [])).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect(await lab.end("SIGINT")).toBe(0);
});

async function labAt(url: string): Promise<LabJson> {
  return (await fetch(`${url}/lab`)).json() as Promise<LabJson>;
}

test("what is an experiment now is answered with its new spelling", async () => {
  const answers: readonly (readonly [typed: string, answer: string])[] = [
    [
      "double-spend --runs 1000",
      "powlab experiment double-spend --share 0.3 --confirmations 6 --runs 1000",
    ],
    ["double-spend --share 0.2 --confirmations 1 --table", "powlab experiment double-spend table"],
    [
      "double-spend --table --html odds.html",
      "powlab experiment double-spend table --html odds.html",
    ],
    [
      "double-spend --full --share 0.2 --confirmations 1 --runs 9",
      "powlab experiment double-spend --engine nodes --share 0.2 --confirmations 1 --runs 9",
    ],
    ["selfish-mining --gamma 0.5", "powlab experiment selfish-mining --gamma 0.5"],
    ["selfish-mining --live --share 0.4", "powlab attack selfish-mining --share 0.4"],
    ["eclipse --peers 8", "powlab experiment eclipse --peers 8"],
    ["partition --share 0.5", "powlab experiment partition --share 0.5"],
    ["report", "powlab experiment all"],
  ];
  for (const [typed, answer] of answers) {
    const program = new Program(["attack", ...typed.split(" ")]);
    expect(await program.ended).toBe(2);
    expect(program.stderr).toContain(`Type: ${answer}\n`);
  }
});

test("a term out of its bounds is refused with the bounds and the reason", async () => {
  const program = new Program(["attack", "selfish-mining", "--blocks", "800000"]);
  expect(await program.ended).toBe(2);
  expect(program.stderr).toContain("It must be a whole number from 1 to 500: each block makes");
  const stubborn = new Program(["attack", "selfish-mining", "--stubborn", "lead,late"]);
  expect(await stubborn.ended).toBe(2);
  expect(stubborn.stderr).toContain("It must be a list of lead, equal-fork, trail-<count>");
});

test("a lab that does not answer is named, with what to do", async () => {
  const url = "http://127.0.0.1:1";
  const unknown = new Program(["attack", "double-spend", "--lab", url]);
  expect(await unknown.ended).toBe(2);
  expect(unknown.stderr).toContain("--token-file");
});
