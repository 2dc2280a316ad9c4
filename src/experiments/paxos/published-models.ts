/** The explorer over published models of Paxos: as many states as others count. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { compareWithPublished } from "../explored/published.ts";

const lamportParameters = {
  acceptors: wholeParameter("acceptors", { min: 1, max: 4, initial: 3 }),
  values: wholeParameter("values that can be proposed", { min: 1, max: 3, initial: 2 }),
  ballots: wholeParameter("ballots, numbered from 0", { min: 1, max: 2, initial: 2 }),
};

export const lamportModel = defineExact<typeof lamportParameters>({
  id: "paxos-model",
  code: "P7",
  group: "Paxos",
  title: "Lamport's model of Paxos",
  claim: "Lamport's Paxos has as many states here as TLC counts.",
  lines: "L153",
  source: "TLC, tlaplus/Examples: PaxosHowToWinATuringAward, MCPaxosTiny",
  parameters: lamportParameters,
  examples: [["--values 3", "three values"]],
  examine: (values) => compareWithPublished("lamport-paxos", values),
});

const actorParameters = {
  servers: wholeParameter("servers", { min: 1, max: 3, initial: 3 }),
  clients: wholeParameter("clients that write and read", { min: 1, max: 2, initial: 2 }),
};

export const actorModel = defineExact<typeof actorParameters>({
  id: "paxos-actors",
  code: "P8",
  group: "Paxos",
  title: "Paxos as servers with clients",
  claim: "Paxos with clients has as many states here as Stateright counts.",
  lines: "L153",
  source: "Stateright's examples, paxos.rs",
  parameters: actorParameters,
  examples: [["--clients 1", "265 states, as Stateright counts"]],
  examine: (values) => compareWithPublished("actor-paxos", { ...values, network: "bag" }),
});
