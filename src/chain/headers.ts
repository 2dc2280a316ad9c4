/** Headers that arrive without bodies: checked as one branch before any is kept. */

import { medianTimeOf, type Ancestor } from "../consensus/ancestor.ts";
import { checkHeaderInContext, checkProofOfWork } from "../consensus/header.ts";
import type { Params } from "../consensus/params.ts";
import type { BlockProblem } from "../consensus/problem.ts";
import type { BlockHash, Milliseconds } from "../primitives/brand.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import { decodeCompact, workOf } from "../primitives/target.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { Tree, TreeEntry } from "./tree.ts";

export type HeadersProblem =
  | BlockProblem
  | { readonly rule: "no-headers" }
  | { readonly rule: "unknown-parent"; readonly parent: BlockHash }
  | { readonly rule: "not-linked"; readonly position: number }
  | { readonly rule: "too-little-work" };

/** A branch of headers that are right in their places. */
export type CheckedHeaders = {
  /** The last one that the tree has already. */
  readonly root: TreeEntry;
  /** Those above it. */
  readonly added: readonly Header[];
  /** Of the whole branch, from genesis. */
  readonly work: bigint;
};

/** Checks headers that follow each other; the parent of the first must be in the tree. */
export function checkHeaders(
  headers: readonly Header[],
  tree: Tree,
  params: Params,
  now: Milliseconds,
): Verdict<CheckedHeaders, HeadersProblem> {
  const [first] = headers;
  if (first === undefined) return broken({ rule: "no-headers" });
  const parent = tree.get(first.previous);
  if (parent === undefined) return broken({ rule: "unknown-parent", parent: first.previous });
  const root = lastKnown(headers, tree, parent);
  const added = headers.slice(root.height - parent.height);
  if (root.isInvalid) return broken({ rule: "bad-prevblk", previous: root.hash });

  let last: Ancestor = root;
  let work = root.work;
  for (const [i, header] of added.entries()) {
    if (header.previous !== blockHash(last.header)) {
      return broken({ rule: "not-linked", position: root.height - parent.height + i });
    }
    const proof = checkProofOfWork(header, params);
    if (!proof.ok) return proof;
    const placed = checkHeaderInContext(header, last, params, now);
    if (!placed.ok) return placed;
    const medianTime = medianTimeOf(header, last);
    last = { header, height: last.height + 1, medianTime, parent: last };
    work += workOf(decodeCompact(header.bits).target);
  }
  return valid({ root, added, work });
}

/** How far up the headers the tree goes. */
function lastKnown(headers: readonly Header[], tree: Tree, parent: TreeEntry): TreeEntry {
  let root = parent;
  for (const header of headers) {
    const known = tree.get(blockHash(header));
    if (known === undefined || known.parent !== root) break;
    root = known;
  }
  return root;
}
