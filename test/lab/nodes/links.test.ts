/** The links of a lab: cut one by one, parted by groups, mended, and found again after a crash. */

import { expect, test } from "vitest";
import { LeverError } from "../../../src/lab/nodes/lever-error.ts";
import { type LinkEnd, Links } from "../../../src/lab/nodes/links.ts";
import type { PeerId } from "../../../src/primitives/brand.ts";

const latencyMs = 80;

/** Nodes whose connections live in memory: a dial is refused while either side has cut the other. */
class Room {
  readonly up = new Set<string>();
  readonly #ends = new Map<string, End>();
  readonly links: Links;

  constructor(...names: readonly string[]) {
    for (const name of names) this.start(name);
    this.links = new Links(names, latencyMs, {
      memberOf: (name) => this.end(name),
      isUp: (name) => this.up.has(name),
    });
  }

  /** With an empty gate, as a fresh process has it. */
  start(name: string): void {
    this.#ends.set(name, new End(name, (address) => this.end(address)));
    this.up.add(name);
  }

  crash(name: string): void {
    this.up.delete(name);
    for (const other of this.#ends.values()) other.drop(this.end(name));
  }

  end(name: string): End {
    return this.#ends.get(name)!;
  }

  /** Who is connected with whom: "ab" and "ba" are the same. */
  get connections(): string[] {
    const pairs = [...this.#ends.values()].flatMap(({ name, connected }) =>
      [...connected].map((other) => [name, other].sort().join("")),
    );
    return [...new Set(pairs)].sort();
  }
}

class End implements LinkEnd {
  readonly name: string;
  readonly peerId: PeerId;
  readonly listen: readonly string[];
  readonly connected = new Set<string>();
  readonly delaysMs: Record<string, number> = {};
  /** Dials that fail before one succeeds, as on a busy machine. */
  lateDials = 0;
  readonly #cuts = new Set<string>();
  readonly #find: (address: string) => End;

  constructor(name: string, find: (address: string) => End) {
    this.name = name;
    this.peerId = name as PeerId;
    this.listen = [name];
    this.#find = find;
  }

