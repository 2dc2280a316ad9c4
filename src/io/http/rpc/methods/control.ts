/** Methods about the node as a program. */

import { paramsOf } from "../../../../consensus/params.ts";
import type { Milliseconds } from "../../../../primitives/brand.ts";
import type { Writable } from "../call/json.ts";
import {
  type Category,
  helpOf,
  type Method,
  method,
  type Methods,
  usageOf,
} from "../call/method.ts";
import { longInteger, optional, text } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import type { RpcNode } from "../call/rpc-node.ts";

/** @param all those that `help` tells of, itself among them. */
export function controlMethods(all: () => Methods): readonly Method[] {
  return [
    method("help", {
      about: "All methods, or how one is called.",
      category: "Control",
      parameters: { command: optional(text) },
      answer: ({ command }) => {
        if (command === undefined || command === "") return listOf(all());
        const named = all().get(command);
        return named === undefined ? `help: unknown command: ${command}` : helpOf(named);
      },
    }),
    ...runMethods,
  ];
}

const runMethods: readonly Method[] = [
  method("stop", {
    about: "Ends the node.",
    category: "Control",
    parameters: {},
    answer: (_values, { stop }) => {
      if (stop === undefined) {
        const advice = "POST /lab/nodes/NAME/crash ends one, Ctrl-C ends the lab";
        throw new RpcError(rpcCodes.misc, `A node of a lab is not stopped by itself: ${advice}.`);
      }
      setImmediate(stop); // behind the answer
      return "powlab stopping";
    },
  }),
  method("uptime", {
    about: "For how many seconds it has run.",
    category: "Control",
    parameters: {},
    answer: (_values, { served }) => Math.floor((Date.now() - served.startedAt) / 1000),
  }),
  method("getrpcinfo", {
    about: "The calls that are being answered.",
    category: "Control",
    parameters: {},
    answer: (_values, { activeCalls }) => {
      const now = performance.now();
      const active = Array.from(activeCalls, ({ method, sinceMs }) => {
        return { method, duration: Math.floor((now - sinceMs) * 1000) };
      });
      return { active_commands: active, logpath: "" };
    },
  }),
  method("setmocktime", {
    about: "Lets the clock stand at a time, on regtest; 0 lets it run again.",
    category: "Util",
    parameters: { timestamp: longInteger },
    answer: ({ timestamp }, node) => {
      setTime(node, timestamp);
      return null;
    },
  }),
  method("getindexinfo", {
    about: "How far the indexes are: here they follow the tip in the same write.",
    category: "Util",
    parameters: { index_name: optional(text) },
    answer: ({ index_name: name }, { served, queries }) => {
      const height = queries.index.state?.height ?? 0;
      const state = {
        synced: height === served.node.chain.tip.height,
        best_block_height: height,
      };
      const all: Record<string, Writable> = { txindex: state, addressindex: state };
      if (name === undefined || name === "") return all;
      return Object.hasOwn(all, name) ? { [name]: all[name] } : {};
    },
  }),
  method("getzmqnotifications", {
    about: "None: events are streamed at /v1/events.",
    category: "Util",
    parameters: {},
    answer: () => [],
  }),
];

/** More cannot be said in nanoseconds. @see Bitcoin Core, setmocktime */
const secondsMax = 9_223_372_036;

function setTime({ served }: RpcNode, seconds: number): void {
  if (served.node.params.name !== paramsOf("regtest").name) {
    const problem = "setmocktime is for regression testing (-regtest mode) only";
    throw new RpcError(rpcCodes.misc, problem);
  }
  if (seconds < 0 || seconds > secondsMax) {
    const problem = `Mocktime must be in the range [0, ${secondsMax}], not ${seconds}.`;
    throw new RpcError(rpcCodes.parameter, problem);
  }
  served.runner.clock.set(seconds === 0 ? undefined : ((seconds * 1000) as Milliseconds));
}

function listOf(methods: Methods): string {
  const byCategory = new Map<Category, string[]>();
  for (const each of methods.values()) {
    byCategory.set(each.category, [...(byCategory.get(each.category) ?? []), usageOf(each)]);
  }
  return [...byCategory.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([category, usages]) => [`== ${category} ==`, ...usages.sort()].join("\n"))
    .join("\n\n");
}
