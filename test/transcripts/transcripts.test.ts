/** Runs of the simulator, byte for byte as they were: the only test that sees drift between versions. */

import { describe, expect, test } from "vitest";
import type { ChainFault } from "../../src/sim/chain-world/chain-faults.ts";
import {
  compareWithGolden,
  describeDifference,
  goldenNames,
  isUpdate,
  readGolden,
} from "./golden.ts";
import { type Happening, textOf } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

test.each(scenarios)("$name is as its golden file has it", (scenario) => {
  compareWithGolden(scenario.name, textOf(scenario));
});

test("every golden file belongs to a scenario", () => {
  expect(goldenNames()).toEqual(scenarios.map(({ name }) => name).sort());
});

test.skipIf(isUpdate)("a golden file that is missing is not written unasked", () => {
  expect(() => compareWithGolden("missing", "a\n")).toThrow(/UPDATE=1 npx vitest/);
  expect(goldenNames()).not.toContain("missing");
});

test("a difference is told by its first line, between its neighbours, and where it is", () => {
  const golden = "a\nb\nc\nd\ne\nf\n";
  expect(describeDifference("x", golden, golden.replace("e", "E"))).toBe(
    [
      "x.txt differs first in line 5 (- golden file, + this run):",
      ...["    a", "    b", "    c", "    d"],
      ...["  - e", "  - f", "  - "],
      ...["  + E", "  + f", "  + "],
    ].join("\n"),
  );
});

describe("the golden files show", () => {
  /** A record, so that a new verb does not compile until a golden file shows it. */
  const verbs: Record<ChainFault["verb"], true> = {
    split: true,
    isolate: true,
    cut: true,
    slow: true,
    throttle: true,
    scramble: true,
    crash: true,
    restart: true,
    amnesia: true,
    pause: true,
    corrupt: true,
    skew: true,
    step: true,
    "start-wrong": true,
    drift: true,
    "turn-byzantine": true,
  };

  test.each(Object.keys(verbs))("the fault %s", (verb) => {
    expect(faultLinesOf(verb)).not.toEqual([]);
  });

  test("a crash at once, and one while something is written", () => {
    const crashes = faultLinesOf("crash");
    expect(crashes.some((line) => line.includes("while it writes"))).toBe(true);
    expect(crashes.some((line) => !line.includes("while it writes"))).toBe(true);
  });

  const claims = scenarios.flatMap(({ name, shows }) => {
    return shows.map((happening) => ({ name, happening }));
  });

  test.each(claims)("a $happening in $name", ({ name, happening }) => {
    expect(has(happening, readGolden(name))).toBe(true);
  });

  test("the lab's difficulty as it changes", () => {
    const bits = readGolden("faults-on-lab").match(/(?<=bits )\w+/g) ?? [];
    expect(new Set(bits).size).toBeGreaterThan(10);
  });
});

/** The lines that tell of a fault of this verb, in the golden files of drawn schedules. */
function faultLinesOf(verb: string): readonly string[] {
  const chaos = goldenNames().filter((name) => name.startsWith("chaos-seed"));
  const told = chaos.flatMap((name) => readGolden(name).match(/(?<= s {12}).*/gm) ?? []);
  return told.filter((line) => line.startsWith(`${verb} `));
}

function has(happening: Happening, golden: string): boolean {
  switch (happening) {
    case "fork": {
      const parents = golden.match(/(?<=mines block \d+ \w+ on )\w+/g) ?? [];
      return new Set(parents).size < parents.length;
    }
    case "reorganisation":
      return /reorganises: [1-9]\d* back/.test(golden);
    case "crash with restart": {
      const crashed = [...golden.matchAll(/ s {12}crash (\w+).*$/gm)];
      return crashed.some(({ 1: name, index }) => {
        return new RegExp(`^ +${name} +starts again`, "m").test(golden.slice(index));
      });
    }
  }
}
