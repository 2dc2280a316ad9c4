/** Checks the address of the page for protocols: a link repeats what it was made of. */

import { expect, test } from "vitest";
import {
  decodePageAddress,
  encodePageAddress,
  type PageAddress,
} from "../../../src/dashboard/protocols/run/page-address.ts";
import { usualSettings } from "../../../src/dashboard/simulator/run-settings.ts";

const usual = usualSettings;

test("an empty address is a run of Raft as usual", () => {
  expect(decodePageAddress("")).toEqual({
    ...{ protocol: "raft", nodes: undefined, settings: usual, schedule: "", moment: undefined },
  });
});

test.each<PageAddress>([
  { protocol: "raft", nodes: 5, settings: usual, schedule: "", moment: "3060.2" },
  {
    ...{ protocol: "pbft", nodes: 7, moment: undefined },
    settings: {
      ...{ mutant: "quorum", seed: "a & b", clients: 0, durationMs: 60_000 },
      ...{ delayMsMin: 10, delayMsMax: 10 },
    },
    schedule: "crash @leader at 4000 for 2000;split n1 n2 | n3 at 5000",
  },
])("an address is read as it was written", (address) => {
  expect(decodePageAddress(encodePageAddress(address))).toEqual(address);
});

test("what is beyond the limits, or no number, is as usual", () => {
  const hash = "#nodes=99&seconds=0&clients=-1&delay=5-x&faults=crash+n1+at+5";
  const { nodes, settings, schedule } = decodePageAddress(hash);
  expect(nodes).toBeUndefined();
  expect(settings).toEqual({ ...usual, delayMsMin: 5, delayMsMax: 5 });
  expect(schedule).toBe("crash n1 at 5");
});

test("what is empty is as usual", () => {
  expect(decodePageAddress("#protocol=&mutant=")).toEqual(decodePageAddress(""));
});
