/** Methods about coins: outputs that nothing has spent. */

import type { OutPoint } from "../../../../primitives/transaction.ts";
import { type CoinSetHash, summariseCoins } from "../../../queries/coin-set.ts";
import { coins } from "../call/figures.ts";
import type { Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import {
  anything,
  flag,
  integerFrom,
  list,
  optional,
  type Parameter,
  text,
  txid,
} from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import { scriptJson } from "../shapes/script-json.ts";
import { CoinScan } from "./coin-scan.ts";
import { entryAtOrOf } from "./found.ts";

const indexMax = 2 ** 32 - 1;

/** The position of an output. */
const position: Parameter<number> = {
  kind: "number",
  isOptional: false,
  read: (value) => {
    const index = integerFrom(value, indexMax);
    if (index >= 0) return index;
    throw new RpcError(rpcCodes.misc, "JSON integer out of range");
  },
};

export const coinMethods: readonly Method[] = [
  method("gettxout", {
    about: "An output, unless it is spent or unknown; what waits counts unless it is left out.",
    category: "Blockchain",
    parameters: { txid, n: position, include_mempool: optional(flag, true) },
    answer: ({ txid, n, include_mempool: isWaitingToo }, node) => {
      return coinJson(node, { txid, index: n }, isWaitingToo);
    },
  }),
  method("gettxoutsetinfo", {
    about: "How many coins there are, and a hash of all of them, which takes a walk through them.",
    category: "Blockchain",
    parameters: {
      hash_type: optional(text, "hash_serialized_3"),
      hash_or_height: optional(anything),
      use_index: optional(flag, true),
    },
    answer: ({ hash_type: type, hash_or_height: place, use_index: usesIndex }, node) => {
      if (!isHashType(type)) throw wrong(`'${type}' is not a valid hash_type`);
      if (place !== undefined) {
        if (type === "hash_serialized_3") {
          throw wrong("hash_serialized_3 hash type cannot be queried for a specific block");
        }
        if (!usesIndex) {
          throw wrong("Cannot set use_index to false when querying for a specific block");
        }
        entryAtOrOf(node.served.node.chain, place);
        throw wrong("Querying specific block heights requires coinstatsindex");
      }
      return node.walks.run(() => coinSetJson(node, type));
    },
  }),
  method("scantxoutset", {
    about: "Looks for coins of descriptors among all coins: one scan at a time.",
    category: "Blockchain",
    parameters: { action: text, scanobjects: optional(list("[scanobjects,...]")) },
    answer: ({ action, scanobjects }, node) => {
      const { params } = node.served.node;
      const scan = CoinScan.of(node);
      switch (action) {
        case "status":
          return scan.progress;
        case "abort":
          return scan.abort();
        case "start": {
          if (scan.isUnderWay) {
            throw wrong('Scan already in progress, use action "abort" or "status"');
          }
          if (scanobjects === undefined) {
            const problem = "scanobjects argument is required for the start action";
            throw new RpcError(rpcCodes.misc, problem);
          }
          return scan.run(scanobjects, params.addressPrefix);
        }
        default:
          throw wrong(`Invalid action '${action}'`);
      }
    },
  }),
];

function wrong(message: string): RpcError {
  return new RpcError(rpcCodes.parameter, message);
}

function isHashType(type: string): type is CoinSetHash {
  return type === "hash_serialized_3" || type === "muhash" || type === "none";
}

function coinJson({ served }: RpcNode, point: OutPoint, isWaitingToo: boolean): Writable {
  const { chain, mempool, params } = served.node;
  if (isWaitingToo && mempool.spenderOf(point) !== undefined) return null;
  const own = chain.coinAt(point);
  const waiting = isWaitingToo ? mempool.coinAt(point, served.node.nextBlockView()) : undefined;
  const coin = own ?? waiting;
  if (coin === undefined) return null;
  return {
    bestblock: chain.tip.hash,
    confirmations: own === undefined ? 0 : chain.tip.height - own.height + 1,
    value: coins(coin.output.value),
    scriptPubKey: scriptJson(coin.output.script, params.addressPrefix),
    coinbase: coin.isCoinbase,
  };
}

async function coinSetJson({ served }: RpcNode, type: CoinSetHash): Promise<Writable> {
  const summary = await summariseCoins(served, type);
  return {
    height: summary.tip.height,
    bestblock: summary.tip.hash,
    txouts: summary.coins,
    bogosize: summary.bogoSize,
    ...(summary.hash !== undefined && { [type]: summary.hash }),
    total_amount: coins(summary.total),
    transactions: summary.transactions,
    disk_size: 0,
  };
}
