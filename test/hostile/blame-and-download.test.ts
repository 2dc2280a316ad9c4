/** Attacks on whom a node trusts and asks, by hostile peers against nodes of the real world. */

import { afterEach, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import { Forest } from "../chain/forest.ts";
import { eventually, honestNetwork, type HonestNode } from "./honest-network.ts";
import { type Answer, HostilePeer, lacking, showing } from "./hostile-peer.ts";

/** `npm run hostile` attacks more often. */
const rounds = Number(process.env["HOSTILE_ROUNDS"] ?? 1);

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function line(letter: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${letter}${from + i}`);
}

async function startHonest(
  forest: Forest,
  names: readonly string[],
  blocks: readonly string[],
): Promise<HonestNode[]> {
  const nodes = await honestNetwork(forest, names, blocks);
  for (const { full } of nodes) stops.push(() => full.stop());
  return nodes;
}

async function startHostile(answer: Answer, ...victims: HonestNode[]): Promise<HostilePeer> {
  const peer = await HostilePeer.start(regtest, answer);
  stops.push(() => peer.stop());
  return peer.joins(...victims.map(({ address }) => address));
}

/** Does it until something has happened: gossip needs a moment to know who listens. */
async function until(done: () => boolean, attempt: (count: number) => Promise<void>) {
  let count = 0;
  await eventually(async () => {
    if (!done()) await attempt(count++);
    return done();
  });
  return count - 1;
}

test.each(Array.from({ length: rounds }, (_, i) => i + 1))(
  "a bad block for all but one, which gets its header, costs that one no peer (round %i)",
  async () => {
    //  genesis ─ a1 ─ … ─ a5 ─ a6
    //                     └─ x0! (the coinbase takes one satoshi too much)
    const forest = new Forest(regtest).plant(line("a", 1, 6).join(" "));
    const base = line("a", 1, 5);
    const nodes = await startHonest(forest, ["target", "bob", "carol"], base);
    const [target, ...others] = nodes as [HonestNode, HonestNode, HonestNode];
    const whole = await startHostile(showing(forest, base), ...others);
    const last = await until(
      () => others.every(({ news }) => news.some(({ type }) => type === "block-rejected")),
      async (count) => {
        forest.plant(`a5 x${count}!`);
        await whole.sends(forest, `x${count}`);
      },
    );
    const bad = line("x", 0, last).find((name) => {
      return others.every((node) => node.hasRejected(forest, name));
    });
    const header = await startHostile(showing(forest, base), target);
    const { tree } = target.full.node.chain;
    const name = bad ?? `x${last}`;
    await until(
      () => tree.get(forest.hash(name)) !== undefined,
      () => header.announces(forest, name),
    );

    await others[0].submits(forest, "a6");
    await eventually(() => nodes.every(({ height }) => height === 6));
    const honest = new Set(nodes.map(({ id }) => id));
    for (const node of nodes) {
      expect(node.lost().filter((peer) => honest.has(peer))).toEqual([]);
      expect(node.peers.filter((peer) => honest.has(peer))).toHaveLength(2);
    }
  },
);

test.each([2, 6])(
  "%i peers that never deliver bodies do not stop the first sync",
  async (count) => {
    const blocks = line("a", 1, 200);
    const forest = new Forest(regtest).plant(blocks.join(" "));
    const [source] = (await startHonest(forest, ["source"], blocks)) as [HonestNode];
    const [victim] = (await startHonest(forest, ["victim"], [])) as [HonestNode];
    // They come first, one after the other, so each may take what the one before has let go.
    for (let at = 0; at < count; at++) await startHostile(showing(forest, blocks), victim);
    await eventually(() => victim.peers.length === count);
    await victim.full.network.dial(source.address);
    await eventually(() => victim.height === blocks.length);
    expect(victim.lost()).not.toContain(source.id);
  },
);

test("who announces blocks and does not have them goes, and no honest peer does", async () => {
  //  genesis ─ a1 ─ … ─ a5 ─ a6
  //                     └─ w6 ─ … ─ w15 (headers only)
  const base = line("a", 1, 5);
  const withheld = line("w", 6, 15);
  const forest = new Forest(regtest).plant(line("a", 1, 6).join(" "));
  forest.plant(["a5", ...withheld].join(" "));
  const nodes = await startHonest(forest, ["target", "bob", "carol"], base);
  const [target, bob] = nodes as [HonestNode, HonestNode, HonestNode];
  const withholder = await startHostile(lacking(forest, base), target);
  await eventually(() => target.peers.includes(withholder.id));
  await until(
    () => !target.peers.includes(withholder.id),
    async (count) => {
      if (count < 50) await withholder.announces(forest, withheld[count % withheld.length]!);
    },
  );
  await bob.submits(forest, "a6");
  await eventually(() => nodes.every(({ height }) => height === 6));
  const honest = new Set(nodes.map(({ id }) => id));
  for (const node of nodes) expect(node.lost().filter((peer) => honest.has(peer))).toEqual([]);
});
