/** A branch that only its forger has, and the answers to requests for it. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Response } from "../../peers/message.ts";
import { type Block, hashOfBlock } from "../../primitives/block.ts";
import { blockHash } from "../../primitives/header.ts";
import { decodeCompact, workOf } from "../../primitives/target.ts";
import { unreachable } from "../../primitives/verdict.ts";

export class FalseBranch {
  readonly #root: TreeEntry;
  readonly #blocks: readonly Block[];

  /** @param blocks the first is a child of `root`, each other one of the one before. */
  constructor(root: TreeEntry, blocks: readonly Block[]) {
    this.#root = root;
    this.#blocks = blocks;
  }

  /** What a node whose best branch this is would send in place of an honest answer. */
  answer(response: Response): Response {
    switch (response.type) {
      case "status":
        return { ...response, status: { ...response.status, ...this.#claim() } };
      case "headers":
        return { ...response, headers: this.#headersIn(response) };
      case "blocks":
        return response.blocks.length > 0 ? response : { ...response, blocks: this.#blocks };
      case "transactions":
        return response;
      default:
        return unreachable(response);
    }
  }

  #claim() {
    const last = this.#blocks.at(-1);
    if (last === undefined) return undefined;
    const { height, work, header } = this.#root;
    const more = workOf(decodeCompact(header.bits).target) * BigInt(this.#blocks.length);
    return {
      tip: hashOfBlock(last),
      height: height + this.#blocks.length,
      work: work + more,
    };
  }

  /** The honest ones up to the root, then these; unchanged for a requester on another branch. */
  #headersIn({ headers }: Response & { readonly type: "headers" }) {
    const { hash } = this.#root;
    const shared = headers.findIndex((header) => blockHash(header) === hash) + 1;
    const isHere = shared > 0 || headers.length === 0 || headers[0]?.previous === hash;
    if (!isHere) return headers;
    return [...headers.slice(0, shared), ...this.#blocks.map(({ header }) => header)];
  }
}
