/** All methods of a node's JSON-RPC by their names: one file below `methods/` for each family. */

import type { Method, Methods } from "./call/method.ts";
import { tipMethods } from "./methods/tips.ts";

const families: readonly (readonly Method[])[] = [tipMethods];

export const nodeMethods: Methods = new Map(families.flat().map((each) => [each.name, each]));
