/** Methods that show one block. */

import type { BlockHash } from "../../../../primitives/brand.ts";
import { bytesToHex } from "../../../../primitives/bytes.ts";
import { encodeHeader } from "../../../../primitives/header.ts";
import { type Method, method } from "../call/method.ts";
import { blockHash, flag, hashCalled, optional, verbosity } from "../call/parameters.ts";
import { blockJson, fullBlockJson, headerJson } from "../shapes/block-json.ts";
import { blockOf, entryOf, kept } from "./found.ts";

export const blockMethods: readonly Method[] = [
  method("getblock", {
    about:
      "A block of any branch: as hex (verbosity 0), with the ids of its transactions (1), with " +
      "its transactions whole (2), or also with what they spend (3).",
    category: "Blockchain",
    parameters: { blockhash: blockHash, verbosity: verbosity(1, "verbose") },
    answer: ({ blockhash, verbosity }, { served, queries }) => {
      const { chain } = served.node;
      const entry = entryOf(chain, blockhash);
      if (verbosity <= 0) return bytesToHex(kept(queries.blocks.bytesOf(blockhash)));
      const block = blockOf(chain, blockhash);
      if (verbosity === 1) return blockJson(chain, entry, block);
      return fullBlockJson(chain, entry, block, verbosity >= 3);
    },
  }),
  method("getblockheader", {
    about: "A block's header, as hex or with what follows from its place.",
    category: "Blockchain",
    parameters: { blockhash: hashCalled<BlockHash>("hash"), verbose: optional(flag, true) },
    answer: ({ blockhash, verbose }, { served }) => {
      const { chain } = served.node;
      const entry = entryOf(chain, blockhash);
      if (!verbose) return bytesToHex(encodeHeader(entry.header));
      return headerJson(chain, entry);
    },
  }),
];
