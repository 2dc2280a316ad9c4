/** Drives an attacker's node by hand, block by block, and looks at everything it lets out. */

import { describe, expect, test } from "vitest";
import { DoubleSpend } from "../../../src/attacks/double-spend/behaviour.ts";
import type { TreeEntry } from "../../../src/chain/tree.ts";
import { regtest } from "../../../src/consensus/params.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import { FilteredMachine } from "../../../src/machine/filter.ts";
import { type BlockTemplate, makeTemplate } from "../../../src/mempool/template.ts";
import type { Effect } from "../../../src/node/effect.ts";
import type { CommandId, NodeEvent } from "../../../src/node/event.ts";
import { Node } from "../../../src/node/node.ts";
import {
  encodeMessage,
  type Message,
  type Request,
  type RequestId,
} from "../../../src/peers/message.ts";
import { type Block, hashOfBlock } from "../../../src/primitives/block.ts";
import type {
  BlockHash,
  Elapsed,
  Milliseconds,
  PeerId,
  Satoshi,
} from "../../../src/primitives/brand.ts";
import { bytesToHex } from "../../../src/primitives/bytes.ts";
import { hashBytes } from "../../../src/primitives/hash.ts";
import { encodeHeader } from "../../../src/primitives/header.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { type Transaction, txidOf } from "../../../src/primitives/transaction.ts";
import { defaultStart } from "../../../src/sim/chain-world/chain-world.ts";
import { solveBlock } from "../../../src/sim/chain-world/miner.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";
import { createParticipants } from "../../../src/sim/scenarios/participants.ts";

const verifier = createTinyVerifier();
const { mallory, shop, miners, headStart } = createParticipants(verifier);
const [coin] = headStart.coins;
const conflictFee = 10_000 as Satoshi;
const payment = mallory.pay(coin!, [{ value: 1_000_000 as Satoshi, script: shop.script }]);
const conflict = mallory.pay(coin!, [
  { value: (coin!.output.value - conflictFee) as Satoshi, script: mallory.script },
]);
const peer = "peer" as PeerId;

type Terms = {
  readonly confirmations: number;
  readonly giveUpBehind: number;
  readonly premine?: 0 | 1;
  readonly awaitsDelivery?: boolean;
};

/** Mallory's node, with one peer that talks for everybody else. */
class Stage {
  readonly node = new Node({
    params: regtest,
    store: new MemoryStore(headStart.records),
    verifier,
    random: createRandom(1),
    companions: [],
    payTo: mallory.script,
  });
  readonly machine = new FilteredMachine<NodeEvent, Effect, Node>(this.node);
  /** All that others got to see, since the attack began. */
  readonly seen: Effect[] = [];
  attack: DoubleSpend | undefined;
  #template: BlockTemplate | undefined;
  #now: number = defaultStart;
  #requests = 0;

  constructor() {
    this.gets({ type: "woken" });
    this.gets({ type: "peer-joined", peer });
  }

