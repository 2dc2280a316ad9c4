/** Headers that arrive without bodies: checked as one branch before any is kept. */

import { checkHeaderInContext, checkProofOfWork } from "../consensus/header.ts";
import type { Params } from "../consensus/params.ts";
import type { BlockProblem } from "../consensus/problem.ts";
import type { BlockHash, Milliseconds } from "../primitives/brand.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import { problemOfChild } from "./invalid.ts";
import { type PlacedHeader, placeHeader, type Tree, type TreeEntry } from "./tree.ts";

/** The rule that a header breaks, or why headers are no branch of ours. */
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
  /** Those above it, upwards; the tree does not have them yet. */
  readonly added: readonly PlacedHeader[];
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
  if (root.isInvalid) {
    const above = headers.slice(root.height - parent.height);
    return findUnproven(above, params) ?? broken(problemOfChild(root));
  }

  const added: PlacedHeader[] = [];
  let last = root;
  for (let position = root.height - parent.height; position < headers.length; position++) {
    const header = headers[position] as Header;
    if (header.previous !== last.hash) return broken({ rule: "not-linked", position });
    const proof = checkProofOfWork(header, params);
    if (!proof.ok) return proof;
    const verdict = checkHeaderInContext(header, last, params, now);
    if (!verdict.ok) return verdict;
    const placed = placeHeader(header, last);
    added.push(placed);
    last = placed;
  }
  return valid({ root, added });
}

/** Of headers that are refused anyway: without a proof they were free to make. */
function findUnproven(headers: readonly Header[], params: Params) {
  for (const header of headers) {
    const proof = checkProofOfWork(header, params);
    if (!proof.ok) return proof;
  }
  return undefined;
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
