/** All methods of a node's JSON-RPC by their names: one file below `methods/` for each family. */

import type { Method, Methods } from "./call/method.ts";
import { blockMethods } from "./methods/blocks.ts";
import { rawTransactionMethods } from "./methods/raw-transactions.ts";
import { tipMethods } from "./methods/tips.ts";

const families: readonly (readonly Method[])[] = [tipMethods, blockMethods, rawTransactionMethods];

export const nodeMethods: Methods = new Map(families.flat().map((each) => [each.name, each]));
