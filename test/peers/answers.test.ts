/** Checks what peers are answered: what our chain and our mempool have, within limits. */

import { describe, expect, test } from "vitest";
import { answerTo } from "../../src/peers/answers.ts";
import { limits } from "../../src/peers/limits.ts";
import { shortTxidOf } from "../../src/peers/short-txid.ts";
import { hashOfBlock, totalSizeOfBlock } from "../../src/primitives/block.ts";
import { dataScript } from "../../src/primitives/script.ts";
import { txidOf } from "../../src/primitives/transaction.ts";
import { blankPayment, keyOf, output } from "../builders.ts";
import { Forest } from "../chain/forest.ts";
import { PeersScene } from "./scene.ts";

//  genesis ─ a1 ─ a2
//         └─ b1 ─ b2
const forest = new Forest().plant("a1 a2").plant("b1 b2");
const anyone = keyOf("anyone").script;
const none = () => [];

describe("an answer to a peer", () => {
  const scene = new PeersScene(forest, "a1", "a2", "b1");

  test("has the headers of our branch after the locator", () => {
    const locator = [forest.hash("b1"), forest.hash("genesis")];
    const answer = answerTo({ type: "get-headers", locator }, scene.home.chain, none);
    expect(answer).toEqual({ type: "headers", headers: forest.headers("a1", "a2") });
  });

  test("has the blocks that are here, on any branch, in the order asked", () => {
    const hashes = ["b1", "b2", "a1"].map((name) => forest.hash(name));
    const answer = answerTo({ type: "get-blocks", hashes }, scene.home.chain, none);
    expect(answer).toEqual({ type: "blocks", blocks: forest.blocks("b1", "a1") });
  });

  test("has as many blocks as the size of a message allows, and at least one", () => {
    const large = output(0, dataScript(...Array<Uint8Array>(12_000).fill(new Uint8Array(75))));
    const payment = blankPayment({ from: [forest.reward("a1")], to: [large] });
    const heavy = new Forest().plant("a1 a2").note("large", payment);
    const letters = ["c", "d", "e", "f", "g"].map((letter) => `${letter}3`);
    for (const name of letters) heavy.plant(`a1 a2 ${name}:large`);
    const full = new PeersScene(heavy, "a1", "a2", ...letters);
    const hashes = letters.map((name) => heavy.hash(name));
    const answer = answerTo({ type: "get-blocks", hashes }, full.home.chain, none);
    const sent = answer.type === "blocks" ? answer.blocks.map(hashOfBlock) : [];
    expect(sent).toEqual(hashes.slice(0, 4));
    const sizeBytes = totalSizeOfBlock(heavy.block("c3"));
    expect(4 * sizeBytes).toBeLessThan(limits.blocksSizeBytesMax);
    expect(5 * sizeBytes).toBeGreaterThan(limits.blocksSizeBytesMax);
  });

  test("has a block that turned out invalid, too: it may have been announced before", () => {
    const greedy = new Forest().plant("a1!");
    const faulty = new PeersScene(greedy, "a1");
    const request = { type: "get-blocks", hashes: [greedy.hash("a1")] } as const;
    expect(answerTo(request, faulty.home.chain, none)).toMatchObject({
      blocks: [{ header: greedy.block("a1").header }],
    });
  });

  test("has waiting transactions, as many as one message may carry", () => {
    const payment = blankPayment({ from: [forest.reward("a1")], to: [output(1, anyone)] });
    const request = { type: "get-mempool", known: [] } as const;
    expect(answerTo(request, scene.home.chain, () => [payment])).toEqual({
      type: "transactions",
      transactions: [payment],
    });
    const known = [shortTxidOf(txidOf(payment))];
    expect(answerTo({ ...request, known }, scene.home.chain, () => [payment])).toEqual({
      type: "transactions",
      transactions: [],
    });
    const many = Array.from({ length: limits.transactionsPerMessageMax + 1 }, () => payment);
    const answer = answerTo(request, scene.home.chain, () => many);
    const sent = answer.type === "transactions" ? answer.transactions.length : 0;
    expect(sent).toBe(limits.transactionsPerMessageMax);
    const nothing = { type: "transactions", transactions: [] };
    expect(answerTo(request, scene.home.chain, none)).toEqual(nothing);
  });
});
