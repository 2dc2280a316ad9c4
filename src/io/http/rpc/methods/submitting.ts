/** Methods that take blocks and headers from miners. */

import { reasonOf } from "../../../../consensus/problem.ts";
import type { BlockResult } from "../../../../node/effect.ts";
import { type Block, decodeBlock, hashOfBlock } from "../../../../primitives/block.ts";
import { hexToBytes } from "../../../../primitives/bytes.ts";
import { headerSizeBytes } from "../../../../primitives/hashing.ts";
import { decodeHeader } from "../../../../primitives/header.ts";
import { findCommitment } from "../../../../primitives/script.ts";
import { hasWitness, isCoinbase } from "../../../../primitives/transaction.ts";
import { unreachable } from "../../../../primitives/verdict.ts";
import { submitBlock, submitHeader } from "../../../queries/submissions.ts";
import { type Method, method } from "../call/method.ts";
import { anything, optional, text } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";

export const submittingMethods: readonly Method[] = [
  method("submitblock", {
    about: "Takes a block; answers nothing if it is the new tip, or what became of it.",
    category: "Mining",
    parameters: { hexdata: text, dummy: { ...optional(anything), sketch: '"dummy"' } },
    answer: async ({ hexdata }, { served }) => {
      const block = blockFrom(hexdata);
      const [first] = block.transactions;
      if (first === undefined || !isCoinbase(first)) {
        throw new RpcError(rpcCodes.deserialization, "Block does not start with a coinbase");
      }
      const { chain } = served.node;
      const known = knownStatus(block, served);
      if (known === "duplicate" || known === "duplicate-invalid") return known;
      const isPlaced = chain.tree.get(block.header.previous) !== undefined;
      const whole = isPlaced ? withCoinbaseWitness(block) : block;
      return resultText(await submitBlock(served, whole));
    },
  }),
  method("submitheader", {
    about: "Takes a header whose block may come later.",
    category: "Mining",
    parameters: { hexdata: text },
    answer: async ({ hexdata }, { served }) => {
      const bytes = hexToBytes(hexdata);
      const header = bytes.ok ? decodeHeader(bytes.value.subarray(0, headerSizeBytes)) : bytes;
      if (!header.ok) {
        throw new RpcError(rpcCodes.deserialization, "Block header decode failed");
      }
      const { previous } = header.value;
      if (served.node.chain.tree.get(previous) === undefined) {
        const problem = `Must submit previous header (${previous}) first`;
        throw new RpcError(rpcCodes.verification, problem);
      }
      const problem = await submitHeader(served, header.value);
      if (problem !== undefined) throw new RpcError(rpcCodes.verification, reasonOf(problem));
      return null;
    },
  }),
];

export function blockFrom(hex: string): Block {
  const bytes = hexToBytes(hex);
  const block = bytes.ok ? decodeBlock(bytes.value) : bytes;
  if (!block.ok) throw new RpcError(rpcCodes.deserialization, "Block decode failed");
  return block.value;
}

/** What a block that came before was found to be; undefined if it did not. */
export function knownStatus(block: Block, { node }: RpcNode["served"]): string | undefined {
  const entry = node.chain.tree.get(hashOfBlock(block));
  if (entry === undefined) return undefined;
  if (entry.isInvalid) return "duplicate-invalid";
  const wasConnected = node.chain.isActive(entry) || node.chain.spentBy(entry.hash) !== undefined;
  return wasConnected ? "duplicate" : "duplicate-inconclusive";
}

/**
 * Miners that know no witnesses leave out the coinbase's, which is the same in every block. The
 * chain itself takes no such block.
 *
 * @see Bitcoin Core, UpdateUncommittedBlockStructures
 */
function withCoinbaseWitness(block: Block): Block {
  const [coinbase, ...others] = block.transactions;
  const [input] = coinbase?.inputs ?? [];
  if (coinbase === undefined || input === undefined || hasWitness(coinbase)) return block;
  if (findCommitment(coinbase.outputs) === undefined) return block;
  const inputs = [{ ...input, witness: [new Uint8Array(32)] }];
  return { ...block, transactions: [{ ...coinbase, inputs }, ...others] };
}

/** @see BIP22; Bitcoin Core, submitblock */
function resultText(result: BlockResult): string | null {
  switch (result.status) {
    case "tip":
      return null;
    case "side":
      return "inconclusive";
    case "known":
      return "duplicate";
    case "orphan":
      return "prev-blk-not-found";
    case "rejected":
      return blockReason(result.problem);
    default:
      return unreachable(result);
  }
}

/** Of scripts in a block Core does not say what was wrong. */
export function blockReason(problem: Parameters<typeof reasonOf>[0]): string {
  const isScript = problem.rule === "mandatory-script-verify-flag-failed";
  return isScript ? "block-validation-failed" : reasonOf(problem);
}