  async dial(address: string): Promise<void> {
    const other = this.#find(address);
    if (this.lateDials-- > 0) throw new Error("no answer in time");
    if (this.#cuts.has(other.name) || other.#cuts.has(this.name)) throw new Error("refused");
    this.connected.add(other.name);
    other.connected.add(this.name);
  }

  async cut(peers: readonly PeerId[]): Promise<void> {
    for (const peer of peers) {
      this.#cuts.add(peer);
      this.drop(this.#find(peer));
    }
  }

  async heal(peers: readonly PeerId[]): Promise<void> {
    for (const peer of peers) this.#cuts.delete(peer);
  }

  async slowDown(peer: PeerId, delayMs: number): Promise<void> {
    this.delaysMs[peer] = delayMs;
  }

  drop(other: End): void {
    this.connected.delete(other.name);
    other.connected.delete(this.name);
  }
}

/** a ─ b, a ─ c, b ─ c, c ─ d */
async function triangleWithTail(): Promise<Room> {
  const room = new Room("a", "b", "c", "d");
  await room.links.connect([
    { from: "b", to: "a" },
    { from: "c", to: "a" },
    { from: "c", to: "b" },
    { from: "d", to: "c" },
  ]);
  return room;
}

test("one link is cut, slowed and mended by itself", async () => {
  const room = await triangleWithTail();
  const { links } = room;
  const delays = () => [room.end("a").delaysMs["b"], room.end("b").delaysMs["a"]];
  const cut = await links.setLink({ between: ["a", "b"], state: "cut" });
  expect(cut).toEqual({ between: ["a", "b"], isCut: true, delayMs: latencyMs });
  expect(room.connections).toEqual(["ac", "bc", "cd"]);

  const slow = await links.setLink({ between: ["b", "a"], state: "open", delayMs: 500 });
  expect(slow).toEqual({ between: ["b", "a"], isCut: false, delayMs: 500 });
  expect(room.connections).toEqual(["ab", "ac", "bc", "cd"]);
  expect(delays()).toEqual([500, 500]);
  expect(room.end("a").delaysMs["c"]).toBe(latencyMs);

  const mended = await links.setLink({ between: ["a", "b"], state: "open" });
  expect(mended).toEqual({ between: ["a", "b"], isCut: false, delayMs: latencyMs });
  expect(delays()).toEqual([latencyMs, latencyMs]);
});

test("a partition outlives its links' levers, and healing mends everything", async () => {
  const room = await triangleWithTail();
  const { links } = room;
  await links.setLink({ between: ["b", "c"], state: "cut" });
  await links.setLink({ between: ["a", "c"], state: "open", delayMs: 900 });
  await links.split([["d"]]);
  expect(links.partition).toEqual([["d"], ["a", "b", "c"]]);
  expect(room.connections).toEqual(["ab", "ac"]);
  expect(links.isWhole).toBe(false);

  const across = links.setLink({ between: ["c", "d"], state: "open" });
  await expect(across).rejects.toThrow(
    "c and d are in different groups of the partition: heal the network first.",
  );
  await links.setLink({ between: ["b", "c"], state: "open" });
  expect(room.connections).toEqual(["ab", "ac", "bc"]);

  await links.setLink({ between: ["a", "b"], state: "cut" });
  await links.heal();
  expect(links.partition).toBeNull();
  expect(room.connections).toEqual(["ab", "ac", "bc", "cd"]);
  expect(room.end("c").delaysMs["a"]).toBe(latencyMs);
  await expect(links.heal()).rejects.toThrow(LeverError);
});

test("a second partition takes the place of the first, and keeps what was cut by hand", async () => {
  const room = await triangleWithTail();
  const { links } = room;
  await links.setLink({ between: ["a", "b"], state: "cut" });
  await links.split([["d"]]);
  await links.split([["a", "b", "c"]]);
  expect(room.connections).toEqual(["ac", "bc"]);
  await links.split([["a"]]);
  expect(room.connections).toEqual(["bc", "cd"]);
});

test("each part of a partition stays connected in itself", async () => {
  const room = await triangleWithTail();
  await room.links.split([["a", "d"]]);
  expect(room.connections).toEqual(["ad", "bc"]);
});

test("who starts again has the links, cuts and delays that it had, whoever dialled", async () => {
  const room = await triangleWithTail();
  const { links } = room;
  await links.setLink({ between: ["c", "d"], state: "open", delayMs: 300 });
  room.crash("c");
  await links.setLink({ between: ["b", "c"], state: "cut" });
  expect(room.connections).toEqual(["ab"]);
  expect(links.isWhole).toBe(false);

  room.start("c");
  await links.rejoin("c");
  expect(room.connections).toEqual(["ab", "ac", "cd"]);
  expect(room.end("c").delaysMs["d"]).toBe(300);
  await expect(room.end("c").dial("b")).rejects.toThrow("refused");
});

test("a link that was mended while its node was down is there when it is back", async () => {
  const room = await triangleWithTail();
  const { links } = room;
  await links.split([["a", "b"]]);
  room.crash("a");
  await links.heal();
  expect(room.connections).toEqual(["bc", "cd"]);
  room.start("a");
  await links.rejoin("a");
  expect(room.connections).toEqual(["ab", "ac", "bc", "cd"]);
});

test("strangers, and nodes that no link joins, are refused with a reason", async () => {
  const { links } = await triangleWithTail();
  const stranger = links.setLink({ between: ["a", "z"], state: "cut" });
  await expect(stranger).rejects.toThrow("There is no node z here; the nodes are a, b, c, d.");
  const unlinked = links.setLink({ between: ["a", "d"], state: "cut" });
  await expect(unlinked).rejects.toThrow("a has no link with d; its links are with b, c.");
});

test("a dial that is too late is tried again, but not for ever", async () => {
  const room = new Room("a", "b", "c");
  room.end("a").lateDials = 5;
  await room.links.connect([{ from: "a", to: "b" }]);
  expect(room.connections).toEqual(["ab"]);
  room.end("c").lateDials = 6;
  await expect(room.links.connect([{ from: "c", to: "a" }])).rejects.toThrow("no answer in time");
});
