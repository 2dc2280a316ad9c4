/** All methods of a node's JSON-RPC by their names: one file below `methods/` for each family. */

import type { Method, Methods } from "./call/method.ts";
import { blockStatsMethods } from "./methods/block-stats.ts";
import { blockMethods } from "./methods/blocks.ts";
import { chainStateMethods } from "./methods/chain-state.ts";
import { rawTransactionMethods } from "./methods/raw-transactions.ts";
import { tipMethods } from "./methods/tips.ts";

const families: readonly (readonly Method[])[] = [
  tipMethods,
  chainStateMethods,
  blockMethods,
  blockStatsMethods,
  rawTransactionMethods,
];

export const nodeMethods: Methods = new Map(families.flat().map((each) => [each.name, each]));
