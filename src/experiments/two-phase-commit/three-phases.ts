/** Three-phase commit: no crash blocks it, and a parted network breaks its atomicity. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { threePhaseCommit } from "../../protocols/three-phase-commit/three-phase-commit.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, exactly } from "../engine/finding.ts";
import type { ConstantWorld } from "../processes/constant-world.ts";
import { outcomesOf, transactionWorld, write } from "./transaction.ts";

const parameters = {
  participants: wholeParameter("participants beside the coordinator", {
    min: 2,
    max: 7,
    initial: 3,
  }),
};

const protocol = threePhaseCommit() as Protocol;
const delayMs = 50;
const longMs = 20_000;

export const threePhases = defineExact<typeof parameters>({
  id: "three-phases",
  code: "T5",
  group: "two-phase commit",
  title: "Three phases",
  claim: "With a third phase no crash blocks, but a parted network breaks atomicity.",
  lines: "L57",
  source: "Skeen 1981: silence means a crash only where the network is synchronous",
  parameters,
  examples: [["--participants 5", "more participants"]],
  examine: ({ participants }, seed) => {
    const whole = run(participants, seed, () => undefined);
    const crashed = crashPointsOf(whole).map(([name, before]) => {
      return run(participants, seed, (world) => {
        world.crashPoints.set(name, (_, number) => number === before);
      });
    });
    const parted = halfDelays().filter((atMs) => {
      const world = run(participants, seed, (begun) => {
        const side = begun.names.slice(0, Math.ceil(begun.names.length / 2));
        begun.at(atMs, () => begun.split(side));
      });
      return outcomesOf(world) > 1;
    });
    return [
      exactly("messages without faults", whole.sent.length, 6 * participants),
      atLeast("points at which one process crashed", crashed.length, 10 * participants),
      exactly(
        "of these, left others blocked",
        crashed.filter((world) => world.blocked > 0).length,
        0,
      ),
      exactly(
        "of these, broke atomicity",
        crashed.filter((each) => outcomesOf(each) > 1).length,
        0,
      ),
      atLeast("partitions that broke atomicity", parted.length, 1),
    ];
  },
});

function run(
  participants: number,
  seed: string,
  prepare: (world: ConstantWorld) => void,
): ConstantWorld {
  const world = transactionWorld({ protocol, participants, delayMs, seed });
  prepare(world);
  write(world);
  world.runFor(longMs);
  return world;
}

/** Each process in place of each effect that it carries out in a run without faults. */
function crashPointsOf({
  names,
  crashPoints,
}: ConstantWorld): readonly (readonly [PeerId, number])[] {
  return names.flatMap((name) => {
    const effects = crashPoints.carriedOut(name);
    return Array.from({ length: effects }, (_, before) => [name, before] as const);
  });
}

/** Up to the last message. */
function halfDelays(): readonly number[] {
  return Array.from({ length: 13 }, (_, at) => (at * delayMs) / 2);
}
