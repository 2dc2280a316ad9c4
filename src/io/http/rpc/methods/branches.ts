/** Methods that say which blocks are valid, and which comes first. */

import type { Command } from "../../../../node/event.ts";
import { reselect } from "../../../queries/submissions.ts";
import { type Method, method } from "../call/method.ts";
import { blockHash } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";

export const branchMethods: readonly Method[] = [
  reselecting("invalidateblock", "invalidate-block", {
    about:
      "Marks a block as invalid, though it breaks no rule, until it is reconsidered. What it undoes " +
      "waits again.",
  }),
  reselecting("reconsiderblock", "reconsider-block", {
    about: "Takes the mark from a block, its ancestors and what is above it.",
  }),
  reselecting("preciousblock", "prefer-block", {
    about: "Treats a block as if it had come before all others of the same work.",
  }),
];

type Order = "invalidate-block" | "reconsider-block" | "prefer-block";

function reselecting(
  name: string,
  order: Order & Command["type"],
  { about }: { readonly about: string },
): Method {
  return method(name, {
    about,
    category: "Blockchain",
    parameters: { blockhash: blockHash },
    answer: async ({ blockhash }, { served }) => {
      const { status } = await reselect(served, order, blockhash);
      if (status === "unknown") throw new RpcError(rpcCodes.addressOrKey, "Block not found");
      return null;
    },
  });
}
