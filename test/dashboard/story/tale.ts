/** Tells what happens in a small lab, as its timeline would: `new Tale().mine("a1", "alice")`. */

import type { AttackStep } from "../../../src/contract/attacks.ts";
import type { Groups, Role, Shares } from "../../../src/contract/network.ts";
import type { EventJson } from "../../../src/contract/node-api.ts";
import type {
  LabEvent,
  LabFacts,
  Measurement,
  NumberedEvent,
} from "../../../src/contract/timeline.ts";
import { Story } from "../../../src/dashboard/story/story.ts";
import type {
  BlockHash,
  CompactTarget,
  Milliseconds,
  PeerId,
  Satoshi,
  Txid,
} from "../../../src/primitives/brand.ts";

/** What a hop between two nodes takes. */
const hopMs = 20;
export const workOfBlock = 1n << 16n;

export type MineOptions = {
  /** `a3` stands on `a2`, and `a1` on `ground`, unless this says otherwise. */
  readonly on?: string;
  /** Who gets it, in this order; all that its miner reaches if absent. */
  readonly to?: readonly string[];
  readonly isSecret?: boolean;
};

type News = EventJson extends infer Event
  ? Event extends EventJson
    ? Omit<Event, "id" | "at">
    : never
  : never;
type Block = {
  readonly name: string;
  readonly height: number;
  readonly previous: string;
  readonly payments: readonly string[];
};

/** The hash of the block with this name: `a3` is `a3` and zeros. */
export function hashOf(name: string): BlockHash {
  return hexOf(name) as BlockHash;
}

export function txidOf(name: string): Txid {
  return hexOf(name) as Txid;
}

export function peerOf(name: string): PeerId {
  return `peer-of-${name}` as PeerId;
}

function hexOf(name: string): string {
  const hex = /^[0-9a-f]*$/.test(name) ? name : Buffer.from(name).toString("hex");
  return hex.padEnd(64, hex.endsWith("0") ? "1" : "0"); // so that a1 is not a10
}

export class Tale {
  readonly events: LabEvent[] = [];
  readonly names: readonly string[];
  readonly #blocks = new Map<string, Block>();
  readonly #has = new Map<string, Set<string>>();
  readonly #tips = new Map<string, string>();
  readonly #down = new Set<string>();
  #groups: Groups | null = null;
  #now: Milliseconds;
  #newsId = 0;

