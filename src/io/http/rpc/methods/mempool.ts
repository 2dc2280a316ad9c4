/** Methods about what waits. */

import { ancestorsOf, descendantsOf, type MempoolEntry } from "../../../../mempool/entry.ts";
import type { Txid } from "../../../../primitives/brand.ts";
import { bytesToHex } from "../../../../primitives/bytes.ts";
import { hashBytes } from "../../../../primitives/hash.ts";
import { TimeSlices } from "../../../platform/time-slices.ts";
import { feeEstimates } from "../../../queries/fee-estimates.ts";
import { coins } from "../call/figures.ts";
import { type Json, type Writable, WrittenJson } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import {
  flag,
  hashCalled,
  hashFrom,
  integer,
  integerFrom,
  list,
  objectFrom,
  optional,
  text,
} from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";
import type { Members } from "../shapes/transaction-json.ts";

const relatives = { txid: hashCalled<Txid>("parameter 1"), verbose: optional(flag, false) };

export const mempoolMethods: readonly Method[] = [
  method("getmempoolinfo", {
    about: "How much waits, and what it takes to be admitted now.",
    category: "Blockchain",
    parameters: {},
    answer: (_values, node) => mempoolInfo(node),
  }),
  method("getrawmempool", {
    about: "The ids of what waits, or all that is known of each.",
    category: "Blockchain",
    parameters: { verbose: optional(flag, false), mempool_sequence: optional(flag, false) },
    answer: ({ verbose, mempool_sequence: hasSequence }, node) => {
      const { mempool } = node.served.node;
      if (verbose && hasSequence) {
        const problem = "Verbose results cannot contain mempool sequence values.";
        throw new RpcError(rpcCodes.parameter, problem);
      }
      if (verbose) return node.walks.run(() => entriesJson(node, [...mempool.entries()]));
      const txids = Array.from(mempool.entries(), ({ txid }) => txid);
      return hasSequence ? { txids, mempool_sequence: mempool.revision } : txids;
    },
  }),
  method("getmempoolentry", {
    about: "What is known of a transaction that waits.",
    category: "Blockchain",
    parameters: { txid: hashCalled<Txid>("parameter 1") },
    answer: ({ txid }, node) => entryJson(node, waiting(node, txid)),
  }),
  method("getmempoolancestors", {
    about: "What a transaction that waits needs, of what waits too.",
    category: "Blockchain",
    parameters: relatives,
    answer: ({ txid, verbose }, node) => {
      const entry = waiting(node, txid);
      return related(node, ancestorsOf(entry.parents), verbose);
    },
  }),
  method("getmempooldescendants", {
    about: "What needs a transaction that waits, of what waits too.",
    category: "Blockchain",
    parameters: relatives,
    answer: ({ txid, verbose }, node) => {
      const entry = waiting(node, txid);
      return related(node, descendantsOf(entry.children), verbose);
    },
  }),
  method("gettxspendingprevout", {
    about: "Which waiting transactions spend these outputs.",
    category: "Blockchain",
    parameters: { outputs: list('[{"txid":"hex","vout":n},...]') },
    answer: ({ outputs }, node) => {
      if (outputs.length === 0) throw wrong("Invalid parameter, outputs are missing");
      return outputs.map((each) => spenderJson(node, each));
    },
  }),
  method("estimatesmartfee", {
    about: "The fee rate that outbids what waits and does not fit in so many blocks.",
    category: "Util",
    parameters: { conf_target: integer, estimate_mode: optional(text, "economical") },
    answer: ({ conf_target: blocks, estimate_mode: mode }, { served }) => {
      if (blocks < 1 || blocks > targetMax) {
        throw wrong(`Invalid conf_target, must be between 1 and ${targetMax}`);
      }
      if (!modes.includes(mode.toLowerCase())) {
        const names = modes.map((each) => `"${each}"`).join(", ");
        throw wrong(`Invalid estimate_mode parameter, must be one of: ${names}`);
      }
      const [estimate] = feeEstimates(served.node.mempool, [blocks]);
      return { feerate: coins(estimate?.satoshisPerKilobyte ?? 0), blocks };
    },
  }),
  method("savemempool", {
    about: "Writes what waits to the disk, as a stop does.",
    category: "Blockchain",
    parameters: {},
    answer: (_values, { served, walks }) => {
      return walks.run(async () => {
        const { waiting } = served;
        if (!waiting.isRestored)
          throw new RpcError(rpcCodes.misc, "The mempool was not loaded yet");
        await waiting.write();
        return { filename: waiting.path };
      });
    },
  }),
];

