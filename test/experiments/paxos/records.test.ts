/** What is claimed of Paxos, as it is run for a quick look and with other values. */

import { describe, expect, test } from "vitest";
import { paxosExperiments } from "../../../src/experiments/paxos/records.ts";
import { findingsOf, unmetIn } from "../findings.ts";

/** Other values than those that the records begin with. */
const others = [
  ["P1", { crashes: 0, timeouts: 1 }],
  ["P2", { nodes: 9 }],
  ["P3", { seconds: 3, runs: 40 }],
  ["P4", { nodes: 16 }],
  ["P6", { nodesMax: 10 }],
  ["P7", { acceptors: 3, values: 3, ballots: 2 }],
  ["P8", { servers: 3, clients: 1 }],
  ["P9", { nodes: 3, commands: 8 }],
  ["P10", { nodes: 4 }],
  ["M6", { nodes: 4 }],
  ["M7", { values: "false-zero" }],
] as const;

describe("Paxos", () => {
  test.each(paxosExperiments.map(({ code }) => code).filter((code) => !["P3"].includes(code)))(
    "%s is as expected",
    (code) => {
      const findings = findingsOf(code);
      expect(findings.length).toBeGreaterThan(0);
      expect(unmetIn(findings)).toEqual([]);
    },
  );

  test.each(others)("%s with %j, too", (code, chosen) => {
    expect(unmetIn(findingsOf(code, chosen))).toEqual([]);
  });
});
