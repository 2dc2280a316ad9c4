/** Registers: one copy is linearizable, copies that never speak are not, quorums are. */

import { explore } from "../../explorer/engine/explore.ts";
import { singleCopy } from "../../explorer/models/single-copy.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly } from "../engine/finding.ts";
import { compareWithPublished } from "../explored/published.ts";

const copyParameters = {
  clients: wholeParameter("clients that write once and read once", { min: 1, max: 3, initial: 2 }),
};

/** A write, its answer, a read elsewhere, its answer. */
const deliveriesMin = 4;

export const copies = defineExact<typeof copyParameters>({
  id: "copies",
  code: "Q3",
  group: "checkers",
  title: "One copy, and two that never speak",
  claim: "One copy is linearizable; with two that never speak a read misses a write.",
  lines: "L41",
  source: "Stateright's examples, single-copy-register.rs; counting the deliveries",
  parameters: copyParameters,
  examples: [["--clients 1", "one client is enough to miss its own write"]],
  examine: ({ clients }) => {
    const two = explore(singleCopy({ servers: 2, clients, post: "bag" }));
    const [violation] = two.violations;
    return [
      ...compareWithPublished("single-copy", { servers: 1, clients, network: "bag" }),
      exactly("two copies: the broken promise", violation?.name ?? "none", "linearizable"),
      exactly(
        "two copies: deliveries until it is broken",
        violation === undefined ? NaN : two.traceTo(violation).moves.length,
        deliveriesMin,
      ),
    ];
  },
});

const quorumParameters = {
  servers: wholeParameter("servers", { min: 1, max: 3, initial: 2 }),
  clients: wholeParameter("clients that write once and read once", { min: 1, max: 2, initial: 2 }),
};

export const quorumReads = defineExact<typeof quorumParameters>({
  id: "quorum-register",
  code: "Q4",
  group: "checkers",
  title: "Reads and writes by quorums",
  claim: "A register that asks a majority for each read and write is linearizable.",
  lines: "L39",
  source: "Attiya, Bar-Noy and Dolev 1995; Stateright's examples, linearizable-register.rs",
  parameters: quorumParameters,
  examples: [["--servers 3 --clients 1", "three servers"]],
  examine: (values) => compareWithPublished("quorum-register", { ...values, network: "bag" }),
});
