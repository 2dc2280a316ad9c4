/** Checks the lines of a schedule: what is written is read again, and mistakes are told. */

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatSchedule,
  parseSchedule,
  type ScheduledFault,
  unendingMs,
} from "../../../src/dashboard/simulator/schedule.ts";

const name = fc.constantFrom("n1", "n2", "n10", "@leader");
const ms = fc.nat({ max: 100_000 });
const lastsMs = fc.oneof(ms, fc.constant(unendingMs));
const node = { node: name, atMs: ms };
const share = fc.constantFrom(0.25, 0.5, 1);
const ends = { from: name, to: name, atMs: ms, number: fc.integer({ min: 1, max: 4 }) };
const groups = fc.array(fc.array(name, { minLength: 1 }), { minLength: 1 });

const fault: fc.Arbitrary<ScheduledFault> = fc.oneof(
  fc.record({ verb: fc.constant("split"), groups, atMs: ms, lastsMs }),
  fc.record({ verb: fc.constantFrom("isolate", "pause"), ...node, lastsMs }),
  fc.record({ verb: fc.constant("cut"), from: name, to: name, atMs: ms, lastsMs }),
  fc.record({ verb: fc.constantFrom("slow", "skew", "start-wrong"), ...node, byMs: ms, lastsMs }),
  fc.record({ verb: fc.constant("throttle"), ...node, bytesPerSecond: ms, lastsMs }),
  fc.record({ verb: fc.constant("scramble"), ...node, share, lastsMs }),
  fc.record({ verb: fc.constant("corrupt"), ...node, pick: share, lastsMs }),
  fc.record({ verb: fc.constant("drift"), ...node, rate: share, lastsMs }),
  fc.record({
    ...{ verb: fc.constant("crash"), ...node, lastsMs },
    moment: fc.constantFrom("at-once", "while-writing"),
  }),
  fc.record({ verb: fc.constantFrom("restart", "amnesia"), ...node, lastsMs: fc.constant(0) }),
  fc.record({ verb: fc.constant("step"), ...node, byMs: ms, lastsMs: fc.constant(0) }),
  fc.record({
    ...{ verb: fc.constant("turn-byzantine"), ...node, lastsMs: fc.constant(0) },
    by: fc.constantFrom("silent", "equivocating"),
  }),
  fc.record({ verb: fc.constant("lose"), ...ends, byMs: fc.constant(0) }),
  fc.record({ verb: fc.constant("delay"), ...ends, byMs: ms }),
);

test("a schedule that was written is read as it was", () => {
  fc.assert(
    fc.property(fc.array(fault), (faults) => {
      expect(parseSchedule(formatSchedule(faults))).toEqual({ ok: true, value: faults });
    }),
  );
});

test.each([
  [
    "crash n2 at 3060",
    { verb: "crash", node: "n2", moment: "at-once", atMs: 3060, lastsMs: unendingMs },
  ],
  [
    "  split n1 n2 | n3 at 5 for 7 ",
    { verb: "split", groups: [["n1", "n2"], ["n3"]], atMs: 5, lastsMs: 7 },
  ],
  ["lose n1 n4 at 6120", { verb: "lose", from: "n1", to: "n4", number: 1, atMs: 6120, byMs: 0 }],
])("%s is what it says", (line, expected) => {
  expect(parseSchedule(`;${line}\n`)).toEqual({ ok: true, value: [expected] });
});

test.each([
  ["crush n2 at 1", "crush is no fault; there are split, isolate"],
  ["crash n2", "say crash NODE at MS [for MS]"],
  ["crash n1 n2 at 5", "say crash NODE at MS [for MS]"],
  ["crash n2 at -5", "say crash NODE at MS [for MS]"],
  ["crash n2 at 5 for", "say crash NODE at MS [for MS]"],
  ["restart n2 at 5 for 5", "say restart NODE at MS"],
  ["delay n1 n2 at 5", "say delay FROM TO by N at MS"],
  ["split n1 | at 5", "say split NODE … | NODE … at MS [for MS]"],
  ["slow n1 by much at 5", "say slow NODE by N at MS [for MS]"],
  ["pause n1 at 5 now", "say pause NODE at MS [for MS]"],
])("%s is refused with the way out", (line, problem) => {
  const parsed = parseSchedule(line);
  expect(parsed.ok ? "" : parsed.problem).toContain(problem);
});
