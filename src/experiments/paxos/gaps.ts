/** A leader crashes with holes in its log: the next one fills them, and loses nothing. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { multiPaxos } from "../../protocols/multi-paxos/multi-paxos.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly } from "../engine/finding.ts";
import { ConstantWorld, countOf } from "../processes/constant-world.ts";

const parameters = {
  nodes: wholeParameter("members", { min: 3, max: 15, initial: 5 }),
  commands: wholeParameter("commands, of which every second one is lost", {
    min: 1,
    max: 19,
    initial: 5,
  }),
};

const delayMs = 20;
const longMs = 10_000;

export const gaps = defineExact<typeof parameters>({
  id: "gaps",
  code: "P9",
  group: "Paxos",
  title: "Holes in the log",
  claim: "A new leader of Multi-Paxos fills exactly the gaps, with one first phase for all slots.",
  lines: "L153",
  source: "van Renesse and Altinbuken 2015; dslabs lab 3, handling of logs with holes",
  parameters,
  examples: [["--commands 11", "more holes"]],
  examine: ({ nodes, commands }, seed) => {
    const protocol = multiPaxos() as Protocol;
    const { world, sentBefore } = leaderAfterHoles(protocol, { nodes, commands, seed });
    const leader = world.leader;
    const applied = world.told.flatMap(({ by, news }) => {
      if (by !== leader || news.type !== "committed") return [];
      return [(news as unknown as { command: string }).command];
    });
    // A loss behind the last command that was accepted leaves no gap.
    const last = commands - (commands % 2 === 0 ? 1 : 0);
    const isNoOp = (command: string) => command.startsWith("no-op");
    return [
      exactly("no-ops in its log", applied.filter(isNoOp).length, Math.floor(last / 2)),
      exactly(
        "commands that were accepted and are there",
        applied.filter((command) => !isNoOp(command)).length,
        Math.ceil(last / 2),
      ),
      exactly(
        "prepares, for all slots together",
        countOf(world.sent.slice(sentBefore), ["prepare"]),
        nodes - 1,
      ),
    ];
  },
});

/** The accepts of every second slot are lost; then the leader crashes, and another one leads. */
export function leaderAfterHoles(
  protocol: Protocol,
  { nodes, commands, seed }: { nodes: number; commands: number; seed: string },
) {
  let isLossy = true;
  const world = new ConstantWorld({
    ...{ protocol, nodes, delayMs, seed },
    extraMs: ({ message }) => {
      const { index = 1 } = message as { readonly type: string; readonly index?: number };
      return isLossy && message.type === "accept" && index % 2 === 0 ? Infinity : 0;
    },
  });
  world.runUntil(() => world.leader !== undefined, longMs);
  world.runFor(5 * delayMs);
  const before = world.leader;
  if (before === undefined) throw new Error("no member leads");
  for (let at = 1; at <= commands; at++) {
    const id = { client: `c${at}`, number: 1 };
    world.request(before, id, { type: "write", key: "x", value: at });
  }
  isLossy = false;
  // The accepts are under way: they arrive, and then the leader is gone.
  world.crashPoints.set(before, () => true);
  world.runFor(2 * delayMs);
  const sentBefore = world.sent.length;
  world.runUntil(() => world.leader !== undefined && world.leader !== before, longMs);
  world.runFor(longMs);
  const { leader } = world;
  if (leader === undefined) throw new Error("no member leads after the crash");
  const steps = [
    `${before} leads, and is asked for ${commands} writes`,
    "of every second one all accepts are lost",
    `${before} crashes`,
    `${leader} leads`,
  ];
  return { world, sentBefore, leader, steps };
}
