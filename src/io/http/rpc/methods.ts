/** All methods of a node's JSON-RPC by their names: one file below `methods/` for each family. */

import type { Method, Methods } from "./call/method.ts";
import { addressMethods } from "./methods/addresses.ts";
import { blockStatsMethods } from "./methods/block-stats.ts";
import { blockMethods } from "./methods/blocks.ts";
import { branchMethods } from "./methods/branches.ts";
import { chainStateMethods } from "./methods/chain-state.ts";
import { decodingMethods } from "./methods/decoding.ts";
import { generatingMethods } from "./methods/generating.ts";
import { mempoolMethods } from "./methods/mempool.ts";
import { miningMethods } from "./methods/mining.ts";
import { packageMethods } from "./methods/packages.ts";
import { rawTransactionMethods } from "./methods/raw-transactions.ts";
import { sendingMethods } from "./methods/sending.ts";
import { submittingMethods } from "./methods/submitting.ts";
import { tipMethods } from "./methods/tips.ts";

const families: readonly (readonly Method[])[] = [
  tipMethods,
  chainStateMethods,
  blockMethods,
  blockStatsMethods,
  rawTransactionMethods,
  mempoolMethods,
  sendingMethods,
  decodingMethods,
  addressMethods,
  branchMethods,
  miningMethods,
  submittingMethods,
  generatingMethods,
  packageMethods,
];

export const nodeMethods: Methods = new Map(families.flat().map((each) => [each.name, each]));