  gets(event: NodeEvent): readonly Effect[] {
    this.#now += 100;
    const elapsed = (this.#now - defaultStart) as Elapsed;
    const effects = this.machine.handle(event, { wall: this.#now as Milliseconds, elapsed });
    for (const effect of effects) if (effect.type === "mine") this.#template = effect.template;
    this.seen.push(...effects);
    return effects;
  }

  asks(request: Request): readonly Effect[] {
    const id = ++this.#requests as RequestId;
    return this.gets({ type: "request", from: peer, id, request });
  }

  begins({ premine = 0, ...terms }: Terms): this {
    this.attack = new DoubleSpend({
      node: this.node,
      payment: txidOf(payment),
      conflict,
      conflictFee,
      payTo: mallory.script,
      ...terms,
      premine,
    });
    this.machine.behaviour = this.attack;
    this.seen.length = 0;
    this.gets({ type: "woken" });
    return this;
  }

  /** Her miners find the block they search. */
  mines(): Block {
    const block = solveBlock(this.template.block, this.template.target);
    this.gets({ type: "block-solved", block });
    return block;
  }

  get template(): BlockTemplate {
    return this.#template!;
  }

  /** Everybody else finds a block. */
  hears(parent: TreeEntry, ...transactions: readonly Transaction[]): Block {
    const block = this.publicBlock(parent, transactions);
    this.gets({ type: "gossip", from: peer, message: { type: "block", block } });
    return block;
  }

  publicBlock(parent: TreeEntry, transactions: readonly Transaction[] = []): Block {
    const template = makeTemplate({
      params: this.node.params,
      parent,
      payTo: miners.script,
      transactions,
      fees: 0 as Satoshi,
      now: this.#now as Milliseconds,
      extraNonce: 0,
    });
    return solveBlock(template.block, template.target);
  }

  entry(block: Block): TreeEntry {
    return this.node.chain.tree.get(hashOfBlock(block))!;
  }

  get gossipedBlocks(): BlockHash[] {
    return this.seen.flatMap((effect) => {
      const isBlock = effect.type === "gossip" && effect.message.type === "block";
      return isBlock ? [hashOfBlock((effect.message as { block: Block }).block)] : [];
    });
  }
}

/** Everything in hex that left the node. */
function wireOf(effects: readonly Effect[]): string {
  const messages = effects.flatMap((effect): Message[] => {
    if (effect.type === "gossip") return [effect.message];
    if (effect.type === "respond") return [effect.response];
    return effect.type === "request" ? [effect.request] : [];
  });
  return messages.map((message) => bytesToHex(encodeMessage(message))).join(" ");
}

/** What a secret block or the second payment would leave on the wire. */
function tracesOf(secret: readonly Block[]): string[] {
  return [
    bytesToHex(conflict.inputs[0]!.witness[0]!),
    ...secret.map((block) => bytesToHex(hashBytes(hashOfBlock(block)))),
    ...secret.map(({ header }) => bytesToHex(encodeHeader(header))),
  ];
}

describe("while it mines in secret", () => {
  /** Everything that could make a node speak of its branch. */
  function provoke(stage: Stage, secret: readonly Block[], fork: TreeEntry): void {
    const { tree, tip } = stage.node.chain;
    const genesis = tree.genesis.hash;
    const claim = { genesis, tip: "ab".repeat(32) as BlockHash, height: 999, work: tip.work * 2n };
    stage.asks({ type: "get-headers", locator: [fork.hash] });
    stage.asks({ type: "get-headers", locator: [genesis] });
    stage.asks({ type: "get-blocks", hashes: [fork.hash, ...secret.map(hashOfBlock)] });
    stage.asks({ type: "get-mempool", known: [] });
    stage.asks({ type: "get-status", status: claim });
    stage.gets({ type: "peer-joined", peer: "other" as PeerId });
    const stray = stage.publicBlock({ ...fork, header: secret[0]!.header });
    const lost = { ...stray, header: { ...stray.header, previous: claim.tip } };
    const solved = solveBlock(lost, 2n ** 255n - 1n);
    stage.gets({ type: "gossip", from: peer, message: { type: "block", block: solved } });
    stage.gets({ type: "peer-left", peer });
    stage.gets({ type: "peer-joined", peer });
  }

  test("no message has a trace of the secret blocks or the second payment", () => {
    //  fork ─ s1:conflict ─ s2 ─ s3
    //      └─ p1
    const stage = new Stage().begins({ confirmations: 1, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    const secret = [stage.mines(), stage.mines(), stage.mines()];
    stage.hears(fork);
    stage.gets({
      type: "command",
      id: 1 as CommandId,
      command: { type: "submit-transaction", transaction: payment },
    });
    provoke(stage, secret, fork);
    expect(stage.node.chain.tip.hash).toBe(hashOfBlock(secret[2]!));
    const wire = wireOf(stage.seen);
    expect(tracesOf(secret).filter((trace) => wire.includes(trace))).toEqual([]);
    expect(stage.attack!.state).toMatchObject({ phase: "mining", lead: 2 });
  });

  test("not even after the public branch overtook it, when the second payment waits again", () => {
    //  fork ─ s1:conflict
    //      └─ p1 ─ p2
    const stage = new Stage().begins({ confirmations: 1, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    const secret = [stage.mines()];
    const tip = stage.hears(stage.entry(stage.hears(fork)));
    expect(stage.node.chain.tip.hash).toBe(hashOfBlock(tip));
    expect(stage.node.mempool.has(txidOf(conflict))).toBe(true);
    provoke(stage, secret, fork);
    const wire = wireOf(stage.seen);
    expect(tracesOf(secret).filter((trace) => wire.includes(trace))).toEqual([]);
    expect(stage.attack!.state).toMatchObject({ phase: "mining", lead: -1 });
  });

  test("an honest node in its place leaves all these traces", () => {
    const stage = new Stage();
    const fork = stage.node.chain.tip;
    stage.gets({
      type: "command",
      id: 1 as CommandId,
      command: { type: "submit-transaction", transaction: conflict },
    });
    stage.gets({ type: "woken" });
    for (let at = 0; at < 10; at++) stage.gets({ type: "woken" });
    stage.seen.length = 0;
    const blocks = [stage.mines(), stage.mines()];
    provoke(stage, blocks, fork);
    const wire = wireOf(stage.seen);
    expect(tracesOf(blocks).filter((trace) => !wire.includes(trace))).toEqual([]);
  });

  test("it claims the public tip, and its headers lead there", () => {
    const stage = new Stage().begins({ confirmations: 6, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    stage.mines();
    stage.mines();
    const public1 = stage.hears(fork, payment);
    const { genesis } = stage.node.chain.tree;
    const status = { genesis: genesis.hash, tip: fork.hash, height: 100, work: fork.work };
    expect(stage.asks({ type: "get-status", status })).toContainEqual(
      expect.objectContaining({
        type: "respond",
        response: {
          type: "status",
          status: { ...status, tip: hashOfBlock(public1), height: 101, work: fork.work + 2n },
        },
      }),
    );
    expect(stage.asks({ type: "get-headers", locator: [fork.hash] })).toContainEqual(
      expect.objectContaining({ response: { type: "headers", headers: [public1.header] } }),
    );
  });

  test("the first block holds the second payment, later ones nothing", () => {
    const stage = new Stage().begins({ confirmations: 6, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    expect(stage.template.block.header.previous).toBe(fork.hash);
    expect(stage.template.block.transactions.slice(1)).toEqual([conflict]);
    const first = stage.mines();
    stage.hears(fork, payment);
    expect(stage.template.block.header.previous).toBe(hashOfBlock(first));
    expect(stage.template.block.transactions).toHaveLength(1);
    const second = stage.mines();
    expect(stage.template.block.header.previous).toBe(hashOfBlock(second));
  });

  test("a node that mined nothing before gets a template as soon as it is woken", () => {
    const stage = new Stage();
    stage.gets({
      type: "command",
      id: 1 as CommandId,
      command: { type: "set-mining", payTo: undefined },
    });
    expect(stage.template).toBeUndefined();
    stage.begins({ confirmations: 1, giveUpBehind: 3 });
    expect(stage.template.block.transactions.slice(1)).toEqual([conflict]);
  });
});

describe("it publishes", () => {
  test("when the payment has its confirmations already, as soon as it is strictly heavier", () => {
    //  fork ─ s1 ─ s2
    //      └─ p1:payment
    const stage = new Stage().begins({ confirmations: 1, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    const first = stage.mines();
    const rival = stage.hears(fork, payment);
    expect(stage.attack!.state).toEqual({
      phase: "mining",
      isReady: true,
      secret: [hashOfBlock(first)],
      lead: 0,
      confirmations: 1,
      forkHeight: 100,
      publicHeight: 101,
      paymentBlock: hashOfBlock(rival),
    });
    expect(stage.gossipedBlocks).toEqual([]);
    const second = stage.mines();
    expect(stage.attack!.state).toMatchObject({ phase: "published", lead: 1, confirmations: 1 });
    expect(stage.gossipedBlocks).toEqual([first, second].map(hashOfBlock));
    expect(stage.node.chain.tip.hash).toBe(hashOfBlock(second));
  });

  test("when it is far ahead, not before the payment has its confirmations", () => {
    //  fork ─ s1 ─ s2 ─ s3 ─ s4
    //      └─ p1 ─ p2:payment ─ p3
    const stage = new Stage().begins({ confirmations: 2, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    const secret = [stage.mines(), stage.mines(), stage.mines(), stage.mines()];
    const first = stage.hears(fork);
    expect(stage.attack!.state).toMatchObject({ phase: "mining", confirmations: 0, lead: 3 });
    const second = stage.hears(stage.entry(first), payment);
    expect(stage.attack!.state).toMatchObject({ phase: "mining", confirmations: 1, lead: 2 });
    expect(stage.gossipedBlocks).toEqual([]);
    stage.hears(stage.entry(second));
    expect(stage.attack!.state).toMatchObject({ phase: "published", confirmations: 2, lead: 1 });
    expect(stage.gossipedBlocks).toEqual(secret.map(hashOfBlock));
  });

  test("behind the write of its newest block, and mines honestly on top", () => {
    const stage = new Stage().begins({ confirmations: 1, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    stage.mines();
    stage.hears(fork, payment);
    stage.seen.length = 0;
    const newest = stage.mines();
    const types = stage.seen.map(({ type }) => type);
    expect(types.indexOf("persist")).toBeGreaterThanOrEqual(0);
    expect(types.lastIndexOf("persist")).toBeLessThan(types.indexOf("gossip"));
    expect(stage.template.block.header.previous).toBe(hashOfBlock(newest));
    const next = stage.mines();
    expect(stage.gossipedBlocks).toContain(hashOfBlock(next));
  });
});

describe("if it waits for the goods, it publishes", () => {
  const terms = { confirmations: 1, giveUpBehind: 3, awaitsDelivery: true };

  test("not for confirmations alone, but as soon as they are here", () => {
    const stage = new Stage().begins(terms);
    const fork = stage.node.chain.tip;
    const secret = [stage.mines(), stage.mines()];
    stage.hears(fork, payment);
    expect(stage.attack!.state).toMatchObject({ phase: "mining", lead: 1, confirmations: 1 });
    expect(stage.gossipedBlocks).toEqual([]);
    stage.attack!.noteDelivery();
    stage.gets({ type: "woken" });
    expect(stage.attack!.state.phase).toBe("published");
    expect(stage.gossipedBlocks).toEqual(secret.map(hashOfBlock));
  });

  test("not if the public branch has caught up by then", () => {
    //  fork ─ s1 ─ s2
    //      └─ p1:payment ─ p2
    const stage = new Stage().begins(terms);
    const fork = stage.node.chain.tip;
    stage.mines();
    stage.mines();
    stage.hears(stage.entry(stage.hears(fork, payment)));
    stage.attack!.noteDelivery();
    stage.gets({ type: "woken" });
    expect(stage.attack!.state).toMatchObject({ phase: "mining", lead: 0 });
    expect(stage.gossipedBlocks).toEqual([]);
  });
});

describe("if it is told to end", () => {
  test("it publishes what is heavier, whatever the payment has", () => {
    const stage = new Stage().begins({ confirmations: 6, giveUpBehind: 3 });
    const first = stage.mines();
    expect(stage.attack!.isSecret(hashOfBlock(first))).toBe(true);
    stage.attack!.end();
    stage.gets({ type: "woken" });
    expect(stage.attack!.state.phase).toBe("published");
    expect(stage.gossipedBlocks).toEqual([hashOfBlock(first)]);
    expect(stage.attack!.isSecret(hashOfBlock(first))).toBe(false);
  });

  test("it forgets what is not, and mines honestly", () => {
    const stage = new Stage().begins({ confirmations: 6, giveUpBehind: 3 });
    const fork = stage.node.chain.tip;
    stage.mines();
    const rival = stage.hears(stage.entry(stage.hears(fork)));
    stage.attack!.end();
    stage.gets({ type: "woken" });
    expect(stage.attack!.state.phase).toBe("given-up");
    expect(stage.gossipedBlocks).toEqual([]);
    expect(stage.template.block.header.previous).toBe(hashOfBlock(rival));
  });
});

describe("it gives up", () => {
  test("when the public branch is so far ahead, and is honest from then on", () => {
    //  fork ─ s1
    //      └─ p1:payment ─ p2 ─ p3
    const stage = new Stage().begins({ confirmations: 1, giveUpBehind: 2 });
    const fork = stage.node.chain.tip;
    stage.mines();
    const first = stage.hears(fork, payment);
    const second = stage.hears(stage.entry(first));
    expect(stage.attack!.state).toMatchObject({ phase: "mining", lead: -1 });
    const third = stage.hears(stage.entry(second));
    expect(stage.attack!.state).toMatchObject({ phase: "given-up", lead: -2, confirmations: 3 });
    expect(stage.gossipedBlocks).toEqual([]);
    expect(stage.template.block.header.previous).toBe(hashOfBlock(third));
    const honest = stage.mines();
    expect(stage.gossipedBlocks).toEqual([hashOfBlock(honest)]);
  });
});

describe("with a block beforehand", () => {
  test("it begins anew above each public block, until it has found one", () => {
    //  fork ─ p1 ─ s1:conflict
    //            └─ p2:payment
    const stage = new Stage().begins({ confirmations: 1, giveUpBehind: 3, premine: 1 });
    const first = stage.hears(stage.node.chain.tip);
    expect(stage.attack!.state.isReady).toBe(false);
    expect(stage.attack!.state).toMatchObject({ lead: 0, forkHeight: 101 });
    expect(stage.template.block.header.previous).toBe(hashOfBlock(first));
    expect(stage.template.block.transactions.slice(1)).toEqual([conflict]);
    stage.mines();
    expect(stage.attack!.state.isReady).toBe(true);
    stage.hears(stage.entry(first), payment);
    expect(stage.attack!.state).toMatchObject({ phase: "mining", lead: 0, forkHeight: 101 });
    expect(stage.gossipedBlocks).toEqual([]);
  });

  test("it publishes one block earlier than without", () => {
    //  fork ─ s1:conflict ─ s2
    //      └─ p1:payment
    const stage = new Stage().begins({ confirmations: 1, giveUpBehind: 3, premine: 1 });
    const fork = stage.node.chain.tip;
    const secret = [stage.mines(), stage.mines()];
    stage.hears(fork, payment);
    expect(stage.attack!.state).toMatchObject({ phase: "published", lead: 1 });
    expect(stage.gossipedBlocks).toEqual(secret.map(hashOfBlock));
  });

  test("an attack without one is ready at once", () => {
    expect(new Stage().begins({ confirmations: 1, giveUpBehind: 3 }).attack!.state.isReady).toBe(
      true,
    );
  });
});
