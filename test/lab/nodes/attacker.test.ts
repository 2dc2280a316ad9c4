/** What an attacking node does of what it is told to do. */

import { expect, test } from "vitest";
import { regtest } from "../../../src/consensus/params.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import { Attacker, type SelfishMiningOrder } from "../../../src/lab/nodes/attacker.ts";
import { FilteredMachine } from "../../../src/machine/filter.ts";
import { type BlockTemplate, makeTemplate } from "../../../src/mempool/template.ts";
import type { Effect } from "../../../src/node/effect.ts";
import type { NodeEvent } from "../../../src/node/event.ts";
import { Node } from "../../../src/node/node.ts";
import type { Elapsed, Milliseconds, PeerId, Satoshi } from "../../../src/primitives/brand.ts";
import { bytesToHex } from "../../../src/primitives/bytes.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { defaultStart } from "../../../src/sim/chain-world/chain-world.ts";
import { solveBlock } from "../../../src/sim/chain-world/miner.ts";
import { SimulatedWallet } from "../../../src/sim/chain-world/simulated-wallet.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";

const { script } = new SimulatedWallet(createRandom("mallory"));
const payTo = bytesToHex(script);
const peer = "peer" as PeerId;
const now: Milliseconds = defaultStart;

/** She finds two blocks, and hears of one that stands beside the first. */
function raceOf(order: SelfishMiningOrder) {
  const random = createRandom(1);
  const store = new MemoryStore();
  const verifier = createTinyVerifier();
  const node = new Node({
    params: regtest,
    store,
    verifier,
    random,
    companions: [],
    payTo: script,
  });
  const machine = new FilteredMachine<NodeEvent, Effect, Node>(node);
  let searched: BlockTemplate | undefined;
  const get = (event: NodeEvent): void => {
    for (const effect of machine.handle(event, { wall: now, elapsed: 0 as Elapsed })) {
      if (effect.type === "mine") searched = effect.template;
    }
  };
  get({ type: "woken" });
  get({ type: "peer-joined", peer });
  const attacker = new Attacker(order, node);
  machine.behaviour = attacker.behaviour;
  get({ type: "woken" });
  const parent = node.chain.tip;
  const rival = makeTemplate({
    params: regtest,
    parent,
    payTo: script,
    transactions: [],
    fees: 0 as Satoshi,
    now,
    extraNonce: 99,
  });
  const find = () =>
    get({ type: "block-solved", block: solveBlock(searched!.block, searched!.target) });
  find();
  find();
  const block = solveBlock(rival.block, rival.target);
  get({ type: "gossip", from: peer, message: { type: "block", block } });
  const { state } = attacker;
  return state.type === "selfish-mining" ? state.race : undefined;
}

test("a selfish miner that is caught up with publishes, a stubborn one lets it come to a tie", () => {
  const order = { type: "selfish-mining", payTo } as const;
  const stubborn = { lead: true, equalFork: false, trail: 0 };
  expect(raceOf(order)).toEqual({ own: 0, rival: 0 });
  expect(raceOf({ ...order, stubborn })).toEqual({ own: 2, rival: 1 });
});
