/** No node sends or reports a block that it could lose in a power cut. */

import { blockKey } from "../../../chain/records.ts";
import type { Effect } from "../../../node/effect.ts";
import { hashOfBlock } from "../../../primitives/block.ts";
import type { BlockHash } from "../../../primitives/brand.ts";
import { blockHash } from "../../../primitives/header.ts";
import type { ChainEffectCheck, Subject } from "./check.ts";

export class PersistedBeforeSent implements ChainEffectCheck {
  readonly name = "persisted before sent";

  findBreach({ chain, store }: Subject, effect: Effect): string | undefined {
    const lost = blocksShown(effect).find((hash) => {
      return hash !== chain.params.genesisHash && !store.durable.has(blockKey(hash));
    });
    if (lost === undefined) return undefined;
    return `${effect.type} tells of block ${lost}, which is not on disk`;
  }
}

/** The blocks that an effect shows this node to have. */
function blocksShown(effect: Effect): readonly BlockHash[] {
  switch (effect.type) {
    case "gossip":
      return effect.message.type === "block" ? [hashOfBlock(effect.message.block)] : [];
    case "respond":
      return blocksIn(effect.response);
    case "request":
      return effect.request.type === "get-status" ? [effect.request.status.tip] : [];
    case "news":
      return effect.news.type === "block-accepted" ? [effect.news.hash] : [];
    case "answer": {
      const { answer } = effect;
      const isKept = answer.type === "block" && ["tip", "side"].includes(answer.result.status);
      return isKept ? [answer.result.hash] : [];
    }
    case "persist":
    case "judge-gossip":
    case "disconnect":
    case "mine":
    case "wake":
      return [];
  }
}

type Response = (Effect & { readonly type: "respond" })["response"];

function blocksIn(response: Response): readonly BlockHash[] {
  switch (response.type) {
    case "status":
      return [response.status.tip];
    case "headers":
      return response.headers.map(blockHash);
    case "blocks":
      return response.blocks.map(hashOfBlock);
    case "transactions":
      return [];
  }
}
