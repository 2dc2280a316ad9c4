/** Checks the hash tree against trees folded by hand, and its proofs against its roots. */

import { describe, expect, test } from "vitest";
import { displayHash, hashBytes, sha256d } from "../../src/primitives/hash.ts";
import { merkleBranch, merkleRoot } from "../../src/primitives/merkle.ts";

const ids = Array.from({ length: 20 }, (_, i) => displayHash(sha256d(Uint8Array.of(i))) as string);
const [a, b, c] = ids as [string, string, string];

function join(left: string, right: string): string {
  return displayHash(sha256d(Uint8Array.of(...hashBytes(left), ...hashBytes(right))));
}

describe("the root", () => {
  test("of one leaf is the leaf", () => {
    expect(merkleRoot([a])).toEqual({ root: a, isMutated: false });
  });

  test("of two is their hash, left before right", () => {
    expect(merkleRoot([a, b]).root).toBe(join(a, b));
    expect(merkleRoot([b, a]).root).not.toBe(join(a, b));
  });

  test("of three pairs the last with itself", () => {
    expect(merkleRoot([a, b, c])).toEqual({ root: join(join(a, b), join(c, c)), isMutated: false });
  });

  test("of nothing is not asked for", () => {
    expect(() => merkleRoot([])).toThrow(RangeError);
  });
});

describe("a list with a doubled tail", () => {
  //     root            The tree pairs an odd node with itself, so a list that says
  //    /    \           the odd tail twice has the same root: [a, b, c] and [a, b, c, c].
  //   ab    cc          The tail may be one leaf or the leaves of a whole subtree.
  test.each([
    ["one leaf", 3, 1],
    ["one leaf of five", 5, 1],
    ["a pair", 6, 2],
    ["a tree of four", 12, 4],
  ])("%s has the genuine list's root, but is told apart", (_what, count, tail) => {
    const genuine = ids.slice(0, count);
    const doubled = [...genuine, ...genuine.slice(-tail)];
    expect(merkleRoot(doubled).root).toBe(merkleRoot(genuine).root);
    expect(merkleRoot(genuine).isMutated).toBe(false);
    expect(merkleRoot(doubled).isMutated).toBe(true);
  });

  test("equal leaves below different nodes are no such tail", () => {
    expect(merkleRoot([a, b, b, c]).isMutated).toBe(false);
  });
});

describe("a branch", () => {
  test("leads from every leaf of every tree up to 20 leaves to the root", () => {
    for (let count = 1; count <= ids.length; count++) {
      const leaves = ids.slice(0, count);
      const { root } = merkleRoot(leaves);
      for (const [position, leaf] of leaves.entries()) {
        const climbed = merkleBranch(leaves, position).reduce(
          (node, beside, level) =>
            (position >> level) % 2 === 0 ? join(node, beside) : join(beside, node),
          leaf,
        );
        expect(climbed, `leaf ${position} of ${count}`).toBe(root);
      }
    }
  });
});
