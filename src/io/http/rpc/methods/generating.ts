/** Methods that make blocks at once, for networks on which that costs next to nothing. */

import { reasonOf } from "../../../../consensus/problem.ts";
import { encodeBlock, hashOfBlock } from "../../../../primitives/block.ts";
import type { Satoshi, Txid } from "../../../../primitives/brand.ts";
import { bytesToHex, hexToBytes } from "../../../../primitives/bytes.ts";
import { parseHash } from "../../../../primitives/hash.ts";
import { decodeTransaction, type Transaction } from "../../../../primitives/transaction.ts";
import { search } from "../../../mining/solved-block.ts";
import {
  ClockBehindError,
  generateBlocks,
  submitGenerated,
  templateOf,
} from "../../../queries/generated-blocks.ts";
import type { Json } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { flag, integer, list, optional, stringFrom, text } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { scriptFromAddress, scriptFromDescriptor } from "../shapes/payee.ts";

/** @see Bitcoin Core, DEFAULT_MAX_TRIES */
const triesMaxDefault = 1_000_000;

export const generatingMethods: readonly Method[] = [
  method("generatetoaddress", {
    about: "Makes blocks at once that pay an address, and answers their hashes.",
    category: "Mining",
    parameters: { nblocks: integer, address: text, maxtries: optional(integer, triesMaxDefault) },
    answer: ({ nblocks, address, maxtries }, { served }, gone) => {
      const payTo = scriptFromAddress(address, served.node.params.addressPrefix);
      const bounds = { payTo, triesMax: maxtries, gone };
      return judged(generateBlocks(served, nblocks, bounds));
    },
  }),
  method("generatetodescriptor", {
    about: "Makes blocks at once that pay what a descriptor names, and answers their hashes.",
    category: "Mining",
    parameters: {
      num_blocks: integer,
      descriptor: text,
      maxtries: optional(integer, triesMaxDefault),
    },
    answer: ({ num_blocks: count, descriptor, maxtries }, { served }, gone) => {
      const payTo = scriptFromDescriptor(descriptor, served.node.params.addressPrefix);
      const bounds = { payTo, triesMax: maxtries, gone };
      return judged(generateBlocks(served, count, bounds));
    },
  }),
  method("generateblock", {
    about: "Makes one block at once with these transactions and no others; it claims no fees.",
    category: "Mining",
    parameters: {
      output: text,
      transactions: list('["rawtx/txid",...]'),
      submit: optional(flag, true),
    },
    answer: async ({ output, transactions, submit }, { served }) => {
      const payTo = payeeFrom(output, served.node.params.addressPrefix);
      const chosen = transactions.map((each) => transactionFrom(each, served));
      const template = templateOf(served, { transactions: chosen, fees: 0 as Satoshi }, payTo);
      const { wall } = served.runner.clock.read();
      const problem = served.node.chain.findTemplateProblem(template.block, wall);
      if (problem !== undefined) {
        const text = `TestBlockValidity failed: ${reasonOf(problem)}`;
        throw new RpcError(rpcCodes.verification, text);
      }
      const solved = await search(template, triesMaxDefault);
      if (solved === undefined) throw new RpcError(rpcCodes.misc, "Failed to make block.");
      if (submit) return { hash: await submitGenerated(served, solved) };
      return { hash: hashOfBlock(solved), hex: bytesToHex(encodeBlock(solved)) };
    },
  }),
];

/** @throws RpcError if people set the clock back too far for a block. */
async function judged<Made>(made: Promise<Made>): Promise<Made> {
  try {
    return await made;
  } catch (error) {
    if (!(error instanceof ClockBehindError)) throw error;
    const problem = `CreateNewBlock: TestBlockValidity failed: ${error.message}`;
    throw new RpcError(rpcCodes.misc, problem);
  }
}

function payeeFrom(output: string, prefix: string): Uint8Array {
  return output.includes("(")
    ? scriptFromDescriptor(output, prefix)
    : scriptFromAddress(output, prefix);
}

/** By its id if it waits, or as it is. */
function transactionFrom(given: Json, { node }: RpcNode["served"]): Transaction {
  const text = stringFrom(given);
  const txid = parseHash<Txid>(text);
  if (txid.ok) {
    const entry = node.mempool.get(txid.value);
    if (entry !== undefined) return entry.transaction;
    throw new RpcError(rpcCodes.addressOrKey, `Transaction ${text} not in mempool.`);
  }
  const bytes = hexToBytes(text);
  const transaction = bytes.ok ? decodeTransaction(bytes.value) : bytes;
  if (transaction.ok) return transaction.value;
  const problem = `Transaction decode failed for ${text}. Make sure the tx has at least one input.`;
  throw new RpcError(rpcCodes.deserialization, problem);
}
