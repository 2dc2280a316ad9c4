/** Checks that a mempool outlives its process, and that no other bytes are taken for one. */

import { describe, expect, test } from "vitest";
import { lab, regtest } from "../../src/consensus/params.ts";
import type { Now } from "../../src/machine/now.ts";
import { defaultPolicy } from "../../src/mempool/policy.ts";
import {
  decodeMempool,
  describeSavedMempoolProblem,
  encodeMempool,
  savedEntriesOf,
} from "../../src/mempool/saved-mempool.ts";
import type { Elapsed, Milliseconds } from "../../src/primitives/brand.ts";
import { sha256d } from "../../src/primitives/hash.ts";
import { madeBy, Scene, smallSizeBytes } from "./scene.ts";

const genesis = lab.genesisHash;

/** A mempool with a chain of three and one that waits alone, and its bytes. */
function saved() {
  const scene = new Scene();
  const links = scene.chain(3, 200);
  scene.now = (scene.now + 5000) as Elapsed;
  const coin = scene.coin();
  const alone = scene.spend([coin], 300);
  scene.admits(alone);
  return {
    scene,
    links,
    coin,
    alone,
    bytes: encodeMempool(savedEntriesOf(scene.mempool.entries(), nowOf(scene)), genesis),
  };
}

/** The wall clock shows the same as the other, so that times can be compared. */
function nowOf({ now }: Scene): Now {
  return { wall: Number(now) as Milliseconds, elapsed: now };
}

function decoded(bytes: Uint8Array) {
  const verdict = decodeMempool(bytes, genesis);
  if (!verdict.ok) throw new Error(describeSavedMempoolProblem(verdict.problem));
  return verdict.value;
}

function problemOf(bytes: Uint8Array, network = genesis) {
  const verdict = decodeMempool(bytes, network);
  return verdict.ok ? undefined : describeSavedMempoolProblem(verdict.problem);
}

/** The same file with another byte, and a checksum that fits. */
function rewritten(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  changed.set(sha256d(changed.subarray(0, -32)), changed.length - 32);
  return changed;
}

describe("the bytes of a mempool", () => {
  test("hold every transaction with its time, parents before children", () => {
    const { scene, bytes } = saved();
    const entries = [...scene.mempool.entries()];
    const expected = entries.map(({ transaction, time }) => ({ transaction, time }));
    expect(decoded(bytes)).toEqual(expected);
    expect(new Set(expected.map(({ time }) => time)).size).toBe(2);
    expect(decoded(encodeMempool([], genesis))).toEqual([]);
  });

  test("are taken as a whole only: cut anywhere or with any byte changed they are refused", () => {
    const { bytes } = saved();
    for (let length = 0; length < bytes.length; length++) {
      expect(problemOf(bytes.subarray(0, length)), `cut at ${length}`).toBeDefined();
    }
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.with(at, bytes[at]! ^ 1);
      expect(problemOf(changed), `changed at ${at}`).toBeDefined();
    }
    expect(problemOf(Uint8Array.from([...bytes, 0]))).toContain("is cut or damaged");
  });

  test("are refused with the reason", () => {
    const { bytes } = saved();
    expect(problemOf(new Uint8Array())).toBe("was not written by powlab");
    expect(problemOf(new TextEncoder().encode("{}\n".repeat(50)))).toBe(
      "was not written by powlab",
    );
    expect(problemOf(bytes.subarray(0, bytes.length / 2))).toMatch(/^is cut or damaged/);
    expect(problemOf(bytes, regtest.genesisHash)).toBe(
      `is of another network, whose first block is ${genesis}`,
    );
    const versionAt = "powlab mempool\n".length;
    expect(problemOf(rewritten(bytes, versionAt, 2))).toBe(
      "has version 2, and this powlab reads version 1",
    );
    const countAt = versionAt + 4 + 32;
    expect(problemOf(rewritten(bytes, countAt, 250))).toContain("250 items announced");
    expect(problemOf(rewritten(bytes, countAt, 3))).toMatch(/^is cut or damaged/);
  });
});

describe("a mempool that is restored", () => {
  /** Another mempool beside the same chain, after a while. */
  function restart({ ledger, now }: Scene, laterMs = 60_000, policy = {}) {
    const scene = new Scene(policy);
    return Object.assign(scene, { ledger, now: (now + laterMs) as Elapsed });
  }

  function restores(scene: Scene, entries = decoded(saved().bytes)) {
    return scene.mempool.restore(entries, scene.ledger.view, nowOf(scene));
  }

  test("has what waited, each since the time when it first came", () => {
    const { scene, bytes } = saved();
    const later = restart(scene);
    expect(restores(later, decoded(bytes))).toHaveLength(4);
    const facts = ({ mempool }: Scene) => {
      return Array.from(mempool.entries(), ({ txid, time, fee, ancestors }) => {
        return { txid, time, fee, ancestors };
      });
    };
    expect(facts(later)).toEqual(facts(scene));
  });

  test("does not start the time of waiting anew", () => {
    const { scene, alone, bytes } = saved();
    const { expiryMs } = defaultPolicy;
    // The chain came five seconds before the one that waits alone.
    const late = restart(scene, expiryMs - 1000);
    expect(restores(late, decoded(bytes))).toHaveLength(1);
    expect(late.has(alone)).toBe(true);
    const early = restart(scene, 0);
    restores(early, decoded(bytes));
    expect(early.mempool.expire((scene.now + expiryMs + 1) as Elapsed)).toHaveLength(4);
  });

  test("counts the time between two lives by the wall clock", () => {
    const { scene, bytes } = saved();
    const next = restart(scene);
    const wall = (scene.now + 60_000) as unknown as Milliseconds;
    next.mempool.restore(decoded(bytes), next.ledger.view, { wall, elapsed: 10 as Elapsed });
    const ages = new Set(Array.from(next.mempool.entries(), ({ time }) => 10 - time));
    expect(ages).toEqual(new Set([65_000, 60_000]));
  });

  test("takes a time to come for now, so that a clock which was set back ends no expiry", () => {
    const { scene, bytes } = saved();
    const back = restart(scene, -3_600_000);
    restores(back, decoded(bytes));
    expect(new Set(Array.from(back.mempool.entries(), ({ time }) => time))).toEqual(
      new Set([back.now]),
    );
  });

  test("keeps its rules: coins that are gone, fees that are too low, no orphan", () => {
    const { scene, links, bytes } = saved();
    const later = restart(scene, 60_000, { feeRateMinPerKvb: 2500 });
    // 200 satoshis for 111 virtual bytes are too little now, so what needs the first is left out.
    expect(restores(later, decoded(bytes))).toHaveLength(1);
    expect(later.mempool).toMatchObject({ count: 1, orphanCount: 0 });
    expect(later.has(...links)).toBe(false);
  });

  test("never gives a coin to two", () => {
    const { scene, coin, alone, bytes } = saved();
    const later = restart(scene);
    later.admits(later.spend([coin], 900));
    expect(restores(later, decoded(bytes))).toHaveLength(3);
    expect(later.has(alone)).toBe(false);
  });

  test("adopts orphans that came before their parents were restored", () => {
    const { scene, links, bytes } = saved();
    const later = restart(scene);
    const child = later.spend([madeBy(links[2]!)], smallSizeBytes);
    later.refuses(child, "peer");
    const restored = restores(later, decoded(bytes));
    expect(restored.flatMap(({ adopted }) => adopted)).toEqual([child]);
  });
});
