/** Finds what a call names, or ends it with Core's words. */

import type { Chain } from "../../../../chain/chain.ts";
import type { TreeEntry } from "../../../../chain/tree.ts";
import type { Block } from "../../../../primitives/block.ts";
import type { BlockHash } from "../../../../primitives/brand.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";

export function entryOf(chain: Chain, hash: BlockHash): TreeEntry {
  const entry = chain.tree.get(hash);
  if (entry === undefined) throw new RpcError(rpcCodes.addressOrKey, "Block not found");
  return entry;
}

/** @throws RpcError also if only its header is there. */
export function blockOf(chain: Chain, hash: BlockHash): Block {
  const block = chain.blockOf(hash);
  if (block === undefined) throw new RpcError(rpcCodes.misc, "Block not found on disk");
  return block;
}
