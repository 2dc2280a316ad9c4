/** Drives a selfish miner's node by hand, block by block, and looks at what it lets out. */

import { describe, expect, test } from "vitest";
import {
  decideSelfish,
  type Finder,
  notStubborn,
  SelfishMining,
  type SelfishMove,
} from "../../../src/attacks/selfish-mining/behaviour.ts";
import type { Stubbornness } from "../../../src/attacks/selfish-mining/terms.ts";
import type { TreeEntry } from "../../../src/chain/tree.ts";
import { regtest } from "../../../src/consensus/params.ts";
import { createTinyVerifier } from "../../../src/io/verifying/signature-verifier.ts";
import { FilteredMachine } from "../../../src/machine/filter.ts";
import { type BlockTemplate, makeTemplate } from "../../../src/mempool/template.ts";
import type { Effect } from "../../../src/node/effect.ts";
import type { NodeEvent } from "../../../src/node/event.ts";
import { Node } from "../../../src/node/node.ts";
import { type Block, hashOfBlock } from "../../../src/primitives/block.ts";
import type { Elapsed, Milliseconds, PeerId, Satoshi } from "../../../src/primitives/brand.ts";
import { createRandom } from "../../../src/primitives/random.ts";
import { defaultStart } from "../../../src/sim/chain-world/chain-world.ts";
import { solveBlock } from "../../../src/sim/chain-world/miner.ts";
import { SimulatedWallet } from "../../../src/sim/chain-world/simulated-wallet.ts";
import { MemoryStore } from "../../../src/sim/engine/memory-store.ts";

const verifier = createTinyVerifier();
const mallory = new SimulatedWallet(createRandom("mallory"));
const others = new SimulatedWallet(createRandom("others"));
const peer = "peer" as PeerId;

/** Mallory's node, with one peer that talks for everybody else. */
class Stage {
  readonly node = new Node({
    params: regtest,
    store: new MemoryStore(),
    verifier,
    random: createRandom(1),
    companions: [],
    payTo: mallory.script,
  });
  readonly machine = new FilteredMachine<NodeEvent, Effect, Node>(this.node);
  readonly attack: SelfishMining;
  seen: Effect[] = [];
  #template: BlockTemplate | undefined;
  #now: number = defaultStart;
  #extraNonce = 0;

  constructor(stubborn: Stubbornness = notStubborn) {
    this.gets({ type: "woken" });
    this.gets({ type: "peer-joined", peer });
    this.attack = new SelfishMining({ node: this.node, payTo: mallory.script, stubborn });
    this.machine.behaviour = this.attack;
    this.gets({ type: "woken" });
    this.seen = [];
  }

