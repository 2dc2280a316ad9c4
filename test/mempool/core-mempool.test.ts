/** Checks that a node takes and keeps transactions as Bitcoin Core v28.1 did, step by step. */

import { expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import type { Answer } from "../../src/node/effect.ts";
import type { Command, CommandId } from "../../src/node/event.ts";
import { Node } from "../../src/node/node.ts";
import { decodeBlock } from "../../src/primitives/block.ts";
import type { Elapsed, Milliseconds } from "../../src/primitives/brand.ts";
import { parseHex } from "../../src/primitives/bytes.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { decodeTransaction } from "../../src/primitives/transaction.ts";
import { MemoryStore, type Records } from "../../src/sim/engine/memory-store.ts";
import { nobleVerifier } from "../builders.ts";
import { describeVectors } from "../vectors/suite.ts";

/** What was submitted, or a look at how many wait, and what Core said. */
type Step = { readonly core: string } & (
  | { readonly label: string; readonly tx: string }
  | { readonly label: string; readonly block: string }
  | { readonly label: string; readonly mempool: true }
);

type CoreMempool = {
  readonly base: readonly string[];
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
};

/** Later than all blocks of the file. */
const now = Date.UTC(2026, 0, 1) as Milliseconds;
const id = 1 as CommandId;

function createNode(records?: Records): Node {
  return new Node({
    params: regtest,
    store: new MemoryStore(records),
    verifier: nobleVerifier,
    random: createRandom("Core's mempool"),
    companions: [],
  });
}

function order(node: Node, command: Command): Answer {
  const effects = node.handle(
    { type: "command", id, command },
    { wall: now, elapsed: 0 as Elapsed },
  );
  const answers = effects.flatMap((effect) => (effect.type === "answer" ? [effect.answer] : []));
  return answers[0]!;
}

/** What became of a step, in Core's words as far as ours reach. */
function take(step: Step, node: Node): string {
  if ("mempool" in step) return `mempool ${node.mempool.count}`;
  if ("block" in step) return submitBlock(step.block, node);
  const transaction = decodeTransaction(parseHex(step.tx));
  if (!transaction.ok) return "malformed";
  const answer = order(node, { type: "submit-transaction", transaction: transaction.value });
  if (answer.type !== "transaction") throw new Error("another command was answered");
  return answer.verdict.ok ? "ok" : answer.verdict.problem.rule;
}

function submitBlock(hex: string, node: Node): string {
  const block = decodeBlock(parseHex(hex));
  if (!block.ok) return "malformed";
  const answer = order(node, { type: "submit-block", block: block.value });
  if (answer.type !== "block") throw new Error("another command was answered");
  const { status } = answer.result;
  return status === "tip" ? "accepted" : status === "side" ? "inconclusive" : status;
}

/** Core's reason, without the code before it and the facts behind it. */
function reasonOf({ core }: Step): string {
  return core.replace(/^-\d+ /, "").replace(/,.*$/, "");
}

describeVectors("Bitcoin Core's mempool", "core-mempool.json.gz", (bytes) => {
  const { base, cases } = JSON.parse(bytes.toString()) as CoreMempool;
  const store = new MemoryStore();
  const builder = new Node({
    params: regtest,
    store,
    verifier: nobleVerifier,
    random: createRandom("Core's chain"),
    companions: [],
  });
  for (const hex of base) submitBlock(hex, builder);

  test("the blocks that hold the coins are all accepted", () => {
    expect(base).toHaveLength(140);
    expect(builder.chain.tip.height).toBe(140);
  });

  test("there are five sequences", () => {
    expect(cases).toHaveLength(5);
  });

  test.each(cases)("$name", ({ steps }) => {
    const node = createNode(new Map(store.scan("")));
    const ours = steps.map((step) => `${step.label}: ${take(step, node)}`);
    expect(ours).toEqual(steps.map((step) => `${step.label}: ${reasonOf(step)}`));
  });
});
