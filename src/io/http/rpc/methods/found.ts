/** Finds what a call names, or ends it with Core's words. */

import type { Chain } from "../../../../chain/chain.ts";
import type { TreeEntry } from "../../../../chain/tree.ts";
import type { Block } from "../../../../primitives/block.ts";
import type { BlockHash } from "../../../../primitives/brand.ts";
import { type Json, JsonNumber } from "../call/json.ts";
import { hashFrom, integerFrom } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";

export function entryOf(chain: Chain, hash: BlockHash): TreeEntry {
  const entry = chain.tree.get(hash);
  if (entry === undefined) throw new RpcError(rpcCodes.addressOrKey, "Block not found");
  return entry;
}

/** @throws RpcError also if only its header is there. */
export function blockOf(chain: Chain, hash: BlockHash): Block {
  return kept(chain.blockOf(hash));
}

/** @throws RpcError if this of a block is not there. */
export function kept<Body>(body: Body | undefined): Body {
  if (body === undefined) throw new RpcError(rpcCodes.misc, "Block not found on disk");
  return body;
}

/** A block of any branch by its hash, or of the active branch by its height. */
export function entryAtOrOf(chain: Chain, place: Json): TreeEntry {
  if (!(place instanceof JsonNumber)) {
    return entryOf(chain, hashFrom<BlockHash>(place, "hash_or_height"));
  }
  const height = integerFrom(place);
  if (height < 0) {
    throw new RpcError(rpcCodes.parameter, `Target block height ${height} is negative`);
  }
  const entry = chain.entryAt(height);
  if (entry !== undefined) return entry;
  const problem = `Target block height ${height} after current tip ${chain.tip.height}`;
  throw new RpcError(rpcCodes.parameter, problem);
}