  gets(event: NodeEvent): void {
    this.#now += 100;
    const elapsed = (this.#now - defaultStart) as Elapsed;
    const effects = this.machine.handle(event, { wall: this.#now as Milliseconds, elapsed });
    for (const effect of effects) if (effect.type === "mine") this.#template = effect.template;
    this.seen.push(...effects);
  }

  /** Her miners find the block they search. */
  mines(): TreeEntry {
    const { block, target } = this.#template!;
    const solved = solveBlock(block, target);
    this.gets({ type: "block-solved", block: solved });
    return this.entry(solved);
  }

  hears(parent: TreeEntry): TreeEntry {
    const template = makeTemplate({
      params: this.node.params,
      parent,
      payTo: others.script,
      transactions: [],
      fees: 0 as Satoshi,
      now: this.#now as Milliseconds,
      extraNonce: ++this.#extraNonce,
    });
    const block = solveBlock(template.block, template.target);
    this.gets({ type: "gossip", from: peer, message: { type: "block", block } });
    return this.entry(block);
  }

  get tip(): TreeEntry {
    return this.node.chain.tip;
  }

  /** On which block her miners build. */
  get searched(): string {
    return this.#template!.block.header.previous;
  }

  /** The blocks that were let out since somebody asked. */
  takeRevealed(): TreeEntry[] {
    const revealed = this.seen.flatMap((effect) => {
      const isBlock = effect.type === "gossip" && effect.message.type === "block";
      return isBlock ? [this.entry((effect.message as { block: Block }).block)] : [];
    });
    this.seen = [];
    return revealed;
  }

  entry(block: Block): TreeEntry {
    return this.node.chain.tree.get(hashOfBlock(block))!;
  }
}

const leadStubborn = { ...notStubborn, lead: true };
const equalForkStubborn = { ...notStubborn, equalFork: true };
const trailStubborn = { ...notStubborn, trail: 1 };

// Eyal & Sirer 2014, algorithm 1; below, Nayak et al. 2016.
test.each<[number, number, Finder, Stubbornness, SelfishMove]>([
  [1, 0, "self", notStubborn, "wait"],
  [0, 1, "others", notStubborn, "abandon"],
  [1, 1, "others", notStubborn, "match"],
  [2, 1, "self", notStubborn, "publish"],
  [2, 1, "others", notStubborn, "publish"],
  [3, 1, "others", notStubborn, "match"],
  [3, 1, "self", notStubborn, "wait"],
  [1, 2, "others", notStubborn, "abandon"],
  [2, 1, "others", leadStubborn, "match"],
  [2, 1, "self", equalForkStubborn, "wait"],
  [1, 2, "others", trailStubborn, "wait"],
  [0, 1, "others", trailStubborn, "abandon"],
  [1, 3, "others", trailStubborn, "abandon"],
])("with %d of her own against %d, found by %s, %o: %s", (own, rival, finder, stubborn, move) => {
  expect(decideSelfish({ own, rival }, finder, stubborn)).toBe(move);
});

describe("a selfish miner", () => {
  test("keeps a block back, and reveals it when somebody finds its rival", () => {
    //  fork ─ s1
    //      └─ r1
    const stage = new Stage();
    const fork = stage.tip;
    const own = stage.mines();
    expect(stage.takeRevealed()).toEqual([]);
    const rival = stage.hears(fork);
    expect(stage.takeRevealed()).toEqual([own]);
    expect(stage.attack.tie).toEqual({ own, rival });
    expect(stage.searched).toBe(own.hash);
  });

  test("does not help the rival to spread, but does relay what it has no rival to", () => {
    const stage = new Stage();
    const first = stage.hears(stage.tip);
    expect(stage.seen).toContainEqual({ type: "judge-gossip", verdict: "accept" });
    stage.seen = [];
    stage.mines();
    stage.hears(first);
    expect(stage.seen).toContainEqual({ type: "judge-gossip", verdict: "ignore" });
  });

  test("wins a tie by its own next block, and begins anew", () => {
    //  fork ─ s1 ─ s2
    //      └─ r1
    const stage = new Stage();
    const fork = stage.tip;
    stage.mines();
    stage.hears(fork);
    stage.takeRevealed();
    const second = stage.mines();
    expect(stage.takeRevealed()).toEqual([second]);
    expect(stage.attack.race).toEqual({ own: 0, rival: 0 });
    expect(stage.tip).toBe(second);
  });

  test("loses a tie if others find the next block, and works on that", () => {
    //  fork ─ s1
    //      └─ r1 ─ r2
    const stage = new Stage();
    const fork = stage.tip;
    stage.mines();
    const winner = stage.hears(stage.hears(fork));
    expect(stage.attack.race).toEqual({ own: 0, rival: 0 });
    expect(stage.searched).toBe(winner.hash);
  });

  test("with a lead of two reveals both for one rival; with three, one for one", () => {
    //  fork ─ s1 ─ s2 ─ s3
    //      └─ r1 ─ r2
    const stage = new Stage();
    const fork = stage.tip;
    const secret = [stage.mines(), stage.mines(), stage.mines()];
    const rival = stage.hears(fork);
    expect(stage.takeRevealed()).toEqual(secret.slice(0, 1));
    stage.hears(rival);
    expect(stage.takeRevealed()).toEqual(secret.slice(1));
    expect(stage.tip).toBe(secret[2]);
  });

  test("lets out a block only behind its write", () => {
    const stage = new Stage();
    const fork = stage.tip;
    stage.mines();
    stage.hears(fork);
    stage.seen = [];
    stage.mines();
    const types = stage.seen.map(({ type }) => type);
    expect(types.indexOf("persist")).toBeGreaterThanOrEqual(0);
    expect(types.lastIndexOf("persist")).toBeLessThan(types.indexOf("gossip"));
  });

  test("tells how often it has revealed blocks, and how that looked to the others", () => {
    //  fork ─ s1 ─ s2 ─ s3
    //      └─ r1 ─ r2
    const stage = new Stage();
    const fork = stage.tip;
    const secret = [stage.mines(), stage.mines(), stage.mines()];
    expect(secret.map(({ hash }) => stage.attack.isSecret(hash))).toEqual([true, true, true]);
    expect(stage.attack.state).toEqual({
      race: { own: 3, rival: 0 },
      revelations: 0,
      revealed: undefined,
    });
    const rival = stage.hears(fork);
    expect(stage.attack.state).toEqual({
      race: { own: 3, rival: 1 },
      revelations: 1,
      revealed: { own: 1, rival: 1 },
    });
    expect(secret.map(({ hash }) => stage.attack.isSecret(hash))).toEqual([false, true, true]);
    stage.hears(rival);
    expect(stage.attack.state).toEqual({
      race: { own: 0, rival: 0 },
      revelations: 2,
      revealed: { own: 3, rival: 2 },
    });
  });

  test("that is told to end reveals what it has, and is honest from then on", () => {
    const stage = new Stage();
    const secret = [stage.mines(), stage.mines()];
    stage.attack.end();
    stage.gets({ type: "woken" });
    expect(stage.takeRevealed()).toEqual(secret);
    const next = stage.mines();
    expect(stage.takeRevealed()).toEqual([next]);
    expect(stage.attack.isSecret(next.hash)).toBe(false);
    stage.attack.end();
    stage.gets({ type: "woken" });
    expect(stage.takeRevealed()).toEqual([]);
  });

  test("counts what the others build on its own revealed block as theirs", () => {
    //  fork ─ s1 ─ r2
    //      └─ r1
    const stage = new Stage();
    const fork = stage.tip;
    const own = stage.mines();
    stage.hears(fork);
    const winner = stage.hears(own);
    expect(stage.attack.race).toEqual({ own: 0, rival: 0 });
    expect(stage.searched).toBe(winner.hash);
  });
});

describe("a stubborn miner", () => {
  test("goes on with a branch that is one behind, and gives it up at two", () => {
    //  fork ─ s1
    //      └─ r1 ─ r2 ─ r3
    const stage = new Stage(trailStubborn);
    const fork = stage.tip;
    const own = stage.mines();
    const second = stage.hears(stage.hears(fork));
    expect(stage.attack.race).toEqual({ own: 1, rival: 2 });
    expect(stage.searched).toBe(own.hash);
    const third = stage.hears(second);
    expect(stage.attack.race).toEqual({ own: 0, rival: 0 });
    expect(stage.searched).toBe(third.hash);
  });

  test("that catches up and overtakes reveals all", () => {
    //  fork ─ s1 ─ s2 ─ s3
    //      └─ r1 ─ r2
    const stage = new Stage(trailStubborn);
    const fork = stage.tip;
    stage.mines();
    stage.hears(stage.hears(fork));
    stage.takeRevealed();
    const second = stage.mines();
    expect(stage.takeRevealed()).toEqual([]);
    const third = stage.mines();
    expect(stage.takeRevealed()).toEqual([second, third]);
    expect(stage.tip).toBe(third);
  });
});