  /** Opens the lab; all nodes are up, linked in a ring, and stand on the block `ground`. */
  constructor(names: readonly string[] = ["alice", "bob", "carol", "shop"], at = 0) {
    this.names = names;
    this.#now = at as Milliseconds;
    this.#blocks.set("ground", { name: "ground", height: 0, previous: "", payments: [] });
    const facts = { version: "0.1.0", network: "lab", seed: "tale", url: "http://127.0.0.1:8477/" };
    const nodes = names.map((name) => ({ name, role: roleOf(name) }));
    const speed = { hashrate: 40_000, latencyMs: hopMs, blockIntervalSeconds: 2 };
    this.tell({ type: "opening", ...facts, ...speed, nodes });
    for (const name of names) this.#rise(name, "ground");
    this.tell({
      type: "started",
      ...facts,
      hashrate: 40_000,
      shares: Object.fromEntries(this.#miners.map((name) => [name, 1 / this.#miners.length])),
      nodes: nodes.map((node) => ({
        ...node,
        url: `http://127.0.0.1:8477/${node.name}/api`,
        peerId: peerOf(node.name),
        listen: [],
        address: `pow-${node.name}`,
        words: "",
      })),
      links: names.map((from, i) => ({ from, to: names[(i + 1) % names.length]! })),
      height: 0,
      data: "/data",
      timeline: "/data/timeline.jsonl",
    });
  }

  get now(): Milliseconds {
    return this.#now;
  }

  /** As the timeline numbers them. */
  get numbered(): readonly NumberedEvent[] {
    return this.events.map((event, i) => ({ id: i + 1, event }));
  }

  /** All of it. */
  get story(): Story {
    const story = new Story();
    for (const event of this.events) story.apply(event);
    return story;
  }

  wait(durationMs: number): this {
    this.#now = (this.#now + durationMs) as Milliseconds;
    return this;
  }

  /** Any event at all. */
  tell(facts: LabFacts): this {
    this.events.push({ at: this.#now, ...facts });
    return this;
  }

  /** What one node says for itself. */
  hear(node: string, news: News): this {
    this.#newsId += 1;
    const event = { ...news, id: this.#newsId, at: this.#now } as EventJson;
    return this.tell({ type: "news", node, news: event });
  }

  /**
   * A second passes, and a block is found.
   *
   * @param drawing `a2`, or `a2:coffee,tea` if it holds these payments.
   */
  mine(drawing: string, miner: string, { on, to, isSecret = false }: MineOptions = {}): this {
    this.wait(1_000);
    const [name = "", payments = ""] = drawing.split(":");
    const previous = on ?? parentOf(name);
    const height = this.#block(previous).height + 1;
    const held = payments === "" ? [] : payments.split(",");
    const isFork = [...this.#blocks.values()].some((block) => block.previous === previous);
    this.#blocks.set(name, { name, height, previous, payments: held });
    this.#receive(miner, name, null);
    this.tell({
      type: "block",
      hash: hashOf(name),
      height,
      previous: hashOf(previous),
      bits: 0x1f00ffff as CompactTarget,
      miner,
      transactions: held.length,
      isSecret,
      agree: 1,
      honest: this.names.length,
    });
    if (isFork) this.#tellFork(previous);
    return isSecret ? this : this.spread(name, miner, to);
  }

  /** A block that one node has comes to others, with what they lack below it. */
  spread(name: string, from: string, to = this.#reachedBy(from)): this {
    for (const node of to) {
      this.wait(hopMs);
      this.#receive(node, name, from);
    }
    return this;
  }

  /** A payment waits at these nodes, the first of which it was handed to. */
  pay(name: string, from: string, to: string, value: number, at = this.names): this {
    const fee = 150 as Satoshi;
    const [via = from] = at;
    for (const node of at) {
      const giver = node === via ? null : peerOf(via);
      const txid = txidOf(name);
      this.hear(node, { type: "transaction-admitted", txid, fee, vsize: 150, from: giver });
      this.wait(hopMs);
    }
    return this.tell({ type: "payment", txid: txidOf(name), from, to, value, fee, via });
  }

  part(...groups: string[][]): this {
    this.#groups = groups;
    return this.tell({ type: "partitioned", groups });
  }

  /** Afterwards all have what the heaviest side has. */
  heal(): this {
    this.#groups = null;
    this.tell({ type: "healed" });
    const heightOf = (node: string) => this.#block(this.#tipOf(node)).height;
    const best = [...this.names].sort((a, b) => heightOf(b) - heightOf(a))[0]!;
    return this.spread(this.#tipOf(best), best);
  }

  crash(node: string): this {
    this.#down.add(node);
    return this.tell({ type: "node-down", node });
  }

  restart(node: string): this {
    this.#down.delete(node);
    return this.#rise(node, this.#tipOf(node));
  }

  share(shares: Shares): this {
    return this.tell({ type: "shares", shares });
  }

  attack(step: AttackStep): this {
    return this.tell({ type: "attack", step });
  }

  measure(node: string, measured: Partial<Measurement>): this {
    const mempool = { count: 0, virtualSizeBytes: 0, fees: 0 as Satoshi, histogram: [] };
    const nothing = { hashesPerSecond: 0, hashes: 0, mempool, nextBlock: null, peers: [] };
    return this.tell({ type: "measured", nodes: { [node]: { ...nothing, ...measured } } });
  }

  end(): this {
    const counts = { nodes: this.names.length, blocks: this.#blocks.size - 1, forks: 0, reorgs: 0 };
    const places = { data: "/data", timeline: "/data/timeline.jsonl" };
    const height = Math.max(...[...this.#blocks.values()].map((block) => block.height));
    const rest = { agreement: true, transactionsConfirmed: 0, durationSeconds: this.#now / 1_000 };
    return this.tell({ type: "summary", height, ...counts, ...rest, ...places });
  }

  get #miners(): readonly string[] {
    return this.names.filter((name) => roleOf(name) === "miner");
  }

  #tipOf(node: string): string {
    return this.#tips.get(node) ?? "ground";
  }

  #rise(node: string, tip: string): this {
    const { height } = this.#block(tip);
    const work = workHex(height);
    return this.tell({
      type: "node-up",
      node,
      peerId: peerOf(node),
      height,
      tip: hashOf(tip),
      work,
    });
  }

  #block(name: string): Block {
    const block = this.#blocks.get(name);
    if (block === undefined) throw new Error(`the tale has no block ${name} yet`);
    return block;
  }

  #reachedBy(from: string): readonly string[] {
    const group = this.#groups?.find((names) => names.includes(from)) ?? this.names;
    return group.filter((name) => name !== from && !this.#down.has(name));
  }

  #receive(node: string, name: string, from: string | null): void {
    const has = this.#has.get(node) ?? new Set(["ground"]);
    this.#has.set(node, has);
    if (has.has(name)) return;
    const { height, previous, payments } = this.#block(name);
    if (!has.has(previous)) this.#receive(node, previous, from);
    has.add(name);
    const tip = this.#tipOf(node);
    const isTip = height > this.#block(tip).height;
    this.hear(node, {
      type: "block-accepted",
      hash: hashOf(name),
      height,
      previous: hashOf(previous),
      time: Math.floor(this.#now / 1_000),
      bits: 0x1f00ffff as CompactTarget,
      tx_count: 1 + payments.length,
      size: 300 + 150 * payments.length,
      origin: from === null ? "mined" : "gossiped",
      is_tip: isTip,
      work: workHex(height),
      txids: payments.map(txidOf),
      from: from === null ? null : peerOf(from),
    });
    if (isTip) this.#moveTip(node, tip, name);
  }

  #moveTip(node: string, from: string, to: string): void {
    this.#tips.set(node, to);
    const { height, previous } = this.#block(to);
    if (previous === from) {
      this.hear(node, { type: "tip-extended", tip: hashOf(to), height });
      return;
    }
    const [old, young] = [this.#branchOf(from), this.#branchOf(to)];
    const back = old.filter((block) => !young.includes(block));
    const forth = young.filter((block) => !old.includes(block)).reverse();
    const fork = this.#block(back.at(-1)!.previous);
    const mined = forth.flatMap((block) => block.payments);
    const returned = back
      .flatMap((block) => block.payments)
      .filter((each) => !mined.includes(each));
    const readmitted = returned.map(txidOf);
    const [forkHeight, depth] = [fork.height, back.length];
    const tip = hashOf(to);
    this.hear(node, {
      type: "reorganised",
      tip,
      height,
      fork: hashOf(fork.name),
      fork_height: forkHeight,
      depth,
      back: back.map((block) => hashOf(block.name)),
      forth: forth.map((block) => hashOf(block.name)),
      readmitted,
    });
    const facts = { tip, height, forkHeight, depth, returned: readmitted.length };
    this.tell({ type: "reorganised", ...facts, nodes: [node] });
  }

  /** The tip first. */
  #branchOf(tip: string): readonly Block[] {
    const { previous } = this.#block(tip);
    return [this.#block(tip), ...(previous === "" ? [] : this.#branchOf(previous))];
  }

  #tellFork(previous: string): void {
    const rivals = [...this.#blocks.values()].filter((block) => block.previous === previous);
    const branches = rivals.map(({ name }) => {
      const nodes = this.names.filter((node) => this.#tips.get(node) === name);
      return { hash: hashOf(name), miner: null, nodes };
    });
    this.tell({ type: "fork", height: rivals[0]!.height, branches });
  }
}

function roleOf(name: string): Role {
  return name === "shop" || name === "observer" ? name : "miner";
}

/** `a3` stands on `a2`. */
function parentOf(name: string): string {
  const number = Number(name.slice(1));
  return number > 1 ? `${name[0]}${number - 1}` : "ground";
}

function workHex(height: number): string {
  return (BigInt(height + 1) * workOfBlock).toString(16).padStart(64, "0");
}
