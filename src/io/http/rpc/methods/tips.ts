/** Methods about where the chain stands. */

import { type Method, method } from "../call/method.ts";
import { integer } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";

export const tipMethods: readonly Method[] = [
  method("getbestblockhash", {
    about: "The hash of the last block of the active branch.",
    category: "Blockchain",
    parameters: {},
    answer: (_values, { served }) => served.node.chain.tip.hash,
  }),
  method("getblockcount", {
    about: "The height of the last block of the active branch; genesis is at 0.",
    category: "Blockchain",
    parameters: {},
    answer: (_values, { served }) => served.node.chain.tip.height,
  }),
  method("getblockhash", {
    about: "The hash of the block at a height of the active branch.",
    category: "Blockchain",
    parameters: { height: integer },
    answer: ({ height }, { served }) => {
      const entry = served.node.chain.entryAt(height);
      if (entry === undefined) throw new RpcError(rpcCodes.parameter, "Block height out of range");
      return entry.hash;
    },
  }),
];
