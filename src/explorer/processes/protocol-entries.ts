/** The protocols of this program, ready to be explored. */

import { choiceParameter, wholeParameter } from "../../primitives/parameter.ts";
import {
  type PromiseName,
  type ProtocolEntry,
  protocols,
  type Workload,
} from "../../protocols/catalogue.ts";
import type { Answer, Command } from "../../protocols/process/key-value.ts";
import { defineEntry, type Entry } from "../engine/entry.ts";
import type { SequentialObject } from "../engine/history.ts";
import { postKinds } from "../engine/post.ts";
import { decisionObject, keyValueObject, propose, writeAndRead } from "./client-requests.ts";
import {
  agreement,
  committedAgreement,
  electionSafety,
  leaderCompleteness,
  linearizable,
  noFork,
  type SnapshotPromise,
} from "./promises.ts";
import { protocolModel } from "./protocol-model.ts";

const answered: SnapshotPromise = {
  name: "every request is answered",
  holds: ({ history }) =>
    history.every(({ ended, open }) => ended.length > 0 && open === undefined),
};

/** What clients do under each workload, and what the processes should look like to them. */
function workloadOf(workload: Workload) {
  const isKeyValue = workload === "key-value";
  return {
    requestsOf: isKeyValue ? writeAndRead : propose,
    promise: isKeyValue ? promiseOf(keyValueObject) : promiseOf(decisionObject),
  };
}

function promiseOf<S>(object: SequentialObject<S, Command, Answer>): SnapshotPromise {
  return linearizable(object);
}

/** Those that one state of all processes can show; the others compare a state with earlier ones. */
const shownByOneState: Readonly<Partial<Record<PromiseName, SnapshotPromise>>> = {
  agreement,
  "election-safety": electionSafety,
  "state-machine-safety": committedAgreement,
  "leader-completeness": leaderCompleteness,
  "no-fork": noFork,
};

function promisesOf({ promises }: ProtocolEntry): readonly SnapshotPromise[] {
  return promises.flatMap((promise) => shownByOneState[promise] ?? []);
}

/** @param takenNames of published models: a protocol of the same name gets `-protocol` behind it. */
export function protocolEntries(takenNames: readonly string[]): readonly Entry[] {
  // A step that tosses a coin has two outcomes, and a move of the explorer has one.
  const explored = protocols.filter(({ tossesCoins }) => tossesCoins !== true);
  return explored.map((entry) => {
    const isTaken = takenNames.includes(entry.name);
    return entryOf(entry, isTaken ? `${entry.name}-protocol` : entry.name);
  });
}

function entryOf(entry: ProtocolEntry, name: string): Entry {
  const { protocol, mutants, summary, workload, usualNodes } = entry;
  const { requestsOf, promise } = workloadOf(workload);
  const names = mutants.map((mutant) => mutant.name);
  return defineEntry({
    name,
    summary,
    parameters: {
      nodes: wholeParameter("processes", { min: 1, max: 9, initial: usualNodes }),
      clients: wholeParameter("clients", { min: 0, max: 7, initial: 2 }),
      network: choiceParameter(
        "how messages travel: a set arrives any number of times",
        postKinds,
        "bag",
      ),
      crashes: wholeParameter("crashes at most", { min: 0, max: 9, initial: 0 }),
      losses: wholeParameter("messages lost at most, of a bag or fifo", {
        min: 0,
        max: 9,
        initial: 0,
      }),
      duplicates: wholeParameter("messages that arrive twice at most", {
        min: 0,
        max: 9,
        initial: 0,
      }),
      timeouts: wholeParameter("timers that fire at most", { min: 0, max: 99, initial: 2 }),
      eras: wholeParameter("terms, views or ballots at most", { min: 0, max: 99, initial: 2 }),
      ...(names.length > 0
        ? { mutant: choiceParameter("replace a rule by a wrong one", names, undefined) }
        : {}),
    },
    create: (values) => {
      const { nodes, clients, network, crashes, losses, duplicates, timeouts, eras } = values;
      const { mutant } = values as { readonly mutant?: string };
      const chosen = mutants.find((each) => each.name === mutant)?.protocol ?? protocol;
      return protocolModel({
        protocol: chosen,
        nodes,
        post: network,
        budget: { crashes, losses, duplicates, timeouts },
        eraMax: eras,
        requests: requestsOf(clients, nodes),
        promises: [...promisesOf(entry), promise],
        goals: [answered],
      });
    },
    published: [],
    expects: ({ nodes, clients, timeouts, ...others }) => {
      if ("mutant" in others && others.mutant !== undefined) return { type: "open" };
      // In a search any timer may fire before any message.
      if (timeouts > 0 && entry.linearizable === "if messages come in time")
        return { type: "open" };
      const isRefused = entry.linearizable === "never" && nodes > 1 && clients > 0;
      return isRefused ? { type: "broken", promise: promise.name } : { type: "kept" };
    },
    asymmetry: "processes break ties by their names",
    examples: [["--nodes 2 --clients 1 --timeouts 1", "a small space, seen in a moment"]],
  });
}
