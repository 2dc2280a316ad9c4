/** What miners hash a second, as the blocks of a node show: no miner needs to be asked. */

import type { BlockJson, NodeJson } from "../../contract/node-api.ts";
import type { BlockHash } from "../../primitives/brand.ts";
import { workOfBits } from "../../primitives/target.ts";
import type { NodeClient } from "../../wallet/client.ts";
import { LeverError } from "../nodes/lever-error.ts";

/** The part of a node's API that it asks. */
export type BlockSource = Pick<NodeClient, "blockHashAt" | "blockTxids" | "historyOf"> & {
  node(): Promise<Pick<NodeJson, "height">>;
  block(hash: BlockHash): Promise<Pick<BlockJson, "timestamp" | "bits">>;
};

/** Of so many blocks; the standard error of the estimate is one part in the root of that number. */
const blocksMax = 40;
const blocksMin = 12;

/**
 * The work of the newest blocks by the time that passed between their timestamps.
 *
 * @param own blocks that pay this address do not count: so an attacker that mined among the others
 *   is left out.
 * @throws LeverError if there are too few blocks.
 */
export async function estimateHashrate(client: BlockSource, own: string): Promise<number> {
  const { height } = await client.node();
  const count = Math.min(blocksMax, height - 1);
  if (count < blocksMin) {
    throw new LeverError(
      `The chain has ${height} blocks, and its hash rate can be estimated from ${blocksMin + 1} on: ` +
        "let a node mine, and try again.",
    );
  }
  const ownTxids = new Set((await client.historyOf(own)).map(({ txid }) => txid));
  const heights = Array.from({ length: count + 1 }, (_, i) => height - count + i);
  const blocks = await Promise.all(
    heights.map(async (at) => {
      const hash = await client.blockHashAt(at);
      const [{ timestamp, bits }, [coinbase]] = await Promise.all([
        client.block(hash),
        client.blockTxids(hash),
      ]);
      const isOwn = coinbase !== undefined && ownTxids.has(coinbase);
      return { timestamp, work: isOwn ? 0 : Number(workOfBits(bits)) };
    }),
  );
  const [first, ...rest] = blocks;
  const seconds = (blocks.at(-1)?.timestamp ?? 0) - (first?.timestamp ?? 0);
  const work = rest.reduce((sum, block) => sum + block.work, 0);
  if (seconds > 0 && work > 0) return work / seconds;
  throw new LeverError(`The last ${count} blocks do not show a hash rate; try again in a minute.`);
}
