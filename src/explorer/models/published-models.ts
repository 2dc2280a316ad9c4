/** The published models by name, with what others counted: they prove the explorer. */

import { choiceParameter, wholeParameter } from "../../primitives/parameter.ts";
import { defineEntry, type Entry } from "../engine/entry.ts";
import { postKinds } from "../engine/post.ts";
import { actorPaxos } from "./actor-paxos.ts";
import { grayLamportCommit } from "./gray-lamport-commit.ts";
import { lamportPaxos } from "./lamport-paxos.ts";
import { quorumRegister } from "./quorum-register.ts";
import { singleCopy } from "./single-copy.ts";
import { transactionCommit } from "./transaction-commit.ts";

const tlc = "TLC, tlaplus/Examples";
const stateright = "Stateright's examples";

const managers = wholeParameter("resource managers", { min: 1, max: 12, initial: 3 });

function registerParameters(servers: number, clients: number) {
  return {
    servers: wholeParameter("servers", { min: 1, max: 7, initial: servers }),
    clients: wholeParameter("clients, each of which writes once and reads once", {
      min: 1,
      max: 7,
      initial: clients,
    }),
    network: choiceParameter(
      "how messages travel: bag, each once and in any order",
      postKinds,
      "bag",
    ),
  };
}

/** A client begins at the server that its number names. */
const asymmetry = "each client begins at a server of its own";

export const publishedModels: readonly Entry[] = [
  defineEntry({
    name: "gray-lamport-commit",
    summary: "two-phase commit as Gray and Lamport specified it",
    parameters: { managers },
    create: ({ managers: count }) => grayLamportCommit(count),
    published: [
      { values: { managers: 3 }, counts: { unique: 288, generated: 1146, depth: 11 }, source: tlc },
      { values: { managers: 5 }, counts: { unique: 8832 }, source: stateright },
      { values: { managers: 6 }, counts: { unique: 50_816 }, source: "TLC, in TwoPhase.tla" },
    ],
    examples: [
      ["--managers 3", "288 states, as TLC counts"],
      ["--managers 7 --symmetry", "managers are alike: far fewer states"],
    ],
  }),
  defineEntry({
    name: "transaction-commit",
    summary: "what every commit protocol must do: all commit, or all abort",
    parameters: { managers },
    create: ({ managers: count }) => transactionCommit(count),
    published: [
      { values: { managers: 3 }, counts: { unique: 34, generated: 94, depth: 7 }, source: tlc },
    ],
    examples: [["--managers 3", "34 states, as TLC counts"]],
  }),
  defineEntry({
    name: "lamport-paxos",
    summary: "Paxos as Lamport specified it, with a leader for each ballot",
    parameters: {
      acceptors: wholeParameter("acceptors", { min: 1, max: 7, initial: 3 }),
      values: wholeParameter("values that can be proposed", { min: 1, max: 5, initial: 2 }),
      ballots: wholeParameter("ballots, numbered from 0", { min: 1, max: 6, initial: 2 }),
    },
    create: lamportPaxos,
    published: [
      {
        values: { acceptors: 3, values: 2, ballots: 2 },
        counts: { unique: 3921, generated: 23_563, depth: 17 },
        source: tlc,
      },
    ],
    examples: [
      ["--acceptors 3 --values 2 --ballots 2", "3,921 states, as TLC counts"],
      ["--ballots 3 --symmetry", "one more ballot; acceptors are alike, and so are values"],
    ],
  }),
  defineEntry({
    name: "actor-paxos",
    summary: "Paxos for one value among servers, with clients that write and read",
    parameters: registerParameters(3, 2),
    create: ({ servers, clients, network: post }) => actorPaxos({ servers, clients, post }),
    published: [
      {
        values: { servers: 3, clients: 1, network: "bag" },
        counts: { unique: 265 },
        source: stateright,
      },
      {
        values: { servers: 3, clients: 2, network: "bag" },
        counts: { unique: 16_668 },
        source: stateright,
      },
    ],
    asymmetry,
    examples: [["--servers 3 --clients 2", "16,668 states, as Stateright counts"]],
  }),
  defineEntry({
    name: "single-copy",
    summary: "servers that keep a register each and never speak: linearizable with one server only",
    parameters: registerParameters(1, 2),
    create: ({ servers, clients, network: post }) => singleCopy({ servers, clients, post }),
    published: [
      {
        values: { servers: 1, clients: 2, network: "bag" },
        counts: { unique: 93 },
        source: stateright,
      },
    ],
    // In a set, a write can arrive again when another one was answered.
    expects: ({ servers, clients, network }) => {
      const isBroken = servers > 1 || (network === "set" && clients > 1);
      return isBroken ? { type: "broken", promise: "linearizable" } : { type: "kept" };
    },
    asymmetry,
    examples: [
      ["--servers 1", "93 states, as Stateright counts"],
      ["--servers 2 --save trace.json", "the shortest way to a read that misses a write"],
    ],
  }),
  defineEntry({
    name: "quorum-register",
    summary: "the register of Attiya, Bar-Noy and Dolev, which asks a majority each time",
    parameters: registerParameters(2, 2),
    create: ({ servers, clients, network: post }) => quorumRegister({ servers, clients, post }),
    published: [
      {
        values: { servers: 2, clients: 2, network: "bag" },
        counts: { unique: 544 },
        source: stateright,
      },
    ],
    asymmetry,
    examples: [["--servers 2 --clients 2", "544 states, as Stateright counts"]],
  }),
];
