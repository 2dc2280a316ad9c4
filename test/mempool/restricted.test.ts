/** Checks the rules of version 3 (BIP431), with Bitcoin Core's words. */

import { describe, expect, test } from "vitest";
import { type Transaction, txidOf, wtxidOf } from "../../src/primitives/transaction.ts";
import { madeBy, Scene, smallSizeBytes } from "./scene.ts";

const version = 3;

function nameOf(transaction: Transaction): string {
  return `${txidOf(transaction)} (wtxid=${wtxidOf(transaction)})`;
}

function violation(detail: string) {
  return { rule: "TRUC-violation", detail };
}

describe("a transaction of version 3", () => {
  test("may have one child of version 3, and neither an ancestor nor a descendant more", () => {
    const scene = new Scene();
    const parent = scene.spend([scene.coin()], 500, { version });
    const child = scene.spend([madeBy(parent)], 500, { version });
    const grandchild = scene.spend([madeBy(child)], 500, { version });
    scene.admits(parent);
    scene.admits(child);
    expect(scene.refuses(grandchild)).toEqual(
      violation(`tx ${nameOf(grandchild)} would have too many ancestors`),
    );
  });

  test("needs no other version, and no other version needs it, while they wait", () => {
    const scene = new Scene();
    const [old, fresh] = [
      scene.spend([scene.coin()], 500),
      scene.spend([scene.coin()], 500, { version }),
    ];
    scene.admits(old);
    scene.admits(fresh);
    const ofOld = scene.spend([madeBy(old)], 500, { version });
    const ofFresh = scene.spend([madeBy(fresh)], 500);
    expect(scene.refuses(ofOld)).toEqual(
      violation(`version=3 tx ${nameOf(ofOld)} cannot spend from non-version=3 tx ${nameOf(old)}`),
    );
    expect(scene.refuses(ofFresh)).toEqual(
      violation(
        `non-version=3 tx ${nameOf(ofFresh)} cannot spend from version=3 tx ${nameOf(fresh)}`,
      ),
    );
  });

  test("has a size limit, and as a child a smaller one", () => {
    const scene = new Scene();
    const wide = scene.spend([scene.coin(100_000_000)], 20_000, { version, outputs: 250 });
    expect(scene.refuses(wide)).toMatchObject({
      detail: expect.stringMatching(/ is too big: 10818 > 10000 virtual bytes$/) as string,
    });
    const parent = scene.spend([scene.coin(100_000_000)], 500, { version });
    scene.admits(parent);
    const child = scene.spend([madeBy(parent)], 2000, { version, outputs: 25 });
    expect(scene.refuses(child)).toMatchObject({
      detail: expect.stringMatching(/^version=3 child tx .* is too big: 1143 > 1000 /) as string,
    });
    // Without an unconfirmed parent the same size is no problem.
    scene.admits(scene.spend([scene.coin(100_000_000)], 2000, { version, outputs: 25 }));
  });

  test("replaces the other child of its parent, though it spends another coin, if it pays more", () => {
    const scene = new Scene();
    const parent = scene.spend([scene.coin()], 500, { version, outputs: 2 });
    const first = scene.spend([madeBy(parent, 0)], 500, { version });
    scene.admits(parent);
    scene.admits(first);
    const poor = scene.spend([madeBy(parent, 1)], 500, { version });
    expect(scene.refuses(poor)).toMatchObject({ rule: "insufficient fee" });
    const rich = scene.spend([madeBy(parent, 1)], 500 + smallSizeBytes, { version });
    expect(scene.admits(rich).replaced).toEqual([first]);
    expect([scene.has(parent, rich), scene.has(first)]).toEqual([true, false]);
  });

  test("waits without a fee if its child pays for both, and not alone", () => {
    const scene = new Scene();
    const parent = scene.spend([scene.coin()], 0, { version });
    const child = scene.spend([madeBy(parent)], 2 * smallSizeBytes, { version });
    expect(scene.refuses(parent)).toMatchObject({ rule: "min relay fee not met" });
    const { view } = scene.ledger;
    expect(scene.mempool.admitPackage([parent, child], view, scene.now)).toMatchObject({
      problem: undefined,
      results: [{ status: "admitted" }, { status: "admitted" }],
    });
    expect(scene.has(parent, child)).toBe(true);
  });

  test("waits again after a reorganisation, whatever hangs on it", () => {
    const scene = new Scene();
    const parent = scene.spend([scene.coin()], 500, { version, outputs: 2 });
    scene.follows(scene.ledger.connect(parent));
    const children = [0, 1].map((index) => scene.spend([madeBy(parent, index)], 500, { version }));
    for (const child of children) scene.admits(child);
    scene.follows(scene.ledger.reorganise(1, []));
    expect(scene.has(parent, ...children)).toBe(true);
  });
});
