/** Methods that answer when the tip moves, or when their time is over. */

import type { BlockHash } from "../../../../primitives/brand.ts";
import type { Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { blockHash, integer, optional, type Parameter } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";

/** In milliseconds; 0 sets no limit. */
const timeout: Parameter<number> = optional(
  {
    ...integer,
    read: (value, name) => {
      const milliseconds = integer.read(value, name);
      if (milliseconds >= 0) return milliseconds;
      throw new RpcError(rpcCodes.misc, "Negative timeout");
    },
  },
  0,
);

export const waitingMethods: readonly Method[] = [
  method("waitfornewblock", {
    about: "Waits until the tip is another; answers the tip, also when the time is over.",
    category: "Blockchain",
    parameters: { timeout },
    answer: ({ timeout: timeoutMs }, node, gone) => {
      const { hash } = node.served.node.chain.tip;
      return tipWhen(node, { timeoutMs, gone }, (tip) => tip.hash !== hash);
    },
  }),
  method("waitforblock", {
    about: "Waits until this block is the tip; answers the tip, also when the time is over.",
    category: "Blockchain",
    parameters: { blockhash: blockHash, timeout },
    answer: ({ blockhash, timeout: timeoutMs }, node, gone) => {
      return tipWhen(node, { timeoutMs, gone }, (tip) => tip.hash === blockhash);
    },
  }),
  method("waitforblockheight", {
    about: "Waits until the tip is at least so high; answers the tip, also when the time is over.",
    category: "Blockchain",
    parameters: { height: integer, timeout },
    answer: ({ height, timeout: timeoutMs }, node, gone) => {
      return tipWhen(node, { timeoutMs, gone }, (tip) => tip.height >= height);
    },
  }),
];

type WaitBounds = { readonly timeoutMs: number; readonly gone: AbortSignal };
type Tip = { readonly hash: BlockHash; readonly height: number };

/** More wait for a tip at once than this, and a further one is refused. */
const waitingMax = 100;
const waitingCounts = new WeakMap<RpcNode, number>();

async function tipWhen(
  node: RpcNode,
  bounds: WaitBounds,
  isIt: (tip: Tip) => boolean,
): Promise<Writable> {
  const count = waitingCounts.get(node) ?? 0;
  if (count >= waitingMax) {
    throw new RpcError(rpcCodes.misc, `${waitingMax} calls wait for a block already`);
  }
  waitingCounts.set(node, count + 1);
  try {
    await moved(node, bounds, isIt);
  } finally {
    waitingCounts.set(node, (waitingCounts.get(node) ?? 1) - 1);
  }
  const { hash, height } = node.served.node.chain.tip;
  return { hash, height };
}

function moved(
  { served }: RpcNode,
  { timeoutMs, gone }: WaitBounds,
  isIt: (tip: Tip) => boolean,
): Promise<void> {
  const { chain } = served.node;
  if (isIt(chain.tip) || gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = timeoutMs === 0 ? undefined : setTimeout(end, timeoutMs);
    timer?.unref();
    const unsubscribe = served.runner.onNews(() => {
      if (isIt(chain.tip)) end();
    });
    gone.addEventListener("abort", end);
    function end(): void {
      gone.removeEventListener("abort", end);
      clearTimeout(timer);
      unsubscribe();
      resolve();
    }
  });
}
