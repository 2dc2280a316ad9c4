/** The double spend, live: whatever comes of it, the verdict says what the shop's node has. */

import { afterEach, beforeEach, expect, test } from "vitest";
import type { AttackVerdict } from "../../src/lab/attack-report.ts";
import { endAll, eventually, Program, temporaryFolder } from "./program.ts";

beforeEach(() => {
  process.env["XDG_STATE_HOME"] = temporaryFolder();
});
afterEach(endAll);

/** Fails unless everything in the verdict fits together. */
function expectHonest(verdict: AttackVerdict): void {
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
  const verdict = program.lines.at(-1) as AttackVerdict;
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
  expectHonest(attack.lines.at(-1) as AttackVerdict);
  expect(lab.lines.filter(({ type }) => type === "verdict")).toHaveLength(1);
  expect(await lab.end("SIGINT")).toBe(0);
  expect(lab.lines.at(-1)).toMatchObject({ type: "summary" });
});

test("a lab that does not answer is named, with what to do", async () => {
  const url = "http://127.0.0.1:1";
  const unknown = new Program(["attack", "double-spend", "--lab", url]);
  expect(await unknown.ended).toBe(2);
  expect(unknown.stderr).toContain("--token-file");
});
