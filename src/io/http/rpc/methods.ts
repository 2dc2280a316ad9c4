/** All methods of a node's JSON-RPC by their names: one file below `methods/` for each family. */

import type { Method, Methods } from "./call/method.ts";
import { addressMethods } from "./methods/addresses.ts";
import { blockStatsMethods } from "./methods/block-stats.ts";
import { blockMethods } from "./methods/blocks.ts";
import { branchMethods } from "./methods/branches.ts";
import { chainStateMethods } from "./methods/chain-state.ts";
import { coinMethods } from "./methods/coins.ts";
import { controlMethods } from "./methods/control.ts";
import { decodingMethods } from "./methods/decoding.ts";
import { generatingMethods } from "./methods/generating.ts";
import { mempoolMethods } from "./methods/mempool.ts";
import { miningMethods } from "./methods/mining.ts";
import { networkMethods } from "./methods/network.ts";
import { packageMethods } from "./methods/packages.ts";
import { rawTransactionMethods } from "./methods/raw-transactions.ts";
import { sendingMethods } from "./methods/sending.ts";
import { submittingMethods } from "./methods/submitting.ts";
import { tipMethods } from "./methods/tips.ts";
import { waitingMethods } from "./methods/waiting.ts";

const families: (readonly Method[])[] = [
  tipMethods,
  chainStateMethods,
  blockMethods,
  blockStatsMethods,
  rawTransactionMethods,
  coinMethods,
  branchMethods,
  mempoolMethods,
  sendingMethods,
  packageMethods,
  miningMethods,
  submittingMethods,
  generatingMethods,
  decodingMethods,
  addressMethods,
  networkMethods,
  waitingMethods,
];

const byName = new Map<string, Method>();
families.push(controlMethods(() => byName));
for (const each of families.flat()) byName.set(each.name, each);

export const nodeMethods: Methods = byName;
