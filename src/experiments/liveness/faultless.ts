/** One write, or one proposal, of each protocol without faults: what it costs, and how long it takes. */

import type { PeerId } from "../../primitives/brand.ts";
import { multiPaxos } from "../../protocols/multi-paxos/multi-paxos.ts";
import { paxos } from "../../protocols/paxos/paxos.ts";
import type { Command } from "../../protocols/process/key-value.ts";
import type { Protocol } from "../../protocols/process/protocol.ts";
import { raft } from "../../protocols/raft/raft.ts";
import { threePhaseCommit } from "../../protocols/three-phase-commit/three-phase-commit.ts";
import { twoPhaseCommit } from "../../protocols/two-phase-commit/two-phase-commit.ts";
import { ConstantWorld, countOf } from "../processes/constant-world.ts";

export type Faultless = {
  readonly name: string;
  readonly protocol: Protocol;
  readonly command: Command;
  /** Of one decision; heartbeats, and telling others what was decided, are not among them. */
  readonly types: readonly string[];
  /** Messages for one decision, for each member but one. */
  readonly messagesEach: number;
  /** Until a client beside the process that leads is answered, in delays. */
  readonly delays: number;
};

const write: Command = { type: "write", key: "x", value: 0 };
const ofCommit = ["prepare", "vote", "pre-commit", "ready", "commit", "acknowledge"];
const ofPaxos = ["prepare", "promise", "accept", "accepted"];
const ofRaft = ["append", "append-reply"];

/** @see the head of each protocol's file, where its costs are counted */
export const faultless: readonly Faultless[] = [
  entry("two-phase commit", twoPhaseCommit(), write, ofCommit, 4, 2),
  entry("three-phase commit", threePhaseCommit(), write, ofCommit, 6, 4),
  entry("Paxos", paxos(), { type: "propose", value: 0 }, ofPaxos, 4, 4),
  entry("Multi-Paxos", multiPaxos(), write, ofPaxos, 2, 2),
  entry("Raft", raft(), write, ofRaft, 2, 2),
];

function entry<S, M, N extends { readonly type: string }>(
  name: string,
  protocol: Protocol<S, M, N>,
  command: Command,
  types: readonly string[],
  messagesEach: number,
  delays: number,
): Faultless {
  return { name, protocol: protocol, command, types, messagesEach, delays };
}

export type Cost = { readonly messages: number; readonly bytes: number; readonly delays: number };

const electionMsMax = 60_000;
const id = { client: "c", number: 1 };

/** Nothing else is asked; where a leader is elected, it has led for a while before. */
export function costOf(
  { protocol, command, types }: Faultless,
  setting: { readonly nodes: number; readonly delayMs: number; readonly seed: string },
): Cost {
  const { delayMs } = setting;
  const world = new ConstantWorld({ protocol, ...setting });
  const isElected = ["raft", "multi-paxos"].includes(protocol.name);
  if (isElected) world.runUntil(() => world.leader !== undefined, electionMsMax);
  world.runFor(20 * delayMs);
  const [sentBefore, bytesBefore, askedAtMs] = [world.sent.length, world.bytes, world.nowMs];
  world.request(world.leader ?? (world.names[0] as PeerId), id, command);
  world.runFor(8 * delayMs);
  const answeredAtMs = world.answerTo(id)?.atMs ?? NaN;
  return {
    messages: countOf(world.sent.slice(sentBefore), types),
    bytes: world.bytes - bytesBefore,
    delays: (answeredAtMs - askedAtMs) / delayMs,
  };
}
