/** PBFT's log under many requests: how long it gets, and how a replica that was away catches up. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atLeast, atMost, exactly } from "../engine/finding.ts";
import type { ConstantWorld } from "../processes/constant-world.ts";
import { newsOf } from "./phases.ts";
import { delayMs, replicas, write } from "./replicas.ts";

const parameters = {
  every: wholeParameter("operations from checkpoint to checkpoint", {
    min: 2,
    max: 50,
    initial: 10,
  }),
  requests: wholeParameter("requests, one after the other", { min: 40, max: 2_000, initial: 200 }),
};

export const checkpoints = defineExact<typeof parameters>({
  id: "checkpoints",
  code: "B13",
  group: "BFT",
  title: "Checkpoints",
  claim: "Checkpoints bound the log, and a replica that lags takes over a state that is proven.",
  lines: "L253",
  source: "Castro and Liskov 1999, 4.3: a log has 2K numbers at most",
  parameters,
  quick: { requests: 60, every: 10 },
  examples: [["--every 5 --requests 500", "shorter logs"]],
  examine: ({ every, requests }, seed) => {
    const world = replicas({ nodes: 4, seed, options: { checkpointEvery: every } });
    const [first, lagging] = [world.names[0], world.names[3]] as [PeerId, PeerId];
    let longest = 0;
    for (let number = 1; number <= requests; number++) {
      if (number === Math.ceil(requests / 4)) world.split([lagging]);
      const isBack = number === Math.ceil((3 * requests) / 4);
      if (isBack) world.heal();
      world.requestAtAll(first, { client: "c", number }, write(`k${number % 5}`, number));
      world.runFor(isBack ? catchUpMs : 5 * delayMs);
      longest = Math.max(longest, ...world.views.map(({ log }) => log?.cells.length ?? 0));
    }
    world.runFor(catchUpMs);
    const digests = digestsOf(world);
    return [
      atMost(`the longest log, with a checkpoint each ${every}`, longest, 2 * every),
      atLeast("states that the lagging replica takes over", newsOf(world, "installed").length, 1),
      exactly("operations that it has at the end", committedBy(world, lagging), requests),
      exactly("checkpoints with two digests", digests.filter((each) => each.size > 1).length, 0),
      exactly("replicas that signed the last one", signersOfLast(world), 4),
    ];
  },
});

/** Long enough to ask for what is missing, more than once. */
const catchUpMs = 5_000;

function committedBy(world: ConstantWorld, name: PeerId): number {
  return world.view(name).log?.committed ?? 0;
}

type Checkpoint = { readonly type: string; readonly number: number; readonly digest: string };

function checkpointsIn({ sent }: ConstantWorld) {
  return sent.flatMap(({ from, message }) => {
    return message.type === "checkpoint" ? [{ from, ...(message as Checkpoint) }] : [];
  });
}

/** What replicas signed, for each number. */
function digestsOf(world: ConstantWorld): readonly ReadonlySet<string>[] {
  const digests = new Map<number, Set<string>>();
  for (const { number, digest } of checkpointsIn(world)) {
    digests.set(number, (digests.get(number) ?? new Set()).add(digest));
  }
  return [...digests.values()];
}

function signersOfLast(world: ConstantWorld): number {
  const all = checkpointsIn(world);
  const last = Math.max(...all.map(({ number }) => number));
  return new Set(all.filter(({ number }) => number === last).map(({ from }) => from)).size;
}