const targetMax = 1008;
const modes: readonly string[] = ["unset", "economical", "conservative"];

function wrong(message: string): RpcError {
  return new RpcError(rpcCodes.parameter, message);
}

function mempoolInfo({ served, arrivals }: RpcNode): Writable {
  const { mempool } = served.node;
  const { policy } = mempool;
  const unbroadcast = [...mempool.entries()].filter((entry) => arrivals.of(entry).isUnbroadcast);
  return {
    loaded: served.waiting.isRestored,
    size: mempool.count,
    bytes: mempool.virtualSizeBytes,
    usage: mempool.virtualSizeBytes,
    total_fee: coins(mempool.totalFees),
    maxmempool: policy.virtualSizeBytesMax,
    mempoolminfee: coins(Math.ceil(mempool.feeRateMinPerKvb)),
    minrelaytxfee: coins(policy.feeRateMinPerKvb),
    incrementalrelayfee: coins(policy.incrementalFeeRatePerKvb),
    unbroadcastcount: unbroadcast.length,
    fullrbf: true,
  };
}

function waiting({ served }: RpcNode, txid: Txid): MempoolEntry {
  const entry = served.node.mempool.get(txid);
  if (entry !== undefined) return entry;
  throw new RpcError(rpcCodes.addressOrKey, "Transaction not in mempool");
}

function related(node: RpcNode, entries: Iterable<MempoolEntry>, isWhole: boolean): Writable {
  const sorted = inOrderOfHashes(entries);
  if (!isWhole) return sorted.map(({ txid }) => txid);
  return Object.fromEntries(sorted.map((entry) => [entry.txid, entryJson(node, entry)]));
}

/** By the bytes of their ids, which are shown in reverse: so Core sorts them. */
function inOrderOfHashes(entries: Iterable<MempoolEntry>): MempoolEntry[] {
  const keyed = Array.from(entries, (entry) => ({ entry, key: bytesToHex(hashBytes(entry.txid)) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry);
}

/** Those that leave meanwhile stay in the answer. */
async function entriesJson(node: RpcNode, entries: readonly MempoolEntry[]): Promise<Writable> {
  const slices = new TimeSlices();
  const all: Record<string, Writable> = {};
  for (const entry of entries) {
    all[entry.txid] = new WrittenJson(entryJson(node, entry));
    await slices.turn();
  }
  return all;
}

function entryJson({ arrivals }: RpcNode, entry: MempoolEntry): Members {
  const { timeSeconds, height, isUnbroadcast } = arrivals.of(entry);
  const { ancestors, descendants, fee } = entry;
  return {
    vsize: entry.virtualSizeBytes,
    weight: entry.weight,
    time: timeSeconds,
    height,
    descendantcount: descendants.count,
    descendantsize: descendants.virtualSizeBytes,
    ancestorcount: ancestors.count,
    ancestorsize: ancestors.virtualSizeBytes,
    wtxid: entry.wtxid,
    fees: {
      base: coins(fee),
      modified: coins(fee),
      ancestor: coins(ancestors.fees),
      descendant: coins(descendants.fees),
    },
    depends: Array.from(entry.parents, ({ txid }) => txid).sort(),
    spentby: inOrderOfHashes(entry.children).map(({ txid }) => txid),
    "bip125-replaceable": isReplaceable(entry),
    unbroadcast: isUnbroadcast,
  };
}

/** The first sequence that asks for no replacement. @see BIP125 */
const sequenceWithoutReplacement = 0xffff_fffe;

/** Whether it or something it needs says so: here anything can be replaced. */
function isReplaceable(entry: MempoolEntry): boolean {
  return [...ancestorsOf([entry])].some(({ transaction }) => {
    return transaction.inputs.some(({ sequence }) => sequence < sequenceWithoutReplacement);
  });
}

function spenderJson({ served }: RpcNode, value: Json): Writable {
  const output = objectFrom(value);
  const names = output.members.map(([name]) => name);
  const missing = ["txid", "vout"].find((name) => !names.includes(name));
  if (missing !== undefined) throw new RpcError(rpcCodes.type, `Missing ${missing}`);
  const unknown = names.find((name) => name !== "txid" && name !== "vout");
  if (unknown !== undefined) throw new RpcError(rpcCodes.type, `Unexpected key ${unknown}`);
  const txid = hashFrom<Txid>(output.get("txid"), "txid");
  const index = integerFrom(output.get("vout"));
  if (index < 0) throw wrong("Invalid parameter, vout cannot be negative");
  return { txid, vout: index, spendingtxid: served.node.mempool.spenderOf({ txid, index }) };
}
