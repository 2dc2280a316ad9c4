/** Checks what a node does with packages and with headers that are submitted to it. */

import { expect, test } from "vitest";
import { blankPayment, keyOf, output, spendable } from "../builders.ts";
import { Forest } from "../chain/forest.ts";
import { nodeWith } from "./scene.ts";

const forest = new Forest().plant("a1 a2 a3").plant("b1").pay("parent", "a1");
const parent = forest.payment("parent");
const coin = spendable(parent, 0, keyOf("somebody"));
const child = blankPayment({
  from: [coin],
  to: [output(coin.output.value - 5000, keyOf("shop").script)],
});
forest.note("child", child);

test("what is let in of a package is told, answered and sent to all peers", () => {
  const node = nodeWith(forest, "a1", "a2", "a3");
  const answer = node.obeys({ type: "submit-package", transactions: [parent, child] });
  expect(answer).toMatchObject({
    type: "package",
    result: { problem: undefined, results: [{ status: "admitted" }, { status: "admitted" }] },
  });
  const told = node.news("transaction-admitted").map(({ txid }) => txid);
  expect(told).toEqual([forest.txid("parent"), forest.txid("child")]);
  const gossip = node.passes(50).all("gossip");
  expect(gossip.map(({ message }) => message)).toEqual([
    { type: "transactions", transactions: [parent, child] },
  ]);
  const again = node.obeys({ type: "submit-package", transactions: [parent, child] });
  expect(again).toMatchObject({ result: { results: [{ status: "known" }, { status: "known" }] } });
  expect(node.passes(50).all("gossip")).toEqual([]);
});

test("a package that is none is answered with its problem, and nothing is sent", () => {
  const node = nodeWith(forest, "a1", "a2", "a3");
  const answer = node.obeys({ type: "submit-package", transactions: [child, parent] });
  expect(answer).toMatchObject({
    result: { problem: { rule: "package-not-sorted" }, results: [], admissions: [] },
  });
  expect(node.passes(50).all("gossip")).toEqual([]);
  node.hasWaiting();
});

test("a submitted header is kept whatever its work, and a wrong one refused by its rule", () => {
  const node = nodeWith(forest, "a1", "a2", "a3");
  const { header } = forest.block("b1");
  expect(node.hears({ type: "header", header, announcer: 0 })).toBe("ignore");
  expect(node.node.chain.tree.get(forest.hash("b1"))).toBeUndefined();
  expect(node.obeys({ type: "submit-header", header })).toEqual({
    type: "header",
    problem: undefined,
  });
  expect(node.node.chain.tree.get(forest.hash("b1"))?.hasBody).toBe(false);
  const early = { ...forest.block("a3").header, time: 0 };
  expect(node.obeys({ type: "submit-header", header: early })).toMatchObject({
    problem: { rule: expect.stringMatching(/^(high-hash|time-too-old)$/) as string },
  });
});
