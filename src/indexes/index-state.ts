/** How far the index is: the record `index` names the last block that is in it. */

import type { Key, Store } from "../machine/store.ts";
import type { BlockHash } from "../primitives/brand.ts";
import { ByteReader, ByteWriter } from "../primitives/bytes.ts";

export type IndexState = { readonly height: number; readonly hash: BlockHash };

export const indexKey: Key = "index";

export function encodeIndexState({ height, hash }: IndexState): Uint8Array {
  return new ByteWriter().hash(hash).uint32(height).finish();
}

function decodeIndexState(bytes: Uint8Array): IndexState {
  const reader = new ByteReader(bytes);
  const hash = reader.hash<BlockHash>();
  return { hash, height: reader.uint32() };
}

/** Undefined before the first block after genesis. */
export function readIndexState(store: Pick<Store, "get">): IndexState | undefined {
  const record = store.get(indexKey);
  return record && decodeIndexState(record);
}
