/** What a lab on regtest has beside others: paced miners, a faucet, levers on its chain, snapshots. */

import type { Shares } from "../../contract/network.ts";
import type {
  FundedKeyJson,
  RegtestMining,
  SavedJson,
  SaveOrderJson,
} from "../../contract/regtest.ts";
import type { Random } from "../../primitives/random.ts";
import { fundedKeyOf } from "../money/funded-key.ts";
import type { NodeWallet } from "../money/node-wallet.ts";
import { ChainLevers, type ChainLeversParts } from "./chain-levers.ts";
import { PacedMiners } from "./paced-miners.ts";
import { type SavedNode, writeSnapshot } from "./snapshot.ts";

export type RegtestParts = {
  readonly mining: RegtestMining;
  readonly faucet: NodeWallet;
  /** Draws who finds a block. */
  readonly random: Random;
};

export type RegtestChainParts = RegtestParts &
  ChainLeversParts & { readonly shares: Shares; readonly seed: string };

export class RegtestChain {
  readonly levers: ChainLevers;
  readonly miners: PacedMiners;
  readonly #parts: RegtestChainParts;

  constructor(parts: RegtestChainParts) {
    this.#parts = parts;
    this.levers = new ChainLevers(parts);
    this.miners = new PacedMiners({
      ...parts,
      isUp: (name) => parts.members.isUp(name),
      makeBlock: (name) => this.levers.mineOwn(name),
    });
  }

  get faucetKey(): FundedKeyJson {
    return fundedKeyOf(this.#parts.faucet);
  }

  get nodeKeys(): readonly FundedKeyJson[] {
    const { wallets } = this.#parts;
    return wallets.names.map((name) => fundedKeyOf(wallets.walletOf(name)));
  }

  /**
   * Writes what each node's chain is and what waits there, for `powlab lab --from NAME`.
   *
   * @throws LeverError if a node is down, or there is a snapshot of that name already.
   */
  save({ name, replace = false }: SaveOrderJson): Promise<SavedJson> {
    const { queue, members, links, seed } = this.#parts;
    return queue.run(async () => {
      members.requireUp(members.names);
      const nodes: SavedNode[] = [];
      for (const member of members.up) {
        const [blocks, waiting] = [await member.activeBlocks(0), await member.waiting()];
        nodes.push({ name: member.name, blocks, waiting });
      }
      const snapshot = { seed, nodes, partition: links.partition };
      const file = await writeSnapshot(name, snapshot, replace ? "replace" : "keep");
      return { name, file, height: Math.max(...nodes.map(({ blocks }) => blocks.length)) };
    });
  }
}
